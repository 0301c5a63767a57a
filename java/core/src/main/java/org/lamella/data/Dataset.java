package org.lamella.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Shape;

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
 */
public record Dataset(
        String source,
        List<FeatureColumn> columns,
        List<String> labels,
        float[][] features,
        byte[][] targets,
        List<String> ids,
        int @Nullable [] lengths,
        @Nullable Shape shape) {

    /**
     * Samples of any kind. Checks that the numbers of samples are equal.
     *
     * @param source the file, for messages
     * @param columns the feature columns and their encodings
     * @param labels label names
     * @param features samples x features; NaN where a value is missing; not copied
     * @param targets samples x labels: 0, 1, or -1 where missing; not copied
     * @param ids one name per sample
     * @param lengths letters of each sample's sequence; null without sequences
     * @param shape shape of the features of a sample; null for a vector
     * @throws IllegalArgumentException if the numbers of samples differ
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
        if (features.length != targets.length || features.length != ids.size()) {
            throw new IllegalArgumentException("a dataset needs as many targets and ids as rows of features: got "
                    + targets.length + " and " + ids.size() + " for " + features.length);
        }
        this.source = source;
        this.columns = List.copyOf(columns);
        this.labels = List.copyOf(labels);
        this.features = features;
        this.targets = targets;
        this.lengths = lengths;
        this.shape = shape;
        this.ids = ids instanceof RowNumbers ? ids : List.copyOf(ids);
    }

    /**
     * Samples that are vectors, not sequences.
     *
     * @param source the file, for messages
     * @param columns the feature columns
     * @param labels label names
     * @param features samples x features; NaN where a value is missing; not copied
     * @param targets samples x labels: 0, 1, or -1 where missing; not copied
     * @param ids one name per sample
     * @throws IllegalArgumentException if the numbers of samples differ
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
     * @param features samples x features; NaN where a value is missing; not copied
     * @param targets samples x labels: 0, 1, or -1 where missing; not copied
     * @return the dataset
     * @throws IllegalArgumentException if the numbers of samples differ
     */
    public static Dataset of(float[][] features, byte[][] targets) {
        List<FeatureColumn> columns = names("feature", features.length == 0 ? 0 : features[0].length).stream()
                .map(n -> new FeatureColumn(n, List.of()))
                .toList();
        return new Dataset(
                "arrays",
                columns,
                names("label", targets.length == 0 ? 0 : targets[0].length),
                features,
                targets,
                names("", features.length));
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
                shape);
    }

    /** {@return the same rows without labels; their features are shared} */
    public Dataset withoutLabels() {
        return new Dataset(source, columns, List.of(), features, new byte[size()][0], ids, lengths, shape);
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
                shape);
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
