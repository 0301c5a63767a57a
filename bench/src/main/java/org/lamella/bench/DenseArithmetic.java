package org.lamella.bench;

import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/** Multiply-adds of networks, counted dense: two operations each, none skipped. */
public final class DenseArithmetic {

    private DenseArithmetic() {}

    /**
     * Convolutions and dense layers of one forward pass over one sample; a training step is three times that.
     *
     * @param network whose operations are counted
     * @return GFLOP, a multiply-add being two operations
     */
    public static double forwardGflop(Network network) {
        double operations = 0;
        for (Node n : network.nodes()) {
            Shape in = network.shape(n.inputs().get(0));
            Shape out = network.shape(n.name());
            if (n.layer() instanceof Convolution c) {
                operations += 2.0 * out.elements() * in.channels() * c.kernelH() * c.kernelW();
            } else if (n.layer() instanceof Dense) {
                operations += 2.0 * out.elements() * in.elements();
            }
        }
        return operations * 1e-9;
    }
}
