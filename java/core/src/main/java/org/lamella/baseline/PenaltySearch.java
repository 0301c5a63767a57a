package org.lamella.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.parallel.Tasks;
import org.lamella.work.Work;

/**
 * The logarithmic loss of held-out rows for several penalties, from the strongest to the weakest. Every problem starts
 * at the solution of the penalty before it.
 */
final class PenaltySearch {

    /** Precise enough to compare penalties. */
    private static final double TOLERANCE = 1e-3;
    /** Limit of the passes over the matrix per problem; unscaled columns may need more than are worth it. */
    private static final long MAX_PRODUCTS = 300;

    private static final int MIN_POWER = -4;
    private static final int MAX_POWER = 3;
    /** Penalties of a search at most. */
    static final int MAX_PENALTIES = MAX_POWER - MIN_POWER + 3;

    /** One label in one fold. */
    private record Part(LogisticProblem training, LogisticProblem heldOut) {}

    private final FeatureMatrix matrix;
    private final List<Part> parts = new ArrayList<>();
    private final double[][] weights;
    private final int threads;
    private final Work work;

    /**
     * A search.
     *
     * @param matrix of the training rows
     * @param targets of these rows: 0, 1, or -1 where missing
     * @param folds the rows of each fold
     * @param labels numbers of the labels
     * @param threads 1 or more
     * @param work counts a unit per problem
     */
    PenaltySearch(FeatureMatrix matrix, byte[][] targets, int[][] folds, int[] labels, int threads, Work work) {
        this.matrix = matrix;
        this.threads = threads;
        this.work = work;
        for (int label : labels) {
            for (int fold = 0; fold < folds.length; fold++) {
                int[] own = folds[fold];
                int[] others = others(folds, fold);
                parts.add(new Part(problem(targets, others, label), problem(targets, own, label)));
            }
        }
        weights = new double[parts.size()][];
        Arrays.setAll(weights, i -> NewtonSolver.start(parts.get(i).training));
    }

    private static int[] others(int[][] folds, int left) {
        return IntStream.range(0, folds.length)
                .filter(f -> f != left)
                .flatMap(f -> Arrays.stream(folds[f]))
                .sorted()
                .toArray();
    }

    private LogisticProblem problem(byte[][] targets, int[] rows, int label) {
        return problem(matrix, targets, rows, label, 1);
    }

    /** The rows of which the label is known. */
    static LogisticProblem problem(FeatureMatrix matrix, byte[][] targets, int[] rows, int label, double c) {
        int[] known = Arrays.stream(rows).filter(r -> targets[r][label] >= 0).toArray();
        boolean[] positive = new boolean[known.length];
        for (int i = 0; i < known.length; i++) {
            positive[i] = targets[known[i]][label] == 1;
        }
        return new LogisticProblem(matrix, known, positive, c);
    }

    /**
     * The best penalty.
     *
     * @param c weight of the loss; a large one is a weak penalty
     * @param loss mean over the held-out decisions
     */
    record Best(double c, double loss) {}

    /** Searches powers of 10 from the strongest penalty on, until the loss rises; then halfway to both neighbours. */
    Best search() {
        Best best = new Best(Double.NaN, Double.POSITIVE_INFINITY);
        for (int power = MIN_POWER; power <= MAX_POWER; power++) {
            double c = Math.pow(10, power);
            double loss = loss(c);
            if (loss > best.loss) {
                break;
            }
            best = new Best(c, loss);
        }
        double middle = best.c;
        for (double c : new double[] {middle / Math.sqrt(10), middle * Math.sqrt(10)}) {
            double loss = loss(c);
            best = loss < best.loss ? new Best(c, loss) : best;
        }
        return best;
    }

    /** The mean loss of all held-out decisions. */
    double loss(double c) {
        double[] losses = new double[parts.size()];
        Tasks.run(parts.size(), threads, work, i -> losses[i] = loss(i, c));
        long decisions = parts.stream().mapToLong(p -> p.heldOut.rows().length).sum();
        return Arrays.stream(losses).sum() / Math.max(1, decisions);
    }

    private double loss(int i, double c) {
        LogisticProblem own = parts.get(i).training;
        if (own.solvable()) {
            LogisticProblem weighted = new LogisticProblem(own.matrix(), own.rows(), own.positive(), c);
            weights[i] = NewtonSolver.solve(weighted, weights[i], TOLERANCE, MAX_PRODUCTS)
                    .weights();
        }
        LogisticProblem heldOut = parts.get(i).heldOut;
        double[] logits = new double[heldOut.rows().length];
        matrix.times(heldOut.rows(), weights[i], logits);
        double sum = 0;
        for (int r = 0; r < logits.length; r++) {
            sum += LogisticProblem.loss(logits[r] + weights[i][matrix.columns], heldOut.positive()[r]);
        }
        return sum;
    }
}
