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

/** Collects launches on one GPU, for one number of samples and one input slot. */
public final class Launches {

    private static final int THREADS = 256;
    private static final KernelVariant REACH = new KernelVariant("progress.cu", Map.of());
    private final Replica replica;
    private final GpuContext gpu;
    private final int samples;
    private final int firstSample;
    private final int batchSamples;
    private final int slot;
    private final List<Launch> made = new ArrayList<>();
    private Mark mark = Mark.NONE;

    /**
     * For this GPU's part of a batch.
     *
     * @param replica the plan's memory on the GPU
     * @param samples of this GPU, 0 or more
     * @param firstSample index of this GPU's first sample in the batch, 0 or more
     * @param batchSamples samples of all GPUs, at least {@code samples}
     * @param slot the slot of the input, from 0 to below {@link Replica#SLOTS}
     */
    public Launches(Replica replica, int samples, int firstSample, int batchSamples, int slot) {
        this.replica = replica;
        this.gpu = replica.gpu();
        this.samples = samples;
        this.firstSample = firstSample;
        this.batchSamples = batchSamples;
        this.slot = slot;
    }

    /**
     * Lets the next launch record that an operator begins.
     *
     * @param next what it records
     * @return this
     */
    public Launches marked(Mark next) {
        mark = next;
        return this;
    }

    /** Returns the launches collected since the last call, in order. The caller closes them. */
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

    /** Index of this GPU's first sample in the whole batch. */
    int firstSample() {
        return firstSample;
    }

    /** Of all GPUs. */
    int batchSamples() {
        return batchSamples;
    }

    /** The address of an operand; 0 if the operator does not have it. */
    long address(Op op, Slot operand) {
        return replica.address(op, operand, slot);
    }

    /** Address of the step's state, struct StepState. */
    long state() {
        return replica.state(slot);
    }

    /** Address of the step's sums, a struct Tally. */
    long result() {
        return replica.result(slot);
    }

    /** Address of the step's targets. */
    long targets() {
        return replica.targets(slot);
    }

    /** Address of the mask of the step's targets. */
    long mask() {
        return replica.mask(slot);
    }

    /** Adds a launch that is none of our kernels. */
    void add(Launch launch) {
        reach();
        made.add(launch);
    }

    /** Records what is to be recorded by a launch for that alone: the next one does not. */
    private void reach() {
        if (mark.place() != 0) {
            made.add(gpu.module(REACH).prepare("reach", 1, 1, 1, 1, gpu.compute(), mark.to(new Arguments())));
            mark = Mark.NONE;
        }
    }

    /** Fills memory with zeros. */
    void zero(long address, long bytes) {
        DevicePointer to = new DevicePointer(address);
        add(() -> Checks.runtime(
                cudart.cudaMemsetAsync(to, 0, bytes, gpu.compute()), "cudaMemsetAsync on " + gpu.name()));
    }

    /** One thread per item. */
    void kernel(String file, String name, long items, Arguments arguments) {
        kernel(new KernelVariant(file, Map.of()), name, items, arguments);
    }

    /** One thread per item. */
    void kernel(KernelVariant variant, String name, long items, Arguments arguments) {
        launch(variant, name, blocks(items, THREADS), 1, 1, THREADS, arguments);
    }

    /** One warp per item. */
    void warps(String file, String name, long items, Arguments arguments) {
        kernel(file, name, items * Grid.WARP, arguments);
    }

    /** A kernel on a grid. */
    void launch(String file, String name, Grid grid, Arguments arguments) {
        launch(new KernelVariant(file, Map.of()), name, grid, arguments);
    }

    /** A kernel on a grid. */
    void launch(KernelVariant variant, String name, Grid grid, Arguments arguments) {
        launch(variant, name, grid.x(), grid.y(), 1, grid.threads(), arguments);
    }

    /** An operand as a part of a tensor. */
    Elements.Map map(Op op, Slot operand) {
        return new Elements.Map(address(op, operand), Replica.stride(op, operand));
    }

    /** One block per sum, with no more warps than it has terms for. */
    void sums(String file, String name, int sums, long terms, Arguments arguments) {
        launch(
                new KernelVariant(file, Map.of()),
                name,
                sums,
                1,
                1,
                (int) Math.min(THREADS, blocks(Math.max(terms, 1), Grid.WARP) * (long) Grid.WARP),
                arguments);
    }

    /**
     * A kernel with the given grid.
     *
     * @throws IllegalArgumentException if no GPU has so large a grid
     */
    void launch(KernelVariant variant, String name, int gridX, int gridY, int gridZ, int block, Arguments arguments) {
        if (gridY > Grid.MAX_Y || gridZ > Grid.MAX_Y) {
            throw new IllegalArgumentException(name + ": a layer of this size does not fit a GPU's grid: " + gridX
                    + " x " + gridY + " x " + gridZ);
        }
        if (gpu.kept().sources().takesMark(variant.file(), name)) {
            mark.to(arguments);
            mark = Mark.NONE;
        } else {
            reach();
        }
        made.add(gpu.module(variant).prepare(name, gridX, gridY, gridZ, block, gpu.compute(), arguments));
    }

    /** The number of blocks of {@code each} items that cover all items. */
    static int blocks(long items, long each) {
        return Math.toIntExact((items + each - 1) / each);
    }
}
