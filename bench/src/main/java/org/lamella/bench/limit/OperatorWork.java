package org.lamella.bench.limit;

import java.util.Objects;
import org.lamella.network.Convolution;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.DenseWork;
import org.lamella.plan.NormWork;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Slot;
import org.lamella.plan.Tensor;
import org.lamella.plan.UpdateWork;

/** The work of operators: multiply-adds, counted dense with two operations each, and the least bytes moved. */
public final class OperatorWork {

    private OperatorWork() {}

    /**
     * Arithmetic of one operator over one sample.
     *
     * @param op the operator; the backward pass of a convolution counts as one or two dense passes
     * @return GFLOP; 0 for an operator without multiply-adds
     */
    public static double gflop(Op op) {
        return switch (op.kind()) {
            case CONVOLUTION -> convolution(op);
            case CONVOLUTION_BACKWARD -> convolution(op) * (op.has(Slot.DX) ? 2 : 1);
            case DENSE, DENSE_SLICE -> dense(op);
            case DENSE_BACKWARD -> dense(op) * (op.has(Slot.DX) ? 2 : 1);
            case POOL,
                    ACTIVATE,
                    NORMALIZE,
                    LAYER_NORM,
                    DROPOUT,
                    MASK,
                    COPY,
                    NORM_MOMENTS,
                    LOSS,
                    PROBABILITY,
                    POOL_BACKWARD,
                    ACTIVATE_BACKWARD,
                    DROPOUT_BACKWARD,
                    MASK_BACKWARD,
                    COPY_BACKWARD,
                    NORM_GRADIENT_SUMS,
                    NORM_BACKWARD,
                    LAYER_NORM_BACKWARD,
                    TRANSPOSE,
                    DENSE_JOIN,
                    TRANSPOSE_BACKWARD,
                    NORM_STATISTICS,
                    NORM_FROZEN,
                    NORM_GRADIENT,
                    JOIN_CONVOLUTION,
                    PACK_FILTERS,
                    PACK_FILTERS_BACKWARD,
                    JOIN_LOSS,
                    UPDATE -> 0; // bound by memory
        };
    }

    /**
     * Bytes of everything that an operator reads or writes in a step, each once.
     *
     * @param op the operator
     * @param batch samples of the step, 1 or more
     * @return bytes
     */
    public static double bytes(Op op, int batch) {
        double bytes = 0;
        for (var operand : op.operands().entrySet()) {
            bytes += bytes(op, operand.getKey(), operand.getValue().tensor(), batch);
        }
        return bytes;
    }

    /** Bytes of the samples in the caller's buffers, of whole planned tensors, and of the operator's parameters. */
    private static double bytes(Op op, Slot slot, Tensor tensor, int batch) {
        switch (Objects.requireNonNull(tensor.space(), tensor.name())) {
            case INPUT, TARGET, OUTPUT -> {
                return (double) tensor.stride() * batch;
            }
            case ARENA, LOCAL -> {
                return tensor.bytes();
            }
            default -> {
                return Float.BYTES * parameters(op, slot);
            }
        }
    }

    private static double parameters(Op op, Slot slot) {
        boolean bias = slot == Slot.BIAS || slot == Slot.DBIAS;
        if (op.work() instanceof UpdateWork u) {
            return u.parameters();
        }
        if (op.work() instanceof ConvolutionWork c) {
            boolean whole = op.kind() == OpKind.CONVOLUTION || op.kind() == OpKind.CONVOLUTION_BACKWARD;
            return bias && whole
                    ? c.layer().filters()
                    : whole ? c.weights() : c.input().channels();
        }
        if (op.work() instanceof DenseWork d) {
            return bias ? d.outputs() : d.weights();
        }
        if (op.work() instanceof NormWork n) {
            return n.input().channels();
        }
        throw new IllegalStateException(op.kind() + " has parameters in " + slot + ", and nothing says how many");
    }

    private static double dense(Op op) {
        return 2e-9 * op.work(DenseWork.class).weights();
    }

    private static double convolution(Op op) {
        ConvolutionWork work = op.work(ConvolutionWork.class);
        Convolution c = work.layer();
        return 2e-9 * work.map().elements() * work.input().channels() * c.kernelH() * c.kernelW();
    }
}
