package org.lamella.cli.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.Bootstrap.Interval;

/**
 * Whether a network is significantly better than a baseline: on Hamming loss, micro-F1 and average precision.
 *
 * @param outcome the answer
 * @param text a sentence with the differences and their intervals
 */
public record Verdict(Outcome outcome, String text) {

    /** The answers. */
    public enum Outcome {
        /** Better on at least one metric, worse on none. */
        BETTER("beats"),
        /** Better on some metrics, worse on others. */
        MIXED("is better on some metrics, worse on others, than"),
        /** Worse on at least one metric, better on none. */
        WORSE("does NOT beat"),
        /** No interval of a difference excludes 0. */
        UNCLEAR("is not clearly better than");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        /** {@return the name in files} */
        @JsonValue
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Compares a network with a baseline.
     *
     * @param what the baseline
     * @param own metrics of the network
     * @param other metrics of the baseline
     * @param differences 95 % intervals of network minus baseline, by metric
     * @return the verdict
     */
    public static Verdict of(String what, Metrics own, Metrics other, Map<Metric, Interval> differences) {
        return of(what, metric -> difference(metric, own, other), differences);
    }

    /** A network that predicts no label has no micro-F1; it counts as 0. */
    private static double difference(Metric metric, Metrics own, Metrics other) {
        return metric == Metric.MICRO_F1
                ? zero(metric.of(own)) - zero(metric.of(other))
                : metric.of(own) - metric.of(other);
    }

    /**
     * Compares a network with a baseline.
     *
     * @param what the baseline
     * @param difference of a metric: network minus baseline
     * @param differences 95 % intervals of these differences, by metric
     * @return the verdict
     */
    static Verdict of(String what, ToDoubleFunction<Metric> difference, Map<Metric, Interval> differences) {
        Interval ofHamming = interval(differences, Metric.HAMMING_LOSS);
        Interval ofF1 = interval(differences, Metric.MICRO_F1);
        Interval ofPrecision = interval(differences, Metric.AVERAGE_PRECISION);
        List<Interval> gains = List.of(new Interval(-ofHamming.high(), -ofHamming.low()), ofF1, ofPrecision);
        boolean better = gains.stream().anyMatch(i -> i.low() > 0);
        boolean worse = gains.stream().anyMatch(i -> i.high() < 0);
        Outcome outcome = better ? worse ? Outcome.MIXED : Outcome.BETTER : worse ? Outcome.WORSE : Outcome.UNCLEAR;
        return new Verdict(
                outcome,
                String.format(
                        Locale.ROOT,
                        "the network %s %s: Hamming loss %+.4f%s, micro-F1 %+.3f%s, average precision %+.3f%s (in "
                                + "brackets: 95 %% intervals)",
                        outcome.words,
                        what,
                        0.0 + difference.applyAsDouble(Metric.HAMMING_LOSS),
                        text("%+.4f", ofHamming),
                        difference.applyAsDouble(Metric.MICRO_F1),
                        text("%+.3f", ofF1),
                        difference.applyAsDouble(Metric.AVERAGE_PRECISION),
                        text("%+.3f", ofPrecision)));
    }

    private static Interval interval(Map<Metric, Interval> differences, Metric metric) {
        return Objects.requireNonNull(differences.get(metric), "every metric of a verdict has an interval");
    }

    private static String text(String number, Interval i) {
        return String.format(Locale.ROOT, " [" + number + ", " + number + "]", i.low(), i.high());
    }

    private static double zero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}
