package org.lamella.baseline;

import java.util.Arrays;

/**
 * Newton's method with a line search; each step is found by conjugate gradients with a diagonal preconditioner (Hsia,
 * Chiang and Lin 2018, "Preconditioned conjugate gradient methods in truncated Newton frameworks for large-scale linear
 * classification"). The objective is strictly convex, so that there is one optimum. In double precision, one thread.
 */
final class NewtonSolver {

    private static final int MAX_BACKTRACKS = 40;
    /** Gains below this share of the objective are lost in its rounding. */
    private static final double ROUNDING = 1e-12;
    /** Share of the decrease that the slope promises (Armijo). */
    private static final double SUFFICIENT = 0.01;

    private final LogisticProblem problem;
    private final int columns;
    private final int n;
    /** Weights of all columns; the intercept is the last one. */
    private final double[] w;

    private final double[] logits;
    private final double[] gradient;
    private final double[] diagonal;
    private final double[] curvature;
    private final double[] step;
    private final double[] residual;
    private final double[] direction;
    private final double[] product;
    private final double[] ofRows;
    private long products;

    /**
     * A solution.
     *
     * @param weights of all columns, then the intercept
     * @param converged whether the gradient is small enough
     * @param products passes over the matrix
     */
    record Solution(double[] weights, boolean converged, long products) {}

    private NewtonSolver(LogisticProblem problem) {
        this.problem = problem;
        this.columns = problem.matrix().columns;
        this.n = problem.rows().length;
        this.w = new double[columns + 1];
        this.logits = new double[n];
        this.curvature = new double[n];
        this.ofRows = new double[n];
        this.gradient = new double[columns + 1];
        this.diagonal = new double[columns + 1];
        this.step = new double[columns + 1];
        this.residual = new double[columns + 1];
        this.direction = new double[columns + 1];
        this.product = new double[columns + 1];
    }

    /** A start without a weight: the intercept is that of a constant. */
    static double[] start(LogisticProblem problem) {
        double[] start = new double[problem.matrix().columns + 1];
        start[start.length - 1] = problem.constant();
        return start;
    }

    /**
     * Solves a problem.
     *
     * @param problem has rows of both values
     * @param start weights to start from, then the intercept; not changed
     * @param tolerance of the norm of the gradient, relative to the gradient of {@link #start(LogisticProblem)}
     * @param maxProducts limit of passes over the matrix
     * @return the optimum, or the best weights within the limit
     */
    static Solution solve(LogisticProblem problem, double[] start, double tolerance, long maxProducts) {
        return new NewtonSolver(problem).solve(start, tolerance, maxProducts);
    }

    private Solution solve(double[] start, double tolerance, long maxProducts) {
        Arrays.fill(logits, problem.constant());
        evaluate();
        double scale = norm(gradient);
        System.arraycopy(start, 0, w, 0, w.length);
        problem.matrix().times(problem.rows(), w, logits);
        products++;
        add(logits, w[columns]);
        double last = Double.POSITIVE_INFINITY;
        boolean exact = false;
        while (true) {
            double value = evaluate();
            double norm = norm(gradient);
            // A step whose gain is lost in rounding does not make the gradient much smaller: this is the optimum.
            if (norm <= tolerance * scale || (exact && norm > last / 2)) {
                return new Solution(w, true, products);
            }
            if (products >= maxProducts) {
                return new Solution(w, false, products);
            }
            last = norm;
            conjugateGradients(Math.min(0.1, Math.sqrt(norm / scale)), maxProducts);
            exact = move(value);
        }
    }

    /** Gradient and curvature at the logits; returns the objective. */
    private double evaluate() {
        double loss = 0;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            boolean positive = problem.positive()[i];
            double p = LogisticProblem.probability(logits[i]);
            loss += LogisticProblem.loss(logits[i], positive);
            ofRows[i] = problem.c() * (p - (positive ? 1 : 0));
            curvature[i] = problem.c() * p * (1 - p);
            sum += ofRows[i];
        }
        problem.matrix().transposedTimes(problem.rows(), ofRows, gradient);
        products++;
        double penalty = 0;
        for (int j = 0; j < columns; j++) {
            gradient[j] += w[j];
            penalty += w[j] * w[j];
        }
        gradient[columns] = sum;
        return penalty / 2 + problem.c() * loss;
    }

    /** Solves H step = -gradient until the residual is below {@code share} of the gradient. */
    private void conjugateGradients(double share, long maxProducts) {
        problem.matrix().weightedSquares(problem.rows(), curvature, diagonal);
        products++;
        double sum = 0;
        for (double d : curvature) {
            sum += d;
        }
        for (int j = 0; j < columns; j++) {
            diagonal[j] += 1;
        }
        diagonal[columns] = Math.max(sum, Double.MIN_NORMAL);
        Arrays.fill(step, 0);
        double inner = 0;
        for (int j = 0; j <= columns; j++) {
            residual[j] = -gradient[j];
            direction[j] = residual[j] / diagonal[j];
            inner += residual[j] * direction[j];
        }
        double enough = share * share * inner;
        for (int i = 0; i <= columns && products < maxProducts; i++) {
            hessianTimesDirection();
            double bend = 0;
            for (int j = 0; j <= columns; j++) {
                bend += direction[j] * product[j];
            }
            if (!(bend > 0)) {
                return;
            }
            double length = inner / bend;
            double next = 0;
            for (int j = 0; j <= columns; j++) {
                step[j] += length * direction[j];
                residual[j] -= length * product[j];
                next += residual[j] * residual[j] / diagonal[j];
            }
            if (next <= enough) {
                return;
            }
            double ratio = next / inner;
            inner = next;
            for (int j = 0; j <= columns; j++) {
                direction[j] = residual[j] / diagonal[j] + ratio * direction[j];
            }
        }
    }

    private void hessianTimesDirection() {
        problem.matrix().times(problem.rows(), direction, ofRows);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            ofRows[i] = curvature[i] * (ofRows[i] + direction[columns]);
            sum += ofRows[i];
        }
        problem.matrix().transposedTimes(problem.rows(), ofRows, product);
        products += 2;
        for (int j = 0; j < columns; j++) {
            product[j] += direction[j];
        }
        product[columns] = sum;
    }

    /**
     * Goes along the step, half as far while that is too far.
     *
     * @return whether the gain of the step is too small to be seen in the objective: then all of it is taken
     */
    private boolean move(double value) {
        problem.matrix().times(problem.rows(), step, ofRows);
        products++;
        add(ofRows, step[columns]);
        double slope = 0;
        for (int j = 0; j <= columns; j++) {
            slope += gradient[j] * step[j];
        }
        boolean tiny = -slope <= ROUNDING * Math.abs(value);
        double length = 1;
        for (int i = 0; !tiny && i < MAX_BACKTRACKS; i++, length /= 2) {
            if (value(length) <= value + SUFFICIENT * length * slope) {
                break;
            }
        }
        for (int j = 0; j <= columns; j++) {
            w[j] += length * step[j];
        }
        for (int r = 0; r < n; r++) {
            logits[r] += length * ofRows[r];
        }
        return tiny;
    }

    /** The objective at this length of the step. */
    private double value(double length) {
        double loss = 0;
        for (int i = 0; i < n; i++) {
            loss += LogisticProblem.loss(logits[i] + length * ofRows[i], problem.positive()[i]);
        }
        double penalty = 0;
        for (int j = 0; j < columns; j++) {
            double v = w[j] + length * step[j];
            penalty += v * v;
        }
        return penalty / 2 + problem.c() * loss;
    }

    private static void add(double[] values, double more) {
        for (int i = 0; i < values.length; i++) {
            values[i] += more;
        }
    }

    private static double norm(double[] v) {
        double sum = 0;
        for (double x : v) {
            sum += x * x;
        }
        return Math.sqrt(sum);
    }
}
