package org.lamella.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamella.json.Json;
import org.lamella.json.OldKeys;
import org.lamella.text.Suggestion;

/**
 * An acyclic graph of layers over inputs of one shape. Immutable. Every node comes after its inputs; the last one is
 * the output (the logits, one per label).
 */
public final class Network {

    /** The name by which nodes refer to the network's input. */
    public static final String INPUT = "input";

    private static final ObjectMapper JSON = Json.mapper();

    private final Shape input;
    private final List<Node> nodes;
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, @Nullable Positions> positions = new HashMap<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Parameter> statistics = new ArrayList<>();
    private long parameterCount;
    private long statisticCount;

    /**
     * Checks the graph and computes every shape.
     *
     * @param input shape of one sample
     * @param nodes inputs before their readers, the output last; at least one. Copied.
     * @throws IllegalArgumentException if a node does not fit; the message names it
     */
    @JsonCreator
    public Network(@JsonProperty("input") Shape input, @JsonProperty("nodes") List<Node> nodes) {
        if (input == null || nodes == null || nodes.isEmpty() || nodes.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                    "a network needs an input shape and at least one node, and none is null");
        }
        this.input = input;
        this.nodes = List.copyOf(nodes);
        shapes.put(INPUT, input);
        positions.put(INPUT, Positions.INPUT);
        for (Node node : this.nodes) {
            add(node);
        }
    }

    private void add(Node node) {
        if (node.name() == null || node.name().isBlank() || shapes.containsKey(node.name())) {
            throw new IllegalArgumentException("node name '" + node.name() + "' is missing or used twice");
        }
        List<Shape> inputs = new ArrayList<>();
        for (String from : node.inputs()) {
            Shape shape = shapes.get(from);
            if (shape == null) {
                throw new IllegalArgumentException(
                        node.name() + " reads '" + from + "', which does not come before it");
            }
            inputs.add(shape);
        }
        try {
            shapes.put(node.name(), node.layer().output(inputs));
            positions.put(
                    node.name(),
                    node.layer()
                            .positions(Positions.common(
                                    node.inputs().stream().map(positions::get).collect(Collectors.toList()))));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer " + node.name() + ": " + e.getMessage(), e);
        }
        node.layer().parameters(inputs.get(0)).forEach(spec -> addParameter(node, spec));
    }

    private void addParameter(Node node, ParameterSpec spec) {
        long offset = spec.role().running() ? statisticCount : parameterCount;
        Parameter p = new Parameter(
                node.name() + "." + spec.suffix(), spec.shape(), offset, spec.role(), spec.fanIn(), spec.fanOut());
        if (p.running()) {
            statistics.add(p);
            statisticCount += p.count();
        } else {
            parameters.add(p);
            parameterCount += p.count();
        }
    }

    /**
     * Starts a network.
     *
     * @param input shape of one sample
     * @return a builder without layers
     */
    public static NetworkBuilder builder(Shape input) {
        return new NetworkBuilder(input);
    }

    /** {@return the shape of one input sample} */
    @JsonProperty
    public Shape input() {
        return input;
    }

    /** {@return the nodes, inputs before their readers; unmodifiable} */
    @JsonProperty
    public List<Node> nodes() {
        return nodes;
    }

    /** {@return the node whose output is the network's} */
    @JsonIgnore
    public Node output() {
        return nodes.get(nodes.size() - 1);
    }

    /** {@return output values per sample: the number of labels} */
    @JsonIgnore
    public int outputs() {
        return shape(output().name()).elements();
    }

    /**
     * The output shape of a node.
     *
     * @param node its name, or {@link #INPUT}
     * @return the shape of one sample
     * @throws NoSuchElementException if there is none of that name; the message lists the names
     */
    public Shape shape(String node) {
        Shape shape = shapes.get(node);
        if (shape == null) {
            List<String> names = new ArrayList<>(shapes.keySet());
            names.remove(INPUT);
            throw new NoSuchElementException("no layer '" + node + "'" + Suggestion.didYouMean(node, names)
                    + "; the layers are " + String.join(", ", names));
        }
        return shape;
    }

    /**
     * How positions of a node's output correspond to positions of the sequence.
     *
     * @param node its name, or {@link #INPUT}
     * @return null if the output has no positions of a sequence, or if there is no such node
     */
    public @Nullable Positions positions(String node) {
        return positions.get(node);
    }

    /** {@return the learned arrays in the order of the flat array; unmodifiable} */
    @JsonIgnore
    public List<Parameter> parameters() {
        return Collections.unmodifiableList(parameters);
    }

    /** {@return the running statistics of batch norm in the order of their flat array; unmodifiable} */
    @JsonIgnore
    public List<Parameter> statistics() {
        return Collections.unmodifiableList(statistics);
    }

    /** {@return number of learned values} */
    @JsonIgnore
    public long parameterCount() {
        return parameterCount;
    }

    /** {@return number of values of running statistics} */
    @JsonIgnore
    public long statisticCount() {
        return statisticCount;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network n && input.equals(n.input) && nodes.equals(n.nodes);
    }

    @Override
    public int hashCode() {
        return 31 * input.hashCode() + nodes.hashCode();
    }

    @Override
    public String toString() {
        return nodes.size() + " layers over an input of " + input;
    }

    /**
     * This network as JSON.
     *
     * @return {@code {"input": {...}, "nodes": [...]}} over several lines
     * @throws IllegalStateException if Jackson cannot write it, which would be an error of the engine
     */
    public String toJson() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a network is always writable as JSON", e);
        }
    }

    /**
     * Reads the text that {@link #toJson()} wrote, also if its keys are not yet in snake_case.
     *
     * @param json the text
     * @return the network
     * @throws IllegalArgumentException if the text is not a network; the message has the line and the reason
     */
    public static Network fromJson(String json) {
        try {
            return JSON.readValue(OldKeys.replaced(json), Network.class);
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            throw new IllegalArgumentException(line + e.getOriginalMessage(), e);
        }
    }
}
