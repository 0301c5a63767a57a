package org.lamella.evaluation.analysis;

/** The standard error of the difference between two sums over the same rows. */
final class PairedError {

    private PairedError() {}

    /**
     * The standard error.
     *
     * @param first the share of every row in one sum
     * @param second the share of every row in the other one
     * @return 0 or more
     */
    static double of(double[] first, double[] second) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < first.length; i++) {
            double difference = first[i] - second[i];
            sum += difference;
            squares += difference * difference;
        }
        int rows = first.length;
        return Math.sqrt(Math.max(0, squares - sum * sum / rows) * rows / Math.max(1, rows - 1));
    }
}
