package org.lamella.data.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;

/** Recognizes the format of a file by its first bytes, where its name does not tell it. */
public final class FirstBytes {

    private static final int LINES = 20;
    private static final int MAX_CHARACTERS = 1 << 20;

    /** Labels, which may be missing, and pairs of an index and a value; a comment may follow. */
    private static final Pattern SPARSE =
            Pattern.compile("([-+.,eE\\d]*\\s+)?\\w+:[-+.eE\\d]+(\\s+\\w+:[-+.eE\\d]+)*\\s*(#.*)?");

    private FirstBytes() {}

    /**
     * The usual ending of files of this format.
     *
     * @param file a regular file, plain or compressed
     * @return for example {@code .fasta}; null if the first bytes show no format
     * @throws InputException if it cannot be read, or is neither text nor of a known binary format
     */
    public static @Nullable String ending(Path file) {
        try {
            String binary = binary(file);
            return binary != null ? binary : text(first(file));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static @Nullable String binary(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(PackedDataset.MAGIC.length);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.startsWith("\u0093NUMPY")
                ? ".npy"
                : text.startsWith("PK\u0003\u0004")
                        ? ".npz"
                        : text.equals(new String(PackedDataset.MAGIC, StandardCharsets.ISO_8859_1)) ? ".lamella" : null;
    }

    /** The first lines that are not blank. */
    private static List<String> first(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader in = TextFiles.open(file)) {
            StringBuilder line = new StringBuilder();
            int read = 0;
            for (int c = in.read(); c >= 0 && lines.size() < LINES && read < MAX_CHARACTERS; c = in.read(), read++) {
                if (c != '\n') {
                    line.append((char) c);
                } else {
                    add(lines, line);
                }
            }
            add(lines, line);
        }
        return lines;
    }

    private static void add(List<String> lines, StringBuilder line) {
        if (!line.toString().isBlank()) {
            lines.add(line.toString().stripTrailing());
        }
        line.setLength(0);
    }

    private static @Nullable String text(List<String> lines) {
        for (String line : lines) { // behind comments
            if (line.startsWith(">")) {
                return ".fasta";
            }
            if (line.strip().toLowerCase(Locale.ROOT).startsWith("@relation")) {
                return ".arff";
            }
            if (!line.startsWith(";") && !line.strip().startsWith("%")) {
                break;
            }
        }
        List<String> rows = lines.stream().filter(l -> !l.startsWith("#")).toList();
        if (rows.isEmpty()) {
            return null;
        }
        // The last line may be cut.
        List<String> whole = rows.size() > 1 ? rows.subList(0, rows.size() - 1) : rows;
        if (whole.stream().allMatch(l -> SPARSE.matcher(l).matches())) {
            return ".libsvm";
        }
        String header = rows.get(0);
        long tabs = count(header, '\t');
        long others = Math.max(count(header, ','), Math.max(count(header, ';'), count(header, '|')));
        return tabs == 0 && others == 0 ? null : tabs > others ? ".tsv" : ".csv";
    }

    private static long count(String line, char separator) {
        return line.chars().filter(c -> c == separator).count();
    }
}
