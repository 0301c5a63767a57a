package org.lamella.evaluation.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.rows.LabelCounts;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.DecisionRule;

/**
 * The data of the charts of a result.
 *
 * @param calibration ten bins of equal width of the probabilities; those without a decision are left out
 * @param cuts results with one threshold for all labels, from 0.02 to 0.98
 * @param curves each label's precision-recall curve; without points if the label has no positive
 * @param together labels x labels: rows that have both
 * @param mistaken labels x labels: among the rows that have the first label but not the second, the share that is given
 *     the second; NaN without such rows
 */
public record Detail(List<Bin> calibration, List<Cut> cuts, List<Curve> curves, int[][] together, double[][] mistaken) {

    private static final int BINS = 10;
    private static final int CUTS = 49;

    /**
     * Decisions whose probability is in a range.
     *
     * @param predicted mean probability
     * @param positive share of positives
     * @param decisions number of decisions
     */
    public record Bin(double predicted, double positive, int decisions) {}

    /**
     * Metrics with one threshold for all labels. NaN where undefined.
     *
     * @param threshold a label is given from this probability on
     * @param precision micro-precision
     * @param recall micro-recall
     * @param f1 micro-F1
     * @param macroF1 macro-F1
     * @param cardinality mean number of labels given per row
     */
    public record Cut(
            double threshold, double precision, double recall, double f1, double macroF1, double cardinality) {}

    /**
     * A label's precision-recall curve, by falling threshold: all points that can be told apart in a chart.
     *
     * @param recall of each point
     * @param precision of each point
     */
    public record Curve(double[] recall, double[] precision) {

        /** Recalls that a chart can tell apart. */
        private static final int RESOLUTION = 250;

        /** Leaves out points that change nothing visible: those within the range of the others of the same recall. */
        private static Curve of(List<double[]> points) {
            List<double[]> kept = new ArrayList<>();
            for (int from = 0; from < points.size(); ) {
                int to = from;
                int lowest = from;
                int highest = from;
                for (; to < points.size() && column(points.get(to)) == column(points.get(from)); to++) {
                    lowest = points.get(to)[1] < points.get(lowest)[1] ? to : lowest;
                    highest = points.get(to)[1] > points.get(highest)[1] ? to : highest;
                }
                IntStream.of(from, lowest, highest, to - 1)
                        .sorted()
                        .distinct()
                        .mapToObj(points::get)
                        .forEach(kept::add);
                from = to;
            }
            return new Curve(
                    kept.stream().mapToDouble(p -> p[0]).toArray(),
                    kept.stream().mapToDouble(p -> p[1]).toArray());
        }

        private static int column(double[] point) {
            return (int) (point[0] * RESOLUTION);
        }
    }

    /**
     * Computes the data of the charts.
     *
     * @param predictions of the samples
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @return the data of the charts
     */
    public static Detail of(Predictions predictions, byte[][] targets) {
        return of(
                new DecidedRows(predictions.probabilities(), predictions.rule().decide(predictions.probabilities())),
                targets);
    }

    /**
     * Computes the data of the charts.
     *
     * @param predictions of the samples
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @return the data of the charts
     */
    public static Detail of(DecidedRows predictions, byte[][] targets) {
        int[] known = KnownRows.of(targets);
        if (known.length < targets.length) {
            return of(predictions.rows(known), KnownRows.select(targets, known));
        }
        int labels = targets.length == 0 ? 0 : targets[0].length;
        float[][] p = predictions.probabilities();
        List<Cut> cuts = new ArrayList<>();
        for (int c = 1; c <= CUTS; c++) {
            cuts.add(cut(c / (CUTS + 1.0), p, targets, labels));
        }
        List<Curve> curves = new ArrayList<>();
        for (int l = 0; l < labels; l++) {
            curves.add(curve(p, targets, l));
        }
        return new Detail(
                calibration(p, targets),
                cuts,
                curves,
                LabelCounts.together(targets, labels),
                mistaken(predictions.decisions(), targets, labels));
    }

    private static List<Bin> calibration(float[][] p, byte[][] targets) {
        double[] predicted = new double[BINS];
        int[] positive = new int[BINS];
        int[] decisions = new int[BINS];
        for (int n = 0; n < targets.length; n++) {
            for (int l = 0; l < targets[n].length; l++) {
                if (targets[n][l] >= 0) {
                    int bin = Math.min((int) (p[n][l] * BINS), BINS - 1);
                    predicted[bin] += p[n][l];
                    positive[bin] += targets[n][l];
                    decisions[bin]++;
                }
            }
        }
        List<Bin> bins = new ArrayList<>();
        for (int b = 0; b < BINS; b++) {
            if (decisions[b] > 0) {
                bins.add(new Bin(predicted[b] / decisions[b], positive[b] / (double) decisions[b], decisions[b]));
            }
        }
        return bins;
    }

    private static Cut cut(double threshold, float[][] p, byte[][] targets, int labels) {
        Decisions d =
                Decisions.count(DecisionRule.fixed(labels, (float) threshold).decide(p), targets, labels);
        long truePositives = Decisions.sum(d.truePositives());
        long given = truePositives + Decisions.sum(d.falsePositives());
        long positives = truePositives + Decisions.sum(d.falseNegatives());
        return new Cut(
                threshold,
                given == 0 ? Double.NaN : truePositives / (double) given,
                positives == 0 ? Double.NaN : truePositives / (double) positives,
                d.microF1(),
                d.macroF1(),
                given / (double) targets.length);
    }

    private static Curve curve(float[][] p, byte[][] targets, int label) {
        Integer[] known = IntStream.range(0, targets.length)
                .filter(n -> targets[n][label] >= 0)
                .boxed()
                .sorted(Comparator.comparingDouble(n -> -p[n][label]))
                .toArray(Integer[]::new);
        long positives =
                Arrays.stream(known).filter(n -> targets[n][label] == 1).count();
        List<double[]> points = new ArrayList<>();
        long found = 0;
        for (int i = 0; i < known.length && positives > 0; i++) {
            found += targets[known[i]][label];
            boolean tied = i + 1 < known.length && p[known[i + 1]][label] == p[known[i]][label];
            if (!tied) {
                points.add(new double[] {found / (double) positives, found / (i + 1.0)});
            }
            if (found == positives && !tied) {
                break; // recall is 1; further points only have a lower precision
            }
        }
        return Curve.of(points);
    }

    private static double[][] mistaken(boolean[][] given, byte[][] targets, int labels) {
        double[][] share = new double[labels][labels];
        int[][] rows = new int[labels][labels];
        for (int n = 0; n < targets.length; n++) {
            for (int a = 0; a < labels; a++) {
                for (int b = 0; targets[n][a] == 1 && b < labels; b++) {
                    if (targets[n][b] == 0) {
                        rows[a][b]++;
                        share[a][b] += given[n][b] ? 1 : 0;
                    }
                }
            }
        }
        for (int a = 0; a < labels; a++) {
            for (int b = 0; b < labels; b++) {
                share[a][b] /= rows[a][b];
            }
        }
        return share;
    }
}
