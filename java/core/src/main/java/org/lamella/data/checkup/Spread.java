package org.lamella.data.checkup;

/**
 * Range and moments of the values of a feature.
 *
 * @param low the smallest; 0 if all are missing
 * @param high the largest; 0 if all are missing
 * @param mean of those that are known
 * @param deviation standard deviation of those that are known
 * @param missing how many are missing
 * @param whole whether all are whole numbers
 */
record Spread(double low, double high, double mean, double deviation, int missing, boolean whole) {

    static Spread of(float[][] rows, int column) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double sum = 0;
        int known = 0;
        boolean whole = true;
        for (float[] row : rows) {
            float x = row[column];
            if (!Float.isNaN(x)) {
                low = Math.min(low, x);
                high = Math.max(high, x);
                sum += x;
                known++;
                whole &= x == Math.rint(x);
            }
        }
        double mean = sum / Math.max(1, known);
        double squares = 0;
        for (float[] row : rows) {
            double d = Float.isNaN(row[column]) ? 0 : row[column] - mean;
            squares += d * d;
        }
        boolean none = known == 0;
        return new Spread(
                none ? 0 : low,
                none ? 0 : high,
                mean,
                Math.sqrt(squares / Math.max(1, known)),
                rows.length - known,
                whole);
    }

    boolean constant() {
        return low == high;
    }

    /** Whether the values are small whole numbers, as codes and pixels are. */
    boolean codes() {
        return whole && low >= 0 && high <= 255 && high > 1;
    }

    /** Whether a value is more than this many standard deviations from the mean. */
    boolean reaches(double deviations) {
        return Math.max(high - mean, mean - low) > deviations * deviation;
    }
}
