package org.lamella.bench.kernels;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.lamella.bench.DenseArithmetic;
import org.lamella.data.InputException;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.NetworkBuilder;
import org.lamella.network.Shape;

/**
 * A kernel at a shape.
 *
 * @param name of it
 * @param batch samples
 * @param network the layers that run as one operator
 * @param line what it was read from
 */
public record KernelShape(String name, int batch, Network network, String line) {

    /** Those that come with the bench. */
    public static List<KernelShape> builtIn() {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(KernelShape.class.getResourceAsStream("shapes.txt"), StandardCharsets.UTF_8))) {
            return parse(in.lines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file of the same form as the bench's own.
     *
     * @throws InputException if a line cannot be used
     */
    public static List<KernelShape> read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return parse(lines);
        } catch (IOException e) {
            throw new InputException(
                    file + (Files.exists(file) ? ": cannot be read: " + e.getMessage() : ": no such file"));
        }
    }

    private static List<KernelShape> parse(Stream<String> lines) {
        return lines.map(String::strip)
                .filter(l -> !l.isEmpty() && !l.startsWith("#"))
                .map(KernelShape::of)
                .toList();
    }

    /**
     * Reads a line: name, batch, CxHxW, layers.
     *
     * @throws InputException if it is none
     */
    public static KernelShape of(String line) {
        String[] words = line.strip().split("\\s+");
        try {
            if (words.length < 4) {
                throw new IllegalArgumentException("expected a name, a batch, an input and layers");
            }
            NetworkBuilder network = Network.builder(Shape.parse(words[2]));
            for (int i = 3; i < words.length; i++) {
                add(network, words[i]);
            }
            int batch = Integer.parseInt(words[1]);
            if (batch < 1) {
                throw new IllegalArgumentException("a batch is 1 or more");
            }
            return new KernelShape(words[0], batch, network.build(), String.join(" ", words));
        } catch (IllegalArgumentException e) {
            throw new InputException("'" + line.strip() + "': " + e.getMessage());
        }
    }

    private static void add(NetworkBuilder network, String word) {
        String[] parts = word.split(":");
        switch (parts[0]) {
            case "tanh" -> network.tanh();
            case "relu" -> network.relu();
            case "batchnorm" -> network.batchNorm();
            case "dense" -> network.dense(Integer.parseInt(part(parts, 1)));
            case "maxpool", "avgpool" -> {
                int[] w = window(part(parts, 1));
                network.pool(new Layer.Pooling(
                        parts[0].equals("maxpool") ? Layer.PoolingKind.MAX : Layer.PoolingKind.AVERAGE,
                        false,
                        w[0],
                        w[1],
                        w[0],
                        w[1],
                        0,
                        0));
            }
            case "conv" -> {
                int[] w = window(part(parts, 2));
                int stride = 1;
                int pad = 0;
                for (int i = 3; i < parts.length; i++) {
                    int n = Integer.parseInt(parts[i].substring(1));
                    if (parts[i].charAt(0) == 's') {
                        stride = n;
                    } else {
                        pad = n;
                    }
                }
                network.convolution(
                        Integer.parseInt(part(parts, 1)),
                        w[0],
                        w[1],
                        w[0] == 1 ? 1 : stride,
                        stride,
                        w[0] == 1 ? 0 : pad,
                        pad);
            }
            default -> throw new IllegalArgumentException("no layer '" + word + "'");
        }
    }

    private static String part(String[] parts, int at) {
        if (at >= parts.length) {
            throw new IllegalArgumentException("'" + String.join(":", parts) + "' says too little");
        }
        return parts[at];
    }

    private static int[] window(String text) {
        String[] sides = text.split("x");
        return new int[] {Integer.parseInt(sides[0]), Integer.parseInt(part(sides, 1))};
    }

    /** Multiply-adds of the batch, two operations each, of one dense forward pass; 0 for kernels without. */
    public double gflop() {
        return DenseArithmetic.forwardGflop(network) * batch;
    }

    /** Bytes that have to move at least in a forward pass: input, parameters, output, each once. */
    public double bytes() {
        return Float.BYTES
                * ((double) batch * (network.input().elements() + network.outputs()) + network.parameterCount());
    }
}
