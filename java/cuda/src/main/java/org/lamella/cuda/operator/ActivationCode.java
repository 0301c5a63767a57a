package org.lamella.cuda.operator;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;

/** Activations as the kernels know them: enum Activation of device.cuh. */
final class ActivationCode {

    private static final int IDENTITY = 0;
    /** Both number the activations from 1 on, in the same order. */
    private static final List<ActivationKind> KINDS = List.of(ActivationKind.values());

    private ActivationCode() {}

    /** Which one it is; null is the identity. */
    static int of(@Nullable Activation activation) {
        return activation == null ? IDENTITY : KINDS.indexOf(activation.kind()) + 1;
    }

    /** Its slope for values below 0; 0 where that means nothing. */
    static float slope(@Nullable Activation activation) {
        return activation == null ? 0 : activation.slope();
    }
}
