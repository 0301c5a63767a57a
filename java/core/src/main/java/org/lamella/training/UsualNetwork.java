package org.lamella.training;

import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/**
 * The network of the zoo that data gets if no other is chosen: for one-hot sequences one that finds motifs wherever
 * they are, for anything else the mlp.
 *
 * @param name a name of the zoo
 * @param input shape of one sample; null for a vector of all features
 * @param reason why it is not the mlp, a clause; null if it is
 */
public record UsualNetwork(
        String name, @Nullable Shape input, @Nullable String reason) {

    private static final UsualNetwork OF_TABLES = new UsualNetwork("mlp", null, null);

    /**
     * The usual network for some data.
     *
     * @param data the rows
     * @return for rows that are one-hot sequences {@code seqcnn}, or {@code seqcnn-short} if they have too few
     *     positions for it; else {@code mlp}
     */
    public static UsualNetwork of(Dataset data) {
        SequenceEncoding only =
                data.columns().size() == 1 ? data.columns().get(0).sequence() : null;
        Shape input = only == null || only.method() != SequenceEncoding.Method.ONE_HOT ? null : only.shape();
        if (input == null) {
            return OF_TABLES;
        }
        String rows = "each row is a one-hot sequence of " + input.width() + " positions";
        if (fits("seqcnn", input)) {
            return new UsualNetwork("seqcnn", input, rows);
        }
        return fits("seqcnn-short", input)
                ? new UsualNetwork("seqcnn-short", input, rows + ", too few for seqcnn")
                : OF_TABLES;
    }

    private static boolean fits(String name, Shape input) {
        try {
            Zoo.create(name, input, 1);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The network itself.
     *
     * @param shape of one sample: {@link #input}, or that of the vector
     * @param labels number of outputs, 1 or more
     * @return a new network
     */
    public Network create(Shape shape, int labels) {
        return Zoo.create(name, shape, labels);
    }
}
