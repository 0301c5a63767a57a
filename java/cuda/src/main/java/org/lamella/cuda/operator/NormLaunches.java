package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.plan.NormWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** Norms and their gradients. The sums of a batch norm are over the samples of all GPUs. */
final class NormLaunches extends FamilyLaunches {

    private static final String BATCH = "batch_norm.cu";
    private static final String LAYER = "layer_norm.cu";

    private final NormWork work;

    NormLaunches(Launches launches, Op op, NormWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        switch (op().kind()) {
            case NORM_MOMENTS -> moments();
            case NORM_STATISTICS -> statistics();
            case NORM_FROZEN -> frozen();
            case NORMALIZE -> normalize();
            case NORM_GRADIENT_SUMS -> gradientSums();
            case NORM_GRADIENT -> gradientMeans();
            case NORM_BACKWARD -> backward();
            case LAYER_NORM -> layerNorm();
            case LAYER_NORM_BACKWARD -> layerNormBackward();
            default -> throw unknown();
        }
    }

    @Override
    void idle() {
        switch (op().kind()) {
            case NORM_MOMENTS -> zeroSums();
            case NORM_GRADIENT_SUMS -> {
                zeroSums();
                zeroParameterGradients();
            }
            case LAYER_NORM_BACKWARD -> zeroParameterGradients();
            case NORM_STATISTICS, NORM_FROZEN, NORM_GRADIENT -> busy(); // of all samples
            case NORMALIZE, NORM_BACKWARD, LAYER_NORM -> {}
            default -> throw unknown();
        }
    }

    private void zeroSums() {
        launches().zero(address(Slot.PARTIAL), 2L * channels() * Double.BYTES);
    }

    private void zeroParameterGradients() {
        launches().zero(address(Slot.DWEIGHT), (long) channels() * Float.BYTES);
        launches().zero(address(Slot.DBIAS), (long) channels() * Float.BYTES);
    }

    /** Of a whole batch on this GPU the statistics too. */
    private void moments() {
        Elements.Map x = launches().map(op(), Slot.X);
        int vector = Elements.planeVector(plane(), x);
        launches()
                .launch(
                        batchNorm(),
                        "norm_moments",
                        Grid.sums(samples(), channels(), plane(), vector),
                        shape().integer(vector)
                                .number(batchTerms())
                                .number(work.momentum())
                                .address(x.address())
                                .structure(
                                        KernelStructure.SLICES,
                                        launches().replica().tables().slices())
                                .address(address(Slot.PARTIAL))
                                .address(hasWholeBatch() ? address(Slot.STATISTICS) : 0)
                                .address(hasWholeBatch() ? address(Slot.RUNNING) : 0));
    }

    /** Of the sums over several GPUs. */
    private void statistics() {
        if (hasWholeBatch()) {
            return;
        }
        launches()
                .kernel(
                        batchNorm(),
                        "norm_statistics",
                        channels(),
                        shape().number(batchTerms())
                                .number(work.momentum())
                                .address(address(Slot.PARTIAL))
                                .address(address(Slot.STATISTICS))
                                .address(address(Slot.RUNNING)));
    }

    private void frozen() {
        launches()
                .kernel(
                        batchNorm(),
                        "norm_frozen",
                        channels(),
                        shape().address(address(Slot.RUNNING)).address(address(Slot.STATISTICS)));
    }

    private void normalize() {
        Elements e = Elements.of(
                samples(),
                work.input().elements(),
                launches().map(op(), Slot.X),
                launches().map(op(), Slot.Y));
        launches()
                .launch(
                        batchNorm(),
                        "normalize",
                        e.grid(),
                        shape().integer(e.vector())
                                .address(address(Slot.X))
                                .address(address(Slot.STATISTICS))
                                .address(address(Slot.WEIGHT))
                                .address(address(Slot.BIAS))
                                .address(address(Slot.Y)));
    }

    /** Of a whole batch on this GPU the means too. */
    private void gradientSums() {
        int vector = Elements.planeVector(
                plane(),
                launches().map(op(), Slot.X),
                launches().map(op(), Slot.Y),
                launches().map(op(), Slot.DY));
        launches()
                .launch(
                        batchNorm(),
                        "norm_gradient_sums",
                        Grid.sums(samples(), channels(), plane(), vector),
                        shape().integer(vector)
                                .number(batchTerms())
                                .address(address(Slot.X))
                                .address(address(Slot.Y))
                                .address(address(Slot.DY))
                                .address(address(Slot.STATISTICS))
                                .structure(
                                        KernelStructure.SLICES,
                                        launches().replica().tables().slices())
                                .address(address(Slot.PARTIAL))
                                .address(address(Slot.DWEIGHT))
                                .address(address(Slot.DBIAS))
                                .address(hasWholeBatch() ? address(Slot.AUXILIARY) : 0));
    }

    /** Of the sums over several GPUs. */
    private void gradientMeans() {
        if (hasWholeBatch()) {
            return;
        }
        launches()
                .kernel(
                        batchNorm(),
                        "norm_gradient_means",
                        2L * channels(),
                        shape().number(batchTerms())
                                .address(address(Slot.PARTIAL))
                                .address(address(Slot.AUXILIARY)));
    }

    private void backward() {
        Elements e = Elements.of(
                samples(),
                work.input().elements(),
                launches().map(op(), Slot.X),
                launches().map(op(), Slot.Y),
                launches().map(op(), Slot.DY),
                launches().map(op(), Slot.DX));
        launches()
                .launch(
                        batchNorm(),
                        "norm_backward",
                        e.grid(),
                        shape().integer(e.vector())
                                .integer(accumulate())
                                .address(address(Slot.X))
                                .address(address(Slot.Y))
                                .address(address(Slot.DY))
                                .address(address(Slot.STATISTICS))
                                .address(address(Slot.WEIGHT))
                                .address(address(Slot.AUXILIARY))
                                .address(address(Slot.DX)));
    }

    private void layerNorm() {
        launches()
                .sums(
                        LAYER,
                        "layer_norm",
                        samples(),
                        work.input().elements(),
                        shape().address(address(Slot.X))
                                .address(address(Slot.WEIGHT))
                                .address(address(Slot.BIAS))
                                .address(address(Slot.STATISTICS))
                                .address(address(Slot.Y)));
    }

    private void layerNormBackward() {
        int vector = Elements.planeVector(
                plane(), launches().map(op(), Slot.X), launches().map(op(), Slot.DY));
        launches()
                .launch(
                        LAYER,
                        "layer_norm_parameter_gradients",
                        Grid.sums(samples(), channels(), plane(), vector),
                        shape().integer(vector)
                                .address(address(Slot.X))
                                .address(address(Slot.DY))
                                .address(address(Slot.STATISTICS))
                                .structure(
                                        KernelStructure.SLICES,
                                        launches().replica().tables().slices())
                                .address(address(Slot.DWEIGHT))
                                .address(address(Slot.DBIAS)));
        if (op().has(Slot.DX)) {
            launches()
                    .sums(
                            LAYER,
                            "layer_norm_backward",
                            samples(),
                            work.input().elements(),
                            shape().integer(accumulate())
                                    .address(address(Slot.X))
                                    .address(address(Slot.DY))
                                    .address(address(Slot.STATISTICS))
                                    .address(address(Slot.WEIGHT))
                                    .address(address(Slot.DX)));
        }
    }

    /** The kernels of batch norm with its activation. */
    private KernelVariant batchNorm() {
        return ActivationCode.variant(launches().gpu(), BATCH, work.activation());
    }

    private Arguments shape() {
        return new Arguments()
                .structure(
                        KernelStructure.NORM_SHAPE,
                        samples(),
                        channels(),
                        plane(),
                        ActivationCode.of(work.activation()),
                        stride(Slot.Y),
                        stride(Slot.DY),
                        ActivationCode.slope(work.activation()),
                        work.epsilon());
    }

    private int channels() {
        return work.input().channels();
    }

    private int plane() {
        return work.input().height() * work.input().width();
    }

    /** Whether the other GPUs have no samples of this batch, so that this one's sums are those of all. */
    private boolean hasWholeBatch() {
        return samples() == launches().batchSamples();
    }

    /** The number of values per channel on all GPUs. */
    private double batchTerms() {
        return (double) launches().batchSamples() * plane();
    }
}
