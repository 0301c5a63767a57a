package org.lamella.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.InputFormat;
import org.lamella.data.Schema;
import org.lamella.device.Device;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metrics;
import org.lamella.file.AtomicFiles;
import org.lamella.file.Safetensors;
import org.lamella.json.Json;
import org.lamella.network.Network;
import org.lamella.network.Parameter;

/**
 * A trained network with everything that is needed to use it: label names, input columns, scaling, parameters. Plain
 * data without native memory, which needs no closing; {@link #open} gives what is closed. Equal if all its parts are
 * equal, to the bit. On disk: {@code model.safetensors} and {@code model.json}. Serializable, for caches and messages
 * between JVMs with the same version of Lamella; files that are kept are those of {@link #save}.
 *
 * @param network the network
 * @param labels label names, one per output
 * @param columns the input columns
 * @param format how a row becomes its input
 * @param parameters flat, in the network's order
 * @param statistics running statistics, flat
 * @param rule how probabilities become decisions
 * @param schema what the columns of the training file are, and why; null if it is not known
 */
public record Model(
        Network network,
        List<String> labels,
        List<FeatureColumn> columns,
        InputFormat format,
        float[] parameters,
        float[] statistics,
        DecisionRule rule,
        @Nullable Schema schema)
        implements Classifier {

    /** The file of the parameters and running statistics, in a model's folder. */
    public static final String WEIGHTS = "model.safetensors";
    /** The file of everything else. */
    public static final String DESCRIPTION = "model.json";

    private static final int BLOCK_FLOATS = 1 << 14;

    private static final ObjectMapper JSON = Json.mapper();
    /**
     * Checks that the parts fit each other. Lists are copied, arrays are not.
     *
     * @throws IllegalArgumentException if a part is null or does not fit; the message names it
     */
    public Model {
        requirePart("network", network);
        requirePart("labels", labels);
        requirePart("columns", columns);
        requirePart("format", format);
        requirePart("parameters", parameters);
        requirePart("statistics", statistics);
        requirePart("rule", rule);
        labels.forEach(l -> requirePart("names of all labels", l));
        columns.forEach(c -> requirePart("description of all columns", c));
        labels = List.copyOf(labels);
        columns = List.copyOf(columns);
        requireCount("labels", labels.size(), network.outputs());
        requireCount(
                "features in its columns",
                columns.stream().mapToInt(FeatureColumn::width).sum(),
                format.scaling().width());
        requireCount("parameters", parameters.length, network.parameterCount());
        requireCount("running statistics", statistics.length, network.statisticCount());
        if (rule.kind() == DecisionRule.Kind.THRESHOLDS) {
            requireCount("thresholds", rule.thresholds().length, labels.size());
        }
        if (!format.shape().equals(network.input())) {
            throw new IllegalArgumentException(
                    "a model's rows are " + format.shape() + ", its network takes " + network.input());
        }
    }

    private static void requirePart(String name, @Nullable Object part) {
        if (part == null) {
            throw new IllegalArgumentException("a model needs its " + name);
        }
    }

    private static void requireCount(String what, long count, long needed) {
        if (count != needed) {
            throw new IllegalArgumentException("a model has " + count + " " + what + ", it needs " + needed);
        }
    }

    /**
     * The same model with another decision rule.
     *
     * @param other the new rule, for the same labels
     * @return a copy that shares all arrays
     */
    @Override
    public Model withRule(DecisionRule other) {
        return new Model(network, labels, columns, format, parameters, statistics, other, schema);
    }

    /**
     * Saves to a folder; each of the two files is replaced atomically.
     *
     * @param folder created if it is missing
     * @throws IOException if a file cannot be written; its message names the file
     */
    @Override
    public void save(Path folder) throws IOException {
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        network.parameters().forEach(p -> tensors.put(p.name(), slice(p, parameters)));
        network.statistics().forEach(p -> tensors.put(p.name(), slice(p, statistics)));
        byte[] text = description();
        AtomicFiles.replace(folder.resolve(WEIGHTS), p -> new Safetensors(tensors, Map.of("format", "pt")).write(p));
        AtomicFiles.replace(folder.resolve(DESCRIPTION), p -> Files.write(p, text));
    }

    private byte[] description() throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("format", DescriptionFile.FORMAT);
        json.set("labels", JSON.valueToTree(labels));
        json.set("columns", JSON.valueToTree(columns));
        if (schema != null) {
            json.set("schema", JSON.valueToTree(schema));
        }
        json.set("input", JSON.valueToTree(format));
        json.set("decisions", JSON.valueToTree(rule));
        json.set("network", JSON.readTree(network.toJson()));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    private static Safetensors.Entry slice(Parameter p, float[] all) {
        return new Safetensors.Entry(
                p.shape(), Arrays.copyOfRange(all, (int) p.offset(), (int) (p.offset() + p.count())));
    }

    /**
     * Loads what {@link #save} wrote.
     *
     * @param folder has {@value #WEIGHTS} and {@value #DESCRIPTION}
     * @return the model, in memory; the files are no longer needed
     * @throws InputException if something is missing or damaged, or the folder has an ensemble; see
     *     {@link Classifier#load} for both kinds
     */
    public static Model load(Path folder) {
        return DescriptionFile.read(folder, json -> {
            if (json.has(Ensemble.MEMBERS)) {
                throw Ensemble.isNoModel(folder, json);
            }
            return of(json, network -> {
                Safetensors weights = Safetensors.read(folder.resolve(WEIGHTS));
                float[] parameters = new float[Math.toIntExact(network.parameterCount())];
                float[] statistics = new float[Math.toIntExact(network.statisticCount())];
                network.parameters().forEach(p -> fill(p, weights, parameters));
                network.statistics().forEach(p -> fill(p, weights, statistics));
                return new float[][] {parameters, statistics};
            });
        });
    }

    /** The model of a description; {@code weights} gives the parameters and statistics of its network. */
    private static Model of(JsonNode json, Function<Network, float[][]> weights) throws IOException {
        boolean old = json.path("format").asInt() < DescriptionFile.FORMAT;
        ObjectReader records = old ? JSON.reader() : DescriptionFile.STRICT;
        Network network = Network.fromJson(DescriptionFile.part(json, "network").toString());
        List<String> labels = Arrays.asList(JSON.treeToValue(DescriptionFile.part(json, "labels"), String[].class));
        List<FeatureColumn> columns =
                Arrays.asList(records.treeToValue(DescriptionFile.part(json, "columns"), FeatureColumn[].class));
        InputFormat format = DescriptionFile.STRICT.treeToValue(
                old ? withLogarithm(DescriptionFile.part(json, "input")) : DescriptionFile.part(json, "input"),
                InputFormat.class);
        DecisionRule rule = old && !json.has("decisions")
                ? DecisionRule.fixed(labels.size(), Metrics.THRESHOLD)
                : records.treeToValue(DescriptionFile.part(json, "decisions"), DecisionRule.class);
        Schema schema = json.has("schema") ? JSON.treeToValue(json.path("schema"), Schema.class) : null;
        float[][] values = weights.apply(network);
        Model model = new Model(network, labels, columns, format, values[0], values[1], rule, schema);
        if (!old) {
            DescriptionFile.requireAll(json, JSON.readTree(model.description()), "");
        }
        return model;
    }

    /** Format 1 had no logarithms of features. */
    private static JsonNode withLogarithm(JsonNode input) {
        if (input.path("scaling") instanceof ObjectNode scaling && !scaling.has("logarithm")) {
            ArrayNode none = scaling.putArray("logarithm");
            scaling.path("shift").forEach(feature -> none.add(false));
        }
        return input;
    }

    private static void fill(Parameter p, Safetensors from, float[] to) {
        float[] values = from.values(p.name());
        if (values.length != p.count()) {
            throw new InputException("model.safetensors: " + p.name() + " has " + values.length
                    + " values, the network " + "needs " + p.count());
        }
        System.arraycopy(values, 0, to, (int) p.offset(), values.length);
    }

    /**
     * Puts the model on a device for predictions.
     *
     * @param device where to run
     * @return gives one probability per label, to any number of threads; close it
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    @Override
    public Predictor open(Device device) {
        return new Predictor(this, ComputeDevice.of(device), null, false);
    }

    /**
     * Puts the model on a device to read the values of one layer.
     *
     * @param device where to run
     * @param layer the layer's name in the network
     * @return gives the layer's values, channels x height x width, to any number of threads, also those that are not
     *     finite; close it
     * @throws java.util.NoSuchElementException naming the layers, if there is none of that name
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public Predictor openLayer(Device device, String layer) {
        network.shape(Objects.requireNonNull(layer, "layer"));
        return new Predictor(this, ComputeDevice.of(device), layer, true);
    }

    /** {@return this model alone} */
    @Override
    public List<Model> members() {
        return List.of(this);
    }

    /**
     * A checksum of the weights, by which an ensemble recognises its members.
     *
     * @return equal for equal weights, also on other machines
     */
    String checksum() {
        CRC32 sum = new CRC32();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_FLOATS * Float.BYTES);
        for (float[] values : List.of(parameters, statistics)) {
            for (int i = 0; i < values.length; i += BLOCK_FLOATS) {
                int count = Math.min(BLOCK_FLOATS, values.length - i);
                block.asFloatBuffer().put(values, i, count);
                sum.update(block.array(), 0, count * Float.BYTES);
            }
        }
        return Long.toHexString(sum.getValue());
    }

    // ---- Equality and serialization.

    @Override
    public boolean equals(Object other) {
        return other instanceof Model m
                && network.equals(m.network)
                && labels.equals(m.labels)
                && columns.equals(m.columns)
                && format.equals(m.format)
                && Arrays.equals(parameters, m.parameters)
                && Arrays.equals(statistics, m.statistics)
                && rule.equals(m.rule)
                && Objects.equals(schema, m.schema);
    }

    @Override
    public int hashCode() {
        return Objects.hash(network, labels, columns, Arrays.hashCode(parameters), rule);
    }

    @Override
    public String toString() {
        return "model of " + labels.size() + " labels, " + network + ", " + parameters.length + " parameters";
    }

    /** Serialized as on disk: a description, and the weights. */
    private Object writeReplace() {
        try {
            return new Serialized(description(), parameters, statistics);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Serialized(byte[] description, float[] parameters, float[] statistics) implements Serializable {

        private Object readResolve() throws InvalidObjectException {
            try {
                return of(JSON.readTree(description), network -> new float[][] {parameters, statistics});
            } catch (IOException | IllegalArgumentException e) {
                InvalidObjectException invalid =
                        new InvalidObjectException("a model that is damaged: " + e.getMessage());
                invalid.initCause(e);
                throw invalid;
            }
        }
    }
}
