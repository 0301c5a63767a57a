package org.lamella.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.Reading;
import org.lamella.data.batches.InputFormat;
import org.lamella.data.formats.LabelSource;
import org.lamella.device.Device;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metrics;
import org.lamella.file.AtomicFiles;
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
 */
public record Model(
        Network network,
        List<String> labels,
        List<FeatureColumn> columns,
        InputFormat format,
        float[] parameters,
        float[] statistics,
        DecisionRule rule)
        implements Serializable {

    /** The file of the parameters and running statistics, in a model's folder. */
    public static final String WEIGHTS = "model.safetensors";
    /** The file of everything else. */
    public static final String DESCRIPTION = "model.json";

    private static final ObjectMapper JSON = Json.mapper();
    private static final int FORMAT = 2;
    /** Format 1 differs in keys of the network in camelCase, which {@link Network#fromJson} reads as well. */
    private static final int OLDEST_FORMAT = 1;

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
    public Model withRule(DecisionRule other) {
        return new Model(network, labels, columns, format, parameters, statistics, other);
    }

    /**
     * Saves to a folder; each of the two files is replaced atomically.
     *
     * @param folder created if it is missing
     * @throws IOException if a file cannot be written; its message names the file
     */
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
        json.put("format", FORMAT);
        json.set("labels", JSON.valueToTree(labels));
        json.set("columns", JSON.valueToTree(columns));
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
     * @throws InputException if something is missing or damaged
     */
    public static Model load(Path folder) {
        Path file = folder.resolve(DESCRIPTION);
        if (!Files.isRegularFile(file)) {
            throw new InputException(folder + ": no model.json; expected the folder of a trained model");
        }
        try {
            JsonNode json = JSON.readTree(file.toFile());
            int written = json.path("format").asInt();
            if (written < OLDEST_FORMAT || written > FORMAT) {
                throw new InputException(file + ": written by another version (format "
                        + json.path("format").asText("missing") + ", this one reads " + OLDEST_FORMAT + " to " + FORMAT
                        + ")");
            }
            return of(json, network -> {
                Safetensors weights = Safetensors.read(folder.resolve(WEIGHTS));
                float[] parameters = new float[Math.toIntExact(network.parameterCount())];
                float[] statistics = new float[Math.toIntExact(network.statisticCount())];
                network.parameters().forEach(p -> fill(p, weights, parameters));
                network.statistics().forEach(p -> fill(p, weights, statistics));
                return new float[][] {parameters, statistics};
            });
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new InputException(
                    file + ": damaged: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** The model of a description; {@code weights} gives the parameters and statistics of its network. */
    private static Model of(JsonNode json, Function<Network, float[][]> weights) throws JsonProcessingException {
        Network network = Network.fromJson(part(json, "network").toString());
        List<String> labels = Arrays.asList(JSON.treeToValue(part(json, "labels"), String[].class));
        List<FeatureColumn> columns = Arrays.asList(JSON.treeToValue(part(json, "columns"), FeatureColumn[].class));
        InputFormat format = JSON.treeToValue(part(json, "input"), InputFormat.class);
        DecisionRule rule = json.has("decisions")
                ? JSON.treeToValue(json.path("decisions"), DecisionRule.class)
                : DecisionRule.fixed(labels.size(), Metrics.THRESHOLD);
        float[][] values = weights.apply(network);
        return new Model(network, labels, columns, format, values[0], values[1], rule);
    }

    private static JsonNode part(JsonNode json, String name) {
        if (!json.hasNonNull(name)) {
            throw new IllegalArgumentException("no " + name);
        }
        return json.path(name);
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
     * Reads a file with this model's columns; with its labels, if the file has them all.
     *
     * @param file a file or folder of any format of {@link Datasets#formats()}
     * @param labelsNeeded true refuses a file that lacks a label
     * @return the rows; without labels if the file lacks one
     * @throws InputException if a column, or a label that is needed, is missing, or a value cannot be used
     */
    public Dataset read(Path file, boolean labelsNeeded) {
        return read(file, labelsNeeded, LabelSource.data());
    }

    /**
     * The same for sequences and images.
     *
     * @param file a file or folder of any format of {@link Datasets#formats()}
     * @param labelsNeeded true refuses a file that lacks a label
     * @param source where the labels of a row are, if the file has no column per label
     * @return the rows; without labels if the file lacks one
     * @throws InputException if a column, or a label that is needed, is missing, or a value cannot be used
     */
    public Dataset read(Path file, boolean labelsNeeded, LabelSource source) {
        return read(file, labelsNeeded, source, Reading.strict());
    }

    /**
     * The same; bad records may be left out, and what is decided is noted.
     *
     * @param file a file or folder of any format of {@link Datasets#formats()}
     * @param labelsNeeded true refuses a file that lacks a label
     * @param source where the labels of a row are, if the file has no column per label
     * @param reading what happens to bad records; receives notes
     * @return the rows; without labels if the file lacks one
     * @throws InputException if a column, or a label that is needed, is missing, or a value cannot be used
     */
    public Dataset read(Path file, boolean labelsNeeded, LabelSource source, Reading reading) {
        return Datasets.read(file, columns, labels, labelsNeeded, source, reading);
    }

    /**
     * Puts the model on a device for predictions.
     *
     * @param device where to run
     * @return gives one probability per label, to any number of threads; close it
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public Predictor open(Device device) {
        return new Predictor(this, device, null, false);
    }

    /**
     * Puts the model on a device to read the values of one layer.
     *
     * @param device where to run
     * @param layer the layer's name in the network
     * @return gives the layer's values, channels x height x width, to any number of threads; close it
     * @throws java.util.NoSuchElementException naming the layers, if there is none of that name
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public Predictor openLayer(Device device, String layer) {
        network.shape(Objects.requireNonNull(layer, "layer"));
        return new Predictor(this, device, layer, true);
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
                && rule.equals(m.rule);
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
