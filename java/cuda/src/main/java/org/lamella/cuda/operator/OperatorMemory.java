package org.lamella.cuda.operator;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.DeviceMemory;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.plan.Plan;

/**
 * Memory that the operators of a plan use on a GPU in addition to the plan's tensors: the weights of positive targets,
 * the bits of the parameters that decay, and the slices of sums over the whole grid.
 */
final class OperatorMemory implements AutoCloseable {

    /** Sums that a kernel takes of a channel, at most. */
    private static final int SUMS = 2;

    private static final long PARTIAL_BYTES = (long) KernelSizes.SUM_BLOCKS * SUMS * Double.BYTES;
    private static final long ENDED_BYTES = (long) KernelSizes.SUM_BLOCKS * Integer.BYTES;

    private final GpuContext gpu;
    private final DeviceMemory memory;
    private final boolean positive;
    private final boolean mixedDecay;
    private final long decays;
    private final long partial;
    private final long ended;

    /**
     * Allocates and writes the memory.
     *
     * @param positiveWeights one per label; null if all are 1
     * @throws org.lamella.cuda.library.CudaException if the GPU has not enough memory
     */
    OperatorMemory(GpuContext gpu, Plan plan, float @Nullable [] positiveWeights) {
        this.gpu = gpu;
        int[] bits = DecayBits.of(plan);
        this.positive = positiveWeights != null;
        this.mixedDecay = bits.length > 0;
        this.memory = new DeviceMemory(gpu, bytes(plan), false, "tables of operators");
        this.decays = memory.address() + positiveBytes(plan);
        this.partial = decays + DeviceMemory.aligned(DecayBits.bytes(plan));
        this.ended = partial + DeviceMemory.aligned(PARTIAL_BYTES);
        try {
            if (positiveWeights != null) {
                write(memory.address(), new FloatPointer(positiveWeights), positiveWeights.length, "positive weights");
            }
            if (mixedDecay) {
                write(decays, new IntPointer(bits), bits.length, "which parameters decay");
            }
            write(ended, new BytePointer(ENDED_BYTES).zero(), KernelSizes.SUM_BLOCKS, "counts of slices");
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, memory);
        }
    }

    /** Writes words of four bytes. */
    private void write(long to, Pointer words, long count, String what) {
        try (words) {
            gpu.write(to, words, count * Integer.BYTES, what);
        }
    }

    /** Bytes for a GPU's part of a plan. */
    static long bytes(Plan plan) {
        return positiveBytes(plan)
                + DeviceMemory.aligned(DecayBits.bytes(plan))
                + DeviceMemory.aligned(PARTIAL_BYTES)
                + DeviceMemory.aligned(ENDED_BYTES);
    }

    private static long positiveBytes(Plan plan) {
        return DeviceMemory.aligned((long) plan.network().outputs() * Float.BYTES);
    }

    long bytes() {
        return memory.bytes();
    }

    /** Address of the weights of positive targets, or 0 if all are 1. */
    long positiveWeights() {
        return positive ? memory.address() : 0;
    }

    /** Address of {@link DecayBits} of the parameters, or 0 if weight decay makes no difference between them. */
    long decays() {
        return mixedDecay ? decays : 0;
    }

    /** Addresses of the memory for sums over the whole grid, a {@link KernelStructure#SLICES}. */
    Long[] slices() {
        return new Long[] {partial, ended};
    }

    @Override
    public void close() {
        memory.close();
    }
}
