package org.lamella.cuda;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.gpu.PinnedMemory;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;

/**
 * The operator of a step that each GPU has reached, recorded in host memory. A GPU reports an error some time after the
 * launch that caused it, and then from every call: only this record shows in which operator it occurred.
 */
final class StepProgress implements AutoCloseable {

    private static final KernelVariant KERNEL = new KernelVariant("progress.cu", Map.of());
    /** Each GPU's record has separate cache lines. */
    private static final int PLACE_BYTES = 128;

    private final List<GpuContext> gpus;
    private final List<Op> ops;
    private final PinnedMemory places;

    /** @param ops of a step, in order; the index after the last one means the end of the step */
    StepProgress(List<GpuContext> gpus, List<Op> ops) {
        this.gpus = gpus;
        this.ops = ops;
        this.places =
                new PinnedMemory((long) gpus.size() * PLACE_BYTES, gpus.get(0).calls());
        for (int r = 0; r < gpus.size(); r++) {
            places.bytes().putInt(r * PLACE_BYTES, ops.size());
        }
    }

    /**
     * Whether an operator shares the record of the one before: consecutive updates are too short for a launch of their
     * own.
     */
    static boolean isCovered(List<Op> ops, int op) {
        return op > 0 && ops.get(op).kind() == OpKind.UPDATE && ops.get(op - 1).kind() == OpKind.UPDATE;
    }

    /** A launch before those of operator {@code op} that records its start. */
    Launch reach(int rank, int op) {
        GpuContext gpu = gpus.get(rank);
        gpu.use();
        return gpu.module(KERNEL)
                .prepare(
                        "reach",
                        1,
                        1,
                        1,
                        1,
                        gpu.compute(),
                        new Arguments().integer(op).address(places.address() + (long) rank * PLACE_BYTES));
    }

    /** The progress of all GPUs, for messages. */
    String description() {
        return gpus.stream()
                .map(gpu -> gpu.name() + " was " + place(places.bytes().getInt(gpus.indexOf(gpu) * PLACE_BYTES)))
                .collect(Collectors.joining(", "));
    }

    private String place(int op) {
        if (op < 0 || op >= ops.size()) {
            return "between steps";
        }
        return "in " + ops.get(op) + (op + 1 < ops.size() && isCovered(ops, op + 1) ? " or an update behind it" : "");
    }

    @Override
    public void close() {
        places.close();
    }
}
