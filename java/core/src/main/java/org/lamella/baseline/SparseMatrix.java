package org.lamella.baseline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;

/** Rows as lists of their entries that are not 0 before the shift (compressed sparse rows). */
final class SparseMatrix extends FeatureMatrix {

    private final int[] starts;
    private final int[] places;
    private final float[] values;
    /** What the shift subtracts from every row, in scaled units. */
    private final double[] centre;
    /** Sum of the squared entries of each row, before the shift. */
    private final double[] norms;

    private @Nullable Columns transposed;

    SparseMatrix(int[] starts, int[] places, float[] values, double[] centre) {
        super(starts.length - 1, centre.length);
        this.starts = starts;
        this.places = places;
        this.values = values;
        this.centre = centre;
        this.norms = new double[rows];
        for (int r = 0; r < rows; r++) {
            for (int e = starts[r]; e < starts[r + 1]; e++) {
                norms[r] += values[e] * (double) values[e];
            }
        }
    }

    @Override
    FeatureMatrix others(Dataset data, int[] other, FeatureScaling scaling) {
        return sparse(data, other, scaling, entries(data, other));
    }

    @Override
    long entries() {
        return values.length;
    }

    @Override
    double distanceWork(double others) {
        int[] ofColumns = new int[columns];
        for (int column : places) {
            ofColumns[column]++;
        }
        double pairs = Arrays.stream(ofColumns).mapToDouble(n -> n * (double) n).sum(); // within this matrix
        return (pairs / Math.max(1, rows) + rows) * others;
    }

    @Override
    void times(int[] some, double[] v, double[] out) {
        double shift = 0;
        for (int j = 0; j < columns; j++) {
            shift += centre[j] * v[j];
        }
        for (int i = 0; i < some.length; i++) {
            double sum = 0;
            for (int e = starts[some[i]]; e < starts[some[i] + 1]; e++) {
                sum += values[e] * v[places[e]];
            }
            out[i] = sum - shift;
        }
    }

    @Override
    void transposedTimes(int[] some, double[] v, double[] out) {
        Arrays.fill(out, 0, columns, 0);
        double sum = 0;
        for (int i = 0; i < some.length; i++) {
            sum += v[i];
            for (int e = starts[some[i]]; e < starts[some[i] + 1]; e++) {
                out[places[e]] += v[i] * values[e];
            }
        }
        for (int j = 0; j < columns; j++) {
            out[j] -= centre[j] * sum;
        }
    }

    @Override
    void weightedSquares(int[] some, double[] d, double[] out) {
        Arrays.fill(out, 0, columns, 0);
        double sum = 0;
        for (int i = 0; i < some.length; i++) {
            sum += d[i];
            for (int e = starts[some[i]]; e < starts[some[i] + 1]; e++) {
                // d (x - c)^2 = d x (x - 2 c) + d c^2
                out[places[e]] += d[i] * values[e] * (values[e] - 2 * centre[places[e]]);
            }
        }
        for (int j = 0; j < columns; j++) {
            out[j] += centre[j] * centre[j] * sum;
        }
    }

    /** By columns: only columns that both rows have count in a product. */
    private synchronized Columns byColumns() {
        if (transposed == null) {
            transposed = Columns.of(this);
        }
        return transposed;
    }

    @Override
    void nearest(int row, FeatureMatrix from, int self, Nearest nearest) {
        SparseMatrix others = (SparseMatrix) from;
        Columns columnsOfOthers = others.byColumns();
        double[] products = nearest.zeros(others.rows);
        for (int e = starts[row]; e < starts[row + 1]; e++) {
            columnsOfOthers.add(places[e], values[e], products);
        }
        for (int r = 0; r < others.rows; r++) {
            double distance = norms[row] + others.norms[r] - 2 * products[r]; // the shift is the same on both sides
            if (r != self && distance < nearest.limit()) {
                nearest.add(r, distance);
            }
        }
    }

    /** The entries of each column. */
    private record Columns(int[] starts, int[] rows, float[] values) {

        static Columns of(SparseMatrix matrix) {
            int[] starts = new int[matrix.columns + 1];
            for (int column : matrix.places) {
                starts[column + 1]++;
            }
            for (int j = 0; j < matrix.columns; j++) {
                starts[j + 1] += starts[j];
            }
            int[] next = starts.clone();
            int[] rows = new int[matrix.places.length];
            float[] values = new float[rows.length];
            for (int r = 0; r < matrix.rows; r++) {
                for (int e = matrix.starts[r]; e < matrix.starts[r + 1]; e++) {
                    int at = next[matrix.places[e]]++;
                    rows[at] = r;
                    values[at] = matrix.values[e];
                }
            }
            return new Columns(starts, rows, values);
        }

        /** Adds a multiple of a column. */
        void add(int column, double factor, double[] to) {
            for (int e = starts[column]; e < starts[column + 1]; e++) {
                to[rows[e]] += factor * values[e];
            }
        }
    }
}
