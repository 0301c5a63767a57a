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
import org.lamella.cuda.library.CudaException;
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
    public static final int SLOTS = ReplicaLayout.SLOTS;

    private final GpuContext gpu;
    private final int rank;
    private final Plan plan;
    private final ToLongFunction<Weights.Kind> weights;
    private final DeviceMemory memory;
    private DeviceMemory scratch;
    private final ReplicaLayout layout;
    private final boolean positive;
    private final List<CUevent_st> events = new ArrayList<>();
    private final CUevent_st[] uploaded = new CUevent_st[SLOTS];
    private final CUevent_st done;

    /**
     * Takes the memory.
     *
     * @param gpu where
     * @param rank its place among the GPUs of the program
     * @param plan its part of the program's plan
     * @param weights addresses of the weights on this GPU
     * @param poison whether the arena is filled with NaN first
     * @param positiveWeights one per label; null if all are 1
     * @throws CudaException if the GPU has not got it
     */
    public Replica(
            GpuContext gpu,
            int rank,
            Plan plan,
            ToLongFunction<Weights.Kind> weights,
            boolean poison,
            float[] positiveWeights) {
        this.gpu = gpu;
        this.rank = rank;
        this.plan = plan;
        this.weights = weights;
        this.layout = new ReplicaLayout(plan);
        this.positive = positiveWeights != null;
        this.memory = new DeviceMemory(gpu, layout.bytes(), poison, "the arena");
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

    /**
     * What a plan takes on a GPU besides its weights.
     *
     * @param plan the GPU's part
     * @return bytes
     */
    public static long bytes(Plan plan) {
        return new ReplicaLayout(plan).bytes();
    }

    /**
     * An event of this GPU.
     *
     * @return lives as long as this
     * @throws CudaException if it cannot be had
     */
    public CUevent_st event() {
        CUevent_st event = gpu.event();
        events.add(event);
        return event;
    }

    /**
     * Where it lies.
     *
     * @return the GPU
     */
    public GpuContext gpu() {
        return gpu;
    }

    /**
     * Its place among the GPUs of the program.
     *
     * @return 0 or more
     */
    public int rank() {
        return rank;
    }

    /**
     * What the GPU runs.
     *
     * @return its part of the program's plan
     */
    public Plan plan() {
        return plan;
    }

    /**
     * What it takes.
     *
     * @return bytes
     */
    public long bytes() {
        return memory.bytes() + scratchBytes();
    }

    /**
     * Recorded behind the input of a step.
     *
     * @param slot where the input lies, from 0 to below {@link #SLOTS}
     * @return lives as long as this
     */
    public CUevent_st uploaded(int slot) {
        return uploaded[slot];
    }

    /**
     * Recorded behind a step's results.
     *
     * @return lives as long as this
     */
    public CUevent_st done() {
        return done;
    }

    /**
     * Where the plan's arena begins.
     *
     * @return an address on the GPU
     */
    public long arena() {
        return memory.address();
    }

    /**
     * Where the input of a step lies.
     *
     * @param slot from 0 to below {@link #SLOTS}
     * @return an address on the GPU
     */
    public long input(int slot) {
        return memory.address() + layout.input(slot);
    }

    /**
     * Where the targets of a step lie.
     *
     * @param slot from 0 to below {@link #SLOTS}
     * @return an address on the GPU
     */
    public long targets(int slot) {
        return memory.address() + layout.targets(slot);
    }

    /**
     * Where the mask of the targets of a step lie.
     *
     * @param slot from 0 to below {@link #SLOTS}
     * @return an address on the GPU
     */
    public long mask(int slot) {
        return memory.address() + layout.mask(slot);
    }

    /**
     * Where the numbers of a step lie, a {@link KernelStructure#STEP_STATE}.
     *
     * @param slot from 0 to below {@link #SLOTS}
     * @return an address on the GPU
     */
    public long state(int slot) {
        return memory.address() + layout.state(slot);
    }

    /**
     * Where the output of a step lies.
     *
     * @return an address on the GPU
     */
    public long output() {
        return memory.address() + layout.output();
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
        return positive ? memory.address() + layout.positiveWeights() : 0;
    }

    /**
     * Where the sums of a step lie, a {@link KernelStructure#TALLY}.
     *
     * @return an address on the GPU
     */
    public long result() {
        return memory.address() + layout.result();
    }

    /**
     * Where an array of the weights begins.
     *
     * @param kind which
     * @return an address on the GPU
     */
    public long weights(Weights.Kind kind) {
        return weights.applyAsLong(kind);
    }

    /**
     * Where an operand lies.
     *
     * @param op of the plan
     * @param slot which operand
     * @param inputSlot where the step's input lies, from 0 to below {@link #SLOTS}
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
                memory);
    }
}
