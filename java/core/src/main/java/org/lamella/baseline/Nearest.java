package org.lamella.baseline;

import java.util.Arrays;

/** The nearest rows found so far, nearest first. Rows are added in ascending order, so that ties go to the first. */
final class Nearest {

    private final int[] rows;
    private final double[] distances;
    private double[] space = new double[0];
    private int count;

    Nearest(int k) {
        rows = new int[k];
        distances = new double[k];
    }

    /** Forgets all rows. */
    void clear() {
        count = 0;
    }

    /** Only a smaller squared distance is among the nearest. */
    double limit() {
        return count < rows.length ? Double.POSITIVE_INFINITY : count == 0 ? 0 : distances[count - 1];
    }

    /** Adds a row whose squared distance is below the limit. */
    void add(int number, double distance) {
        int at = count < rows.length ? count++ : count - 1;
        for (; at > 0 && distances[at - 1] > distance; at--) {
            rows[at] = rows[at - 1];
            distances[at] = distances[at - 1];
        }
        rows[at] = number;
        distances[at] = distance;
    }

    /** The rows, nearest first. */
    int[] rows() {
        return Arrays.copyOf(rows, count);
    }

    /** An array of zeros that is used again for the next row. */
    double[] zeros(int length) {
        if (space.length != length) {
            space = new double[length];
        }
        Arrays.fill(space, 0);
        return space;
    }
}
