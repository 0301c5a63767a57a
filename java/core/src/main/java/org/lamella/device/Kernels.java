package org.lamella.device;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whose kernels compute the passes of convolutions on a GPU. Dense layers use cuBLAS where it serves the GPU,
 * everything else the engine's own.
 *
 * @param forward of the output
 * @param filter of the gradient of the filters
 * @param data of the gradient of the input
 */
public record Kernels(Maker forward, Maker filter, Maker data) {

    /** Whoever a measurement finds faster, everywhere. */
    public static final Kernels AUTO = new Kernels(Maker.AUTO, Maker.AUTO, Maker.AUTO);
    /** The engine's own, everywhere. */
    public static final Kernels OWN = new Kernels(Maker.OWN, Maker.OWN, Maker.OWN);
    /** cuDNN's, everywhere. */
    public static final Kernels CUDNN = new Kernels(Maker.CUDNN, Maker.CUDNN, Maker.CUDNN);

    /** What a convolution does in a step. */
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
        /** Whoever a short measurement finds faster, operator by operator; the engine where there is no cuDNN. */
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
     * From {@code auto}, {@code own} or {@code cudnn} for all passes, or pass by pass, as in
     * {@code forward=cudnn,filter=own}; a pass that is not named is {@code auto}.
     *
     * @param text of this form, in lower case
     * @return the choice
     * @throws IllegalArgumentException if it is none of them, or names a pass twice
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
                        "no kernels '" + text + "'; pass by pass they read forward=M,filter=M,data=M, each at "
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
                + "'; there are auto, own and cudnn, for all passes or as in " + "forward=cudnn,filter=own,data=auto");
    }

    /**
     * Who computes a pass.
     *
     * @param pass of a convolution
     * @return who was chosen for it
     */
    public Maker of(Pass pass) {
        return switch (pass) {
            case FORWARD -> forward;
            case FILTER -> filter;
            case DATA -> data;
        };
    }

    /**
     * Whether any pass is asked of this maker.
     *
     * @param maker to look for
     * @return true if at least one is
     */
    public boolean any(Maker maker) {
        return forward == maker || filter == maker || data == maker;
    }

    /** As {@link #of(String)} reads it. */
    @Override
    public String toString() {
        return forward == filter && filter == data
                ? forward.toString()
                : Arrays.stream(Pass.values()).map(p -> p + "=" + of(p)).collect(Collectors.joining(","));
    }
}
