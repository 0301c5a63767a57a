package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.plan.NormWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** The parts of norms and of their gradients. Sums of a batch norm are over the samples of all GPUs. */
final class NormLaunches extends FamilyLaunches {

    private static final String FILE = "norm.cu";

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

    private void moments() {
        launches()
                .sums(
                        FILE,
                        "norm_moments",
                        channels(),
                        terms(),
                        shape().address(address(Slot.X)).address(address(Slot.PARTIAL)));
    }

    private void statistics() {
        launches()
                .kernel(
                        FILE,
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
                        FILE,
                        "norm_frozen",
                        channels(),
                        shape().address(address(Slot.RUNNING)).address(address(Slot.STATISTICS)));
    }

    private void normalize() {
        launches()
                .kernel(
                        FILE,
                        "normalize",
                        elements(),
                        shape().address(address(Slot.X))
                                .address(address(Slot.STATISTICS))
                                .address(address(Slot.WEIGHT))
                                .address(address(Slot.BIAS))
                                .address(address(Slot.Y)));
    }

    private void gradientSums() {
        launches()
                .sums(
                        FILE,
                        "norm_gradient_sums",
                        channels(),
                        terms(),
                        shape().address(address(Slot.X))
                                .address(address(Slot.Y))
                                .address(address(Slot.DY))
                                .address(address(Slot.STATISTICS))
                                .address(address(Slot.PARTIAL))
                                .address(address(Slot.DWEIGHT))
                                .address(address(Slot.DBIAS)));
    }

    private void gradientMeans() {
        launches()
                .kernel(
                        FILE,
                        "norm_gradient_means",
                        2L * channels(),
                        shape().number(batchTerms())
                                .address(address(Slot.PARTIAL))
                                .address(address(Slot.AUXILIARY)));
    }

    private void backward() {
        launches()
                .kernel(
                        FILE,
                        "norm_backward",
                        elements(),
                        shape().integer(accumulate())
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
                        FILE,
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
        launches()
                .sums(
                        FILE,
                        "layer_norm_parameter_gradients",
                        channels(),
                        terms(),
                        shape().address(address(Slot.X))
                                .address(address(Slot.DY))
                                .address(address(Slot.STATISTICS))
                                .address(address(Slot.DWEIGHT))
                                .address(address(Slot.DBIAS)));
        if (op().has(Slot.DX)) {
            launches()
                    .sums(
                            FILE,
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

    private long elements() {
        return (long) samples() * work.input().elements();
    }

    /** What a channel's sums are over on this GPU. */
    private long terms() {
        return (long) samples() * plane();
    }

    /** The same on all GPUs. */
    private double batchTerms() {
        return (double) launches().batchSamples() * plane();
    }
}
