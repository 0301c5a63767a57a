package org.lamella.cuda.operator;

import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.network.Activation;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** Shared by several families: bias and activation forward, and the gradient of biases. */
final class BiasLaunches {

    private static final String FILE = "elementwise.cu";
    /** Warps of a block of sums over samples, at most, and samples that each of them adds at least. */
    private static final int COLUMN_WARPS = 32;

    private static final int COLUMN_ROWS = 4;

    private BiasLaunches() {}

    /**
     * y = act(values + bias).
     *
     * @param launches collects the launch
     * @param op the operator with this output
     * @param activation null for none
     * @param elements values per sample
     * @param plane values that share a bias
     * @param from where the values are
     * @param bias address of the biases; 0 for none
     */
    static void forward(
            Launches launches, Op op, @Nullable Activation activation, long elements, int plane, Slot from, long bias) {
        Elements.Map x = launches.map(op, from);
        Elements.Map y = launches.map(op, Slot.Y);
        Elements e = bias == 0
                ? Elements.joined(launches.samples(), elements, x, y)
                : Elements.of(launches.samples(), elements, x, y);
        launches.launch(
                ActivationCode.variant(launches.gpu(), "activation.cu", activation),
                "bias_activation",
                e.grid(),
                e.arguments()
                        .integer(plane)
                        .integer(ActivationCode.of(activation))
                        .number(ActivationCode.slope(activation))
                        .address(x.address())
                        .integer(x.stride())
                        .address(bias)
                        .address(y.address())
                        .integer(y.stride()));
    }

    /**
     * db = sums of dy over samples and positions.
     *
     * @param launches collects the launch
     * @param op the operator
     * @param biases how many
     * @param plane values that share a bias
     */
    static void gradient(Launches launches, Op op, int biases, int plane) {
        Elements.Map g = launches.map(op, Slot.DY);
        if (plane == 1) {
            int warps = Math.min(COLUMN_WARPS, Launches.blocks(launches.samples(), COLUMN_ROWS));
            launches.launch(
                    FILE,
                    "bias_gradient_columns",
                    new Grid(Launches.blocks(biases, Grid.WARP), 1, warps * Grid.WARP),
                    new Arguments()
                            .integer(launches.samples())
                            .integer(biases)
                            .address(g.address())
                            .integer(g.stride())
                            .address(launches.address(op, Slot.DBIAS)));
            return;
        }
        int vector = Elements.planeVector(plane, g);
        launches.launch(
                FILE,
                "bias_gradient",
                Grid.sums(launches.samples(), biases, plane, vector),
                new Arguments()
                        .integer(launches.samples())
                        .integer(plane)
                        .integer(vector)
                        .address(g.address())
                        .integer(g.stride())
                        .structure(
                                KernelStructure.SLICES,
                                launches.replica().tables().slices())
                        .address(launches.address(op, Slot.DBIAS)));
    }
}
