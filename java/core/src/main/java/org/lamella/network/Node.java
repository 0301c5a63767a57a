package org.lamella.network;

import java.util.List;
import java.util.Objects;

/**
 * A layer at its place in the graph.
 *
 * @param name unique in the network; parameters are called {@code name.weight}, {@code name.bias}
 * @param layer what it computes
 * @param inputs names of the nodes it reads; {@link Network#INPUT} is the network's input
 */
public record Node(String name, Layer layer, List<String> inputs) {
    /**
     * Copies the list.
     *
     * @param name unique in the network, which checks it
     * @param layer never null
     * @param inputs at least one name; no element is null
     * @throws IllegalArgumentException if the layer, the list or one of its names is null
     */
    public Node {
        if (layer == null || inputs == null || inputs.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                    (name == null ? "a node" : "node '" + name + "'") + " needs a layer and the names of its inputs");
        }
        inputs = List.copyOf(inputs);
    }
}
