package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.BadRecord;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/**
 * Reads FASTA, plain or compressed, wrapped lines or not; a folder of FASTA files has one label per file, named after
 * the file. The table has the columns {@code id}, {@code sequence}, and the labels, if there are any.
 */
final class FastaReader {

    /** A sequence with its labels, and its place in the files. */
    private record Entry(String file, long line, String header, String id, String sequence, Set<String> labels) {
        LabelFile.Row row() {
            return new LabelFile.Row(header, file + ":" + line, sequence);
        }
    }

    private final LabelSource source;
    private final Map<List<String>, Entry> entries = new LinkedHashMap<>();
    private final Set<String> labels = new LinkedHashSet<>();
    private boolean oneFilePerLabel;
    private final List<BadRecord> rejected = new ArrayList<>();

    private FastaReader(LabelSource source) {
        this.source = source;
    }

    /**
     * Reads a file or a folder.
     *
     * @throws InputException if it cannot be used; the message says where and why
     */
    static Table read(Path path, LabelSource source) throws IOException {
        FastaReader reader = new FastaReader(source);
        if (Files.isDirectory(path)) {
            if (source.file() != null) {
                throw new InputException(Phrase.format(
                        "%s: a folder has one FASTA file per label, so leave out %s", path, Setting.LABEL_FILE));
            }
            reader.oneFilePerLabel = true;
            for (Path file : TableFormats.FASTA.files(path)) {
                String label = file.getFileName().toString().replaceFirst("\\.[^.]*(\\.gz|\\.zst)?$", "");
                reader.labels.add(label);
                reader.readFile(file, label);
            }
        } else {
            reader.readFile(path, null);
        }
        return reader.table(path.toString());
    }

    /** The file of one label if {@code label} is not null. */
    private void readFile(Path file, @Nullable String label) throws IOException {
        FastaRecords.read(file, new FastaRecords.Receiver() {
            @Override
            public void record(long line, String header, String sequence) {
                try {
                    add(file, line, header, sequence, label);
                } catch (InputException e) {
                    rejected.add(BadRecord.of(file.toString(), line, name(header), e));
                }
            }

            @Override
            public void empty(Path source, long line, String header) {
                rejected.add(new BadRecord(source.toString(), line, name(header), FastaRecords.noSequence(header)));
            }
        });
    }

    /** The header up to the first blank. */
    private static String name(String header) {
        return header.split("\\s+", 2)[0];
    }

    private void add(Path file, long line, String header, String sequence, @Nullable String label) {
        String id = name(header);
        Set<String> own = new LinkedHashSet<>();
        if (label != null) {
            own.add(label);
        } else if (source.headerBits()) {
            String bits = header.split("[|\\s]", 2)[0];
            own.addAll(fromBits(file, line, bits));
            id = header.substring(bits.length()).replaceFirst("^[|\\s]+", "");
        }
        String name = id.isEmpty() ? Integer.toString(entries.size() + 1) : id;
        // The same sequence with the same name in the files of several labels has all of them.
        Entry entry = entries.computeIfAbsent(
                List.of(name, label == null ? Integer.toString(entries.size()) : sequence),
                k -> new Entry(file.toString(), line, header, name, sequence, new LinkedHashSet<>()));
        entry.labels.addAll(own);
    }

    private List<String> fromBits(Path file, long line, String bits) {
        if (!bits.matches("[01]+")) {
            throw new InputException(
                    file.toString(),
                    line,
                    "expected a header that begins with one bit per label, such as >011|name, found '>"
                            + Wording.shorten(bits) + "'");
        }
        boolean named = !source.bitNames().isEmpty();
        if (labels.isEmpty()) {
            labels.addAll(
                    named
                            ? source.bitNames()
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

    private Table table(String path) throws IOException {
        List<LabelFile.Row> rows = entries.values().stream().map(Entry::row).toList();
        LabelFile file = source.file() == null ? null : LabelFile.read(source.file(), source.separator(), rows);
        if (file != null) {
            labels.addAll(file.labels());
        }
        List<float[]> values = file == null ? List.of() : file.of(rows);
        Attribute id = Attribute.open(SequenceTable.ID);
        Attribute sequence = Attribute.open(FeatureColumn.SEQUENCE);
        List<Attribute> attributes = new ArrayList<>(List.of(id, sequence));
        List<String> names = List.copyOf(labels);
        names.forEach(n -> attributes.add(Attribute.numeric(n)));
        Table table = new Table(path, attributes);
        table.declareIdentifier(0);
        table.declareSequence(1);
        table.declareLabels(-names.size());
        if (file != null) {
            file.describe(table);
        } else if (oneFilePerLabel) {
            table.declareLabelLists();
        }
        rejected.forEach(table::reject);
        for (Entry e : entries.values()) {
            float[] row = new float[attributes.size()];
            row[0] = id.code(e.id);
            row[1] = sequence.code(e.sequence);
            for (int l = 0; l < names.size() && file != null; l++) {
                row[2 + l] = values.get(table.size())[l];
            }
            for (int l = 0; l < names.size() && file == null; l++) {
                row[2 + l] = e.labels.contains(names.get(l)) ? 1 : 0;
            }
            table.add(row, e.line);
        }
        return table;
    }
}
