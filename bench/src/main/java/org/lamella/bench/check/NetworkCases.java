package org.lamella.bench.check;

import java.util.List;
import java.util.stream.Stream;
import org.lamella.bench.operator.Operator;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/** The cases of the table of operators, and small networks of the zoo. */
final class NetworkCases {

    private NetworkCases() {}

    /** Cases of every operator. */
    static Stream<NetworkCase> operators() {
        return Stream.of(Operator.values()).flatMap(o -> o.cases().stream().map(NetworkCase::of));
    }

    static List<NetworkCase> all() {
        double limit = NetworkCase.LIMIT;
        return Stream.concat(
                        operators(),
                        Stream.of(
                                // Weights this large saturate tanh: an error of z is multiplied by z in
                                // the gradient.
                                new NetworkCase("lenet", Zoo.lenet(new Shape(1, 34, 34), 42), 3, 3 * limit),
                                new NetworkCase("seqcnn", Zoo.seqcnn(new Shape(4, 1, 300), 6), 3, limit),
                                new NetworkCase("cifarnet", smooth(Zoo.cifarnet(new Shape(3, 12, 12), 5)), 5, limit),
                                new NetworkCase("mlp", Zoo.mlp(Shape.vector(19), 17), 17, limit)))
                .toList();
    }

    /** The same graph with tanh for ReLU: after 22 ReLUs, some signs differ between single and double precision. */
    private static Network smooth(Network network) {
        return new Network(
                network.input(),
                network.nodes().stream()
                        .map(n -> n.layer() instanceof Activation
                                ? new Node(n.name(), new Activation(ActivationKind.TANH, 0), n.inputs())
                                : n)
                        .toList());
    }
}
