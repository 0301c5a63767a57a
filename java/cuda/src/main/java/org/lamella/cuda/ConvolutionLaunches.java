package org.lamella.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamella.device.Kernels;
import org.lamella.network.Layer;
import org.lamella.network.Shape;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;
import org.lamella.plan.Work;

/**
 * Turns a convolution into launches, pass by pass: of a kernel of ours, or of cuDNN's with kernels of ours around it.
 */
final class ConvolutionLaunches {

    private static final int THREADS = KernelSizes.CONVOLUTION_THREADS;
    private static final int TILE = KernelSizes.CONVOLUTION_TILE;
    /** Filters for which the kernels are compiled with constants; bench/cuda/variants.txt has them all. */
    private static final Set<String> UNROLLED = Set.of("5x5", "3x3", "1x1", "1x5", "1x7", "1x11");

    private final OperatorLaunches launches;
    private final DnnLaunches dnn;

    ConvolutionLaunches(OperatorLaunches launches, Replica replica) {
        this.launches = launches;
        this.dnn = new DnnLaunches(launches, replica);
    }

    /** All of an operator: a convolution, or the gradients of one. */
    void all(Op op, List<Kernels.Pass> passes, DnnAlgorithms algorithms) {
        if (work(op).pooling() != null && (algorithms.filter() != null || algorithms.data() != null)) {
            dnn.unpool(op);
        }
        for (Kernels.Pass pass : passes) {
            pass(op, pass, algorithms.of(pass));
            if (pass == Kernels.Pass.FILTER) {
                biasGradient(op);
            }
        }
    }

    /**
     * One pass, alone. The gradients of a convolution that is pooled expect of cuDNN's way that {@link #unpool} came
     * before.
     *
     * @param algorithm null for a kernel of ours
     */
    void pass(Op op, Kernels.Pass pass, DnnConvolution.Algorithm algorithm) {
        boolean done = algorithm != null && dnn.pass(op, pass, algorithm);
        if (!done) {
            switch (pass) {
                case FORWARD -> forward(op);
                case FILTER -> filterGradient(op);
                case DATA -> dataGradient(op);
            }
        }
    }

    /** What cuDNN's gradients need of a map that was pooled. */
    void unpool(Op op) {
        dnn.unpool(op);
    }

    private void forward(Op op) {
        Work.Convolution work = work(op);
        Layer.Convolution c = work.layer();
        Shape out = work.map();
        boolean row = c.kernelH() == 1 && c.kernelW() > 1;
        int patchH = row ? 1 : KernelSizes.FORWARD_PATCH;
        int patchW = row ? KernelSizes.FORWARD_ROW_PATCH : KernelSizes.FORWARD_PATCH;
        KernelVariant variant =
                variant("convolution_forward.cu", c, row ? Map.of("PATCH_H", patchH, "PATCH_W", patchW) : Map.of());
        Arguments arguments = launches.convolutionShape(op, Slot.Y)
                .integer(OperatorLaunches.code(op))
                .number(OperatorLaunches.slope(op))
                .address(launches.address(op, Slot.X))
                .address(launches.address(op, Slot.WEIGHT))
                .address(launches.address(op, Slot.BIAS))
                .address(launches.address(op, Slot.Y));
        int filters = OperatorLaunches.blocks(c.filters(), TILE);
        if (work.pooling() != null) {
            Shape pooled = work.output();
            long windows = (long) launches.samples() * pooled.height() * pooled.width();
            launches.launch(
                    variant,
                    "convolution_pool_forward",
                    OperatorLaunches.blocks(windows, THREADS),
                    filters,
                    1,
                    THREADS,
                    arguments.address(launches.address(op, Slot.INDEX)));
        } else {
            long patches =
                    (long) OperatorLaunches.blocks(out.height(), patchH) * OperatorLaunches.blocks(out.width(), patchW);
            launches.launch(
                    variant,
                    "convolution_forward",
                    OperatorLaunches.blocks(launches.samples() * patches, THREADS),
                    filters,
                    1,
                    THREADS,
                    arguments);
        }
    }

    private void filterGradient(Op op) {
        Work.Convolution work = work(op);
        Layer.Convolution c = work.layer();
        int slices = Math.min(work.slices(), launches.samples());
        int slice = OperatorLaunches.blocks(launches.samples(), slices);
        slices = OperatorLaunches.blocks(launches.samples(), slice);
        long weights = work.weights();
        int taps = work.input().channels() * c.kernelH() * c.kernelW();
        launches.launch(
                new KernelVariant("convolution_backward_filter.cu", Map.of()),
                "convolution_backward_filter",
                OperatorLaunches.blocks(taps, THREADS),
                OperatorLaunches.blocks(c.filters(), TILE),
                slices,
                THREADS,
                launches.convolutionShape(op, Slot.DY)
                        .integer(slice)
                        .address(launches.address(op, Slot.X))
                        .address(launches.address(op, Slot.DY))
                        .address(launches.address(op, Slot.INDEX))
                        .address(launches.address(op, Slot.PARTIAL)));
        launches.kernel(
                "elementwise.cu",
                "sum_slices",
                weights,
                new Arguments()
                        .whole(weights)
                        .integer(slices)
                        .address(launches.address(op, Slot.PARTIAL))
                        .address(launches.address(op, Slot.DWEIGHT)));
    }

    private void dataGradient(Op op) {
        Shape in = work(op).input();
        long runs =
                (long) launches.samples() * in.height() * OperatorLaunches.blocks(in.width(), KernelSizes.DATA_PATCH);
        launches.launch(
                variant("convolution_backward_data.cu", work(op).layer(), Map.of()),
                "convolution_backward_data",
                OperatorLaunches.blocks(runs, THREADS),
                OperatorLaunches.blocks(in.channels(), TILE),
                1,
                THREADS,
                launches.convolutionShape(op, Slot.DY)
                        .integer(op.accumulate() ? 1 : 0)
                        .address(launches.address(op, Slot.DY))
                        .address(launches.address(op, Slot.INDEX))
                        .address(launches.address(op, Slot.WEIGHT))
                        .address(launches.address(op, Slot.DX)));
    }

    private void biasGradient(Op op) {
        int filters = work(op).layer().filters();
        int plane = OperatorLaunches.stride(op, Slot.DY) / filters;
        launches.sums(
                "elementwise.cu",
                "bias_gradient",
                filters,
                (long) launches.samples() * plane,
                new Arguments()
                        .integer(launches.samples())
                        .integer(plane)
                        .address(launches.address(op, Slot.DY))
                        .whole(OperatorLaunches.stride(op, Slot.DY))
                        .address(launches.address(op, Slot.DBIAS)));
    }

    private static Work.Convolution work(Op op) {
        return op.work(Work.Convolution.class);
    }

    private static KernelVariant variant(String file, Layer.Convolution c, Map<String, Integer> more) {
        Map<String, Integer> constants = new HashMap<>(more);
        if (UNROLLED.contains(c.kernelH() + "x" + c.kernelW())) {
            constants.put("KERNEL_H", c.kernelH());
            constants.put("KERNEL_W", c.kernelW());
        }
        return new KernelVariant(file, constants);
    }
}
