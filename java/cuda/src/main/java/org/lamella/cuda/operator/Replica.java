package org.lamella.cuda.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.javacpp.FloatPointer;
import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.DeviceMemory;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.device.Weights;
import org.lamella.plan.Op;
import org.lamella.plan.Plan;
import org.lamella.plan.Slot;
import org.lamella.plan.Tensor;

/**
 * A program's memory on one GPU: arena, result, and the places where the inputs of a step and of the coming ones lie.
 */
public final class Replica implements AutoCloseable {

    /** Steps whose input can be on the GPU at once: the one that runs and two ahead. */
    public static final int SLOTS = 3;

    private final GpuContext gpu;
    private final int member;
    private final Plan plan;
    private final ToLongFunction<Weights.Kind> weights;
    private final DeviceMemory memory;
    private DeviceMemory scratch;
    private final long slotBytes;
    private final long outputAt;
    private final long resultAt;
    private final long positiveAt;
    private final boolean positive;
    private final List<CUevent_st> events = new ArrayList<>();
    private final CUevent_st[] uploaded = new CUevent_st[SLOTS];
    private final CUevent_st done;

    public Replica(
            GpuContext gpu,
            int member,
            Plan plan,
            ToLongFunction<Weights.Kind> weights,
            boolean poison,
            float[] positiveWeights) {
        this.gpu = gpu;
        this.member = member;
        this.plan = plan;
        this.weights = weights;
        this.slotBytes = slotBytes(plan);
        this.outputAt = DeviceMemory.aligned(plan.arenaBytes()) + SLOTS * slotBytes;
        this.positiveAt = outputAt + DeviceMemory.aligned(outputBytes(plan));
        this.positive = positiveWeights != null;
        this.resultAt = positiveAt + DeviceMemory.aligned((long) plan.network().outputs() * Float.BYTES);
        this.memory = new DeviceMemory(gpu, bytes(plan), poison, "the arena");
        try {
            if (positive) {
                try (FloatPointer host = new FloatPointer(positiveWeights)) {
                    gpu.write(positiveWeights(), host, (long) positiveWeights.length * Float.BYTES, "positive weights");
                }
            }
            for (int i = 0; i < SLOTS; i++) {
                uploaded[i] = event();
            }
            done = event();
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, this);
        }
    }

    /** Bytes that a plan takes on a GPU besides its weights. */
    public static long bytes(Plan plan) {
        return DeviceMemory.aligned(plan.arenaBytes())
                + SLOTS * slotBytes(plan)
                + DeviceMemory.aligned(outputBytes(plan))
                + DeviceMemory.aligned((long) plan.network().outputs() * Float.BYTES)
                + DeviceMemory.aligned(KernelStructure.TALLY.bytes());
    }

    private static long slotBytes(Plan plan) {
        long batch = plan.options().batch();
        return DeviceMemory.aligned(batch * plan.network().input().elements() * Float.BYTES)
                + 2 * DeviceMemory.aligned(batch * plan.network().outputs() * Float.BYTES)
                + DeviceMemory.aligned(KernelStructure.STEP_STATE.bytes());
    }

    private static long outputBytes(Plan plan) {
        return (long) plan.options().batch() * plan.outputElements() * Float.BYTES;
    }

    /** An event of this GPU that lives as long as this. */
    public CUevent_st event() {
        CUevent_st event = gpu.event();
        events.add(event);
        return event;
    }

    public GpuContext gpu() {
        return gpu;
    }

    public int member() {
        return member;
    }

    public Plan plan() {
        return plan;
    }

    public long bytes() {
        return memory.bytes() + scratchBytes();
    }

    public CUevent_st uploaded(int slot) {
        return uploaded[slot];
    }

    public CUevent_st done() {
        return done;
    }

    public long arena() {
        return memory.address();
    }

    public long input(int slot) {
        return memory.address() + DeviceMemory.aligned(plan.arenaBytes()) + slot * slotBytes;
    }

    public long targets(int slot) {
        return input(slot)
                + DeviceMemory.aligned(
                        (long) plan.options().batch() * plan.network().input().elements() * Float.BYTES);
    }

    public long mask(int slot) {
        return targets(slot)
                + DeviceMemory.aligned(
                        (long) plan.options().batch() * plan.network().outputs() * Float.BYTES);
    }

    public long state(int slot) {
        return mask(slot)
                + DeviceMemory.aligned(
                        (long) plan.options().batch() * plan.network().outputs() * Float.BYTES);
    }

    public long output() {
        return memory.address() + outputAt;
    }

    /** Takes memory that any one operator may use while it runs; 0 bytes gives it back. */
    void takeScratch(long bytes) {
        if (scratch != null) {
            scratch.close();
        }
        scratch = bytes == 0 ? null : new DeviceMemory(gpu, bytes, false, "cuDNN");
    }

    long scratch() {
        return scratch == null ? 0 : scratch.address();
    }

    long scratchBytes() {
        return scratch == null ? 0 : scratch.bytes();
    }

    /** Weights of positive targets, or 0 if all are 1. */
    long positiveWeights() {
        return positive ? memory.address() + positiveAt : 0;
    }

    public long result() {
        return memory.address() + resultAt;
    }

    public long weights(Weights.Kind kind) {
        return weights.applyAsLong(kind);
    }

    /** The address of an operand, 0 if the operator has none there. */
    public long address(Op op, Slot slot, int inputSlot) {
        Op.Operand operand = op.operands().get(slot);
        if (operand == null) {
            return 0;
        }
        Tensor t = operand.tensor();
        long base = switch (t.space()) {
            case ARENA -> arena();
            case INPUT -> input(inputSlot);
            case TARGET -> targets(inputSlot);
            case OUTPUT -> output();
            case PARAMETERS -> weights(Weights.Kind.PARAMETERS);
            case GRADIENTS -> weights(Weights.Kind.GRADIENTS);
            case FIRST_MOMENTS -> weights(Weights.Kind.FIRST_MOMENTS);
            case SECOND_MOMENTS -> weights(Weights.Kind.SECOND_MOMENTS);
            case RUNNING_STATISTICS -> weights(Weights.Kind.RUNNING_STATISTICS);
            case LOCAL -> throw new IllegalStateException("a plan for GPUs has no thread's own memory: " + t.name());
        };
        return base + t.offset() + operand.shift();
    }

    /** Floats from one sample of an operand to the next. */
    static int stride(Op op, Slot slot) {
        Op.Operand operand = op.operands().get(slot);
        return operand == null ? 0 : Math.toIntExact(operand.tensor().stride() / Float.BYTES);
    }

    @Override
    public void close() {
        CloseHelper.closeAll(
                () -> CloseHelper.closeAll(events.stream()
                        .map(event -> (AutoCloseable) () -> gpu.destroy(event))
                        .toList()),
                events::clear,
                () -> takeScratch(0),
                memory);
    }
}
