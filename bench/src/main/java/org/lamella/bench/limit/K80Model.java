package org.lamella.bench.limit;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Pooling;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Plan;
import org.lamella.plan.Slot;

/**
 * A modelled, not measured, lower bound of the time of each operator on one die of a K80 (GK210). 13 multiprocessors
 * with 192 units at 560 MHz have 2 796 GFLOP/s without boost, memory has 240 GB/s (NVIDIA, Tesla K80 board
 * specification, 2015); a launch takes 5 microseconds, which is an assumption. The bound is the longest of arithmetic,
 * memory and launches; every operand is read or written once.
 */
public final class K80Model {

    /** Arithmetic peak without boost, GFLOP/s. */
    public static final double GFLOPS = 2796;
    /** Memory bandwidth, GB/s. */
    public static final double GIGABYTES = 240;
    /** Time of a kernel launch, an assumption. */
    public static final double LAUNCH_MICROSECONDS = 5;

    /**
     * A lower bound, in microseconds per step.
     *
     * @param operator its name in tables
     * @param gflop arithmetic of the batch; backward passes before a max pool at argmax positions only
     * @param megabytes that go through memory
     * @param compute time of the arithmetic at the peak
     * @param memory time of the bytes at the full bandwidth
     * @param launch time of the launches
     * @param limit which of the three is longest
     */
    public record Bound(
            String operator,
            double gflop,
            double megabytes,
            double compute,
            double memory,
            double launch,
            String limit) {

        /** {@return the bound: the longest of the three} */
        @JsonProperty
        public double microseconds() {
            return Math.max(compute, Math.max(memory, launch));
        }
    }

    private K80Model() {}

    /**
     * Bounds of all operators of a plan.
     *
     * @param plan for GPUs
     * @return a bound for each operator, in the order of a step
     */
    public static List<Bound> of(Plan plan) {
        List<Bound> bounds = new ArrayList<>();
        int batch = plan.options().batch();
        boolean updates = false;
        for (Op op : plan.ops()) {
            double gflop = op.kind() == OpKind.UPDATE ? 0 : OperatorWork.gflop(op) * batch / visited(op);
            double bytes = OperatorWork.bytes(op, batch);
            double compute = gflop / GFLOPS * 1e6;
            double memory = bytes / GIGABYTES * 1e-3;
            double launch = (launches(op) + (updates ? 0 : 1)) * LAUNCH_MICROSECONDS;
            updates = op.kind() == OpKind.UPDATE;
            String limit =
                    compute >= memory && compute >= launch ? "arithmetic" : memory >= launch ? "memory" : "launches";
            bounds.add(new Bound(op.toString(), gflop, bytes * 1e-6, compute, memory, launch, limit));
        }
        return bounds;
    }

    /** Before a max pool, the backward pass visits one position of each window. */
    private static int visited(Op op) {
        boolean gradient = op.kind() == OpKind.CONVOLUTION_BACKWARD;
        @Nullable Pooling pooling = gradient ? op.work(ConvolutionWork.class).pooling() : null;
        return pooling == null ? 1 : pooling.windowH() * pooling.windowW();
    }

    /**
     * Kernels that the CUDA backend launches for an operator, in addition to its progress mark. Consecutive updates
     * share one mark.
     */
    private static int launches(Op op) {
        return switch (op.kind()) {
            case CONVOLUTION_BACKWARD -> op.has(Slot.DX) ? 4 : 3;
            case DENSE -> 2;
            case DENSE_BACKWARD -> op.has(Slot.DX) ? 3 : 2;
            default -> 1;
        };
    }
}
