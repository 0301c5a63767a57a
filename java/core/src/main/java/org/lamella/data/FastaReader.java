package org.lamella.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads FASTA, plain or gzip, wrapped lines or not; a folder of FASTA files has one label a file, by the file's name.
 * The table has the columns {@code id}, {@code sequence}, and the labels, if there are any.
 */
final class FastaReader {

    static final String SEQUENCE = "sequence";
    static final String ID = "id";
    private static final List<String> ENDINGS = List.of(".fasta", ".fa", ".fna", ".faa", ".ffn", ".fas");

    /** A sequence with its labels, and where it stands. */
    private record Entry(String file, long line, String id, String sequence, Set<String> labels) {}

    private final SequenceOptions options;
    private final Map<List<String>, Entry> entries = new LinkedHashMap<>();
    private final Set<String> labels = new LinkedHashSet<>();
    private Map<String, List<String>> labelled;

    private FastaReader(SequenceOptions options) {
        this.options = options;
    }

    /** Whether a name is that of a FASTA file. */
    static boolean reads(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        return ENDINGS.stream().anyMatch(plain::endsWith);
    }

    /**
     * Reads a file or a folder.
     *
     * @throws InputException if it cannot be used, saying where and why
     */
    static Table read(Path path, SequenceOptions options) throws IOException {
        FastaReader reader = new FastaReader(options);
        if (options.labelFile() != null) {
            reader.labelled = LabelFile.read(options.labelFile());
            reader.labelled.values().forEach(reader.labels::addAll);
        }
        if (Files.isDirectory(path)) {
            for (Path file : files(path)) {
                String label = file.getFileName().toString().replaceFirst("\\.[^.]*(\\.gz)?$", "");
                reader.labels.add(label);
                reader.readFile(file, label);
            }
        } else {
            reader.readFile(path, null);
        }
        return reader.table(path.toString());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(FastaReader::reads).sorted().toList();
            if (files.isEmpty()) {
                throw new InputException(folder + ": no FASTA file in this folder (" + String.join(", ", ENDINGS)
                        + ", each also with .gz)");
            }
            return files;
        }
    }

    /** One class's file if {@code label} is not null. */
    private void readFile(Path file, String label) throws IOException {
        FastaRecords.read(file, (line, header, sequence) -> add(file, line, header, sequence, label));
    }

    private void add(Path file, long line, String header, String sequence, String label) {
        String id = header.split("\\s+", 2)[0];
        Set<String> own = new LinkedHashSet<>();
        if (label != null) {
            own.add(label);
        } else if (options.labelBits()) {
            String bits = header.split("[|\\s]", 2)[0];
            own.addAll(fromBits(file, line, bits));
            id = header.substring(bits.length()).replaceFirst("^[|\\s]+", "");
        } else if (labelled != null) {
            List<String> known = labelled.get(id);
            if (known == null) {
                throw new InputException(
                        file.toString(),
                        line,
                        "sequence '" + Table.shorten(id) + "' has no line in " + options.labelFile());
            }
            own.addAll(known);
        }
        String name = id.isEmpty() ? Integer.toString(entries.size() + 1) : id;
        // The same sequence under the same name in the files of several classes has all their labels.
        Entry entry = entries.computeIfAbsent(
                List.of(name, label == null ? Integer.toString(entries.size()) : sequence),
                k -> new Entry(file.toString(), line, name, sequence, new LinkedHashSet<>()));
        entry.labels.addAll(own);
    }

    private List<String> fromBits(Path file, long line, String bits) {
        if (!bits.matches("[01]+")) {
            throw new InputException(
                    file.toString(),
                    line,
                    "expected a header that begins with a bit a label, such as >011|name, found '>"
                            + Table.shorten(bits) + "'");
        }
        boolean named = !options.labelNames().isEmpty();
        if (labels.isEmpty()) {
            labels.addAll(
                    named
                            ? options.labelNames()
                            : IntStream.rangeClosed(1, bits.length())
                                    .mapToObj(i -> "label" + i)
                                    .toList());
        }
        if (bits.length() != labels.size()) {
            throw new InputException(
                    file.toString(),
                    line,
                    bits.length() + " bits, but there are " + labels.size()
                            + (named ? " different label names" : " in the first header"));
        }
        List<String> names = new ArrayList<>(labels);
        List<String> own = new ArrayList<>();
        for (int i = 0; i < bits.length(); i++) {
            if (bits.charAt(i) == '1') {
                own.add(names.get(i));
            }
        }
        return own;
    }

    private Table table(String source) {
        Attribute id = new Attribute(ID, Attribute.Type.OPEN, List.of());
        Attribute sequence = new Attribute(SEQUENCE, Attribute.Type.OPEN, List.of());
        List<Attribute> attributes = new ArrayList<>(List.of(id, sequence));
        List<String> names = List.copyOf(labels);
        names.forEach(n -> attributes.add(new Attribute(n, Attribute.Type.NUMERIC, List.of())));
        Table table = new Table(source, attributes);
        table.identifier = 0;
        table.sequence = 1;
        table.declaredLabels = -names.size();
        for (Entry e : entries.values()) {
            float[] row = new float[attributes.size()];
            row[0] = id.code(e.id);
            row[1] = sequence.code(e.sequence);
            for (int l = 0; l < names.size(); l++) {
                row[2 + l] = e.labels.contains(names.get(l)) ? 1 : 0;
            }
            table.add(row, e.line);
        }
        return table;
    }
}
