package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.lamella.network.Layer.MaskUse;
import org.lamella.network.Network;
import org.lamella.network.Shape;

/** Networks with masks over sequences of different lengths, padded with zeros. */
final class MaskedNetworks {

    static final List<String> NAMES = List.of("maximum", "average", "branches");
    private static final int[] LETTERS = {60, 37, 1, 24, 59, 12, 5};
    static final int SAMPLES = LETTERS.length;
    /** Of the longest sequence. */
    static final int WIDTH = 60;

    private static final double SCALE = 0.5;

    private MaskedNetworks() {}

    static List<NetworkCase> cases() {
        List<NetworkCase> cases = new ArrayList<>();
        for (String name : NAMES) {
            cases.add(
                    new NetworkCase(name, network(name, WIDTH), SAMPLES, NetworkCases.LIMIT, SCALE, sequences(WIDTH)));
        }
        return cases;
    }

    /** One of {@link #NAMES} for sequences padded to this width. */
    static Network network(String name, int width) {
        return switch (name) {
            case "maximum" -> maximum(width);
            case "average" -> average(width);
            case "branches" -> branches(width);
            default -> throw new IllegalArgumentException("no network with masks '" + name + "'");
        };
    }

    private static Network maximum(int width) {
        return Network.builder(new Shape(4, 1, width))
                .convolution(8, 1, 5, 1, 1, 0, 0)
                .relu()
                .maxPool(1, 3)
                .mask(MaskUse.ZERO)
                .convolution(6, 1, 3, 1, 1, 0, 1)
                .tanh()
                .mask(MaskUse.LOWEST)
                .globalMaxPool()
                .flatten()
                .dense(3)
                .build();
    }

    private static Network average(int width) {
        return Network.builder(new Shape(4, 1, width))
                .convolution(7, 1, 4, 1, 2, 0, 1)
                .tanh()
                .mask(MaskUse.ZERO)
                .convolution(5, 1, 3, 1, 1, 0, 0)
                .relu()
                .mask(MaskUse.AVERAGE)
                .globalAveragePool()
                .flatten()
                .dense(2)
                .build();
    }

    private static Network branches(int width) {
        var b = Network.builder(new Shape(4, 1, width));
        String one = b.convolution(3, 1, 3, 1, 1, 0, 1).relu().last();
        String two =
                b.from(Network.INPUT).convolution(4, 1, 7, 1, 1, 0, 3).tanh().last();
        return b.concat(one, two)
                .mask(MaskUse.ZERO)
                .maxPool(1, 2)
                .mask(MaskUse.LOWEST)
                .globalMaxPool()
                .flatten()
                .dense(2)
                .build();
    }

    /** One-hot letters, then zeros. */
    static double[] sequences(int width) {
        double[] x = new double[LETTERS.length * 4 * width];
        for (int n = 0; n < LETTERS.length; n++) {
            Random letters = new Random(n);
            for (int i = 0; i < LETTERS[n]; i++) {
                x[(n * 4 + letters.nextInt(4)) * width + i] = 1;
            }
        }
        return x;
    }
}
