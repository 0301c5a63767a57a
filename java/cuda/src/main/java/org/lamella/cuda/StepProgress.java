package org.lamella.cuda;

import java.util.List;
import java.util.stream.Collectors;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.PinnedMemory;
import org.lamella.cuda.operator.Mark;
import org.lamella.plan.Op;

/**
 * The operator of a step that each GPU has reached. The first launch of every operator records it in host memory. A GPU
 * reports an error some time after the launch that caused it, and then from every call: only this record shows in which
 * operator it occurred.
 */
final class StepProgress implements AutoCloseable {

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
        ended();
    }

    /** What the first launch of operator {@code op} records. */
    Mark mark(int rank, int op) {
        return new Mark(places.address() + (long) rank * PLACE_BYTES, op);
    }

    /** Records that all GPUs have ended a step, and that none has begun another one. */
    void ended() {
        for (int r = 0; r < gpus.size(); r++) {
            places.bytes().putInt(r * PLACE_BYTES, ops.size());
        }
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
        return "in " + ops.get(op);
    }

    @Override
    public void close() {
        places.close();
    }
}
