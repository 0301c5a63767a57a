package org.lamella.cuda.operator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * Turns a convolution into launches, pass by pass: of a kernel of ours, or of cuDNN's with kernels of ours around it.
 */
final class ConvolutionLaunches extends FamilyLaunches {

    private static final int THREADS = KernelSizes.CONVOLUTION_THREADS;
    private static final int TILE = KernelSizes.CONVOLUTION_TILE;
    /** Filters for which the kernels are compiled with constants; bench/cuda/variants.txt has them all. */
    private static final Set<String> UNROLLED = Set.of("5x5", "3x3", "1x1", "1x5", "1x7", "1x11");

    private final ConvolutionWork work;
    private final DnnAlgorithms algorithms;
    private final DnnLaunches dnn;

    /**
     * For one operator.
     *
     * @param launches takes what is made
     * @param op a convolution, or the gradients of one
     * @param work its work
     * @param algorithms which passes cuDNN computes, and how
     */
    ConvolutionLaunches(Launches launches, Op op, ConvolutionWork work, DnnAlgorithms algorithms) {
        super(launches, op);
        this.work = work;
        this.algorithms = algorithms;
        this.dnn = new DnnLaunches(launches, op, work);
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
        for (Kernels.Pass pass : passes(op())) {
            pass(pass, algorithms.of(pass));
            if (pass == Kernels.Pass.FILTER) {
                int filters = work.layer().filters();
                BiasLaunches.gradient(launches(), op(), filters, stride(Slot.DY) / filters);
            }
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
     * One pass, alone. The gradients of a convolution that is pooled expect of cuDNN's way that {@link #unpool} came
     * before.
     *
     * @param pass one that the operator has
     * @param algorithm null for a kernel of ours
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

    /** What cuDNN's gradients need of a map that was pooled. */
    void unpool() {
        dnn.unpool();
    }

    private void forward() {
        Convolution c = work.layer();
        Shape out = work.map();
        boolean row = c.kernelH() == 1 && c.kernelW() > 1;
        int patchH = row ? 1 : KernelSizes.FORWARD_PATCH;
        int patchW = row ? KernelSizes.FORWARD_ROW_PATCH : KernelSizes.FORWARD_PATCH;
        KernelVariant variant =
                variant("convolution_forward.cu", c, row ? Map.of("PATCH_H", patchH, "PATCH_W", patchW) : Map.of());
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
        Shape in = work.input();
        long runs = (long) samples() * in.height() * Launches.blocks(in.width(), KernelSizes.DATA_PATCH);
        launches()
                .launch(
                        variant("convolution_backward_data.cu", work.layer(), Map.of()),
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

    private static KernelVariant variant(String file, Convolution c, Map<String, Integer> more) {
        Map<String, Integer> constants = new HashMap<>(more);
        if (UNROLLED.contains(c.kernelH() + "x" + c.kernelW())) {
            constants.put("KERNEL_H", c.kernelH());
            constants.put("KERNEL_W", c.kernelW());
        }
        return new KernelVariant(file, constants);
    }
}
