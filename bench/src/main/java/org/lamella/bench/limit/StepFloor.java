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

/**
 * A lower bound of the time of each operator of a training step on a GPU, by a model: the longest of arithmetic, memory
 * and launches. Every operand is read or written once. Nothing is measured.
 */
public final class StepFloor {

    /**
     * A lower bound, in microseconds per step.
     *
     * @param operator its name in tables
     * @param gflop arithmetic of the batch, counted dense
     * @param argmaxGflop the same with backward passes before a max pool at argmax positions only
     * @param megabytes that go through memory
     * @param compute time of the dense arithmetic at the peak
     * @param argmaxCompute time of the arithmetic at argmax positions at the peak
     * @param memory time of the bytes at the full bandwidth
     * @param launch time of the launches
     */
    public record Bound(
            String operator,
            double gflop,
            double argmaxGflop,
            double megabytes,
            double compute,
            double argmaxCompute,
            double memory,
            double launch) {

        /** {@return the bound of dense arithmetic: the longest of the three} */
        @JsonProperty
        public double denseMicroseconds() {
            return Math.max(compute, Math.max(memory, launch));
        }

        /** {@return the bound of arithmetic at argmax positions} */
        @JsonProperty
        public double argmaxMicroseconds() {
            return Math.max(argmaxCompute, Math.max(memory, launch));
        }
    }

    private StepFloor() {}

    /**
     * Bounds of all operators of a plan.
     *
     * @param plan for GPUs
     * @param gpu on which it runs
     * @return a bound for each operator, in the order of a step
     */
    public static List<Bound> of(Plan plan, GpuSpec gpu) {
        List<Bound> bounds = new ArrayList<>();
        int batch = plan.options().batch();
        for (Op op : plan.ops()) {
            double gflop = op.kind() == OpKind.UPDATE ? 0 : OperatorWork.gflop(op) * batch;
            double bytes = OperatorWork.bytes(op, batch);
            bounds.add(new Bound(
                    op.toString(),
                    gflop,
                    gflop / visited(op),
                    bytes * 1e-6,
                    gflop / gpu.gflops() * 1e6,
                    gflop / visited(op) / gpu.gflops() * 1e6,
                    bytes / gpu.gigabytes() * 1e-3,
                    gpu.launchMicroseconds()));
        }
        return bounds;
    }

    /** Before a max pool, the backward pass visits one position of each window. */
    private static int visited(Op op) {
        boolean gradient = op.kind() == OpKind.CONVOLUTION_BACKWARD;
        @Nullable Pooling pooling = gradient ? op.work(ConvolutionWork.class).pooling() : null;
        return pooling == null ? 1 : pooling.windowH() * pooling.windowW();
    }
}
