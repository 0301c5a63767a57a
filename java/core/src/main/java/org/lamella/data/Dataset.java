package org.lamella.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.rows.RowNumbers;
import org.lamella.finding.Finding;
import org.lamella.network.Shape;
import org.lamella.text.Wording;

/**
 * Samples with features and labels, in memory.
 *
 * @param source the file, for messages
 * @param columns the feature columns and their encodings
 * @param labels label names
 * @param features samples x features; NaN where a value is missing
 * @param targets samples x labels: 0, 1, or -1 where missing
 * @param ids one name per sample; the row number from 1 where the file has none
 * @param lengths letters of each sample's sequence, before it was cut or padded; null without sequences
 * @param shape shape of the features of a sample; null for a vector
 * @param findings what was found while the file was read
 * @param schema what the columns of the file are, and why; null if it did not come from a file of columns
 */
public record Dataset(
        String source,
        List<FeatureColumn> columns,
        List<String> labels,
        float[][] features,
        byte[][] targets,
        List<String> ids,
        int @Nullable [] lengths,
        @Nullable Shape shape,
        List<Finding> findings,
        @Nullable Schema schema) {

    private static final String FEATURE = "feature";

    /**
     * Samples of any kind. Checks every value once.
     *
     * @param source the file, for messages
     * @param columns the feature columns and their encodings
     * @param labels label names
     * @param features samples x features; finite, or NaN where a value is missing; not copied
     * @param targets samples x labels: 0, 1, or -1 where missing; not copied
     * @param ids one name per sample
     * @param lengths letters of each sample's sequence; null without sequences
     * @param shape shape of the features of a sample; null for a vector
     * @param findings what was found while the file was read
     * @param schema what the columns of the file are, and why; null without
     * @throws IllegalArgumentException if the numbers of samples differ, a row is too short, too long or null, a
     *     feature is infinite, or a target is another number; the message names row and column, from 1
     * @throws NullPointerException if an argument that must not be null is null
     */
    public Dataset(
            String source,
            List<FeatureColumn> columns,
            List<String> labels,
            float[][] features,
            byte[][] targets,
            List<String> ids,
            int @Nullable [] lengths,
            @Nullable Shape shape,
            List<Finding> findings,
            @Nullable Schema schema) {
        this.source = Objects.requireNonNull(source, "source");
        this.columns = List.copyOf(columns);
        this.labels = List.copyOf(labels);
        this.features = Objects.requireNonNull(features, "features");
        this.targets = Objects.requireNonNull(targets, "targets");
        this.lengths = lengths;
        this.shape = shape;
        this.ids = ids instanceof RowNumbers ? ids : List.copyOf(ids);
        this.findings = List.copyOf(findings);
        this.schema = schema;
        DatasetChecks.check(this);
    }

    /**
     * Samples of any kind, without findings and schema.
     *
     * @param source the file, for messages
     * @param columns the feature columns and their encodings
     * @param labels label names
     * @param features samples x features; NaN where a value is missing; not copied
     * @param targets samples x labels: 0, 1, or -1 where missing; not copied
     * @param ids one name per sample
     * @param lengths letters of each sample's sequence; null without sequences
     * @param shape shape of the features of a sample; null for a vector
     * @throws IllegalArgumentException if the numbers of samples differ, a row is too short, too long or null, a
     *     feature is infinite, or a target is another number; the message names row and column, from 1
     * @throws NullPointerException if an argument that must not be null is null
     */
    public Dataset(
            String source,
            List<FeatureColumn> columns,
            List<String> labels,
            float[][] features,
            byte[][] targets,
            List<String> ids,
            int @Nullable [] lengths,
            @Nullable Shape shape) {
        this(source, columns, labels, features, targets, ids, lengths, shape, List.of(), null);
    }

    /**
     * Samples that are vectors, not sequences.
     *
     * @param source the file, for messages
     * @param columns the feature columns
     * @param labels label names
     * @param features samples x features; finite, or NaN where a value is missing; not copied
     * @param targets samples x labels: 0, 1, or -1 where missing; not copied
     * @param ids one name per sample
     * @throws IllegalArgumentException if a value cannot be used, as in the other constructor
     */
    public Dataset(
            String source,
            List<FeatureColumn> columns,
            List<String> labels,
            float[][] features,
            byte[][] targets,
            List<String> ids) {
        this(source, columns, labels, features, targets, ids, null, null);
    }

    /**
     * Makes a dataset from arrays. Columns are named feature1, feature2, ...; labels are named label1, label2, ...
     *
     * @param features samples x features, all rows of the same length; finite, or NaN where a value is missing; not
     *     copied
     * @param targets samples x labels, all rows of the same length: 0, 1, or -1 where missing; not copied
     * @return the dataset
     * @throws IllegalArgumentException if the numbers of samples differ, a row is too short, too long or null, a
     *     feature is infinite, or a target is another number; the message names row and column, from 1
     * @throws NullPointerException if an array is null
     */
    public static Dataset of(float[][] features, byte[][] targets) {
        Objects.requireNonNull(features, "features");
        Objects.requireNonNull(targets, "targets");
        List<FeatureColumn> columns =
                names(FEATURE, features.length == 0 || features[0] == null ? 0 : features[0].length).stream()
                        .map(n -> new FeatureColumn(n, List.of()))
                        .toList();
        return new Dataset(
                "arrays",
                columns,
                names("label", targets.length == 0 || targets[0] == null ? 0 : targets[0].length),
                features,
                targets,
                new RowNumbers(features.length));
    }

    /**
     * Whether columns have only the names that {@link #of} gives: such columns are known by their place.
     *
     * @param columns of a dataset or a model
     * @return true if they are feature1, feature2, ... and hold numbers
     */
    public static boolean positional(List<FeatureColumn> columns) {
        for (int c = 0; c < columns.size(); c++) {
            FeatureColumn column = columns.get(c);
            if (column.sequence() != null
                    || !column.categories().isEmpty()
                    || !column.name().equals(FEATURE + (c + 1))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> names(String prefix, int n) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> prefix + i).toList();
    }

    /** {@return the number of samples} */
    public int size() {
        return features.length;
    }

    /** {@return the number of features per sample} */
    public int width() {
        return columns.stream().mapToInt(FeatureColumn::width).sum();
    }

    /**
     * Which features are positions of sequences. They keep their values: padding must stay 0.
     *
     * @return a bit per feature, from 0
     */
    public BitSet positionFeatures() {
        BitSet features = new BitSet();
        int at = 0;
        for (FeatureColumn c : columns) {
            if (c.sequence() != null && c.sequence().keepsPositions()) {
                features.set(at, at + c.width());
            }
            at += c.width();
        }
        return features;
    }

    /** {@return all row numbers, from 0, ascending} */
    public int[] rows() {
        return IntStream.range(0, size()).toArray();
    }

    /**
     * Some rows.
     *
     * @param rows row numbers, from 0, in any order
     * @return those rows; their arrays are shared
     * @throws IndexOutOfBoundsException if there is no row of that number
     */
    public Dataset select(int[] rows) {
        float[][] some = new float[rows.length][];
        Arrays.setAll(some, i -> features[rows[i]]);
        int[] kept = lengths == null
                ? null
                : Arrays.stream(rows).map(r -> lengths[r]).toArray();
        return new Dataset(
                source,
                columns,
                labels,
                some,
                targets(rows),
                Arrays.stream(rows).mapToObj(ids::get).toList(),
                kept,
                shape,
                findings,
                schema);
    }

    /**
     * The rows of which a label is known. Only they can be learned from, and only they count in a metric.
     *
     * @return this dataset if there are no others; else those rows, with a finding that counts the others
     * @throws InputException if there are labels, and none is known in any row
     */
    public Dataset labelled() {
        int[] known = KnownRows.of(targets);
        if (labels.isEmpty() || known.length == size()) {
            return this;
        }
        if (known.length == 0) {
            throw new InputException(source + ": no label is known in any of the "
                    + Wording.count(size(), "row")
                    + ", so there is nothing to learn or to measure; write 1 where a row has a label, 0 where it"
                    + " does not, ? only where it is not known");
        }
        return select(known).with(KnownRows.others(size() - known.length, size(), source));
    }

    /**
     * The same rows under another name of their file.
     *
     * @param name the file, for messages
     * @return a dataset that shares all arrays
     */
    public Dataset named(String name) {
        return new Dataset(name, columns, labels, features, targets, ids, lengths, shape, findings, schema);
    }

    /**
     * The same rows with one more finding.
     *
     * @param found about these rows
     * @return a dataset that shares all arrays
     */
    public Dataset with(Finding found) {
        List<Finding> all = new ArrayList<>(findings);
        all.add(found);
        return new Dataset(source, columns, labels, features, targets, ids, lengths, shape, all, schema);
    }

    /** {@return the same rows without labels; their features are shared} */
    public Dataset withoutLabels() {
        return new Dataset(
                source, columns, List.of(), features, new byte[size()][0], ids, lengths, shape, findings, schema);
    }

    /**
     * These rows, followed by other rows.
     *
     * @param more rows of the same columns and labels
     * @return all rows; their arrays are shared
     * @throws IllegalArgumentException if columns or labels differ
     */
    public Dataset append(Dataset more) {
        if (!more.columns.equals(columns) || !more.labels.equals(labels)) {
            throw new IllegalArgumentException("rows of other columns or labels: " + more.source + " and " + source);
        }
        List<String> allIds = new ArrayList<>(ids);
        allIds.addAll(more.ids);
        List<Finding> allFindings = new ArrayList<>(findings);
        more.findings.stream().filter(f -> !findings.contains(f)).forEach(allFindings::add);
        return new Dataset(
                source,
                columns,
                labels,
                Stream.of(features, more.features).flatMap(Arrays::stream).toArray(float[][]::new),
                Stream.of(targets, more.targets).flatMap(Arrays::stream).toArray(byte[][]::new),
                allIds,
                lengths == null || more.lengths == null
                        ? null
                        : IntStream.concat(Arrays.stream(lengths), Arrays.stream(more.lengths))
                                .toArray(),
                shape,
                allFindings,
                schema);
    }

    /**
     * The targets of some rows.
     *
     * @param rows row numbers, from 0
     * @return rows x labels: 0, 1, or -1 where missing; the rows' arrays are shared
     */
    public byte[][] targets(int[] rows) {
        byte[][] some = new byte[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            some[i] = targets[rows[i]];
        }
        return some;
    }
}
