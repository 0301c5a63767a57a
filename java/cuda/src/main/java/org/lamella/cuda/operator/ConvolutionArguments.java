package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.network.Shape;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** What all kernels of a convolution take first: its shape. */
final class ConvolutionArguments {

    private ConvolutionArguments() {}

    /**
     * The shape of a convolution, with the pool that is fused behind it or a window of 1 x 1.
     *
     * @param samples how many
     * @param op the operator
     * @param work its work
     * @param y the operand that is its output, or the gradient of that
     * @return arguments to which the others are added
     */
    static Arguments of(int samples, Op op, ConvolutionWork work, Slot y) {
        Convolution c = work.layer();
        Pooling p = work.pooling();
        Shape in = work.input();
        Shape map = work.map();
        Shape out = work.output();
        return new Arguments()
                .structure(
                        KernelStructure.CONVOLUTION_SHAPE,
                        samples,
                        in.channels(),
                        in.height(),
                        in.width(),
                        c.filters(),
                        c.kernelH(),
                        c.kernelW(),
                        c.strideH(),
                        c.strideW(),
                        c.padH(),
                        c.padW(),
                        map.height(),
                        map.width(),
                        p == null ? 1 : p.strideH(),
                        p == null ? 1 : p.strideW(),
                        out.height(),
                        out.width(),
                        Replica.stride(op, y));
    }
}
