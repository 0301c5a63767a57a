package org.lamella.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.FeatureScaling.Method;
import org.lamella.data.InputFormat;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.rows.LabelCounts;
import org.lamella.data.rows.Split;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metrics;
import org.lamella.model.Model;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.lamella.network.Zoo;
import org.lamella.parallel.Tasks;
import org.lamella.work.Work;

/**
 * One logistic regression per label with an L2 penalty, at its optimum. Scaling and penalty are chosen by
 * cross-validation on the training rows, by logarithmic loss. Equal rows are in the same fold: else a penalty that is
 * too weak would look good. The penalty is the same for all labels: one per label was no better on held-out rows of six
 * data sets (logarithmic loss 2 % lower to 3 % higher). The result is a {@link Model} like any other, with the zoo's
 * linear network.
 */
public final class LogisticRegression {

    /** With more rows, fewer folds are as reliable. */
    private static final int MANY_ROWS = 2000;

    private static final int FOLDS = 5;
    private static final int FOLDS_OF_MANY_ROWS = 3;
    /** Labels whose losses choose scaling and penalty; more would choose the same. */
    private static final int MAX_LABELS = 16;
    /** Of the gradient at the start; the decisions of an optimum this close are those of the exact one. */
    private static final double TOLERANCE = 1e-7;
    /** Limits of the work in entries of the matrix times passes over it: some minutes of one core. */
    private static final long MAX_SEARCH = 200_000_000_000L;

    private static final long MAX_FIT = 200_000_000_000L;
    private static final long MIN_PRODUCTS = 50;
    private static final long MAX_PRODUCTS = 20_000;
    /** Passes per problem of a search, measured. */
    private static final long USUAL_PRODUCTS = 60;

    private final Dataset data;
    private final int[] rows;
    private final long seed;
    private final int threads;

    /**
     * A fitted model.
     *
     * @param model with the threshold 0.5
     * @param fit how it was fitted
     */
    public record Fitted(Model model, LinearFit fit) {}

    private LogisticRegression(Dataset data, int[] rows, long seed, int threads) {
        this.data = data;
        this.rows = rows;
        this.seed = seed;
        this.threads = threads;
    }

    /**
     * Fits a model. The same data and seed give the same model to the bit, for any number of threads.
     *
     * @param data has the rows
     * @param rows numbers of the training rows, from 0, at least one with a known label
     * @param seed of the folds
     * @param threads 1 or more
     * @return the model
     * @throws org.lamella.InterruptedWorkException if the thread is interrupted
     */
    public static Fitted fit(Dataset data, int[] rows, long seed, int threads) {
        int[] known = KnownRows.among(rows, data.targets());
        return new LogisticRegression(data, known, seed, threads).fit();
    }

    private Fitted fit() {
        LinearFit choice = choose();
        FeatureScaling scaling = FeatureScaling.learn(choice.scaling(), data, rows);
        FeatureMatrix matrix = FeatureMatrix.of(data, rows, scaling);
        int labels = data.labels().size();
        byte[][] targets = data.targets(rows);
        int[] all = IntStream.range(0, rows.length).toArray();
        double[][] weights = new double[labels][];
        boolean[] converged = new boolean[labels];
        long perLabel = MAX_FIT / Math.max(1, matrix.entries() * labels);
        long products = Math.max(MIN_PRODUCTS, Math.min(MAX_PRODUCTS, perLabel));
        try (Work work = Work.begin("fitting logistic regression", labels, "label")) {
            Tasks.run(labels, threads, work, l -> {
                LogisticProblem problem = PenaltySearch.problem(matrix, targets, all, l, choice.c());
                weights[l] = NewtonSolver.start(problem);
                converged[l] = true;
                if (problem.solvable()) {
                    NewtonSolver.Solution best = NewtonSolver.solve(problem, weights[l], TOLERANCE, products);
                    weights[l] = best.weights();
                    converged[l] = best.converged();
                }
            });
        }
        int unconverged =
                (int) IntStream.range(0, labels).filter(l -> !converged[l]).count();
        return new Fitted(
                model(scaling, weights),
                new LinearFit(
                        choice.scaling(),
                        choice.c(),
                        choice.validatedLoss(),
                        choice.folds(),
                        choice.validatedRows(),
                        unconverged));
    }

    /** Scaling and penalty with the lowest loss. */
    private LinearFit choose() {
        List<Method> scalings = different();
        FeatureMatrix plain = FeatureMatrix.of(data, rows, FeatureScaling.learn(Method.NONE, data, rows));
        int folds = rows.length > MANY_ROWS ? FOLDS_OF_MANY_ROWS : FOLDS;
        int most = Math.min(MAX_LABELS, data.labels().size());
        long usual = (long) scalings.size() * PenaltySearch.MAX_PENALTIES * USUAL_PRODUCTS * folds * most;
        int[] some = sample(Math.min(1, MAX_SEARCH / ((double) usual * plain.entries() + 1)));
        int[] labels = labels(some);
        if (labels.length == 0) {
            return new LinearFit(Method.STANDARD, 1, Double.NaN, 0, 0, 0);
        }
        byte[][] targets = data.targets(some);
        double[] ratios = new double[folds];
        Arrays.fill(ratios, 1);
        int[][] parts = Split.stratified(targets, ratios, seed, repeated(some));
        LinearFit best = new LinearFit(Method.STANDARD, 1, Double.POSITIVE_INFINITY, folds, some.length, 0);
        long problems = (long) scalings.size() * PenaltySearch.MAX_PENALTIES * labels.length * folds;
        try (Work work = Work.begin("choosing the penalty of logistic regression", problems, "problem")) {
            for (Method scaling : scalings) {
                FeatureMatrix matrix = FeatureMatrix.of(data, some, FeatureScaling.learn(scaling, data, rows));
                PenaltySearch.Best own = new PenaltySearch(matrix, targets, parts, labels, threads, work).search();
                if (own.loss() < best.validatedLoss()) {
                    best = new LinearFit(scaling, own.c(), own.loss(), folds, some.length, 0);
                }
            }
        }
        return best;
    }

    /** Scalings that differ on this data; of equal ones the simplest. */
    private List<Method> different() {
        List<Method> kept = new ArrayList<>();
        List<FeatureScaling> seen = new ArrayList<>();
        for (Method scaling : List.of(Method.NONE, Method.MAXABS, Method.STANDARD)) {
            FeatureScaling learned = FeatureScaling.learn(scaling, data, rows);
            if (seen.stream().noneMatch(learned::equals)) {
                seen.add(learned);
                kept.add(scaling);
            }
        }
        return kept;
    }

    /** All rows, or a random share of them, ascending. */
    private int[] sample(double share) {
        if (share >= 1) {
            return rows;
        }
        int count = (int) Math.max(Math.min(rows.length, MANY_ROWS), share * rows.length);
        int[] order = Split.shuffled(rows.length, new SplittableRandom(seed));
        return Arrays.stream(order, 0, count).sorted().map(i -> rows[i]).toArray();
    }

    /** Labels that have both values, from the rarest to the most frequent, at equal distances. */
    private int[] labels(int[] some) {
        LabelCounts counts = LabelCounts.of(data.targets(), some, data.labels().size());
        int[] usable = IntStream.range(0, data.labels().size())
                .filter(l -> counts.share(l) > 0 && counts.share(l) < 1)
                .boxed()
                .sorted(Comparator.comparingInt(l -> counts.positives()[l]))
                .mapToInt(l -> l)
                .toArray();
        int count = Math.min(MAX_LABELS, usable.length);
        return IntStream.range(0, count)
                .map(i -> usable[(int) ((i + 0.5) * usable.length / count)])
                .toArray();
    }

    /** A number per row; rows with the same features have the same. */
    private int[] repeated(int[] some) {
        record Key(float[] values) {
            @Override
            public boolean equals(Object other) {
                return other instanceof Key k && Arrays.equals(values, k.values);
            }

            @Override
            public int hashCode() {
                return Arrays.hashCode(values);
            }
        }
        Map<Key, Integer> numbers = new HashMap<>();
        return Arrays.stream(some)
                .map(r -> numbers.computeIfAbsent(new Key(data.features()[r]), k -> numbers.size()))
                .toArray();
    }

    private Model model(FeatureScaling scaling, double[][] weights) {
        InputFormat format = InputFormat.of(scaling.width(), null, false, scaling);
        Network network = Zoo.linear(format.shape(), weights.length);
        float[] parameters = new float[Math.toIntExact(network.parameterCount())];
        for (Parameter p : network.parameters()) {
            boolean bias = p.role() == Parameter.Role.BIAS;
            int perLabel = bias ? 1 : scaling.width();
            for (int l = 0; l < weights.length; l++) {
                for (int j = 0; j < perLabel; j++) {
                    parameters[(int) p.offset() + l * perLabel + j] = (float) weights[l][bias ? scaling.width() : j];
                }
            }
        }
        return new Model(
                network,
                data.labels(),
                data.columns(),
                format,
                parameters,
                new float[0],
                DecisionRule.fixed(weights.length, Metrics.THRESHOLD),
                data.schema());
    }
}
