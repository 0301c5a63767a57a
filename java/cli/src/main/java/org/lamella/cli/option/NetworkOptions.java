package org.lamella.cli.option;

import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import picocli.CommandLine.Option;

/** Which network is trained, and the shape of its input. */
public final class NetworkOptions implements OptionGroup {

    @Option(
            names = "--net",
            paramLabel = "NAME",
            defaultValue = "mlp",
            description = "mlp, mlp-small, lenet, lenet-small, cifarnet, seqcnn, seqcnn-short, linear, or a JSON file "
                    + "(default: ${DEFAULT-VALUE}).")
    private String net;

    @Option(
            names = "--input",
            paramLabel = "CxHxW",
            description = "Shape of one sample: channels x height x width (default: a vector of all features).")
    private @Nullable String input;

    @Option(names = "--tile", description = "Repeat the F features as every row of a 1xFxF input.")
    private boolean tile;

    /** {@return the network's name, or its file} */
    public String name() {
        return net;
    }

    /** {@return whether the features are repeated as every row of the input} */
    public boolean tile() {
        return tile;
    }

    /**
     * The network.
     *
     * @param shape of one sample; not used for a file
     * @param labels outputs, 1 or more; not used for a file
     * @return a new network
     * @throws org.lamella.data.InputException if the file cannot be used
     * @throws IllegalArgumentException if there is none of that name, or the input does not suit it
     */
    public Network network(Shape shape, int labels) {
        return NetworkFile.of(net, shape, labels);
    }

    /**
     * Shape of one sample: --input, or by default that of the data; one-hot sequences have one channel per letter.
     *
     * @param data rows that are trained on
     * @return the shape; null for a vector of all features
     * @throws IllegalArgumentException if --input is not a shape
     */
    public @Nullable Shape shape(Dataset data) {
        if (input != null) {
            return Shape.parse(input);
        }
        SequenceEncoding only =
                data.columns().size() == 1 ? data.columns().get(0).sequence() : null;
        return only == null ? data.shape() : only.shape();
    }

    @Override
    public String title() {
        return "Network";
    }
}
