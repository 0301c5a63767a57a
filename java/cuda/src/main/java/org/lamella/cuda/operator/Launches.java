package org.lamella.cuda.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.cudart;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.cuda.gpu.DevicePointer;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.library.Checks;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** Launches on one GPU as they are made, for one number of samples and one place of the input. */
public final class Launches {

    private static final int THREADS = 256;
    private static final int WARP = 32;
    private static final int MAX_GRID_Y = 65_535;

    private final Replica replica;
    private final GpuContext gpu;
    private final int samples;
    private final int firstSample;
    private final int batchSamples;
    private final int slot;
    private final List<Launch> made = new ArrayList<>();

    /**
     * For the samples from {@code firstSample} on, of {@code batchSamples} that all GPUs work on.
     *
     * @param replica the plan's memory on the GPU
     * @param samples of this GPU, 0 or more
     * @param firstSample 0 or more
     * @param batchSamples at least {@code samples}
     * @param slot where the input lies, from 0 to below {@link Replica#SLOTS}
     */
    public Launches(Replica replica, int samples, int firstSample, int batchSamples, int slot) {
        this.replica = replica;
        this.gpu = replica.gpu();
        this.samples = samples;
        this.firstSample = firstSample;
        this.batchSamples = batchSamples;
        this.slot = slot;
    }

    /** Hands over what was made since the last time, in order; it is the caller's to close. */
    List<Launch> take() {
        List<Launch> taken = List.copyOf(made);
        made.clear();
        return taken;
    }

    Replica replica() {
        return replica;
    }

    GpuContext gpu() {
        return gpu;
    }

    /** Of this GPU. */
    int samples() {
        return samples;
    }

    /** The number of this GPU's first sample in the whole batch. */
    int firstSample() {
        return firstSample;
    }

    /** Of all GPUs. */
    int batchSamples() {
        return batchSamples;
    }

    /** The address of an operand, 0 if the operator has none there. */
    long address(Op op, Slot operand) {
        return replica.address(op, operand, slot);
    }

    /** Where the step's numbers lie, as struct StepState. */
    long state() {
        return replica.state(slot);
    }

    /** Where the step's targets lie. */
    long targets() {
        return replica.targets(slot);
    }

    /** Where the mask of the step's targets lies. */
    long mask() {
        return replica.mask(slot);
    }

    /** Adds a launch of another maker. */
    void add(Launch launch) {
        made.add(launch);
    }

    /** Fills memory with zeros. */
    void zero(long address, long bytes) {
        DevicePointer to = new DevicePointer(address);
        made.add(() -> Checks.runtime(
                cudart.cudaMemsetAsync(to, 0, bytes, gpu.compute()), "cudaMemsetAsync on " + gpu.name()));
    }

    /** One thread per item. */
    void kernel(String file, String name, long items, Arguments arguments) {
        launch(new KernelVariant(file, Map.of()), name, blocks(items, THREADS), 1, 1, THREADS, arguments);
    }

    /** One warp per item. */
    void warps(String file, String name, long items, Arguments arguments) {
        kernel(file, name, items * WARP, arguments);
    }

    /** One block per sum, of no more warps than its terms keep busy. */
    void sums(String file, String name, int sums, long terms, Arguments arguments) {
        launch(
                new KernelVariant(file, Map.of()),
                name,
                sums,
                1,
                1,
                (int) Math.min(THREADS, blocks(Math.max(terms, 1), WARP) * (long) WARP),
                arguments);
    }

    /**
     * A kernel with a grid of its own.
     *
     * @throws IllegalArgumentException if no GPU has so large a grid
     */
    void launch(KernelVariant variant, String name, int gridX, int gridY, int gridZ, int block, Arguments arguments) {
        if (gridY > MAX_GRID_Y || gridZ > MAX_GRID_Y) {
            throw new IllegalArgumentException(name + ": a layer of this size does not fit a GPU's grid: " + gridX
                    + " x " + gridY + " x " + gridZ);
        }
        made.add(gpu.module(variant).prepare(name, gridX, gridY, gridZ, block, gpu.compute(), arguments));
    }

    /** How many blocks of {@code each} items cover them all. */
    static int blocks(long items, long each) {
        return Math.toIntExact((items + each - 1) / each);
    }
}
