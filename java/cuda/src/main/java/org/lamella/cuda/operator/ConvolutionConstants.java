package org.lamella.cuda.operator;

import java.util.List;
import java.util.Map;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.plan.ConvolutionWork;

/**
 * The constants with which the kernels of a convolution are compiled: those of convolution.cuh, all of them or none. A
 * network has at most one variant per kernel file for each combination of filter size, stride, padding, window and, in
 * the forward pass, activation and sizes of its tiles ({@link ConvolutionRows}).
 */
final class ConvolutionConstants {

    /** More weights per filter and channel than this do not fit into the unrolled loops of a variant. */
    private static final int MAX_TAPS = 64;

    private ConvolutionConstants() {}

    /**
     * The constants of a shape.
     *
     * @param work a convolution
     * @return names and values; none if the general kernels must compute it
     */
    static Map<String, Integer> of(ConvolutionWork work) {
        Convolution c = work.layer();
        Pooling p = work.pooling();
        int windowH = p == null ? 1 : p.strideH();
        int windowW = p == null ? 1 : p.strideW();
        // The kernels with constants take windows of one element for no pool, and write no argmax.
        boolean trivial = p != null && windowH * windowW == 1;
        if (trivial || c.kernelH() * c.kernelW() > MAX_TAPS) {
            return Map.of();
        }
        return Map.of(
                "KERNEL_H", c.kernelH(),
                "KERNEL_W", c.kernelW(),
                "STRIDE_H", c.strideH(),
                "STRIDE_W", c.strideW(),
                "PAD_H", c.padH(),
                "PAD_W", c.padW(),
                "POOL_H", windowH,
                "POOL_W", windowW);
    }

    /**
     * The variant with the constants of a shape, if a GPU can have its machine code, else the one that works for every
     * shape.
     *
     * @param gpu the GPU
     * @param file kernel file
     * @param work a convolution
     * @return the variant to launch
     */
    static KernelVariant variant(GpuContext gpu, String file, ConvolutionWork work) {
        Map<String, Integer> constants = of(work);
        KernelVariant first = constants.isEmpty() ? null : gpu.firstOf(List.of(new KernelVariant(file, constants)));
        return first == null ? new KernelVariant(file, Map.of()) : first;
    }
}
