package org.lamella.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.cudart;
import org.lamella.device.Kernels;
import org.lamella.network.Layer;
import org.lamella.network.Shape;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Slot;
import org.lamella.plan.Work;

/** Turns the operators of a plan into launches on one GPU, for one number of samples and one place of the input. */
final class OperatorLaunches {

    private static final int THREADS = 256;
    private static final int WARP = 32;
    private static final int MOST_GRID_Y = 65_535;

    private final Replica replica;
    private final GpuContext gpu;
    private final int samples;
    private final int batchSamples;
    private final int firstSample;
    private final int slot;
    private final DnnAlgorithms dnn;
    private final ConvolutionLaunches convolutions;
    private final List<Launch> made = new ArrayList<>();

    /**
     * For the samples from {@code firstSample} on, of {@code batchSamples} that all GPUs work on.
     *
     * @param samples of this GPU, 0 or more
     * @param dnn which passes of convolutions cuDNN computes, and how
     */
    OperatorLaunches(Replica replica, int samples, int firstSample, int batchSamples, int slot, DnnAlgorithms dnn) {
        this.dnn = dnn;
        this.convolutions = new ConvolutionLaunches(this, replica);
        this.replica = replica;
        this.gpu = replica.gpu();
        this.samples = samples;
        this.firstSample = firstSample;
        this.batchSamples = batchSamples;
        this.slot = slot;
    }

    /** The launches of an operator, in order; they are the caller's to close. */
    List<Launch> of(Op op) {
        made.clear();
        gpu.use();
        if (samples == 0) {
            idle(op);
        } else {
            busy(op);
        }
        return List.copyOf(made);
    }

    /** The passes of a convolution that an operator computes. */
    static List<Kernels.Pass> passes(Op op) {
        return op.kind() == OpKind.CONVOLUTION
                ? List.of(Kernels.Pass.FORWARD)
                : op.has(Slot.DX) ? List.of(Kernels.Pass.FILTER, Kernels.Pass.DATA) : List.of(Kernels.Pass.FILTER);
    }

    /**
     * The launches of one pass of a convolution alone, for a measurement; {@code algorithm} null for a kernel of ours.
     */
    List<Launch> of(Op op, Kernels.Pass pass, DnnConvolution.Algorithm algorithm) {
        made.clear();
        gpu.use();
        convolutions.pass(op, pass, algorithm);
        return List.copyOf(made);
    }

    /** Those by which a map that was pooled is made ready for cuDNN's gradients, likewise. */
    List<Launch> unpooling(Op op) {
        made.clear();
        gpu.use();
        convolutions.unpool(op);
        return List.copyOf(made);
    }

    /** What a GPU without samples adds to the others' sums: nothing. */
    private void idle(Op op) {
        switch (op.kind()) {
            case NORM_MOMENTS ->
                zero(address(op, Slot.PARTIAL), 2L * norm(op).input().channels() * Double.BYTES);
            case NORM_GRADIENT_SUMS -> {
                zero(address(op, Slot.PARTIAL), 2L * norm(op).input().channels() * Double.BYTES);
                zero(address(op, Slot.DWEIGHT), (long) norm(op).input().channels() * Float.BYTES);
                zero(address(op, Slot.DBIAS), (long) norm(op).input().channels() * Float.BYTES);
            }
            case CONVOLUTION_BACKWARD -> {
                zero(address(op, Slot.DWEIGHT), op.work(Work.Convolution.class).weights() * Float.BYTES);
                zero(
                        address(op, Slot.DBIAS),
                        (long) op.work(Work.Convolution.class).layer().filters() * Float.BYTES);
            }
            case DENSE_BACKWARD -> {
                zero(address(op, Slot.DWEIGHT), dense(op).weights() * Float.BYTES);
                zero(address(op, Slot.DBIAS), (long) dense(op).outputs() * Float.BYTES);
            }
            case NORM_STATISTICS, NORM_GRADIENT, NORM_FROZEN, JOIN_LOSS, UPDATE -> busy(op);
            default -> {}
        }
    }

    private void busy(Op op) {
        switch (op.kind()) {
            case CONVOLUTION, CONVOLUTION_BACKWARD -> convolutions.all(op, passes(op), dnn);
            case DENSE -> new DenseLaunches(this, gpu).forward(op);
            case DENSE_BACKWARD -> new DenseLaunches(this, gpu).backward(op);
            case POOL -> pool(op);
            case POOL_BACKWARD ->
                kernel(
                        "pool.cu",
                        "pool_backward",
                        (long) samples * op.work(Work.Pool.class).input().elements(),
                        poolShape(op, Slot.DY)
                                .integer(op.accumulate() ? 1 : 0)
                                .address(address(op, Slot.DY))
                                .address(address(op, Slot.INDEX))
                                .address(address(op, Slot.DX)));
            case ACTIVATE -> activate(op, count(op), 1, Slot.X, 0);
            case ACTIVATE_BACKWARD ->
                kernel(
                        "elementwise.cu",
                        "activation_backward",
                        samples * count(op),
                        new Arguments()
                                .integer(samples)
                                .whole(count(op))
                                .integer(code(op))
                                .number(slope(op))
                                .integer(op.accumulate() ? 1 : 0)
                                .address(address(op, Slot.Y))
                                .whole(stride(op, Slot.Y))
                                .address(address(op, Slot.DY))
                                .whole(stride(op, Slot.DY))
                                .address(address(op, Slot.DX))
                                .whole(stride(op, Slot.DX)));
            case COPY, COPY_BACKWARD ->
                kernel(
                        "elementwise.cu",
                        "copy_map",
                        samples * count(op),
                        new Arguments()
                                .integer(samples)
                                .whole(count(op))
                                .integer(op.accumulate() ? 1 : 0)
                                .address(address(op, Slot.X))
                                .whole(stride(op, Slot.X))
                                .address(address(op, Slot.Y))
                                .whole(stride(op, Slot.Y)));
            case DROPOUT, DROPOUT_BACKWARD ->
                kernel(
                        "elementwise.cu",
                        "dropout",
                        samples * count(op),
                        new Arguments()
                                .integer(samples)
                                .whole(count(op))
                                .number(op.work(Work.Dropout.class).layer().rate())
                                .integer(op.accumulate() ? 1 : 0)
                                .whole(op.work(Work.Dropout.class).stream())
                                .whole(firstSample)
                                .address(replica.state(slot))
                                .address(address(op, Slot.X))
                                .whole(stride(op, Slot.X))
                                .address(address(op, Slot.Y))
                                .whole(stride(op, Slot.Y)));
            case MASK, MASK_BACKWARD -> mask(op);
            case LOSS ->
                kernel(
                        "loss.cu",
                        "cross_entropy",
                        samples * 32L,
                        new Arguments()
                                .integer(samples)
                                .integer(op.work(Work.Loss.class).labels())
                                .address(address(op, Slot.X))
                                .address(replica.targets(slot))
                                .address(replica.mask(slot))
                                .address(replica.positiveWeights())
                                .structure(
                                        KernelStructure.FOCUS,
                                        op.work(Work.Loss.class).rule().gammaPositive(),
                                        op.work(Work.Loss.class).rule().gammaNegative(),
                                        op.work(Work.Loss.class).rule().margin())
                                .address(replica.state(slot))
                                .address(address(op, Slot.DX))
                                .address(address(op, Slot.PARTIAL)));
            case JOIN_LOSS ->
                sums(
                        "loss.cu",
                        "sum_tally",
                        1,
                        samples,
                        new Arguments()
                                .integer(samples)
                                .address(address(op, Slot.PARTIAL))
                                .address(replica.result()));
            case PROBABILITY ->
                kernel(
                        "loss.cu",
                        "probability",
                        samples * count(op),
                        new Arguments()
                                .whole(samples * count(op))
                                .address(address(op, Slot.X))
                                .address(address(op, Slot.Y)));
            case NORM_MOMENTS ->
                sums(
                        "batch_norm.cu",
                        "norm_moments",
                        norm(op).input().channels(),
                        normTerms(op),
                        normShape(op).address(address(op, Slot.X)).address(address(op, Slot.PARTIAL)));
            case NORM_STATISTICS ->
                kernel(
                        "batch_norm.cu",
                        "norm_statistics",
                        norm(op).input().channels(),
                        normShape(op)
                                .number(normCount(op))
                                .number(norm(op).layer().momentum())
                                .address(address(op, Slot.PARTIAL))
                                .address(address(op, Slot.STATISTICS))
                                .address(address(op, Slot.RUNNING)));
            case NORM_FROZEN ->
                kernel(
                        "batch_norm.cu",
                        "norm_frozen",
                        norm(op).input().channels(),
                        normShape(op).address(address(op, Slot.RUNNING)).address(address(op, Slot.STATISTICS)));
            case NORMALIZE ->
                kernel(
                        "batch_norm.cu",
                        "normalize",
                        (long) samples * norm(op).input().elements(),
                        normShape(op)
                                .address(address(op, Slot.X))
                                .address(address(op, Slot.STATISTICS))
                                .address(address(op, Slot.WEIGHT))
                                .address(address(op, Slot.BIAS))
                                .address(address(op, Slot.Y)));
            case NORM_GRADIENT_SUMS ->
                sums(
                        "batch_norm.cu",
                        "norm_gradient_sums",
                        norm(op).input().channels(),
                        normTerms(op),
                        normShape(op)
                                .address(address(op, Slot.X))
                                .address(address(op, Slot.Y))
                                .address(address(op, Slot.DY))
                                .address(address(op, Slot.STATISTICS))
                                .address(address(op, Slot.PARTIAL))
                                .address(address(op, Slot.DWEIGHT))
                                .address(address(op, Slot.DBIAS)));
            case NORM_GRADIENT ->
                kernel(
                        "batch_norm.cu",
                        "norm_gradient_means",
                        2L * norm(op).input().channels(),
                        normShape(op)
                                .number(normCount(op))
                                .address(address(op, Slot.PARTIAL))
                                .address(address(op, Slot.AUXILIARY)));
            case NORM_BACKWARD ->
                kernel(
                        "batch_norm.cu",
                        "norm_backward",
                        (long) samples * norm(op).input().elements(),
                        normShape(op)
                                .integer(op.accumulate() ? 1 : 0)
                                .address(address(op, Slot.X))
                                .address(address(op, Slot.Y))
                                .address(address(op, Slot.DY))
                                .address(address(op, Slot.STATISTICS))
                                .address(address(op, Slot.WEIGHT))
                                .address(address(op, Slot.AUXILIARY))
                                .address(address(op, Slot.DX)));
            case UPDATE -> update(op);
            default -> throw new IllegalStateException("no GPU operator: " + op);
        }
    }

    Arguments convolutionShape(Op op, Slot y) {
        Work.Convolution work = op.work(Work.Convolution.class);
        Layer.Convolution c = work.layer();
        Shape in = work.input();
        Shape out = work.map();
        Layer.Pooling p = work.pooling();
        Shape pooled = work.output();
        return new Arguments()
                .structure(
                        KernelStructure.CONVOLUTION_SHAPE,
                        samples,
                        in.channels(),
                        in.height(),
                        in.width(),
                        c.filters(),
                        c.kernelH(),
                        c.kernelW(),
                        c.strideH(),
                        c.strideW(),
                        c.padH(),
                        c.padW(),
                        out.height(),
                        out.width(),
                        p == null ? 1 : p.strideH(),
                        p == null ? 1 : p.strideW(),
                        pooled.height(),
                        pooled.width(),
                        stride(op, y));
    }

    private void pool(Op op) {
        boolean max = op.work(Work.Pool.class).layer().kind() == Layer.PoolingKind.MAX;
        Arguments arguments = poolShape(op, Slot.Y).address(address(op, Slot.X)).address(address(op, Slot.Y));
        kernel(
                "pool.cu",
                max ? "pool_max_forward" : "pool_average_forward",
                (long) samples * op.work(Work.Pool.class).output().elements(),
                max ? arguments.address(address(op, Slot.INDEX)) : arguments);
    }

    private void mask(Op op) {
        Work.Mask m = op.work(Work.Mask.class);
        sums(
                "elementwise.cu",
                "mask_padding",
                samples,
                m.map().elements(),
                new Arguments()
                        .integer(m.map().channels())
                        .integer(m.map().width())
                        .integer(m.input().channels())
                        .integer(m.input().width())
                        .integer(Math.toIntExact(m.positions().offset()))
                        .integer(Math.toIntExact(m.positions().stride()))
                        .number(m.use() == Layer.MaskUse.LOWEST ? -Float.MAX_VALUE : 0)
                        .integer(m.scaled() ? 1 : 0)
                        .integer(op.accumulate() ? 1 : 0)
                        .address(address(op, Slot.AUXILIARY))
                        .address(address(op, Slot.X))
                        .whole(stride(op, Slot.X))
                        .address(address(op, Slot.Y))
                        .whole(stride(op, Slot.Y)));
    }

    private Arguments poolShape(Op op, Slot y) {
        Work.Pool work = op.work(Work.Pool.class);
        Layer.Pooling p = work.layer();
        Shape in = work.input();
        Shape out = work.output();
        return new Arguments()
                .structure(
                        KernelStructure.POOL_SHAPE,
                        (long) samples * in.channels(),
                        in.height(),
                        in.width(),
                        p.windowH(),
                        p.windowW(),
                        p.strideH(),
                        p.strideW(),
                        p.padH(),
                        p.padW(),
                        out.height(),
                        out.width(),
                        in.channels(),
                        stride(op, y));
    }

    private Arguments normShape(Op op) {
        Shape in = norm(op).input();
        return new Arguments()
                .structure(
                        KernelStructure.NORM_SHAPE,
                        samples,
                        in.channels(),
                        in.height() * in.width(),
                        code(op),
                        stride(op, Slot.Y),
                        stride(op, Slot.DY),
                        slope(op),
                        norm(op).layer().epsilon());
    }

    private long normTerms(Op op) {
        return (long) samples * norm(op).input().height() * norm(op).input().width();
    }

    private double normCount(Op op) {
        return (double) batchSamples
                * norm(op).input().height()
                * norm(op).input().width();
    }

    void activate(Op op, long count, long plane, Slot from, long bias) {
        kernel(
                "elementwise.cu",
                "bias_activation",
                samples * count,
                new Arguments()
                        .integer(samples)
                        .whole(count)
                        .whole(plane)
                        .integer(code(op))
                        .number(slope(op))
                        .address(address(op, from))
                        .whole(stride(op, from))
                        .address(bias)
                        .address(address(op, Slot.Y))
                        .whole(stride(op, Slot.Y)));
    }

    private void update(Op op) {
        Work.Update work = op.work(Work.Update.class);
        OptimizerRule rule = work.rule();
        boolean adam = rule.kind() == OptimizerRule.Kind.ADAM || rule.kind() == OptimizerRule.Kind.ADAMW;
        Arguments arguments = new Arguments()
                .whole(work.parameters())
                .integer(rule.kind() == OptimizerRule.Kind.NESTEROV || rule.kind() == OptimizerRule.Kind.ADAMW ? 1 : 0)
                .address(replica.state(slot))
                .number(rule.momentum());
        if (adam) {
            arguments.number(rule.beta2()).number(rule.epsilon());
        }
        arguments
                .number(work.decay())
                .address(address(op, Slot.WEIGHT))
                .address(address(op, Slot.DWEIGHT))
                .address(address(op, Slot.MOMENT1));
        if (adam) {
            arguments.address(address(op, Slot.MOMENT2));
        }
        kernel("update.cu", adam ? "update_adam" : "update_sgd", work.parameters(), arguments);
    }

    /** The activation of an operator, or null. */
    private static Layer.Activation activation(Op op) {
        if (op.work() instanceof Work.Convolution c) {
            return c.activation();
        }
        if (op.work() instanceof Work.Dense d) {
            return d.activation();
        }
        return op.work() instanceof Work.Norm n
                ? n.activation()
                : op.work(Work.Activation.class).layer();
    }

    private static Work.Norm norm(Op op) {
        return op.work(Work.Norm.class);
    }

    private static Work.Dense dense(Op op) {
        return op.work(Work.Dense.class);
    }

    /** Values per sample of an operator that works on each alone. */
    private static long count(Op op) {
        if (op.work() instanceof Work.Activation a) {
            return a.elements();
        }
        return op.work() instanceof Work.Dropout d
                ? d.elements()
                : op.work(Work.Elements.class).count();
    }

    /** As enum Activation of device.cuh. */
    static int code(Op op) {
        Layer.Activation activation = activation(op);
        if (activation == null) {
            return 0;
        }
        return switch (activation.kind()) {
            case TANH -> 1;
            case SIGMOID -> 2;
            case RELU -> 3;
            case LEAKY_RELU -> 4;
        };
    }

    static float slope(Op op) {
        Layer.Activation activation = activation(op);
        return activation == null ? 0 : activation.slope();
    }

    long address(Op op, Slot s) {
        return replica.address(op, s, slot);
    }

    static int stride(Op op, Slot s) {
        return Replica.stride(op, s);
    }

    private void zero(long address, long bytes) {
        DevicePointer to = new DevicePointer(address);
        made.add(() -> Checks.runtime(
                cudart.cudaMemsetAsync(to, 0, bytes, gpu.compute()), "cudaMemsetAsync on " + gpu.name()));
    }

    void add(Launch launch) {
        made.add(launch);
    }

    int samples() {
        return samples;
    }

    /** One thread an item. */
    void kernel(String file, String name, long items, Arguments arguments) {
        launch(new KernelVariant(file, Map.of()), name, blocks(items, THREADS), 1, 1, THREADS, arguments);
    }

    /** One block a sum, of no more warps than its terms keep busy. */
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

    void launch(KernelVariant variant, String name, int gridX, int gridY, int gridZ, int block, Arguments arguments) {
        if (gridY > MOST_GRID_Y || gridZ > MOST_GRID_Y) {
            throw new IllegalArgumentException(name + ": a layer of this size does not fit a GPU's grid: " + gridX
                    + " x " + gridY + " x " + gridZ);
        }
        made.add(gpu.module(variant).prepare(name, gridX, gridY, gridZ, block, gpu.compute(), arguments));
    }

    static int blocks(long items, long each) {
        return Math.toIntExact((items + each - 1) / each);
    }
}
