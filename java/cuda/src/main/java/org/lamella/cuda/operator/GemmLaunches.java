package org.lamella.cuda.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.network.Convolution;
import org.lamella.network.Shape;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/**
 * Turns a convolution without a fused pool into launches of implicit GEMM (convolution_gemm.cuh), pass by pass. The
 * kernels exist as variants with constants only; where they cannot compute a shape, would waste most of their tiles, or
 * the GPU cannot have the variant, other kernels do ({@link ConvolutionLaunches}). All of them give the same bits.
 */
final class GemmLaunches {

    private static final int THREADS = KernelSizes.CONVOLUTION_THREADS;
    /** The loads of more taps do not fit into a thread's registers; the filter gradient takes rows of taps. */
    private static final int MAX_TAPS = 16;
    /** With fewer channels or filters, the forward pass has a kernel without waste ({@link ConvolutionRows}). */
    private static final int MANY_CHANNELS = 9;

    private static final int MANY_FILTERS = 33;
    /** Terms of a slice of forward pass and data gradient, at least. */
    private static final int TERMS = 10;
    /** Terms of a slice of the filter gradient. */
    private static final int FILTER_TERMS = 16;
    /** Taps of which a unit of the filter gradient has all of a channel. */
    private static final int UNIT_TAPS = 9;
    /** Strides of more phases have more unrolled code than the instruction cache holds. */
    private static final int MAX_PHASES = 4;
    /** Floats that are loaded and stored together. */
    private static final int VECTOR = 4;

    private final Launches launches;
    private final Op op;
    private final ConvolutionWork work;
    private final Convolution layer;
    private final Map<String, Integer> constants;

    /**
     * A variant and the tile for which it is compiled.
     *
     * @param variant with all constants
     * @param tile of a block
     */
    private record Choice(KernelVariant variant, GemmTile tile) {}

    /**
     * For one operator.
     *
     * @param launches collects the launches
     * @param op a convolution, or the gradients of one, with or without a pool
     * @param work its work
     */
    GemmLaunches(Launches launches, Op op, ConvolutionWork work) {
        this.launches = launches;
        this.op = op;
        this.work = work;
        this.layer = work.layer();
        this.constants = work.pooling() == null ? ConvolutionConstants.of(work) : Map.of();
    }

    /**
     * The forward pass.
     *
     * @return false if another kernel must compute it
     */
    boolean forward() {
        Shape map = work.map();
        if (work.input().channels() < MANY_CHANNELS
                || layer.filters() < MANY_FILTERS
                || taps() > MAX_TAPS
                || !fits(positions(map))) {
            return false;
        }
        boolean vectors = positions(map) % VECTOR == 0
                && Replica.stride(op, Slot.Y) % VECTOR == 0
                && aligned(Slot.Y)
                && (!isPointwise() || aligned(Slot.X));
        Choice choice = choice(
                "convolution_gemm_forward",
                vectors,
                GemmTile.of(layer.filters(), Math.max(TERMS, taps())),
                Map.of("ACTIVATION", ActivationCode.of(work.activation())));
        if (choice == null) {
            return false;
        }
        launch(
                choice,
                Launches.blocks(launches.samples() * positions(map), choice.tile.columns()),
                layer.filters(),
                1,
                shape(Slot.Y)
                        .number(ActivationCode.slope(work.activation()))
                        .address(launches.address(op, Slot.X))
                        .address(launches.address(op, Slot.WEIGHT))
                        .address(launches.address(op, Slot.BIAS))
                        .address(launches.address(op, Slot.Y)));
        return true;
    }

    /**
     * The data gradient.
     *
     * @return false if another kernel must compute it
     */
    boolean dataGradient() {
        Shape in = work.input();
        int phases = layer.strideH() * layer.strideW();
        if (taps() > MAX_TAPS || phases > MAX_PHASES || !fits(positions(in))) {
            return false;
        }
        boolean vectors =
                phases == 1 && positions(in) % VECTOR == 0 && aligned(Slot.DX) && (!isPointwise() || aligned(Slot.DY));
        Choice choice = choice(
                "convolution_gemm_backward_data",
                vectors,
                GemmTile.of(in.channels(), Math.max(TERMS, taps())),
                Map.of());
        if (choice == null) {
            return false;
        }
        long largest =
                (long) Launches.blocks(in.height(), layer.strideH()) * Launches.blocks(in.width(), layer.strideW());
        launch(
                choice,
                Launches.blocks(launches.samples() * largest, choice.tile.columns()),
                in.channels(),
                phases,
                shape(Slot.DY)
                        .integer(op.accumulate() ? 1 : 0)
                        .address(launches.address(op, Slot.DY))
                        .address(launches.address(op, Slot.WEIGHT))
                        .address(launches.address(op, Slot.DX)));
        return true;
    }

    /**
     * The filter gradients of slices of the samples.
     *
     * @param slice samples of a slice
     * @param slices number of slices
     * @return false if another kernel must compute them
     */
    boolean filterGradient(int slice, int slices) {
        long each = Math.max(work.input().elements(), work.output().elements());
        if (layer.kernelW() > MAX_TAPS || slice * each > Integer.MAX_VALUE) {
            return false;
        }
        boolean vectors =
                positions(work.map()) % VECTOR == 0 && aligned(Slot.DY) && (!isPointwise() || aligned(Slot.X));
        int unit = taps() > UNIT_TAPS ? layer.kernelW() : taps();
        int weights = work.input().channels() * taps();
        Choice choice = choice(
                "convolution_gemm_backward_filter",
                vectors,
                GemmTile.of(layer.filters(), weights, unit, FILTER_TERMS),
                Map.of());
        if (choice == null) {
            return false;
        }
        launch(
                choice,
                Launches.blocks(weights, choice.tile.columns(unit)),
                layer.filters(),
                slices,
                shape(Slot.DY)
                        .integer(slice)
                        .address(launches.address(op, Slot.X))
                        .address(launches.address(op, Slot.DY))
                        .address(launches.address(op, Slot.PARTIAL)));
        return true;
    }

    /** The best variant that the GPU can have; null if there is none. */
    private @Nullable Choice choice(String kernel, boolean vectors, List<GemmTile> tiles, Map<String, Integer> more) {
        List<Choice> all = new ArrayList<>();
        if (!constants.isEmpty()) {
            for (int vector = vectors ? VECTOR : 1; vector >= 1; vector /= VECTOR) {
                for (GemmTile tile : tiles) {
                    Map<String, Integer> variant = new TreeMap<>(constants);
                    variant.putAll(more);
                    variant.put("TILE_M", tile.rows());
                    variant.put("VECTOR", vector);
                    all.add(new Choice(new KernelVariant(kernel + ".cu", variant), tile));
                }
            }
        }
        if (all.isEmpty()) {
            return null;
        }
        KernelVariant first =
                launches.gpu().firstOf(all.stream().map(Choice::variant).toList());
        return all.stream()
                .filter(choice -> choice.variant.equals(first))
                .findFirst()
                .orElse(null);
    }

    private void launch(Choice choice, int columns, int rows, int gridZ, Arguments arguments) {
        launches.launch(
                choice.variant,
                choice.variant.file().replace(".cu", ""),
                columns,
                Launches.blocks(rows, choice.tile.rows()),
                gridZ,
                THREADS,
                arguments);
    }

    /** Whether the positions of all samples can be counted with 31 bits. */
    private boolean fits(long positions) {
        return launches.samples() * positions <= Integer.MAX_VALUE;
    }

    /** Whether a filter reads one position of the input, the same as that of the output. */
    private boolean isPointwise() {
        return taps() == 1 && layer.strideH() * layer.strideW() == 1 && layer.padH() + layer.padW() == 0;
    }

    private boolean aligned(Slot slot) {
        return launches.address(op, slot) % (VECTOR * Float.BYTES) == 0;
    }

    private int taps() {
        return layer.kernelH() * layer.kernelW();
    }

    private static long positions(Shape map) {
        return (long) map.height() * map.width();
    }

    private Arguments shape(Slot y) {
        return ConvolutionArguments.of(launches.samples(), op, work, y);
    }
}
