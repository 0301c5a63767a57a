package org.lamella.cli;

import java.util.List;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Shape;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** Dense arithmetic of networks and operators: multiply-adds, two operations each, as if nothing were left out. */
final class Arithmetic {

    private Arithmetic() {
    }

    /** Convolutions and dense layers of one forward pass over one sample, in GFLOP. */
    static double forwardGflop(Network network) {
        double operations = 0;
        for (Node n : network.nodes()) {
            Shape in = network.shape(n.inputs().get(0));
            Shape out = network.shape(n.name());
            if (n.layer() instanceof Layer.Convolution c) {
                operations += 2.0 * out.elements() * in.channels() * c.kernelH() * c.kernelW();
            } else if (n.layer() instanceof Layer.Dense) {
                operations += 2.0 * out.elements() * in.elements();
            }
        }
        return operations * 1e-9;
    }

    /** One operator's over one sample, in GFLOP; a convolution's backward pass counts as one or two dense passes. */
    static double gflop(Op op) {
        return switch (op.kind()) {
            case CONVOLUTION -> convolution(op);
            case CONVOLUTION_BACKWARD -> convolution(op) * (op.operands().containsKey(Slot.DX) ? 2 : 1);
            case DENSE, DENSE_SLICE -> dense(op);
            case DENSE_BACKWARD -> dense(op) * (op.operands().containsKey(Slot.DX) ? 2 : 1);
            default -> 0;
        };
    }

    private static double dense(Op op) {
        return 2e-9 * op.input().elements() * op.outputs();
    }

    private static double convolution(Op op) {
        Layer.Convolution c = op.convolution();
        return 2e-9 * c.output(List.of(op.input())).elements() * op.input().channels() * c.kernelH() * c.kernelW();
    }
}
