package org.lamella.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.baseline.NewtonSolver.Solution;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.FeatureScaling.Method;

class NewtonSolverTest {

    private static final double TOLERANCE = 1e-8;
    private static final int ROWS = 203;
    private static final int COLUMNS = 37;

    /** Rows with columns of very different scales, a shifted column, and a label that follows from some of them. */
    private static Dataset data(double density, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] x = new float[ROWS][COLUMNS];
        byte[][] y = new byte[ROWS][1];
        for (int i = 0; i < ROWS; i++) {
            double logit = 0;
            for (int j = 0; j < COLUMNS; j++) {
                double value = random.nextDouble() < density ? random.nextDouble(-1, 3) * Math.pow(10, j % 4 - 2) : 0;
                x[i][j] = (float) value;
                logit += j < 8 ? value * Math.pow(10, 2 - j % 4) * (j % 3 - 0.7) : 0;
            }
            y[i][0] = (byte) (random.nextDouble() < LogisticProblem.probability(logit - 1) ? 1 : 0);
        }
        return Dataset.of(x, y);
    }

    private static LogisticProblem problem(Dataset data, Method scaling, double c, boolean sparse) {
        FeatureScaling learned = FeatureScaling.learn(scaling, data, data.rows());
        long entries = (long) data.size() * data.width();
        FeatureMatrix matrix = sparse
                ? FeatureMatrix.sparse(data, data.rows(), learned, count(data))
                : FeatureMatrix.dense(data, data.rows(), learned);
        assertThat(matrix.entries()).isLessThanOrEqualTo(entries);
        return PenaltySearch.problem(matrix, data.targets(), data.rows(), 0, c);
    }

    private static long count(Dataset data) {
        return Arrays.stream(data.features())
                .flatMapToInt(x -> IntStream.range(0, x.length).filter(j -> x[j] != 0))
                .count();
    }

    private static Solution solve(LogisticProblem problem) {
        return NewtonSolver.solve(problem, NewtonSolver.start(problem), TOLERANCE, 100_000);
    }

    /** The objective in plain double precision, from the scaled values. */
    private static double objective(Dataset data, Method scaling, double c, double[] w) {
        FeatureScaling learned = FeatureScaling.learn(scaling, data, data.rows());
        double value = 0;
        for (int j = 0; j < COLUMNS; j++) {
            value += w[j] * w[j] / 2;
        }
        for (int i = 0; i < ROWS; i++) {
            double logit = w[COLUMNS];
            for (int j = 0; j < COLUMNS; j++) {
                logit += w[j] * learned.apply(j, data.features()[i][j]);
            }
            value += c * Math.log1p(Math.exp(data.targets()[i][0] == 1 ? -logit : logit));
        }
        return value;
    }

    /** LIBLINEAR's optimum: its trust-region Newton method, with a constant column whose weight has no penalty. */
    private static double[] liblinear(Dataset data, Method scaling, double c) {
        FeatureScaling learned = FeatureScaling.learn(scaling, data, data.rows());
        Problem problem = new Problem();
        problem.l = ROWS;
        problem.n = COLUMNS + 1;
        problem.bias = 1;
        problem.x = new Feature[ROWS][COLUMNS + 1];
        problem.y = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                problem.x[i][j] = new FeatureNode(j + 1, learned.apply(j, data.features()[i][j]));
            }
            problem.x[i][COLUMNS] = new FeatureNode(COLUMNS + 1, 1);
            problem.y[i] = data.targets()[i][0] == 1 ? 1 : -1;
        }
        Parameter parameter = new Parameter(SolverType.L2R_LR, c, 1e-9, 10_000);
        parameter.setRegularizeBias(false);
        Linear.disableDebugOutput();
        de.bwaldvogel.liblinear.Model model = Linear.train(problem, parameter);
        double sign = model.getLabels()[0]; // its weights are those of the first label
        return Arrays.stream(model.getFeatureWeights()).map(w -> sign * w).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "STANDARD, 0.01, 1",
        "STANDARD, 1, 1",
        "STANDARD, 1, 0.1",
        "STANDARD, 100, 0.1",
        "MAXABS, 1, 1",
        "MAXABS, 10, 0.1",
        "NONE, 0.1, 1",
        "NONE, 10, 0.1"
    })
    void theOptimumIsThatOfLiblinear(Method scaling, double c, double density) {
        Dataset data = data(density, 7);
        double[] expected = liblinear(data, scaling, c);
        for (boolean sparse : new boolean[] {false, true}) {
            Solution found = solve(problem(data, scaling, c, sparse));
            assertThat(found.converged()).isTrue();
            assertThat(found.weights()).as("sparse " + sparse).containsExactly(expected, within(1e-4));
            double best = objective(data, scaling, c, expected);
            assertThat(objective(data, scaling, c, found.weights()))
                    .isLessThanOrEqualTo(best * (1 + 1e-9))
                    .isCloseTo(best, within(1e-4 * best));
        }
    }

    @Test
    void theGradientIsZeroAtTheOptimum() {
        Dataset data = data(1, 3);
        double[] w = solve(problem(data, Method.STANDARD, 2, false)).weights();
        for (int j = 0; j <= COLUMNS; j++) {
            double h = 1e-4;
            double[] more = w.clone();
            more[j] += h;
            double[] less = w.clone();
            less[j] -= h;
            double slope =
                    (objective(data, Method.STANDARD, 2, more) - objective(data, Method.STANDARD, 2, less)) / (2 * h);
            assertThat(slope).isCloseTo(0, within(1e-5));
        }
    }

    @Test
    void separableRowsConvergeToo() {
        float[][] x = new float[20][1];
        byte[][] y = new byte[20][1];
        for (int i = 0; i < 20; i++) {
            x[i][0] = i;
            y[i][0] = (byte) (i < 3 ? 1 : 0);
        }
        Dataset data = Dataset.of(x, y);
        FeatureMatrix matrix =
                FeatureMatrix.of(data, data.rows(), FeatureScaling.learn(Method.STANDARD, data, data.rows()));
        Solution found = solve(PenaltySearch.problem(matrix, y, data.rows(), 0, 1e6));
        assertThat(found.converged()).isTrue();
        double[] logits = new double[20];
        matrix.times(data.rows(), found.weights(), logits);
        for (int i = 0; i < 20; i++) {
            assertThat(logits[i] + found.weights()[1] > 0).isEqualTo(i < 3);
        }
    }

    @Test
    void aLimitOfWorkIsReported() {
        LogisticProblem problem = problem(data(1, 3), Method.NONE, 100, false);
        Solution cut = NewtonSolver.solve(problem, NewtonSolver.start(problem), TOLERANCE, 10);
        assertThat(cut.converged()).isFalse();
        assertThat(cut.products()).isLessThan(20);
    }
}
