package org.lamella.cli.option;

import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.training.UsualNetwork;
import picocli.CommandLine.Option;

/** Which network is trained, and the shape of its input. */
public final class NetworkOptions implements OptionGroup {

    @Option(
            names = "--net",
            completionCandidates = Candidates.Networks.class,
            paramLabel = "NAME|FILE.json",
            description = "mlp, mlp-small, mlp-norm, lenet, lenet-small, cifarnet, seqcnn, seqcnn-short, linear, or a "
                    + "JSON file "
                    + "(default: mlp; for one-hot sequences seqcnn, or seqcnn-short if they are too short for it).")
    private @Nullable String net;

    @Option(
            names = "--input",
            paramLabel = "CxHxW",
            description = "Shape of one sample: channels x height x width (default: a vector of all features).")
    private @Nullable String input;

    @Option(names = "--tile", description = "Repeat the F features as every row of a 1xFxF input.")
    private boolean tile;

    /**
     * The network's name, or its file.
     *
     * @param data rows that are trained on: without --net they decide
     * @return --net, or the usual network for these rows
     */
    public String name(Dataset data) {
        return net != null ? net : usual(data).name();
    }

    /**
     * Refuses a name of no network, before any file is read.
     *
     * @throws IllegalArgumentException if --net names neither a network nor a file
     */
    public void requireKnown() {
        if (net != null && !net.endsWith(".json")) {
            Zoo.require(net);
        }
    }

    /**
     * Why these rows get another network than tables do.
     *
     * @param data rows that are trained on
     * @return a line; null if --net is given, or the network is that of tables
     */
    public @Nullable String reason(Dataset data) {
        UsualNetwork usual = usual(data);
        return net != null || usual.reason() == null
                ? null
                : "network: " + usual.name() + ", as " + usual.reason() + "; --net chooses another";
    }

    /** {@return whether the network, or the shape of its input, is given} */
    public boolean byHand() {
        return net != null || input != null || tile;
    }

    /** With an input or tiles of one's own, it is that of tables. */
    private UsualNetwork usual(Dataset data) {
        return input == null && !tile ? UsualNetwork.of(data) : new UsualNetwork("mlp", null, null);
    }

    /** {@return whether the features are repeated as every row of the input} */
    public boolean tile() {
        return tile;
    }

    /**
     * The network.
     *
     * @param name of the zoo, or a file
     * @param shape of one sample; not used for a file
     * @param labels outputs, 1 or more; not used for a file
     * @return a new network
     * @throws org.lamella.data.InputException if the file cannot be used
     * @throws IllegalArgumentException if there is none of that name, or the input does not suit it
     */
    public static Network network(String name, Shape shape, int labels) {
        return NetworkFile.of(name, shape, labels);
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
