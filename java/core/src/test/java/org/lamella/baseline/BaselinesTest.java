package org.lamella.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.SharedData;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.FeatureScaling;
import org.lamella.data.FeatureScaling.Method;
import org.lamella.data.LabelSelection;
import org.lamella.evaluation.Metrics;
import org.lamella.model.Predictor;

/** Both baselines on real data, against figures that other programs reached, and on data whose answer is known. */
class BaselinesTest {

    private static final int TRAINING = 1211;

    private static Dataset scene() {
        LabelSelection labels = LabelSelection.xml(SharedData.file("scene.xml"));
        Path training = SharedData.file("scene-train.arff");
        Path test = SharedData.file("scene-test.arff");
        Dataset first = Datasets.read(training, labels);
        return first.append(Datasets.read(test, labels).named(first.source()));
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private static void check(Metrics m, double... expected) {
        double[] own = {
            m.hammingLoss(), m.subsetAccuracy(), m.microF1(), m.macroF1(), m.rankingLoss(), m.averagePrecision()
        };
        assertThat(own[0]).isCloseTo(expected[0], within(5.1e-5));
        for (int i = 1; i < own.length; i++) {
            assertThat(own[i]).isCloseTo(expected[i], within(5.1e-4));
        }
    }

    /** The figures of another implementation of ML-kNN (k = 10, s = 1, plain columns). */
    @Test
    void mlKnnOnScene() {
        Dataset data = scene();
        int[] test = range(TRAINING, data.size());
        FeatureScaling plain = FeatureScaling.learn(Method.NONE, data, range(0, TRAINING));
        MlKnn model = MlKnn.of(data, range(0, TRAINING), plain, test.length, 2);
        assertThat(model).isNotNull();
        float[][] predicted = model.predict(test);
        check(Metrics.of(predicted, data.targets(test)), 0.0989, 0.573, 0.699, 0.692, 0.093, 0.851);
        assertThat(MlKnn.of(data, range(0, TRAINING), plain, test.length, 1).predict(test))
                .as("one thread")
                .isDeepEqualTo(predicted);
    }

    @Test
    void sparseAndDenseNeighboursAreTheSame() {
        SplittableRandom random = new SplittableRandom(5);
        float[][] x = new float[120][30];
        byte[][] y = new byte[120][3];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < 30; j++) {
                x[i][j] = random.nextInt(10) == 0 ? random.nextInt(1, 4) : 0; // whole numbers: distances are exact
            }
            for (int l = 0; l < 3; l++) {
                y[i][l] = (byte) (x[i][l] > 0 || random.nextInt(5) == 0 ? 1 : 0);
            }
        }
        Dataset data = Dataset.of(x, y);
        FeatureScaling scaling = FeatureScaling.learn(Method.NONE, data, data.rows());
        FeatureMatrix dense = FeatureMatrix.dense(data, data.rows(), scaling);
        FeatureMatrix sparse = FeatureMatrix.of(data, data.rows(), scaling);
        assertThat(sparse).isInstanceOf(SparseMatrix.class);
        for (int row = 0; row < x.length; row++) {
            Nearest a = new Nearest(7);
            Nearest b = new Nearest(7);
            dense.nearest(row, dense, row, a);
            sparse.nearest(row, sparse, row, b);
            assertThat(b.rows()).isEqualTo(a.rows()).doesNotContain(row).hasSize(7);
        }
    }

    /** A label that follows from one column; a label without a positive; a label that is unknown in most rows. */
    private static Dataset made() {
        SplittableRandom random = new SplittableRandom(9);
        float[][] x = new float[300][5];
        byte[][] y = new byte[300][3];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < 5; j++) {
                x[i][j] = j == 4 && i % 3 == 0 ? Float.NaN : (float) random.nextGaussian();
            }
            y[i][0] = (byte) (x[i][0] + 0.3 * random.nextGaussian() > 0.5 ? 1 : 0);
            y[i][2] = (byte) (i % 4 > 0 ? -1 : x[i][1] > 0 ? 1 : 0);
        }
        return Dataset.of(x, y);
    }

    @Test
    void theModelIsTheFitWhateverTheThreads() {
        Dataset data = made();
        int[] training = range(0, 200);
        int[] others = range(200, 300);
        LogisticRegression.Fitted one = LogisticRegression.fit(data, training, 1, 1);
        assertThat(LogisticRegression.fit(data, training, 1, 3)).isEqualTo(one);
        assertThat(one.fit().unconvergedLabels()).isZero();
        assertThat(one.fit().folds()).isEqualTo(5);
        try (Predictor predictor = one.model().open(new CpuDevice(1))) {
            float[][] p = predictor.run(data, others);
            assertThat(Metrics.of(p, data.targets(others)).microF1()).isGreaterThan(0.8);
            for (int i = 0; i < others.length; i++) {
                assertThat(p[i][1]).as("no positive in 200 rows").isCloseTo(0.5f / 201, within(1e-5f));
                double logit = one.model().parameters()[15];
                for (int j = 0; j < 5; j++) {
                    logit += one.model().parameters()[j]
                            * one.model().format().scaling().apply(j, data.features()[others[i]][j]);
                }
                assertThat((double) p[i][0]).isCloseTo(LogisticProblem.probability(logit), within(1e-5));
            }
        }
    }

    /** Rows that were not given for training change nothing, not even the scaling and the penalty. */
    @Test
    void onlyTrainingRowsAreSeen() {
        Dataset data = made();
        LogisticRegression.Fitted fit = LogisticRegression.fit(data, range(0, 200), 1, 1);
        Dataset changed = made();
        for (int i = 200; i < 300; i++) {
            for (int j = 0; j < 5; j++) {
                changed.features()[i][j] = 1e6f;
            }
            changed.targets()[i][0] = (byte) (1 - changed.targets()[i][0]);
        }
        assertThat(LogisticRegression.fit(changed, range(0, 200), 1, 1)).isEqualTo(fit);
    }

    @Test
    void withoutBothValuesThereIsNothingToChoose() {
        Dataset data = Dataset.of(new float[][] {{1}, {2}, {3}}, new byte[][] {{0}, {0}, {0}});
        LogisticRegression.Fitted fit = LogisticRegression.fit(data, data.rows(), 1, 2);
        assertThat(fit.fit().folds()).isZero();
        assertThat(fit.fit().text()).contains("no label has both values");
        assertThat(MlKnn.of(data, data.rows(), fit.model().format().scaling(), 0, 1)
                        .predict(data.rows()))
                .as("prior 1/5; no neighbour has it: 1/3 of rows with it, 4/6 of rows without it")
                .isDeepEqualTo(new float[][] {{1f / 9}, {1f / 9}, {1f / 9}});
    }
}
