package org.lamella.network;

import java.util.List;
import org.lamella.text.Suggestion;

/** The predefined networks. */
public final class Zoo {

    /** Names for {@link #create}. */
    public static final List<String> NAMES = List.of(
            "mlp",
            "mlp-small",
            "mlp-norm",
            "lenet",
            "lenet-small",
            "cifarnet",
            "seqcnn",
            "seqcnn-unmasked",
            "seqcnn-short",
            "linear");

    private Zoo() {}

    /**
     * Creates a network by its name.
     *
     * @param name one of {@link #NAMES}
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     * @throws IllegalArgumentException if there is none of that name or the input is too small for it
     */
    public static Network create(String name, Shape input, int labels) {
        return switch (name) {
            case "mlp" -> mlp(input, labels);
            case "mlp-small" -> mlpSmall(input, labels);
            case "mlp-norm" -> mlpNorm(input, labels);
            case "lenet" -> lenet(input, labels);
            case "lenet-small" -> lenetSmall(input, labels);
            case "cifarnet" -> cifarnet(input, labels);
            case "seqcnn" -> seqcnn(input, labels);
            case "seqcnn-unmasked" -> seqcnnUnmasked(input, labels);
            case "seqcnn-short" -> seqcnnShort(input, labels);
            case "linear" -> linear(input, labels);
            default -> throw unknown(name);
        };
    }

    /**
     * Refuses a name that is not one of {@link #NAMES}.
     *
     * @param name of a network
     * @throws IllegalArgumentException if there is none of that name
     */
    public static void require(String name) {
        if (!NAMES.contains(name)) {
            throw unknown(name);
        }
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no network '" + name + "'" + Suggestion.didYouMean(name, NAMES)
                + "; there are " + String.join(", ", NAMES) + ", or a JSON file");
    }

    /**
     * The recommended learning rate of Adam and AdamW for a network of the zoo.
     *
     * @param name name of the network; any other text is allowed
     * @return above 0; NaN if there is no special recommendation
     */
    public static double learningRate(String name) {
        return switch (name) {
            case "mlp-small", "mlp-norm", "lenet-small", "seqcnn", "seqcnn-unmasked", "seqcnn-short" -> 0.001;
            default -> Double.NaN;
        };
    }

    /**
     * One dense layer: a logistic regression per label. The baseline that a network must beat.
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     */
    public static Network linear(Shape input, int labels) {
        return Network.builder(input).dense(labels).build();
    }

    /**
     * Two hidden layers of 512 ReLU units.
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     */
    public static Network mlp(Shape input, int labels) {
        return Network.builder(input)
                .dense(512)
                .relu()
                .dense(512)
                .relu()
                .dense(labels)
                .build();
    }

    /**
     * For a few thousand rows or fewer: two hidden layers of 256 ReLU units, each with dropout of 0.5.
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     */
    public static Network mlpSmall(Shape input, int labels) {
        return Network.builder(input)
                .dense(256)
                .relu()
                .dropout(0.5)
                .dense(256)
                .relu()
                .dropout(0.5)
                .dense(labels)
                .build();
    }

    /**
     * For tables whose columns are of different kinds: two hidden layers of 512 units, each with batch norm, ReLU and
     * dropout of 0.5.
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     */
    public static Network mlpNorm(Shape input, int labels) {
        return Network.builder(input)
                .dense(512)
                .batchNorm()
                .relu()
                .dropout(0.5)
                .dense(512)
                .batchNorm()
                .relu()
                .dropout(0.5)
                .dense(labels)
                .build();
    }

    /**
     * 20@5x5, tanh, pool 2, 50@5x5, tanh, pool 2, dense 500, tanh, dense (LeCun et al. 1998, in the version of MXNet's
     * examples).
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     * @throws IllegalArgumentException if the input is too small for its windows
     */
    public static Network lenet(Shape input, int labels) {
        return Network.builder(input)
                .convolution(20, 5)
                .tanh()
                .maxPool(2)
                .convolution(50, 5)
                .tanh()
                .maxPool(2)
                .flatten()
                .dense(500)
                .tanh()
                .dense(labels)
                .build();
    }

    /**
     * For small data sets of small images with several channels: 32@3x3 and 64@3x3, each with batch norm, pool 2, dense
     * 128; dropout after the pool and after the dense layer.
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     * @throws IllegalArgumentException if the input is too small for its windows
     */
    public static Network lenetSmall(Shape input, int labels) {
        return Network.builder(input)
                .convolution(32, 3, 3, 1, 1, 1, 1)
                .batchNorm()
                .relu()
                .convolution(64, 3, 3, 1, 1, 1, 1)
                .batchNorm()
                .relu()
                .maxPool(2)
                .dropout(0.3)
                .flatten()
                .dense(128)
                .relu()
                .dropout(0.5)
                .dense(labels)
                .build();
    }

    /**
     * Motifs of 11 letters, then combinations of motifs; the maximum over the sequence makes the result independent of
     * their positions. Padding after a sequence changes nothing.
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     * @throws IllegalArgumentException if the input is too short for its windows, or higher than 1
     */
    public static Network seqcnn(Shape input, int labels) {
        return Network.builder(input)
                .convolution(64, 1, 11, 1, 1, 0, 0)
                .relu()
                .maxPool(1, 4)
                .mask(MaskUse.ZERO)
                .convolution(128, 1, 7, 1, 1, 0, 0)
                .relu()
                .maxPool(1, 4)
                .mask(MaskUse.ZERO)
                .convolution(128, 1, 5, 1, 1, 0, 0)
                .relu()
                .mask(MaskUse.LOWEST)
                .globalMaxPool()
                .flatten()
                .dense(labels)
                .build();
    }

    /**
     * {@link #seqcnn} without masks, for sequences of equal length.
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     * @throws IllegalArgumentException if the input is too short for its windows
     */
    public static Network seqcnnUnmasked(Shape input, int labels) {
        return Network.builder(input)
                .convolution(64, 1, 11, 1, 1, 0, 0)
                .relu()
                .maxPool(1, 4)
                .convolution(128, 1, 7, 1, 1, 0, 0)
                .relu()
                .maxPool(1, 4)
                .convolution(128, 1, 5, 1, 1, 0, 0)
                .relu()
                .globalMaxPool()
                .flatten()
                .dense(labels)
                .build();
    }

    /**
     * For some thousand short sequences, such as peptides of a few dozen letters: motifs of 3 to 15 letters in
     * parallel, then their combinations and positions; dropout of 0.4 and 0.5.
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     * @throws IllegalArgumentException if the input is too short for its windows, or higher than 1
     */
    public static Network seqcnnShort(Shape input, int labels) {
        NetworkBuilder net = Network.builder(input);
        String[] motifs = new String[4];
        for (int i = 0; i < motifs.length; i++) {
            int width = new int[] {3, 5, 9, 15}[i];
            net.from("input").convolution(64, 1, width, 1, 1, 0, width / 2).relu();
            motifs[i] = net.last();
        }
        return net.concat(motifs)
                .maxPool(1, 2)
                .mask(MaskUse.ZERO)
                .dropout(0.4)
                .convolution(192, 1, 5, 1, 1, 0, 2)
                .relu()
                .maxPool(1, 2)
                .mask(MaskUse.ZERO)
                .dropout(0.4)
                .flatten()
                .dense(256)
                .relu()
                .dropout(0.5)
                .dense(labels)
                .build();
    }

    /**
     * The small inception network with batch norm of MXNet's CIFAR-10 example (inception-bn-28-small).
     *
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return the network
     */
    public static Network cifarnet(Shape input, int labels) {
        NetworkBuilder net = Network.builder(input);
        unit(net, "1", 96, 3, 1, 1);
        simple(net, "2a", 32, 32);
        simple(net, "2b", 32, 48);
        downsample(net, "2c", 80);
        simple(net, "3a", 112, 48);
        simple(net, "3b", 96, 64);
        simple(net, "3c", 80, 80);
        simple(net, "3d", 48, 96);
        downsample(net, "3e", 96);
        simple(net, "4a", 176, 160);
        simple(net, "4b", 176, 160);
        return net.globalAveragePool().flatten().dense(labels).build();
    }

    private static String unit(NetworkBuilder net, String name, int filters, int kernel, int stride, int pad) {
        net.add("conv" + name, new Convolution(filters, kernel, kernel, stride, stride, pad, pad));
        net.add("norm" + name, new BatchNorm(1e-5f, 0.1f));
        net.add("relu" + name, new Activation(ActivationKind.RELU, 0));
        return net.last();
    }

    private static void simple(NetworkBuilder net, String name, int narrow, int wide) {
        String from = net.last();
        String one = unit(net, name + "_1x1", narrow, 1, 1, 0);
        String three = unit(net.from(from), name + "_3x3", wide, 3, 1, 1);
        net.add("concat" + name, new Concat(), one, three);
    }

    private static void downsample(NetworkBuilder net, String name, int filters) {
        String from = net.last();
        String three = unit(net, name + "_3x3", filters, 3, 2, 1);
        net.add("pool" + name, new Pooling(PoolingKind.MAX, false, 3, 3, 2, 2, 1, 1), from);
        net.add("concat" + name, new Concat(), three, net.last());
    }
}
