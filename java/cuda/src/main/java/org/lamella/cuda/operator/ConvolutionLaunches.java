package org.lamella.cuda.operator;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.device.Kernels;
import org.lamella.network.Convolution;
import org.lamella.network.Shape;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Slot;

/**
 * Turns a convolution into launches, pass by pass: of our own kernel, or of cuDNN with our kernels before and after it.
 */
final class ConvolutionLaunches extends FamilyLaunches {

    private static final int THREADS = KernelSizes.CONVOLUTION_THREADS;
    private static final int TILE = KernelSizes.CONVOLUTION_TILE;

    private final ConvolutionWork work;
    private final DnnAlgorithms algorithms;
    private final DnnLaunches dnn;
    private final PooledLaunches pooled;
    private final GemmLaunches gemm;

    /**
     * For one operator.
     *
     * @param launches collects the launches
     * @param op a convolution, or the gradients of one
     * @param work its work
     * @param algorithms cuDNN's algorithms, for the passes that it computes
     */
    ConvolutionLaunches(Launches launches, Op op, ConvolutionWork work, DnnAlgorithms algorithms) {
        super(launches, op);
        this.work = work;
        this.algorithms = algorithms;
        this.dnn = new DnnLaunches(launches, op, work);
        this.pooled = new PooledLaunches(launches, op, work);
        this.gemm = new GemmLaunches(launches, op, work);
    }

    /** The passes of a convolution that an operator computes. */
    static List<Kernels.Pass> passes(Op op) {
        return op.kind() == OpKind.CONVOLUTION
                ? List.of(Kernels.Pass.FORWARD)
                : op.has(Slot.DX) ? List.of(Kernels.Pass.FILTER, Kernels.Pass.DATA) : List.of(Kernels.Pass.FILTER);
    }

    @Override
    void busy() {
        if (work.pooling() != null && (algorithms.filter() != null || algorithms.data() != null)) {
            unpool();
        }
        if (op().kind() == OpKind.CONVOLUTION_BACKWARD) {
            int filters = work.layer().filters();
            BiasLaunches.gradient(launches(), op(), filters, stride(Slot.DY) / filters);
        }
        for (Kernels.Pass pass : passes(op())) {
            pass(pass, algorithms.of(pass));
        }
    }

    @Override
    void idle() {
        if (op().kind() == OpKind.CONVOLUTION_BACKWARD) {
            launches().zero(address(Slot.DWEIGHT), work.weights() * Float.BYTES);
            launches().zero(address(Slot.DBIAS), (long) work.layer().filters() * Float.BYTES);
        }
    }

    /**
     * One pass, alone. Gradients of a pooled convolution by cuDNN need {@link #unpool} first.
     *
     * @param pass a pass of the operator
     * @param algorithm cuDNN's; null for our own kernel
     */
    void pass(Kernels.Pass pass, DnnConvolution.@Nullable Algorithm algorithm) {
        boolean done = algorithm != null && dnn.pass(pass, algorithm);
        if (!done) {
            switch (pass) {
                case FORWARD -> forward();
                case FILTER -> filterGradient();
                case DATA -> dataGradient();
            }
        }
    }

    /** Un-pools the gradient of the map, for cuDNN's gradients. */
    void unpool() {
        dnn.unpool();
    }

    private void forward() {
        if (gemm.forward()) {
            return;
        }
        ConvolutionRows rows = ConvolutionRows.of(launches().gpu(), work, samples(), address(Slot.X));
        if (rows == null) {
            anyForward();
            return;
        }
        launches()
                .launch(
                        rows.variant(),
                        "convolution_rows_forward",
                        Launches.blocks(samples() * rows.patches(), THREADS),
                        Launches.blocks(work.layer().filters(), rows.tile()),
                        1,
                        THREADS,
                        shape(Slot.Y)
                                .number(ActivationCode.slope(work.activation()))
                                .address(address(Slot.X))
                                .address(address(Slot.WEIGHT))
                                .address(address(Slot.BIAS))
                                .address(address(Slot.Y))
                                .address(address(Slot.INDEX)));
    }

    /** The forward pass by the kernels that work for every shape. */
    private void anyForward() {
        Convolution c = work.layer();
        Shape out = work.map();
        boolean row = c.kernelH() == 1 && c.kernelW() > 1;
        int patchH = row ? 1 : KernelSizes.FORWARD_PATCH;
        int patchW = row ? KernelSizes.FORWARD_ROW_PATCH : KernelSizes.FORWARD_PATCH;
        KernelVariant variant = new KernelVariant(
                "convolution_forward.cu", row ? Map.of("PATCH_H", patchH, "PATCH_W", patchW) : Map.of());
        Arguments arguments = shape(Slot.Y)
                .integer(ActivationCode.of(work.activation()))
                .number(ActivationCode.slope(work.activation()))
                .address(address(Slot.X))
                .address(address(Slot.WEIGHT))
                .address(address(Slot.BIAS))
                .address(address(Slot.Y));
        int filters = Launches.blocks(c.filters(), TILE);
        if (work.pooling() != null) {
            Shape pooled = work.output();
            long windows = (long) samples() * pooled.height() * pooled.width();
            launches()
                    .launch(
                            variant,
                            "convolution_pool_forward",
                            Launches.blocks(windows, THREADS),
                            filters,
                            1,
                            THREADS,
                            arguments.address(address(Slot.INDEX)));
        } else {
            long patches = (long) Launches.blocks(out.height(), patchH) * Launches.blocks(out.width(), patchW);
            launches()
                    .launch(
                            variant,
                            "convolution_forward",
                            Launches.blocks(samples() * patches, THREADS),
                            filters,
                            1,
                            THREADS,
                            arguments);
        }
    }

    private void filterGradient() {
        Convolution c = work.layer();
        int slices = Math.min(work.slices(), samples());
        int slice = Launches.blocks(samples(), slices);
        slices = Launches.blocks(samples(), slice);
        long weights = work.weights();
        if (!pooled.filterGradient(slice, slices) && !gemm.filterGradient(slice, slices)) {
            int taps = work.input().channels() * c.kernelH() * c.kernelW();
            launches()
                    .launch(
                            new KernelVariant("convolution_backward_filter.cu", Map.of()),
                            "convolution_backward_filter",
                            Launches.blocks(taps, THREADS),
                            Launches.blocks(c.filters(), TILE),
                            slices,
                            THREADS,
                            shape(Slot.DY)
                                    .integer(slice)
                                    .address(address(Slot.X))
                                    .address(address(Slot.DY))
                                    .address(address(Slot.INDEX))
                                    .address(address(Slot.PARTIAL)));
        }
        launches()
                .kernel(
                        "elementwise.cu",
                        "sum_slices",
                        weights,
                        new Arguments()
                                .whole(weights)
                                .integer(slices)
                                .address(address(Slot.PARTIAL))
                                .address(address(Slot.DWEIGHT)));
    }

    private void dataGradient() {
        if (pooled.dataGradient() || gemm.dataGradient()) {
            return;
        }
        Shape in = work.input();
        long runs = (long) samples() * in.height() * Launches.blocks(in.width(), KernelSizes.DATA_PATCH);
        launches()
                .launch(
                        ConvolutionConstants.variant(launches().gpu(), "convolution_backward_data.cu", work),
                        "convolution_backward_data",
                        Launches.blocks(runs, THREADS),
                        Launches.blocks(in.channels(), TILE),
                        1,
                        THREADS,
                        shape(Slot.DY)
                                .integer(accumulate())
                                .address(address(Slot.DY))
                                .address(address(Slot.INDEX))
                                .address(address(Slot.WEIGHT))
                                .address(address(Slot.DX)));
    }

    private Arguments shape(Slot y) {
        return ConvolutionArguments.of(samples(), op(), work, y);
    }
}
