package org.lamella.evaluation.analysis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Bootstrap.Interval;
import org.lamella.evaluation.analysis.Verdict.Answer;
import org.lamella.evaluation.analysis.Verdict.Outcome;

class VerdictTest {

    /** Differences of all headline metrics: none, but for one. */
    private static Map<Metric, Difference> all(Metric metric, double value, double p) {
        Map<Metric, Difference> all = new EnumMap<>(Metric.class);
        Metric.HEADLINE.forEach(m -> all.put(m, new Difference(0.001, new Interval(-0.1, 0.1), 0.9)));
        all.put(metric, new Difference(value, new Interval(value - 0.01, value + 0.01), p));
        return all;
    }

    private static Answer answer(Verdict verdict, Metric metric) {
        return requireNonNull(verdict.metrics().get(metric)).answer();
    }

    @Test
    void pIsCorrectedForSixMetrics() {
        assertThat(Verdict.of(all(Metric.MICRO_F1, 0.2, 0.04), false).outcome())
                .as("0.04 is no evidence after six tests")
                .isEqualTo(Outcome.UNCLEAR);
        Verdict better = Verdict.of(all(Metric.MICRO_F1, 0.2, 0.008), false);
        assertThat(better.outcome()).isEqualTo(Outcome.BETTER);
        assertThat(answer(better, Metric.MICRO_F1)).isEqualTo(Answer.BETTER);
        assertThat(answer(better, Metric.HAMMING_LOSS)).isEqualTo(Answer.NOT_SHOWN);
        assertThat(requireNonNull(better.metrics().get(Metric.MICRO_F1)).adjusted())
                .isEqualTo(6 * 0.008);
    }

    @Test
    void theDirectionIsThatOfTheMetric() {
        assertThat(Verdict.of(all(Metric.HAMMING_LOSS, -0.2, 0.001), false).outcome())
                .isEqualTo(Outcome.BETTER);
        assertThat(Verdict.of(all(Metric.HAMMING_LOSS, 0.2, 0.001), false).outcome())
                .isEqualTo(Outcome.WORSE);
        assertThat(Verdict.of(all(Metric.AVERAGE_PRECISION, -0.2, 0.001), false).outcome())
                .isEqualTo(Outcome.WORSE);
        Map<Metric, Difference> both = all(Metric.AVERAGE_PRECISION, -0.2, 0.001);
        both.put(Metric.MICRO_F1, new Difference(0.2, new Interval(0.1, 0.3), 0.001));
        assertThat(Verdict.of(both, false).outcome()).isEqualTo(Outcome.MIXED);
    }

    @Test
    void aCollapsedNetworkIsNeverCalledBetter() {
        assertThat(Verdict.of(all(Metric.HAMMING_LOSS, -0.2, 0.001), true).outcome())
                .isEqualTo(Outcome.COLLAPSED);
    }

    @Test
    void whatWasNotTestedIsNotShown() {
        Verdict verdict = Verdict.of(all(Metric.MICRO_F1, 0.2, Double.NaN), false);
        assertThat(verdict.outcome()).isEqualTo(Outcome.UNCLEAR);
        assertThat(answer(verdict, Metric.MICRO_F1)).isEqualTo(Answer.NOT_SHOWN);
    }
}
