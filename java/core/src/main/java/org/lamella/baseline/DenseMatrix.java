package org.lamella.baseline;

import java.util.Arrays;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;

/** Rows as arrays of scaled values. */
final class DenseMatrix extends FeatureMatrix {

    /** Columns after which a distance that is too large already is given up. */
    private static final int STRIDE = 64;

    private final float[][] values;

    DenseMatrix(float[][] values, int columns) {
        super(values.length, columns);
        this.values = values;
    }

    @Override
    FeatureMatrix others(Dataset data, int[] other, FeatureScaling scaling) {
        return dense(data, other, scaling);
    }

    @Override
    long entries() {
        return (long) rows * columns;
    }

    @Override
    double distanceWork(double others) {
        return entries() * others;
    }

    @Override
    void times(int[] some, double[] v, double[] out) {
        int whole = columns - columns % 4;
        for (int i = 0; i < some.length; i++) {
            float[] x = values[some[i]];
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            for (int j = 0; j < whole; j += 4) { // four sums: the processor adds them at the same time
                a += x[j] * v[j];
                b += x[j + 1] * v[j + 1];
                c += x[j + 2] * v[j + 2];
                d += x[j + 3] * v[j + 3];
            }
            for (int j = whole; j < columns; j++) {
                a += x[j] * v[j];
            }
            out[i] = a + b + (c + d);
        }
    }

    @Override
    void transposedTimes(int[] some, double[] v, double[] out) {
        Arrays.fill(out, 0, columns, 0);
        int whole = some.length - some.length % 4;
        for (int i = 0; i < whole; i += 4) { // four rows at a time: fewer passes over the result
            float[] p = values[some[i]];
            float[] q = values[some[i + 1]];
            float[] r = values[some[i + 2]];
            float[] s = values[some[i + 3]];
            for (int j = 0; j < columns; j++) {
                out[j] += v[i] * p[j] + v[i + 1] * q[j] + (v[i + 2] * r[j] + v[i + 3] * s[j]);
            }
        }
        for (int i = whole; i < some.length; i++) {
            float[] x = values[some[i]];
            for (int j = 0; j < columns; j++) {
                out[j] += v[i] * x[j];
            }
        }
    }

    @Override
    void weightedSquares(int[] some, double[] d, double[] out) {
        Arrays.fill(out, 0, columns, 0);
        for (int i = 0; i < some.length; i++) {
            float[] x = values[some[i]];
            for (int j = 0; j < columns; j++) {
                out[j] += d[i] * x[j] * x[j];
            }
        }
    }

    @Override
    void nearest(int row, FeatureMatrix from, int self, Nearest nearest) {
        float[] x = values[row];
        float[][] others = ((DenseMatrix) from).values;
        for (int r = 0; r < others.length; r++) {
            if (r != self) {
                double distance = distance(x, others[r], nearest.limit());
                if (distance < nearest.limit()) {
                    nearest.add(r, distance);
                }
            }
        }
    }

    /** The squared distance, or a part of it that is at least the limit. */
    private double distance(float[] x, float[] y, double limit) {
        double sum = 0;
        for (int from = 0; from < columns && sum < limit; from += STRIDE) {
            int to = Math.min(columns, from + STRIDE);
            double a = 0;
            double b = 0;
            int j = from;
            for (; j + 1 < to; j += 2) {
                double p = x[j] - (double) y[j];
                double q = x[j + 1] - (double) y[j + 1];
                a += p * p;
                b += q * q;
            }
            if (j < to) {
                double p = x[j] - (double) y[j];
                a += p * p;
            }
            sum += a + b;
        }
        return sum;
    }
}
