package org.lamella.bench.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.lamella.bench.operator.OperatorCase;
import org.lamella.data.InputException;

/** Files of kernels and their shapes, one per line. */
public final class KernelShapes {

    private KernelShapes() {}

    /**
     * Reads a file: lines of name, batch, CxHxW, layers; # begins a comment.
     *
     * @param file to read
     * @return its kernels
     * @throws InputException if it cannot be read, or a line cannot be used
     */
    public static List<OperatorCase> read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(l -> !l.isEmpty() && !l.startsWith("#"))
                    .map(OperatorCase::of)
                    .toList();
        } catch (IOException e) {
            throw new InputException(
                    file + (Files.exists(file) ? ": cannot be read: " + e.getMessage() : ": no such file"), e);
        }
    }
}
