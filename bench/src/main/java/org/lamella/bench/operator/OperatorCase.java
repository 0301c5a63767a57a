package org.lamella.bench.operator;

import java.util.Locale;
import org.lamella.bench.DenseArithmetic;
import org.lamella.data.InputException;
import org.lamella.network.Network;

/**
 * An operator and its shape.
 *
 * @param name without blanks, unique in the table
 * @param batch samples, 1 or more
 * @param network the layers that run as one operator, or a few
 * @param line the text from which it was read: name, batch, CxHxW, layers
 */
public record OperatorCase(String name, int batch, Network network, String line) {

    /**
     * Reads a line: name, batch, CxHxW, layers.
     *
     * @param line of at least four words
     * @return the case
     * @throws InputException if the line is not of this form
     */
    public static OperatorCase of(String line) {
        String[] words = line.strip().split("\\s+", 4);
        try {
            if (words.length < 4) {
                throw new IllegalArgumentException("expected a name, a batch, an input and layers");
            }
            int batch = Integer.parseInt(words[1]);
            if (batch < 1) {
                throw new IllegalArgumentException("a batch is 1 or more");
            }
            Network network = LayerWords.network(words[2], words[3]);
            return new OperatorCase(words[0], batch, network, line.strip().replaceAll("\\s+", " "));
        } catch (IllegalArgumentException e) {
            throw new InputException("'" + line.strip() + "': " + e.getMessage(), e);
        }
    }

    /**
     * The same layers on samples of another shape.
     *
     * @param input CxHxW
     * @return the case
     */
    public OperatorCase on(String input) {
        String[] words = line.split(" ", 4);
        return of(String.join(" ", words[0], words[1], input, words[3]));
    }

    /** {@return operations of the batch in one dense forward pass, in GFLOP, two per multiply-add; 0 without any} */
    public double gflop() {
        return DenseArithmetic.forwardGflop(network) * batch;
    }

    /** {@return the least bytes that a forward pass moves: input, parameters and output, each once} */
    public double bytes() {
        return Float.BYTES
                * ((double) batch * (network.input().elements() + network.outputs()) + network.parameterCount());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s x%d", name, batch);
    }
}
