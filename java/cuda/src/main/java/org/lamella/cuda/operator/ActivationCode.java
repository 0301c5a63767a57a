package org.lamella.cuda.operator;

import org.jspecify.annotations.Nullable;
import org.lamella.network.Layer;

/** Activations as the kernels know them: enum Activation of device.cuh. */
final class ActivationCode {

    private static final int IDENTITY = 0;
    private static final int TANH = 1;
    private static final int SIGMOID = 2;
    private static final int RELU = 3;
    private static final int LEAKY_RELU = 4;

    private ActivationCode() {}

    /** Which one it is; null is the identity. */
    static int of(Layer.@Nullable Activation activation) {
        if (activation == null) {
            return IDENTITY;
        }
        return switch (activation.kind()) {
            case TANH -> TANH;
            case SIGMOID -> SIGMOID;
            case RELU -> RELU;
            case LEAKY_RELU -> LEAKY_RELU;
        };
    }

    /** Its slope for values below 0; 0 where that means nothing. */
    static float slope(Layer.@Nullable Activation activation) {
        return activation == null ? 0 : activation.slope();
    }
}
