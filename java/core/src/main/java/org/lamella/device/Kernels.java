package org.lamella.device;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The kernels for the passes of convolutions on a GPU: the engine's own or cuDNN's. Dense layers use cuBLAS if it
 * supports the GPU; all other operators use the engine's own kernels.
 *
 * @param forward kernels for the output
 * @param filter kernels for the gradient of the filters
 * @param data kernels for the gradient of the input
 */
public record Kernels(Maker forward, Maker filter, Maker data) {

    /** The faster ones by a measurement, for all passes. */
    public static final Kernels AUTO = new Kernels(Maker.AUTO, Maker.AUTO, Maker.AUTO);
    /** The engine's own, for all passes. */
    public static final Kernels OWN = new Kernels(Maker.OWN, Maker.OWN, Maker.OWN);
    /** cuDNN's, for all passes. */
    public static final Kernels CUDNN = new Kernels(Maker.CUDNN, Maker.CUDNN, Maker.CUDNN);

    /** The passes of a convolution in a step. */
    public enum Pass {
        /** The output. */
        FORWARD,
        /** The gradient of the filters. */
        FILTER,
        /** The gradient of the input. */
        DATA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who made a kernel. */
    public enum Maker {
        /** The faster one by a short measurement per operator; the engine if there is no cuDNN. */
        AUTO,
        /** The engine. */
        OWN,
        /** cuDNN. */
        CUDNN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Parses {@code auto}, {@code own} or {@code cudnn} for all passes, or a list like
     * {@code forward=cudnn,filter=own}; a pass that is not named is {@code auto}.
     *
     * @param text the text, in lower case
     * @return the choice
     * @throws IllegalArgumentException if the text has another form, or names a pass twice
     */
    public static Kernels of(String text) {
        if (!text.contains("=")) {
            Maker all = maker(text);
            return new Kernels(all, all, all);
        }
        Map<Pass, Maker> makers = new EnumMap<>(Pass.class);
        for (String part : text.split(",", -1)) {
            String[] pair = part.split("=", -1);
            Pass pass = Arrays.stream(Pass.values())
                    .filter(p -> p.toString().equals(pair[0]))
                    .findFirst()
                    .orElse(null);
            if (pair.length != 2 || pass == null || makers.put(pass, maker(pair[1])) != null) {
                throw new IllegalArgumentException(
                        "no kernels '" + text + "'; the form per pass is forward=M,filter=M,data=M, each at "
                                + "most once, where M is auto, own or cudnn");
            }
        }
        return new Kernels(
                makers.getOrDefault(Pass.FORWARD, Maker.AUTO),
                makers.getOrDefault(Pass.FILTER, Maker.AUTO),
                makers.getOrDefault(Pass.DATA, Maker.AUTO));
    }

    private static Maker maker(String name) {
        for (Maker m : Maker.values()) {
            if (m.toString().equals(name)) {
                return m;
            }
        }
        throw new IllegalArgumentException("no kernels '" + name
                + "'; there are auto, own and cudnn, for all passes, or for example "
                + "forward=cudnn,filter=own,data=auto");
    }

    /**
     * The maker for a pass.
     *
     * @param pass a pass of convolutions
     * @return the maker of its kernels
     */
    public Maker of(Pass pass) {
        return switch (pass) {
            case FORWARD -> forward;
            case FILTER -> filter;
            case DATA -> data;
        };
    }

    /**
     * Whether any pass uses kernels of this maker.
     *
     * @param maker the maker
     * @return true if at least one does
     */
    public boolean any(Maker maker) {
        return forward == maker || filter == maker || data == maker;
    }

    /** A text that {@link #of(String)} parses. */
    @Override
    public String toString() {
        return forward == filter && filter == data
                ? forward.toString()
                : Arrays.stream(Pass.values()).map(p -> p + "=" + of(p)).collect(Collectors.joining(","));
    }
}
