package org.lamella.baseline;

import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.rows.KnownRows;
import org.lamella.parallel.Tasks;
import org.lamella.work.Work;

/**
 * ML-kNN (Zhang and Zhou 2007, "ML-KNN: a lazy learning approach to multi-label learning"): the probability of a label
 * given how many of the nearest training rows have it. Neighbours by Euclidean distance of scaled features; of equal
 * distances the row that comes first in the file is nearer. A neighbour whose label is not known counts as one without
 * it.
 */
public final class MlKnn {

    /** Neighbours, as in the paper. */
    public static final int NEIGHBOURS = 10;
    /** Added to every count, as in the paper. */
    private static final double SMOOTHING = 1;
    /** Limit of the multiplications: some minutes of one core. */
    private static final double MAX_WORK = 2e11;

    private final Dataset data;
    private final FeatureScaling scaling;
    private final FeatureMatrix matrix;
    private final byte[][] targets;
    private final int k;
    private final int threads;
    /** The probability of a label, by label and number of neighbours that have it. */
    private final float[][] probabilities;

    private MlKnn(Dataset data, int[] rows, FeatureScaling scaling, FeatureMatrix matrix, int threads) {
        this.data = data;
        this.scaling = scaling;
        this.matrix = matrix;
        this.targets = data.targets(rows);
        this.k = Math.min(NEIGHBOURS, rows.length - 1);
        this.threads = threads;
        int[][] found = count(matrix, true, "ML-kNN: neighbours of the training rows");
        this.probabilities = probabilities(found);
    }

    /**
     * Learns from training rows.
     *
     * @param data has the rows
     * @param rows numbers of the training rows, from 0, at least one with a known label
     * @param scaling of the features
     * @param predicted how many rows will be predicted at most, for the limit of work
     * @param threads 1 or more; results do not depend on it
     * @return the model; null if all distances would take too long
     * @throws org.lamella.InterruptedWorkException if the thread is interrupted
     */
    public static @Nullable MlKnn of(Dataset data, int[] rows, FeatureScaling scaling, int predicted, int threads) {
        int[] known = KnownRows.among(rows, data.targets());
        FeatureMatrix matrix = FeatureMatrix.of(data, known, scaling);
        return matrix.distanceWork((double) known.length + predicted) > MAX_WORK
                ? null
                : new MlKnn(data, known, scaling, matrix, threads);
    }

    /**
     * Predicts rows of the same dataset.
     *
     * @param rows numbers of rows, from 0, that are no training rows
     * @return rows x labels: probabilities; those above 0.5 are the method's decisions
     * @throws org.lamella.InterruptedWorkException if the thread is interrupted
     */
    public float[][] predict(int[] rows) {
        int[][] found = count(matrix.others(data, rows, scaling), false, "ML-kNN: neighbours of the other rows");
        float[][] all = new float[rows.length][probabilities.length];
        for (int r = 0; r < rows.length; r++) {
            for (int l = 0; l < probabilities.length; l++) {
                all[r][l] = probabilities[l][found[r][l]];
            }
        }
        return all;
    }

    /** For each row and label, how many of the neighbours have it. */
    private int[][] count(FeatureMatrix of, boolean training, String name) {
        int labels = data.labels().size();
        int[][] counts = new int[of.rows][labels];
        ThreadLocal<Nearest> buffers = ThreadLocal.withInitial(() -> new Nearest(k));
        try (Work work = Work.begin(name, of.rows, "row")) {
            Tasks.run(of.rows, threads, work, row -> {
                Nearest nearest = buffers.get();
                nearest.clear();
                of.nearest(row, matrix, training ? row : -1, nearest);
                for (int neighbour : nearest.rows()) {
                    for (int l = 0; l < labels; l++) {
                        counts[row][l] += targets[neighbour][l] == 1 ? 1 : 0;
                    }
                }
            });
        }
        return counts;
    }

    private float[][] probabilities(int[][] found) {
        int labels = data.labels().size();
        float[][] all = new float[labels][k + 1];
        for (int l = 0; l < labels; l++) {
            long[][] rows = new long[2][k + 1];
            long[] sums = new long[2];
            for (int r = 0; r < found.length; r++) {
                if (targets[r][l] >= 0) {
                    rows[targets[r][l]][found[r][l]]++;
                    sums[targets[r][l]]++;
                }
            }
            double prior = (SMOOTHING + sums[1]) / (2 * SMOOTHING + sums[0] + sums[1]);
            for (int n = 0; n <= k; n++) {
                double with = prior * (SMOOTHING + rows[1][n]) / (SMOOTHING * (k + 1) + sums[1]);
                double without = (1 - prior) * (SMOOTHING + rows[0][n]) / (SMOOTHING * (k + 1) + sums[0]);
                all[l][n] = (float) (with / (with + without));
            }
        }
        return all;
    }
}
