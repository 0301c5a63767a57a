package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.evaluation.DecisionGoal;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.ThresholdTuning;
import org.lamella.model.Model;
import org.lamella.model.Predictor;

class OutOfFoldTest {

    private static final Device DEVICE = new CpuDevice(1);
    private static final Dataset DATA = data();
    private static final List<Partition> FOLDS = CrossValidation.partitions(DATA.targets(), 3, 4, null);
    private static final List<Model> MODELS = models();

    /** The first label can be learned; some targets are unknown, of three rows all. */
    private static Dataset data() {
        Dataset d = TrainerTest.random(90, 4, 2, 3);
        for (int r = 0; r < d.size(); r++) {
            d.targets()[r][0] = (byte) (d.features()[r][0] > 0 ? 1 : 0);
            d.targets()[r][1] = r % 9 == 0 ? -1 : d.targets()[r][1];
            d.targets()[r][0] = r % 30 == 0 ? -1 : d.targets()[r][0];
            d.targets()[r][1] = r % 30 == 0 ? -1 : d.targets()[r][1];
        }
        return Dataset.of(d.features(), d.targets());
    }

    /** Each with a rule of its own. */
    private static List<Model> models() {
        List<Model> models = new ArrayList<>();
        for (Partition fold : FOLDS) {
            Model model = new Trainer(DATA, TrainingSettings.defaults().epochs(5), DEVICE)
                    .partition(fold)
                    .run()
                    .model();
            models.add(model.withRule(DecisionRule.fixed(2, 0.3f + 0.2f * models.size())));
        }
        return models;
    }

    @Test
    void everyRowIsPredictedByTheFoldThatTestedIt() {
        OutOfFold all = OutOfFold.of(MODELS, FOLDS, DATA, DEVICE);
        assertThat(all.rows()).containsExactly(DATA.rows());
        for (int f = 0; f < 3; f++) {
            int[] tested = FOLDS.get(f).test();
            try (Predictor p = MODELS.get(f).open(DEVICE)) {
                for (int row : tested) {
                    float[] own = p.predict(DATA.features()[row]);
                    assertThat(all.folds()[row]).isEqualTo(f);
                    assertThat(all.predictions().probabilities()[row]).containsExactly(own);
                    assertThat(all.predictions().decisions()[row])
                            .containsExactly(MODELS.get(f).rule().decide(own));
                }
            }
        }
        Metrics metrics = all.evaluate(DATA, EmptyRows.SKIP);
        assertThat(metrics.samples()).as("rows without a known label").isEqualTo(87);
        assertThat(metrics.hammingLoss()).isEqualTo(wrong(all));
    }

    private static double wrong(OutOfFold all) {
        int known = 0;
        int wrong = 0;
        for (int r = 0; r < DATA.size(); r++) {
            for (int l = 0; l < 2; l++) {
                byte target = DATA.targets()[r][l];
                known += target >= 0 ? 1 : 0;
                wrong += target >= 0 && all.predictions().decisions()[r][l] != (target == 1) ? 1 : 0;
            }
        }
        return wrong / (double) known;
    }

    private static FoldEnsemble mean(String decisions) {
        return FoldEnsemble.mean(MODELS, FOLDS, DATA, DecisionMethod.parse(decisions), DEVICE);
    }

    @Test
    void thresholdsAreTunedOnTheseRowsAndSaySo() {
        OutOfFold all = OutOfFold.of(MODELS, FOLDS, DATA, DEVICE);
        assertThat(mean("fixed").ensemble().rule()).isEqualTo(DecisionRule.fixed(2, 0.5f));
        FoldEnsemble tuned = mean("per-label");
        assertThat(tuned.predictions().probabilities())
                .isDeepEqualTo(all.predictions().probabilities());
        assertThat(tuned.predictions().decisions())
                .as("of the models")
                .isDeepEqualTo(all.predictions().decisions());
        assertThat(tuned.ensemble().rule())
                .isEqualTo(ThresholdTuning.tune(
                                DecisionMethod.parse("per-label"),
                                DATA.labels(),
                                all.predictions().probabilities(),
                                DATA.targets(),
                                MajorityBaseline.frequencies(DATA, DATA.rows()),
                                "out-of-fold rows")
                        .rule());
        assertThat(tuned.findings().toString())
                .contains("the out-of-fold rows do not show that the AUC is above 0.5")
                .contains("label2");
        assertThat(mean("cardinality").findings().toString()).contains("out-of-fold rows are given");
    }

    /** Linear models that know the answer get all; models that know nothing get no share. */
    @Test
    void theBetterModelsHaveTheShare() {
        List<Model> poor = new ArrayList<>();
        for (Partition fold : FOLDS) {
            Dataset shuffled = Dataset.of(TrainerTest.random(90, 4, 2, 77).features(), DATA.targets());
            Model own = new Trainer(
                            shuffled, TrainingSettings.defaults().epochs(60).learningRate(0.01), DEVICE)
                    .partition(fold)
                    .run()
                    .model();
            poor.add(own);
        }
        DecisionMethod best = DecisionMethod.best(DecisionGoal.BALANCED);
        FoldEnsemble good = FoldEnsemble.mixed(MODELS, poor, FOLDS, DATA, best, DEVICE);
        assertThat(good.ensemble().members()).isEqualTo(MODELS);
        FoldEnsemble rescued = FoldEnsemble.mixed(poor, MODELS, FOLDS, DATA, best, DEVICE);
        double share = rescued.ensemble()
                .votes()
                .get(rescued.ensemble().votes().size() - 1)
                .share();
        assertThat(share).isGreaterThan(0.2);
        assertThat(rescued.findings().toString()).contains("logistic regressions of the folds have a share of");
        assertThat(rescued.predictions().probabilities()).hasDimensions(90, 2);
        for (int f = 0; f < 3; f++) {
            try (Predictor p = rescued.ensemble().fold(f, 3).open(DEVICE)) {
                int row = FOLDS.get(f).test()[0];
                float[] expected = p.predict(DATA.features()[row]);
                for (int l = 0; l < 2; l++) {
                    assertThat(rescued.predictions().probabilities()[row][l]).isCloseTo(expected[l], within(1e-5f));
                }
            }
        }
    }

    @Test
    void foldsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> OutOfFold.of(MODELS.subList(0, 2), FOLDS, DATA, DEVICE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("one model per fold is needed: 2 models, 3 partitions");
        assertThatThrownBy(() -> OutOfFold.of(MODELS.subList(0, 2), List.of(FOLDS.get(0), FOLDS.get(0)), DATA, DEVICE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a test row of two folds");
    }

    @Test
    void rowsThatAreInNoFoldAreLeftOut() {
        int[] divided = IntStream.range(0, 60).toArray();
        List<Partition> folds = CrossValidation.partitions(DATA.targets(divided), 2, 1, 0, 1, null);
        assertThat(folds).allMatch(f -> f.validation().length == 0);
        assertThat(folds.get(0).training()).containsExactly(folds.get(1).test());
        assertThat(OutOfFold.of(MODELS.subList(0, 2), folds, DATA, DEVICE).rows())
                .containsExactly(divided);
    }
}
