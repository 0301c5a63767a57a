package org.lamella.cuda;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.bytedeco.cuda.global.cudart;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.Requirements;
import org.lamella.backend.StepInput;
import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.PinnedMemory;
import org.lamella.cuda.operator.Replica;
import org.lamella.cuda.team.Team;
import org.lamella.plan.Plan;

/**
 * Uploads the inputs of steps to the GPUs: each rank's part of the batch, and the step's state. Uploads are on a
 * separate stream, while earlier steps run.
 */
final class StepUploads implements AutoCloseable {

    /**
     * A step whose upload has started.
     *
     * @param input the step
     * @param slot the slot of its input
     */
    record Uploaded(StepInput input, int slot) {}

    private final Plan plan;
    private final Team team;
    private final List<Replica> replicas;
    private final HostPointers pointers;
    private final boolean backward;
    private final PinnedMemory states;
    private final Deque<Uploaded> uploaded = new ArrayDeque<>();
    private final Deque<StepInput> announced = new ArrayDeque<>(); // after the uploaded ones
    private int nextSlot;

    /**
     * For a program.
     *
     * @param plan of the whole batch
     * @param team the GPUs
     * @param replicas by rank
     * @param pointers of host buffers
     * @param backward whether steps have targets
     */
    StepUploads(Plan plan, Team team, List<Replica> replicas, HostPointers pointers, boolean backward) {
        this.plan = plan;
        this.team = team;
        this.replicas = replicas;
        this.pointers = pointers;
        this.backward = backward;
        this.states = new PinnedMemory((long) Replica.SLOTS * KernelStructure.STEP_STATE.bytes(), team.calls());
    }

    /**
     * Announces a step, to be uploaded while an earlier one runs.
     *
     * @param running steps on the GPUs, whose slots are in use
     * @throws IllegalStateException if there is no slot for it
     */
    void announce(StepInput in, int running) {
        if (running + uploaded.size() + announced.size() >= Replica.SLOTS) {
            throw new IllegalStateException("at most " + Replica.SLOTS + " steps can be prepared");
        }
        announced.add(in);
    }

    /**
     * Starts the upload of a step, unless it has started.
     *
     * @throws IllegalArgumentException if another one was announced
     */
    Uploaded next(StepInput in) {
        StepInput expected = !uploaded.isEmpty() ? uploaded.peek().input : announced.peek();
        if (expected != null) {
            requireSame(expected, in);
        }
        if (!uploaded.isEmpty()) {
            return uploaded.poll();
        }
        announced.poll();
        return upload(in);
    }

    /** Returns the next step whose upload has started, which now runs; null if there is none. */
    @Nullable
    Uploaded poll() {
        return uploaded.poll();
    }

    /** Starts the uploads of all announced steps. */
    void proceed() {
        while (!announced.isEmpty()) {
            uploaded.add(upload(announced.poll()));
        }
    }

    /**
     * Compares references: the buffers of the announced object were uploaded.
     *
     * @throws IllegalArgumentException if another step comes first
     */
    @SuppressWarnings("ReferenceEquality")
    static void requireSame(StepInput first, StepInput in) {
        if (first != in) {
            throw new IllegalArgumentException("steps run in the order in which they were prepared");
        }
    }

    private Uploaded upload(StepInput in) {
        int slot = nextSlot;
        nextSlot = (nextSlot + 1) % Replica.SLOTS;
        writeState(in, slot);
        for (Replica r : replicas) {
            int from = team.firstSample(in.samples(), r.rank());
            int count = team.samples(in.samples(), r.rank());
            r.gpu().use();
            send(
                    r,
                    r.state(slot),
                    states.address() + (long) slot * KernelStructure.STEP_STATE.bytes(),
                    KernelStructure.STEP_STATE.bytes(),
                    "the step's numbers");
            send(in.input(), from, count, plan.network().input().elements(), r.input(slot), r, "the input");
            if (backward) {
                send(in.targets(), from, count, plan.network().outputs(), r.targets(slot), r, "the targets");
                send(in.mask(), from, count, plan.network().outputs(), r.mask(slot), r, "the mask");
            }
            r.gpu().record(r.uploaded(slot), r.gpu().transfer());
        }
        return new Uploaded(in, slot);
    }

    private void send(@Nullable FloatBuffer values, int first, int count, int width, long to, Replica r, String what) {
        if (values != null && count > 0) {
            long row = (long) width * Float.BYTES;
            send(r, to, pointers.address(values) + first * row, count * row, what);
        }
    }

    private static void send(Replica r, long to, long from, long bytes, String what) {
        r.gpu().copy(to, from, bytes, cudart.cudaMemcpyHostToDevice, r.gpu().transfer(), what);
    }

    /** Writes struct StepState of device.cuh. */
    private void writeState(StepInput in, int slot) {
        ByteBuffer b = states.bytes();
        int at = slot * KernelStructure.STEP_STATE.bytes();
        b.putFloat(at, (float) in.rate());
        b.putFloat(at + 4, (float) Requirements.correction1(plan, in));
        b.putFloat(at + 8, (float) Requirements.correction2(plan, in));
        b.putFloat(at + 12, (float) in.gradientScale());
        b.putLong(at + 16, in.step());
        b.putLong(at + 24, in.seed());
        b.putInt(at + 32, in.mask() == null ? 0 : 1);
    }

    @Override
    public void close() {
        states.close();
    }
}
