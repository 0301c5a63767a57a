package org.lamella.evaluation.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metric;

/**
 * The outcome of each sample, from which {@link Metric#HEADLINE} is counted quickly for any selection of samples.
 *
 * @param samples one per sample
 * @param labels number of labels
 * @param empty how samples count in rankings that have nothing to rank
 */
record Outcomes(List<Outcome> samples, int labels, EmptyRows empty) {

    /** The decisions on one sample, as lists of labels, and its ranking. */
    record Outcome(
            int known, int[] truePositives, int[] falsePositives, int[] falseNegatives, RankingMetrics.Sample ranking) {

        static Outcome of(boolean[] decided, float[] scores, byte[] target) {
            int[][] lists = new int[3][target.length];
            int[] counts = new int[3];
            int known = 0;
            for (int l = 0; l < target.length; l++) {
                known += target[l] >= 0 ? 1 : 0;
                int kind = target[l] < 0 ? -1 : decided[l] ? target[l] == 1 ? 0 : 1 : target[l] == 1 ? 2 : -1;
                if (kind >= 0) {
                    lists[kind][counts[kind]++] = l;
                }
            }
            return new Outcome(
                    known,
                    Arrays.copyOf(lists[0], counts[0]),
                    Arrays.copyOf(lists[1], counts[1]),
                    Arrays.copyOf(lists[2], counts[2]),
                    RankingMetrics.Sample.of(scores, target));
        }
    }

    static Outcomes of(DecidedRows rows, byte[][] targets, EmptyRows empty) {
        List<Outcome> all = new ArrayList<>();
        for (int n = 0; n < targets.length; n++) {
            all.add(Outcome.of(rows.decisions()[n], rows.probabilities()[n], targets[n]));
        }
        return new Outcomes(all, targets.length == 0 ? 0 : targets[0].length, empty);
    }

    /** The metrics of {@link Metric#HEADLINE} for a draw that contains each sample {@code times} times. */
    double[] headline(int[] times) {
        long[][] counts = new long[3][labels];
        long known = 0;
        long exact = 0;
        double loss = 0;
        double precision = 0;
        long drawn = 0;
        long ranked = 0;
        long paired = 0;
        for (int n = 0; n < times.length; n++) {
            int weight = times[n];
            if (weight == 0) {
                continue;
            }
            Outcome o = samples.get(n);
            drawn += weight;
            known += (long) weight * o.known;
            exact += o.falsePositives.length + o.falseNegatives.length == 0 ? weight : 0;
            add(counts[0], o.truePositives, weight);
            add(counts[1], o.falsePositives, weight);
            add(counts[2], o.falseNegatives, weight);
            if (o.ranking.ranked(empty)) {
                ranked += weight;
                precision += weight * o.ranking.precision();
            }
            if (o.ranking.paired(empty)) {
                paired += weight;
                loss += weight * o.ranking.loss();
            }
        }
        Decisions d = new Decisions(
                known, Decisions.sum(counts[1]) + Decisions.sum(counts[2]), exact, counts[0], counts[1], counts[2]);
        return new double[] {
            d.wrong() / (double) known,
            exact / (double) drawn,
            d.microF1(),
            d.macroF1(),
            loss / paired,
            precision / ranked
        };
    }

    private static void add(long[] counts, int[] labels, int weight) {
        for (int l : labels) {
            counts[l] += weight;
        }
    }
}
