package org.lamella.bench.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.lamella.json.Json;
import org.lamella.network.ActivationKind;
import org.lamella.network.Layer;
import org.lamella.network.MaskUse;
import org.lamella.network.Network;
import org.lamella.network.NetworkBuilder;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;

/**
 * Small networks as text, one word per layer:
 *
 * <pre>
 * conv:FILTERS:HxW[:sHxW][:pHxW]  dense:OUTPUTS  maxpool:HxW[:sHxW][:pHxW]  avgpool:...  maxpool:global  avgpool:global
 * tanh  sigmoid  relu  leaky_relu:SLOPE  batchnorm  mask:USE  dropout:RATE  flatten  concat:A+B  add:A+B
 * TYPE{NAME:VALUE,...}            any other layer, as a network file names it
 * =NAME                           names the last layer
 * &#64;NAME                           continues from that layer, or from the input
 * </pre>
 *
 * One number is for both directions: s2, p1; for windows of height 1 it is for the width only.
 */
final class LayerWords {

    private static final ObjectMapper JSON = Json.mapper();

    private final NetworkBuilder network;
    private final Map<String, String> names = new HashMap<>(Map.of(Network.INPUT, Network.INPUT));

    private LayerWords(Shape input) {
        network = Network.builder(input);
    }

    /**
     * Reads a network.
     *
     * @param input shape of a sample, CxHxW
     * @param words one for each layer, separated by blanks
     * @return the network
     * @throws IllegalArgumentException if a word is none of these, or if a layer does not fit its input
     */
    static Network network(String input, String words) {
        LayerWords reader = new LayerWords(Shape.parse(input));
        for (String word : words.strip().split("\\s+")) {
            reader.add(word);
        }
        return reader.network.build();
    }

    private void add(String word) {
        if (word.startsWith("=")) {
            names.put(word.substring(1), network.last());
            return;
        }
        if (word.startsWith("@")) {
            network.from(named(word.substring(1)));
            return;
        }
        if (word.endsWith("}")) {
            network.layer(word.substring(0, word.indexOf('{')), layer(word));
            return;
        }
        String[] parts = word.split(":");
        switch (parts[0]) {
            case "conv" -> {
                int[] window = sides(part(parts, 2));
                int[] stride = option(parts, 's', window, 1);
                int[] pad = option(parts, 'p', window, 0);
                network.convolution(
                        Integer.parseInt(part(parts, 1)), window[0], window[1], stride[0], stride[1], pad[0], pad[1]);
            }
            case "maxpool" -> pool(PoolingKind.MAX, parts);
            case "avgpool" -> pool(PoolingKind.AVERAGE, parts);
            case "dense" -> network.dense(Integer.parseInt(part(parts, 1)));
            case "batchnorm" -> network.batchNorm();
            case "dropout" -> network.dropout(Double.parseDouble(part(parts, 1)));
            case "mask" -> network.mask(MaskUse.valueOf(part(parts, 1).toUpperCase(Locale.ROOT)));
            case "flatten" -> network.flatten();
            case "concat" -> network.concat(inputs(parts));
            case "add" -> network.sum(inputs(parts));
            default -> activation(word, parts);
        }
    }

    private void activation(String word, String[] parts) {
        ActivationKind kind = Arrays.stream(ActivationKind.values())
                .filter(k -> k.name().equalsIgnoreCase(parts[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no layer '" + word + "'"));
        float slope = parts.length > 1 ? Float.parseFloat(parts[1]) : 0;
        network.activation(kind, slope);
    }

    private void pool(PoolingKind kind, String[] parts) {
        if (part(parts, 1).equals("global")) {
            network.pool(new Pooling(kind, true, 0, 0, 0, 0, 0, 0));
            return;
        }
        int[] window = sides(parts[1]);
        int[] stride = parts.length > 2 && parts[2].startsWith("s") ? option(parts, 's', window, 1) : window;
        int[] pad = option(parts, 'p', window, 0);
        network.pool(new Pooling(kind, false, window[0], window[1], stride[0], stride[1], pad[0], pad[1]));
    }

    private String[] inputs(String[] parts) {
        return Arrays.stream(part(parts, 1).split("\\+")).map(this::named).toArray(String[]::new);
    }

    private String named(String name) {
        String node = names.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no layer was named '" + name + "'");
        }
        return node;
    }

    private static Layer layer(String word) {
        int brace = word.indexOf('{');
        ObjectNode json = JSON.createObjectNode().put("type", word.substring(0, brace));
        for (String field : word.substring(brace + 1, word.length() - 1).split(",")) {
            String[] pair = field.split(":", 2);
            if (pair.length == 2) {
                json.put(pair[0], pair[1]);
            }
        }
        try {
            return JSON.treeToValue(json, Layer.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("'" + word + "': " + e.getOriginalMessage(), e);
        }
    }

    /** Height and width after a letter; {@code usual} if there is no such part. */
    private static int[] option(String[] parts, char letter, int[] window, int usual) {
        for (int i = 2; i < parts.length; i++) {
            if (parts[i].charAt(0) == letter) {
                String text = parts[i].substring(1);
                int both = text.contains("x") ? 0 : Integer.parseInt(text);
                return text.contains("x") ? sides(text) : new int[] {window[0] == 1 ? usual : both, both};
            }
        }
        return new int[] {usual, usual};
    }

    private static String part(String[] parts, int at) {
        if (at >= parts.length) {
            throw new IllegalArgumentException("'" + String.join(":", parts) + "' says too little");
        }
        return parts[at];
    }

    private static int[] sides(String text) {
        String[] sides = text.split("x");
        return new int[] {Integer.parseInt(sides[0]), Integer.parseInt(part(sides, 1))};
    }
}
