package org.lamella.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.SharedData;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.LabelSelection;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.Trained;
import org.lamella.finding.Finding;

class MetricsTest {

    /** Expected values are computed by hand. */
    @Test
    void workedExample() {
        float[][] p = {{0.9f, 0.6f, 0.2f}, {0.4f, 0.3f, 0.8f}, {0.1f, 0.2f, 0.3f}};
        byte[][] t = {{1, 0, 1}, {0, 0, 1}, {1, 1, 0}};
        Metrics m = Metrics.of(p, t);
        assertThat(m.hammingLoss()).isCloseTo(4 / 9.0, within(1e-12));
        assertThat(m.labelAccuracy()).isCloseTo(5 / 9.0, within(1e-12));
        assertThat(m.subsetAccuracy()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(m.microF1()).isCloseTo(2 * 2 / (2 * 2 + 1 + 3.0), within(1e-12));
        assertThat(m.macroF1()).isCloseTo((2 / 3.0 + 0 + 2 / 3.0) / 3, within(1e-12));
        assertThat(m.rankingLoss()).isCloseTo((1 / 2.0 + 0 + 1) / 3, within(1e-12));
        assertThat(m.averagePrecision())
                .isCloseTo(((1 + 2 / 3.0) / 2 + 1 + (1 / 2.0 + 2 / 3.0) / 2) / 3, within(1e-12));
        assertThat(m.coverage()).isCloseTo((2 + 0 + 2) / 3.0, within(1e-12));
        assertThat(m.oneError()).isCloseTo(1 / 3.0, within(1e-12));
        // Per label: (.9,.1 against .4) 1/2; (.2 against .6,.3) 0; (.2,.8 against .3) 1/2.
        assertThat(m.macroAuc()).isCloseTo((0.5 + 0 + 0.5) / 3, within(1e-12));
        // Positives .9 .2 .8 .1 .2 against .6 .4 .3 .3: only .9 and .8 win, each over all four.
        assertThat(m.microAuc()).isCloseTo(8 / 20.0, within(1e-12));
    }

    /**
     * The example of scikit-learn's user guide for coverage, label-ranking average precision and ranking loss
     * (Tsoumakas et al. 2010).
     */
    @Test
    void publishedExampleOfRankings() {
        byte[][] t = {{1, 0, 0}, {0, 0, 1}};
        Metrics m = Metrics.of(new float[][] {{0.75f, 0.5f, 1}, {1, 0.2f, 0.1f}}, t);
        assertThat(m.averagePrecision()).isCloseTo(0.416, within(1e-3));
        assertThat(m.coverage() + 1).as("they count ranks from 1").isEqualTo(2.5);
        assertThat(m.rankingLoss()).isEqualTo(0.75);
        assertThat(Metrics.of(new float[][] {{1, 0.1f, 0.2f}, {0.1f, 0.2f, 0.9f}}, t)
                        .rankingLoss())
                .isZero();
    }

    /** The same example: decisions 110, 001, 000 for targets 101, 001, 110. */
    @Test
    void setsAndProbabilitiesByHand() {
        float[][] p = {{0.9f, 0.6f, 0.2f}, {0.4f, 0.3f, 0.8f}, {0.1f, 0.2f, 0.3f}};
        byte[][] t = {{1, 0, 1}, {0, 0, 1}, {1, 1, 0}};
        SetMetrics s = Metrics.of(p, t).sets();
        assertThat(s.microPrecision()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(s.microRecall()).isCloseTo(2 / 5.0, within(1e-12));
        assertThat(s.microJaccard()).isCloseTo(2 / 6.0, within(1e-12));
        assertThat(s.macroPrecision()).isCloseTo((1 + 0 + 1) / 3.0, within(1e-12));
        assertThat(s.macroRecall()).isCloseTo((1 / 2.0 + 0 + 1 / 2.0) / 3, within(1e-12));
        assertThat(s.macroJaccard()).isCloseTo((1 / 2.0 + 0 + 1 / 2.0) / 3, within(1e-12));
        assertThat(s.examplePrecision()).isCloseTo((1 / 2.0 + 1 + 0) / 3, within(1e-12));
        assertThat(s.exampleRecall()).isCloseTo((1 / 2.0 + 1 + 0) / 3, within(1e-12));
        assertThat(s.exampleF1()).isCloseTo((1 / 2.0 + 1 + 0) / 3, within(1e-12));
        assertThat(s.exampleJaccard()).isCloseTo((1 / 3.0 + 1 + 0) / 3, within(1e-12));
        ProbabilityMetrics q = Metrics.of(p, t).quality();
        // From the top: .9 + , .8 + , .6 - , .4 - , .3 - and -, .2 + and + (of the 8 that are at least .2, 4), .1 + (5
        // of 9).
        assertThat(q.microPrAuc()).isCloseTo((1 + 1 + 4 / 8.0 + 4 / 8.0 + 5 / 9.0) / 5, within(1e-12));
        assertThat(q.macroPrAuc()).isCloseTo(((1 + 2 / 3.0) / 2 + 1 / 3.0 + (1 + 2 / 3.0) / 2) / 3, within(1e-12));
        double loss = -(Math.log(0.9)
                        + Math.log(0.4)
                        + Math.log(0.2)
                        + Math.log(0.6)
                        + Math.log(0.7)
                        + Math.log(0.8)
                        + Math.log(0.1)
                        + Math.log(0.2)
                        + Math.log(0.7))
                / 9;
        assertThat(q.logLoss()).isCloseTo(loss, within(1e-7));
        // Bins: .9: 1 of 1; .6: 0 of 1; .2, .2: 2 of 2; .4: 0; .3, .3: 0 of 2; .8: 1; .1: 1.
        assertThat(q.calibrationError()).isCloseTo((0.1 + 0.6 + 1.6 + 0.4 + 0.6 + 0.2 + 0.9) / 9, within(1e-6));
        LabelMetrics third = LabelMetrics.of(List.of("a", "b", "c"), p, t, DecisionRule.fixed(3, 0.5f))
                .get(2);
        assertThat(third).isEqualTo(new LabelMetrics("c", 2, 1, 1, 0.5, 2 / 3.0, 0.5, (1 + 2 / 3.0) / 2, 0.5));
    }

    @Test
    void aSampleWithoutLabelsThatIsGivenNoneIsRight() {
        SetMetrics s = Metrics.of(new float[][] {{0.1f, 0.2f}, {0.1f, 0.9f}}, new byte[][] {{0, 0}, {0, 0}})
                .sets();
        assertThat(s.exampleJaccard()).isEqualTo(0.5);
        assertThat(s.exampleRecall()).isEqualTo(0.5);
        assertThat(s.microRecall()).isNaN();
        assertThat(s.microPrecision()).isZero();
        assertThat(s.macroPrecision()).isNaN();
    }

    @Test
    void missingTargetsAndLabelsWithoutPositivesAreLeftOut() {
        Metrics m = Metrics.of(new float[][] {{0.9f, 0.1f, 0.7f}}, new byte[][] {{1, -1, 0}});
        assertThat(m.hammingLoss()).isEqualTo(0.5);
        assertThat(m.labelsWithPositives()).isEqualTo(1);
        assertThat(m.macroF1()).isEqualTo(1);
        assertThat(m.macroAuc()).isNaN();
        assertThat(m.rankingLoss()).isZero();
    }

    @Test
    void tiesCountHalfInTheAreaAndAsWrongInTheRanking() {
        Metrics m = Metrics.of(new float[][] {{0.5f, 0.5f}}, new byte[][] {{1, 0}});
        assertThat(m.microAuc()).isEqualTo(0.5);
        assertThat(m.rankingLoss()).isEqualTo(1);
        assertThat(m.averagePrecision()).isEqualTo(0.5);
    }

    /**
     * The metrics of the majority on Mulan's own split of emotions (391 / 202) and scene, computed by another program.
     */
    @ParameterizedTest
    @CsvSource({"emotions, 391, 0.3292, 0.434, 0.588"})
    void majorityOnPublishedSplit(String name, int training, double hamming, double ranking, double precision) {
        Dataset d = Datasets.read(SharedData.file(name + ".arff"), LabelSelection.xml(SharedData.file(name + ".xml")));
        int[] test = IntStream.range(training, d.size()).toArray();
        Metrics m = Metrics.of(
                new MajorityBaseline(d, IntStream.range(0, training).toArray()).predict(test.length), d.targets(test));
        assertThat(m.hammingLoss()).isCloseTo(hamming, within(5e-5));
        assertThat(m.rankingLoss()).isCloseTo(ranking, within(5e-4));
        assertThat(m.averagePrecision()).isCloseTo(precision, within(5e-4));
    }

    @Test
    void aCollapsedNetworkIsCalledCollapsed() {
        float[][] same = {{0.9f, 0.2f}, {0.8f, 0.1f}, {0.95f, 0.3f}};
        byte[][] t = {{1, 0}, {0, 1}, {1, 1}};
        Metrics m = Metrics.of(same, t);
        Trained trained = Trained.of(DecisionRule.fixed(2, 0.5f));
        assertThat(Diagnosis.of(DecisionRule.fixed(2, 0.5f).decide(same), t, List.of("a", "b"), trained, m, m))
                .extracting(Finding::code)
                .containsExactly(Finding.Code.EQUAL_DECISIONS, Finding.Code.NO_BETTER_THAN_CONSTANT);
    }

    /**
     * scikit-learn's label_ranking_average_precision_score and label_ranking_loss, for rows with (1 of 3), without and
     * with all labels: (1/2 + 1 + 1) / 3 and (1/2 + 0 + 0) / 3; coverage_error - 1 where a row has a label.
     */
    @Test
    void rowsWithNothingToRankAreLeftOutOrRankedPerfectly() {
        float[][] p = {{0.2f, 0.9f, 0.1f}, {0.9f, 0.1f, 0.2f}, {0.3f, 0.2f, 0.1f}};
        byte[][] t = {{1, 0, 0}, {0, 0, 0}, {1, 1, 1}};
        DecidedRows rows = new DecidedRows(p, DecisionRule.fixed(3, 0.5f).decide(p));
        Metrics skip = Metrics.of(rows, t, EmptyRows.SKIP);
        assertThat(skip).isEqualTo(Metrics.of(rows, t));
        assertThat(skip.averagePrecision()).isEqualTo(0.75);
        assertThat(skip.rankingLoss()).isEqualTo(0.5);
        assertThat(skip.coverage()).isEqualTo(1.5);
        assertThat(skip.rankingOfEmptyRows()).isEqualTo(EmptyRows.SKIP);
        assertThat(skip.rowsWithoutLabels()).isEqualTo(1);
        Metrics one = Metrics.of(rows, t, EmptyRows.ONE);
        assertThat(one.averagePrecision()).isCloseTo(2.5 / 3, within(1e-12));
        assertThat(one.rankingLoss()).isCloseTo(0.5 / 3, within(1e-12));
        assertThat(one.coverage()).isCloseTo(1, within(1e-12));
        assertThat(one.oneError()).isEqualTo(skip.oneError()).isEqualTo(0.5);
        assertThat(one.rankingOfEmptyRows()).isEqualTo(EmptyRows.ONE);
        assertThat(one.rowsWithoutLabels()).isEqualTo(1);
        assertThat(one.hammingLoss()).isEqualTo(skip.hammingLoss());
        byte[][] none = {{0, 0, 0}};
        DecidedRows single = rows.rows(new int[] {0});
        assertThat(Metrics.of(single, none, EmptyRows.SKIP).averagePrecision()).isNaN();
        assertThat(Metrics.of(single, none, EmptyRows.ONE).averagePrecision()).isEqualTo(1);
    }
}
