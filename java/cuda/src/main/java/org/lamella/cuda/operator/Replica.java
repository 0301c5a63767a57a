package org.lamella.cuda.operator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.Weights;
import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.DeviceMemory;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.PinnedMemory;
import org.lamella.cuda.library.CudaException;
import org.lamella.plan.Op;
import org.lamella.plan.Plan;
import org.lamella.plan.Slot;
import org.lamella.plan.Tensor;

/** A program's memory on one GPU: arena, result, and the slots for the inputs of the current step and the next ones. */
public final class Replica implements AutoCloseable {

    /** Steps whose inputs can be on the GPU at the same time: the current one and two ahead. */
    public static final int SLOTS = ReplicaLayout.SLOTS;

    private static final int TALLY_BYTES = KernelStructure.TALLY.bytes();

    private final GpuContext gpu;
    private final int rank;
    private final Plan plan;
    private final ToLongFunction<Weights.Kind> weights;
    private final DeviceMemory memory;
    private final OperatorMemory tables;
    private final PinnedMemory tally;
    private @Nullable DeviceMemory scratch;
    private final ReplicaLayout layout;
    private final List<CUevent_st> events = new ArrayList<>();
    private final CUevent_st[] uploaded = new CUevent_st[SLOTS];
    private final CUevent_st[] done = new CUevent_st[SLOTS];

    /**
     * Allocates the memory.
     *
     * @param gpu the GPU
     * @param rank the GPU's rank in the program
     * @param plan its part of the program's plan
     * @param weights addresses of the weights on this GPU
     * @param poison whether the arena is filled with NaN first
     * @param positiveWeights one per label; null if all are 1
     * @throws CudaException if the GPU has not enough memory
     */
    public Replica(
            GpuContext gpu,
            int rank,
            Plan plan,
            ToLongFunction<Weights.Kind> weights,
            boolean poison,
            float @Nullable [] positiveWeights) {
        this.gpu = gpu;
        this.rank = rank;
        this.plan = plan;
        this.weights = weights;
        this.layout = new ReplicaLayout(plan);
        this.tally = new PinnedMemory((long) SLOTS * TALLY_BYTES, gpu.calls());
        try {
            this.memory = new DeviceMemory(gpu, layout.bytes(), poison, "the arena");
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, tally);
        }
        try {
            this.tables = new OperatorMemory(gpu, plan, positiveWeights);
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, () -> CloseHelper.closeAll(memory, tally));
        }
        try {
            for (int i = 0; i < SLOTS; i++) {
                uploaded[i] = event();
                done[i] = event();
            }
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, this);
        }
    }

    /**
     * Memory of a plan on a GPU, in addition to its weights.
     *
     * @param plan the GPU's part
     * @return bytes
     */
    public static long bytes(Plan plan) {
        return new ReplicaLayout(plan).bytes() + OperatorMemory.bytes(plan);
    }

    /**
     * An event of this GPU.
     *
     * @return valid until this is closed
     * @throws CudaException if it cannot be created
     */
    public CUevent_st event() {
        CUevent_st event = gpu.event();
        events.add(event);
        return event;
    }

    /**
     * The GPU of this replica.
     *
     * @return the GPU
     */
    public GpuContext gpu() {
        return gpu;
    }

    /**
     * The rank of its GPU in the program.
     *
     * @return 0 or more
     */
    public int rank() {
        return rank;
    }

    /**
     * The plan that the GPU runs.
     *
     * @return its part of the program's plan
     */
    public Plan plan() {
        return plan;
    }

    /**
     * Its memory.
     *
     * @return bytes
     */
    public long bytes() {
        return memory.bytes() + tables.bytes() + scratchBytes();
    }

    /**
     * The event recorded after the input of a step.
     *
     * @param slot the slot of the input, from 0 to below {@link #SLOTS}
     * @return valid until this is closed
     */
    public CUevent_st uploaded(int slot) {
        return uploaded[slot];
    }

    /**
     * The event recorded after the results of a step.
     *
     * @param slot the slot of its input, from 0 to below {@link #SLOTS}
     * @return valid until this is closed
     */
    public CUevent_st done(int slot) {
        return done[slot];
    }

    /**
     * The start of the plan's arena.
     *
     * @return an address on the GPU
     */
    public long arena() {
        return memory.address();
    }

    /**
     * Address of the input of a step.
     *
     * @param slot from 0 to below {@link #SLOTS}
     * @return an address on the GPU
     */
    public long input(int slot) {
        return memory.address() + layout.input(slot);
    }

    /**
     * Address of the targets of a step.
     *
     * @param slot from 0 to below {@link #SLOTS}
     * @return an address on the GPU
     */
    public long targets(int slot) {
        return memory.address() + layout.targets(slot);
    }

    /**
     * Address of the mask of the targets of a step.
     *
     * @param slot from 0 to below {@link #SLOTS}
     * @return an address on the GPU
     */
    public long mask(int slot) {
        return memory.address() + layout.mask(slot);
    }

    /**
     * Address of the state of a step, a {@link KernelStructure#STEP_STATE}.
     *
     * @param slot from 0 to below {@link #SLOTS}
     * @return an address on the GPU
     */
    public long state(int slot) {
        return memory.address() + layout.state(slot);
    }

    /**
     * Address of the output of a step.
     *
     * @return an address on the GPU
     */
    public long output() {
        return memory.address() + layout.output();
    }

    /** Allocates memory that an operator may use while it runs; 0 bytes frees it. */
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

    /** What operators use in addition to tensors. */
    OperatorMemory tables() {
        return tables;
    }

    /**
     * The sums of steps, which the GPU writes into memory of the host.
     *
     * @return in native byte order; not to be used after this is closed
     */
    public ByteBuffer tally() {
        return tally.bytes();
    }

    /**
     * The position of the sums of a step in {@link #tally}, a {@link KernelStructure#TALLY}.
     *
     * @param slot from 0 to below {@link #SLOTS}
     * @return bytes
     */
    public int tallyAt(int slot) {
        return slot * TALLY_BYTES;
    }

    /** The address of the sums of a step. */
    long result(int slot) {
        return tally.address() + tallyAt(slot);
    }

    /**
     * Address of an array of the weights.
     *
     * @param kind which array
     * @return an address on the GPU
     */
    public long weights(Weights.Kind kind) {
        return weights.applyAsLong(kind);
    }

    /**
     * Address of an operand.
     *
     * @param op of the plan
     * @param slot which operand
     * @param inputSlot the slot of the step's input, from 0 to below {@link #SLOTS}
     * @return an address on the GPU; 0 if the operator has no such operand
     * @throws IllegalStateException if the plan is not for GPUs
     */
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
                tables,
                memory,
                tally);
    }
}
