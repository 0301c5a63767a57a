package org.lamella.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads files into datasets. */
public final class Datasets {

    private Datasets() {}

    /**
     * Reads a file ({@code .arff}, {@code .csv}, {@code .tsv}, {@code .libsvm}, {@code .npy}, {@code .npz}), or a
     * folder of PNG images; its columns other than labels become features.
     *
     * @throws InputException if the file cannot be used, saying where and why
     */
    public static Dataset read(Path path, LabelSelection selection) {
        return read(path, selection, SequenceOptions.defaults());
    }

    /**
     * The same, with what is to be known about sequences: a FASTA file or a folder with one a label.
     *
     * @throws InputException if the file cannot be used, saying where and why
     */
    public static Dataset read(Path path, LabelSelection selection, SequenceOptions options) {
        if (PackedDataset.reads(path.toString())) {
            if (!selection.isDeclared()) {
                throw new InputException(
                        path + ": knows its labels already; leave out --labels, --labels-first and --labels-xml");
            }
            return PackedDataset.read(path);
        }
        Table table = table(path, options);
        List<Integer> labels = selection.columns(table);
        int identifier = identifier(table, labels);
        List<FeatureColumn> columns = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < table.attributes.size(); i++) {
            if (i != identifier && !labels.contains(i) && (table.sequence < 0 || sequence(table, i))) {
                columns.add(
                        sequence(table, i)
                                ? new FeatureColumn(
                                        table.attributes.get(i).name,
                                        options.encoding(table.attributes.get(i).texts()))
                                : column(table, i));
                places.add(i);
            }
        }
        return assemble(table, columns, places, labels, identifier);
    }

    /**
     * Reads a file for a model: the model's columns by their names, and its labels if the file has them all.
     *
     * @throws InputException if a feature column is missing, or a label too while {@code labelsNeeded}
     */
    public static Dataset read(Path path, List<FeatureColumn> columns, List<String> labels, boolean labelsNeeded) {
        return read(path, columns, labels, labelsNeeded, SequenceOptions.defaults());
    }

    /**
     * The same, with where sequences have their labels; how they are encoded the columns say.
     *
     * @throws InputException if a feature column is missing, or a label too while {@code labelsNeeded}
     */
    public static Dataset read(
            Path path,
            List<FeatureColumn> columns,
            List<String> labels,
            boolean labelsNeeded,
            SequenceOptions options) {
        if (PackedDataset.reads(path.toString())) {
            return packed(path, columns, labels, labelsNeeded);
        }
        Table table = table(path, options);
        List<Integer> places = new ArrayList<>();
        for (FeatureColumn c : columns) {
            int at = table.column(c.name());
            if (at < 0 && !table.sparse) {
                throw new InputException(table.file + ": no column '" + c.name() + "', which the model was trained on");
            }
            places.add(at);
        }
        table.fill(labels);
        boolean labelled = labels.stream().allMatch(l -> table.column(l) >= 0);
        List<Integer> found =
                labelsNeeded || labelled ? LabelSelection.named(labels).columns(table) : List.of();
        return assemble(table, columns, places, found, identifier(table, found));
    }

    /** A packed file cannot be read any other way than it was: it must be as the model wants it. */
    private static Dataset packed(Path path, List<FeatureColumn> columns, List<String> labels, boolean labelsNeeded) {
        Dataset data = PackedDataset.read(path);
        if (!data.columns().equals(columns)) {
            throw new InputException(path
                    + ": its columns are not those that the model was trained on, or were encoded in another way; "
                    + "use the file "
                    + "that it was packed from");
        }
        boolean same = data.labels().equals(labels);
        if (labelsNeeded && !same) {
            throw new InputException(path + ": its labels are not the model's, " + String.join(", ", labels));
        }
        return same
                ? data
                : new Dataset(
                        data.source(),
                        data.columns(),
                        List.of(),
                        data.features(),
                        new byte[data.size()][0],
                        data.ids(),
                        data.lengths(),
                        data.shape());
    }

    /** Whether a folder has FASTA files or images in it. */
    public static boolean isDataFolder(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(f -> FastaReader.reads(f) || ImageFolderReader.isImage(f));
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be read: " + e.getMessage());
        }
    }

    private static boolean sequence(Table table, int column) {
        return table.sequence == column;
    }

    private static Table table(Path path, SequenceOptions options) {
        if (!Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new InputException(path + ": no such file");
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        try {
            Table table;
            if (Files.isDirectory(path) && ImageFolderReader.reads(path)) {
                table = ImageFolderReader.read(path, options);
            } else if (Files.isDirectory(path) || FastaReader.reads(path)) {
                table = FastaReader.read(path, options);
            } else if (LibsvmReader.reads(name)) {
                table = LibsvmReader.read(path);
            } else if (NumpyReader.reads(name)) {
                table = NumpyReader.read(path);
            } else if (name.endsWith(".arff")) {
                table = ArffReader.read(path);
            } else if (name.endsWith(".csv") || name.endsWith(".tsv")) {
                table = CsvReader.read(path, name.endsWith(".tsv") ? '\t' : ',');
                table = options.sequenceColumn() == null ? table : SequenceTable.of(table, options);
            } else {
                throw new InputException(path
                        + ": unknown kind of file; .arff, .csv, .tsv, .libsvm, .npy, .npz, .fasta and .lamella "
                        + "are read, "
                        + "and folders of .fasta or .png files");
            }
            if (table.rows.isEmpty()) {
                throw new InputException(path + ": no rows of data");
            }
            return table;
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage());
        }
    }

    /** The column of texts, if there is one, that differ in more than half of the rows: names, not categories. */
    private static int identifier(Table table, List<Integer> labels) {
        if (table.identifier >= 0) {
            return table.identifier;
        }
        for (int i = 0; i < table.attributes.size(); i++) {
            Attribute a = table.attributes.get(i);
            if (a.type() == Attribute.Type.OPEN
                    && !labels.contains(i)
                    && a.texts().size() > 2
                    && 2 * a.texts().size() > table.rows.size()
                    && !allNumbers(a)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean allNumbers(Attribute a) {
        for (String text : a.texts()) {
            try {
                Float.parseFloat(text);
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return true;
    }

    private static FeatureColumn column(Table table, int at) {
        Attribute a = table.attributes.get(at);
        if (!a.coded() || (a.type() == Attribute.Type.OPEN && allNumbers(a))) {
            return new FeatureColumn(a.name, List.of());
        }
        List<String> texts = new ArrayList<>(a.texts());
        if (texts.size() > 1000) {
            throw new InputException(table.file + ": column '" + a.name + "' has " + texts.size()
                    + " different texts; turn it into numbers or remove it");
        }
        if (texts.size() == 2 && truth(texts.get(0)) == 1) {
            texts = List.of(texts.get(1), texts.get(0));
        }
        if (texts.size() == 1) { // the other value is still to come, in another file
            texts = truth(texts.get(0)) == 1 ? List.of("", texts.get(0)) : List.of(texts.get(0), "");
        }
        return new FeatureColumn(a.name, texts);
    }

    private static Dataset assemble(
            Table table, List<FeatureColumn> columns, List<Integer> places, List<Integer> labels, int identifier) {
        int n = table.rows.size();
        int width = columns.stream().mapToInt(FeatureColumn::width).sum();
        float[][] features = new float[n][];
        byte[][] targets = new byte[n][labels.size()];
        List<String> ids = identifier < 0 ? new RowNumbers(n) : new ArrayList<>(n);
        int sequence = IntStream.range(0, columns.size())
                .filter(c -> columns.get(c).sequence() != null)
                .findFirst()
                .orElse(-1);
        int[] lengths = sequence < 0 ? null : new int[n];
        for (int r = 0; r < n; r++) {
            float[] row = table.rows.get(r);
            features[r] = new float[width];
            int to = 0;
            for (int c = 0; c < columns.size(); c++) {
                if (places.get(c) >= 0) {
                    encode(table, places.get(c), columns.get(c), row[places.get(c)], features[r], to, r);
                }
                to += columns.get(c).width();
            }
            for (int l = 0; l < targets[r].length; l++) {
                targets[r][l] = target(table, labels.get(l), row[labels.get(l)], r);
            }
            if (identifier >= 0) {
                ids.add(
                        Float.isNaN(row[identifier])
                                ? Integer.toString(r + 1)
                                : table.attributes.get(identifier).text((int) row[identifier]));
            }
            if (lengths != null) {
                float code = row[places.get(sequence)];
                lengths[r] = Float.isNaN(code)
                        ? 0
                        : table.attributes
                                .get(places.get(sequence))
                                .text((int) code)
                                .length();
            }
            table.rows.set(r, null); // the encoded row takes its place in memory
        }
        Set<String> distinct = new HashSet<>();
        List<String> names = labels.stream()
                .map(l -> table.attributes.get(l).name)
                .filter(distinct::add)
                .toList();
        return new Dataset(table.file, columns, names, features, targets, ids, lengths, table.shape);
    }

    private static void encode(
            Table table, int at, FeatureColumn column, float value, float[] features, int to, int row) {
        Attribute a = table.attributes.get(at);
        if (Float.isNaN(value)) {
            for (int i = 0; i < column.width(); i++) {
                features[to + i] = Float.NaN;
            }
            return;
        }
        if (column.sequence() != null) {
            try {
                column.sequence().encode(a.text((int) value), features, to);
            } catch (IllegalArgumentException e) {
                throw new InputException(table.file, table.line(row), e.getMessage());
            }
            return;
        }
        if (column.categories().isEmpty()) {
            features[to] = a.coded() ? table.number(a.text((int) value), a, table.line(row)) : value;
            return;
        }
        String text = a.coded() ? a.text((int) value) : Wording.number(value);
        int category = column.categories().indexOf(text);
        if (category < 0 && column.width() == 1 && truth(text) >= 0 && truth(text) == 1 - knownTruth(column)) {
            category = truth(text);
        }
        if (category < 0) {
            throw new InputException(
                    table.file,
                    table.line(row),
                    "'" + Table.shorten(text) + "' in column '" + a.name
                            + "' was not among the values seen in training: "
                            + Table.shorten(String.join(", ", column.categories())));
        }
        if (column.width() == 1) {
            features[to] = category;
        } else {
            features[to + category] = 1;
        }
    }

    /** The truth value of the one text that training saw in a yes/no column; 2 if it saw none such, or both. */
    private static int knownTruth(FeatureColumn column) {
        int at = column.categories().get(0).isEmpty() ? 1 : 0;
        int truth = column.categories().get(1 - at).isEmpty()
                ? truth(column.categories().get(at))
                : -1;
        return truth < 0 ? 2 : truth;
    }

    private static byte target(Table table, int at, float value, int row) {
        if (Float.isNaN(value)) {
            return -1;
        }
        Attribute a = table.attributes.get(at);
        int truth = a.coded() ? truth(a.text((int) value)) : value == 0 ? 0 : value == 1 ? 1 : -1;
        if (truth < 0) {
            String text = a.coded() ? a.text((int) value) : Float.toString(value);
            throw new InputException(
                    table.file,
                    table.line(row),
                    "label '" + a.name + "' is '" + Table.shorten(text)
                            + "'; labels are 0 or 1 (or no/yes, false/true, ? for missing)");
        }
        return (byte) truth;
    }

    private static int truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "0", "0.0", "no", "n", "false" -> 0;
            case "1", "1.0", "yes", "y", "true" -> 1;
            default -> -1;
        };
    }
}
