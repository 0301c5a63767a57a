package org.lamella.cuda.operator;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;

/** Activations as the kernels know them: enum Activation of device.cuh. */
final class ActivationCode {

    private static final int IDENTITY = 0;
    /** Java and the kernels number the activations from 1, in the same order. */
    private static final List<ActivationKind> KINDS = List.of(ActivationKind.values());

    private ActivationCode() {}

    /** The number of an activation; null is the identity. */
    static int of(@Nullable Activation activation) {
        return activation == null ? IDENTITY : KINDS.indexOf(activation.kind()) + 1;
    }

    /**
     * The variant of a kernel file with an activation as a constant, if a GPU can have its machine code, else the one
     * that works for every activation.
     */
    static KernelVariant variant(GpuContext gpu, String file, @Nullable Activation activation) {
        KernelVariant any = new KernelVariant(file, Map.of());
        KernelVariant first = gpu.firstOf(List.of(new KernelVariant(file, Map.of("ACTIVATION", of(activation))), any));
        return first == null ? any : first;
    }

    /** Its slope for values below 0; 0 if the activation has no such option. */
    static float slope(@Nullable Activation activation) {
        return activation == null ? 0 : activation.slope();
    }
}
