package org.lamella.evaluation.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamella.data.Dataset;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metrics;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;

/** Findings about decisions suggest only what is not on yet, and what can help. */
class DiagnosisTest {

    private static final List<String> LABELS = List.of("often", "rare", "new");
    /** Of the second label no probability reaches 0.5, of the third no row reaches 0.5 either. */
    private static final float[][] P = {{0.9f, 0.2f, 0.1f}, {0.2f, 0.3f, 0.1f}, {0.8f, 0.1f, 0.1f}};

    private static final byte[][] T = {{1, 0, 0}, {0, 1, 1}, {1, 1, 0}};

    private static List<Finding> findings(Trained trained, EmptyRows empty, byte[][] targets) {
        DecidedRows rows = new DecidedRows(P, DecisionRule.fixed(3, 0.5f).decide(P));
        return Diagnosis.of(rows.decisions(), targets, LABELS, trained, Metrics.of(rows, targets, empty), null);
    }

    private static List<String> neverPredicted(Trained trained) {
        return findings(trained, EmptyRows.SKIP, T).stream()
                .filter(f -> f.code() == Code.NEVER_PREDICTED_LABELS)
                .map(Finding::text)
                .toList();
    }

    @Test
    void remediesThatAreOnAreNotSuggested() {
        assertThat(neverPredicted(new Trained(false, false, null)))
                .containsExactly("2 of 3 labels are never predicted (rare, new): too rare to reach their threshold; "
                        + "decisions per-label or positiveWeights auto may find more of them");
        assertThat(neverPredicted(new Trained(true, false, null)).get(0))
                .endsWith("; positiveWeights auto may find more of them");
        assertThat(neverPredicted(new Trained(false, true, null)).get(0))
                .endsWith("; decisions per-label may find more of them");
        assertThat(neverPredicted(new Trained(true, true, null)).get(0)).endsWith("too rare to reach their threshold");
    }

    @Test
    void nothingIsSuggestedForLabelsWithoutATrainingPositive() {
        assertThat(neverPredicted(new Trained(false, false, new int[] {9, 2, 0})))
                .satisfiesExactly(
                        f -> assertThat(f).isEqualTo("1 of 3 labels is never predicted (new): no training row has it"),
                        f -> assertThat(f).startsWith("1 of 3 labels is never predicted (rare): too rare"));
    }

    @Test
    void whatIsOnComesFromTheSettingsOrTheRule() {
        Dataset data = Dataset.of(new float[3][2], T);
        for (String method : List.of("per-label", "pcut")) {
            assertThat(Trained.of(DecisionMethod.parse(method), true, data, new int[] {0, 2}))
                    .satisfies(t -> assertThat(t.ownThresholds()).isTrue())
                    .satisfies(t -> assertThat(t.weighted()).isTrue())
                    .satisfies(t -> assertThat(t.positives()).containsExactly(2, 1, 0));
        }
        assertThat(Trained.of(DecisionMethod.DEFAULT, false, data, new int[] {0})
                        .ownThresholds())
                .isFalse();
        assertThat(Trained.of(DecisionRule.fixed(3, 0.4f)).ownThresholds()).isFalse();
        assertThat(Trained.of(DecisionRule.thresholds(new float[] {0.5f, 0.4f, 0.5f}))
                        .ownThresholds())
                .isTrue();
        assertThat(Trained.of(DecisionRule.top(1)).ownThresholds()).isFalse();
    }

    @Test
    void rowsWithoutALabelAreSaidWithTheirConvention() {
        byte[][] some = {{1, 0, 0}, {0, 0, 0}, {1, 1, 1}};
        Trained trained = new Trained(false, false, null);
        assertThat(findings(trained, EmptyRows.SKIP, some))
                .extracting(Finding::text)
                .contains(
                        "1 of 3 rows has no label: ranking metrics leave such rows out; rankingOfEmptyRows one counts "
                                + "them as ranked perfectly, as scikit-learn does");
        assertThat(findings(trained, EmptyRows.ONE, some))
                .extracting(Finding::text)
                .contains(
                        "1 of 3 rows has no label: ranking metrics count such rows as ranked perfectly, the one-error "
                                + "leaves them out");
        assertThat(findings(trained, EmptyRows.SKIP, T))
                .extracting(Finding::code)
                .doesNotContain(Code.ROWS_WITHOUT_LABELS);
    }
}
