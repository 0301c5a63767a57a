package org.lamella.baseline;

import java.util.Arrays;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;

/**
 * Scaled features of some rows of a dataset, dense or sparse, whichever is smaller. A sparse matrix keeps the zeros of
 * the file: the shift of its scaling is not in its entries, it is subtracted from sums.
 */
abstract class FeatureMatrix {

    /** A sparse entry takes more time and memory than a dense one. One-hot nucleotides, a quarter, are sparse. */
    private static final double MAX_SPARSE_SHARE = 0.3;

    final int rows;
    final int columns;

    FeatureMatrix(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** Scales some rows. */
    static FeatureMatrix of(Dataset data, int[] rows, FeatureScaling scaling) {
        long entries = entries(data, rows);
        boolean sparse = entries < MAX_SPARSE_SHARE * rows.length * scaling.width();
        return sparse ? sparse(data, rows, scaling, entries) : dense(data, rows, scaling);
    }

    /** Entries of a sparse matrix of these rows. */
    static long entries(Dataset data, int[] rows) {
        long entries = 0;
        for (int row : rows) {
            for (float x : data.features()[row]) {
                entries += x != 0 ? 1 : 0; // NaN counts: it becomes the mean
            }
        }
        return entries;
    }

    /** Other rows in the same form. */
    abstract FeatureMatrix others(Dataset data, int[] other, FeatureScaling scaling);

    static FeatureMatrix dense(Dataset data, int[] rows, FeatureScaling scaling) {
        float[][] values = new float[rows.length][scaling.width()];
        for (int i = 0; i < rows.length; i++) {
            float[] x = data.features()[rows[i]];
            for (int j = 0; j < x.length; j++) {
                values[i][j] = scaling.apply(j, x[j]);
            }
        }
        return new DenseMatrix(values, scaling.width());
    }

    static FeatureMatrix sparse(Dataset data, int[] rows, FeatureScaling scaling, long entries) {
        int[] starts = new int[rows.length + 1];
        int[] columns = new int[Math.toIntExact(entries)];
        float[] values = new float[columns.length];
        int at = 0;
        for (int i = 0; i < rows.length; i++) {
            float[] x = data.features()[rows[i]];
            for (int j = 0; j < x.length; j++) {
                if (x[j] != 0) {
                    columns[at] = j;
                    values[at++] = (Float.isNaN(x[j]) ? scaling.fill()[j] : x[j]) * scaling.scale()[j];
                }
            }
            starts[i + 1] = at;
        }
        double[] centre = new double[scaling.width()];
        Arrays.setAll(centre, j -> scaling.shift()[j] * (double) scaling.scale()[j]);
        return new SparseMatrix(starts, columns, values, centre);
    }

    /** Stored entries of all rows. */
    abstract long entries();

    /** Multiplications for the distances of so many rows from all rows of this matrix. */
    abstract double distanceWork(double others);

    /**
     * Multiplies rows by a vector.
     *
     * @param some numbers of rows
     * @param v a value per column
     * @param out receives a value per row of {@code some}
     */
    abstract void times(int[] some, double[] v, double[] out);

    /**
     * Multiplies the transposed rows by a vector.
     *
     * @param some numbers of rows
     * @param v a value per row of {@code some}
     * @param out receives a value per column
     */
    abstract void transposedTimes(int[] some, double[] v, double[] out);

    /**
     * The diagonal of X^T D X.
     *
     * @param some numbers of rows
     * @param d a weight per row of {@code some}
     * @param out receives a value per column
     */
    abstract void weightedSquares(int[] some, double[] d, double[] out);

    /**
     * The nearest rows of another matrix by Euclidean distance; of equal distances the lower row number is nearer.
     *
     * @param row a row of this matrix
     * @param from the matrix of the neighbours, of the same form
     * @param self a row of {@code from} that is no neighbour; -1 for none
     * @param nearest receives the neighbours, and their distances
     */
    abstract void nearest(int row, FeatureMatrix from, int self, Nearest nearest);
}
