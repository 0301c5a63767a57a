package org.lamella.cuda.operator;

import org.jspecify.annotations.Nullable;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.network.Activation;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** What several families share: bias and activation forward, and the gradient of biases. */
final class BiasLaunches {

    private BiasLaunches() {}

    /**
     * y = act(values + bias).
     *
     * @param launches takes the launch
     * @param op the operator, whose output this is
     * @param activation null for none
     * @param elements values per sample
     * @param plane values that share a bias
     * @param from where the values are
     * @param bias address of the biases; 0 for none
     */
    static void forward(
            Launches launches,
            Op op,
            @Nullable Activation activation,
            long elements,
            long plane,
            Slot from,
            long bias) {
        launches.kernel(
                "elementwise.cu",
                "bias_activation",
                launches.samples() * elements,
                new Arguments()
                        .integer(launches.samples())
                        .whole(elements)
                        .whole(plane)
                        .integer(ActivationCode.of(activation))
                        .number(ActivationCode.slope(activation))
                        .address(launches.address(op, from))
                        .whole(Replica.stride(op, from))
                        .address(bias)
                        .address(launches.address(op, Slot.Y))
                        .whole(Replica.stride(op, Slot.Y)));
    }

    /**
     * db = sums of dy over samples and positions.
     *
     * @param launches takes the launch
     * @param op the operator
     * @param biases how many
     * @param plane values that share a bias
     */
    static void gradient(Launches launches, Op op, int biases, int plane) {
        launches.sums(
                "elementwise.cu",
                "bias_gradient",
                biases,
                (long) launches.samples() * plane,
                new Arguments()
                        .integer(launches.samples())
                        .integer(plane)
                        .address(launches.address(op, Slot.DY))
                        .whole(Replica.stride(op, Slot.DY))
                        .address(launches.address(op, Slot.DBIAS)));
    }
}
