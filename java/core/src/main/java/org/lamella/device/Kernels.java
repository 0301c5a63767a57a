package org.lamella.device;

import java.util.Locale;

/** Whose kernels compute convolutions on a GPU. Dense layers always use cuBLAS, everything else the engine's own. */
public enum Kernels {
    /** Whichever a short measurement finds faster, operator by operator; the engine's own where there is no cuDNN. */
    AUTO,
    /** The engine's own. */
    OWN,
    /** cuDNN's. */
    CUDNN;

    /**
     * From {@code auto}, {@code own} or {@code cudnn}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static Kernels of(String name) {
        for (Kernels k : values()) {
            if (k.name().toLowerCase(Locale.ROOT).equals(name)) {
                return k;
            }
        }
        throw new IllegalArgumentException("no kernels '" + name + "'; there are auto, own and cudnn");
    }
}
