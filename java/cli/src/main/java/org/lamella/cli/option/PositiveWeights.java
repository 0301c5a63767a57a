package org.lamella.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.lamella.data.InputException;

/** Reads a file with one positive number per line, one per label. */
public final class PositiveWeights {

    private PositiveWeights() {}

    /**
     * Reads the file.
     *
     * @param file one number per line; empty lines are skipped
     * @param labels how many numbers there must be
     * @return a weight above 0 for each label
     * @throws InputException if the file cannot be read or its content is something else
     */
    public static float[] read(Path file, int labels) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file).stream().map(String::strip).toList();
        } catch (IOException e) {
            throw new InputException(
                    "--positive-weight " + file + ": "
                            + (Files.exists(file)
                                    ? e.getMessage()
                                    : "no such file (none, auto, or a file with one number per label)"),
                    e);
        }
        List<String> numbers = lines.stream().filter(l -> !l.isEmpty()).toList();
        if (numbers.size() != labels) {
            throw new InputException(
                    file + ": expected " + labels + " numbers, one per label, found " + numbers.size());
        }
        float[] weights = new float[labels];
        for (int i = 0; i < labels; i++) {
            try {
                weights[i] = Float.parseFloat(numbers.get(i));
            } catch (NumberFormatException e) {
                throw new InputException(
                        file.toString(),
                        lines.indexOf(numbers.get(i)) + 1,
                        "'" + numbers.get(i) + "' is not a number",
                        e);
            }
            if (!(weights[i] > 0) || Float.isInfinite(weights[i])) {
                throw new InputException(
                        file.toString(),
                        lines.indexOf(numbers.get(i)) + 1,
                        "a positive weight must be above 0, got " + weights[i]);
            }
        }
        return weights;
    }
}
