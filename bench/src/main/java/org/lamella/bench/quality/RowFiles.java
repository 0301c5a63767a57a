package org.lamella.bench.quality;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.file.AtomicFiles;

/**
 * A data file, or a folder with one FASTA file per label, as text: its rows can be divided without a change to any
 * record, so that a training reads what it would read in the whole file.
 */
final class RowFiles {

    /** Bytes stay what they are, whatever the encoding of the text is. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    /**
     * One of the files.
     *
     * @param name without its folder
     * @param head lines before the first record
     * @param records the lines of each record
     * @param rows the row of each record; a sequence in the files of several labels is one row
     */
    private record Part(String name, List<String> head, List<String> records, List<Integer> rows) {}

    private final boolean folder;
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, Integer> known = new LinkedHashMap<>();
    private int rows;

    private RowFiles(boolean folder) {
        this.folder = folder;
    }

    /**
     * Reads a file or folder.
     *
     * @param data ARFF, FASTA, or a folder of FASTA files
     * @return its records
     * @throws IOException if it cannot be read
     * @throws InputException if it has another format
     */
    static RowFiles read(Path data) throws IOException {
        RowFiles files = new RowFiles(Files.isDirectory(data));
        for (Path file : files.folder ? Datasets.files(data) : List.of(data)) {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            List<String> lines = Files.readAllLines(file, BYTES);
            if (name.endsWith(".arff")) {
                files.table(file, lines);
            } else if (name.matches(".*\\.(fasta|fa|fna|faa|ffn|fas)")) {
                files.sequences(file, lines);
            } else {
                throw new InputException(file + ": only ARFF and FASTA files, not compressed, are divided into folds");
            }
        }
        return files;
    }

    /** {@return the number of rows} */
    int rows() {
        return rows;
    }

    /**
     * Writes some of the rows, in their order.
     *
     * @param target a file, or a folder if this is a folder
     * @param wanted the rows, from 0
     * @throws IOException if it cannot be written
     */
    void write(Path target, int[] wanted) throws IOException {
        BitSet chosen = new BitSet();
        for (int row : wanted) {
            chosen.set(row);
        }
        for (Part part : parts) {
            List<String> lines = new ArrayList<>(part.head);
            for (int i = 0; i < part.records.size(); i++) {
                if (chosen.get(part.rows.get(i))) {
                    lines.add(part.records.get(i));
                }
            }
            AtomicFiles.replace(folder ? target.resolve(part.name) : target, p -> Files.write(p, lines, BYTES));
        }
    }

    private void table(Path file, List<String> lines) {
        Part part = begin(file);
        boolean data = false;
        for (String line : lines) {
            String text = line.strip();
            if (!data) {
                part.head.add(line);
                data = text.toLowerCase(Locale.ROOT).startsWith("@data");
            } else if (!text.isEmpty() && !text.startsWith("%")) {
                part.records.add(line);
                part.rows.add(rows++);
            }
        }
    }

    private void sequences(Path file, List<String> lines) {
        Part part = begin(file);
        List<String> record = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(">")) {
                end(part, record);
            }
            record.add(line);
        }
        end(part, record);
    }

    private Part begin(Path file) {
        Part part = new Part(file.getFileName().toString(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        parts.add(part);
        return part;
    }

    private void end(Part part, List<String> record) {
        if (record.isEmpty() || !record.get(0).startsWith(">")) {
            part.head.addAll(record);
        } else {
            part.records.add(String.join("\n", record));
            part.rows.add(row(record));
        }
        record.clear();
    }

    /** In a folder the same sequence of the same name is one row, as in training. */
    private int row(List<String> record) {
        String name = record.get(0).substring(1).strip().split("\\s+", 2)[0];
        String key = name + "\n" + String.join("", record.subList(1, record.size()));
        Integer earlier = folder ? known.putIfAbsent(key, rows) : null;
        return earlier == null ? rows++ : earlier;
    }
}
