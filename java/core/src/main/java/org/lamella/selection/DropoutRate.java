package org.lamella.selection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamella.network.Activation;
import org.lamella.network.Dense;
import org.lamella.network.Dropout;
import org.lamella.network.Network;
import org.lamella.network.Node;

/**
 * A network with another rate of dropout. All its dropout layers get the rate. If it has none, there will be one after
 * the activation of every dense layer.
 */
final class DropoutRate {

    private DropoutRate() {}

    /** Whether a network has a place for dropout. */
    static boolean fits(Network network) {
        return has(network) || network.nodes().stream().anyMatch(n -> isHidden(network, n));
    }

    /** The network with a rate, 0 to below 1; 0 leaves dropout out where there was none. */
    static Network of(Network network, float rate) {
        boolean own = has(network);
        if (!own && rate == 0) {
            return network;
        }
        List<Node> nodes = new ArrayList<>();
        Map<String, String> after = new HashMap<>();
        int added = 0;
        for (Node node : network.nodes()) {
            List<String> inputs = node.inputs().stream()
                    .map(name -> after.getOrDefault(name, name))
                    .toList();
            nodes.add(
                    new Node(node.name(), node.layer() instanceof Dropout ? new Dropout(rate) : node.layer(), inputs));
            if (!own && isHidden(network, node)) {
                String name = "dropout" + ++added;
                nodes.add(new Node(name, new Dropout(rate), List.of(node.name())));
                after.put(node.name(), name);
            }
        }
        return new Network(network.input(), nodes);
    }

    private static boolean has(Network network) {
        return network.nodes().stream().anyMatch(n -> n.layer() instanceof Dropout);
    }

    /** The activation of a dense layer that is not the output. */
    private static boolean isHidden(Network network, Node node) {
        return node.layer() instanceof Activation
                && !node.equals(network.output())
                && network.nodes().stream()
                        .anyMatch(n -> n.name().equals(node.inputs().get(0)) && n.layer() instanceof Dense);
    }
}
