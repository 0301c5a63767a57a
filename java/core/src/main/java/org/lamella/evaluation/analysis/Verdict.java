package org.lamella.evaluation.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamella.evaluation.Metric;

/**
 * Whether one model is better than another one: for each of {@link Metric#HEADLINE}, and over all of them. A difference
 * counts if its p, corrected for the number of metrics, is below {@link #LEVEL}.
 *
 * @param outcome the answer over all metrics
 * @param metrics the answer of each metric
 */
public record Verdict(Outcome outcome, Map<Metric, Tested> metrics) {

    /** The largest corrected p of a difference that counts. */
    public static final double LEVEL = 0.05;

    /** The answers over all metrics. */
    public enum Outcome {
        /** Better on at least one metric, worse on none. */
        BETTER,
        /** Better on some metrics, worse on others. */
        MIXED,
        /** Worse on at least one metric, better on none. */
        WORSE,
        /** No difference is shown on any metric. */
        UNCLEAR,
        /** The model has collapsed: it is not called better, whatever its metrics are. */
        COLLAPSED;

        /** {@return the name in files} */
        @JsonValue
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The answers of a metric. */
    public enum Answer {
        /** The first model is better. */
        BETTER("better"),
        /** The first model is worse. */
        WORSE("worse"),
        /** The samples do not show a difference. */
        NOT_SHOWN("no difference shown");

        private final String words;

        Answer(String words) {
            this.words = words;
        }

        /** {@return the words in files and tables} */
        @JsonValue
        public String words() {
            return words;
        }
    }

    /**
     * A tested difference.
     *
     * @param value the first model minus the second one
     * @param low lower end of its 95 % interval
     * @param high upper end
     * @param p two-sided
     * @param adjusted p, corrected for the number of tests by Holm's method
     * @param answer of this metric
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Tested(double value, double low, double high, double p, double adjusted, Answer answer) {

        /**
         * The answer of a difference.
         *
         * @param metric says which direction is better
         * @param difference the first model minus the second one
         * @param adjusted p, corrected for the number of tests
         * @return the difference with its answer
         */
        public static Tested of(Metric metric, Difference difference, double adjusted) {
            boolean up = difference.value() > 0 == (metric.better() == Metric.Better.HIGHER);
            Answer answer = adjusted < LEVEL ? up ? Answer.BETTER : Answer.WORSE : Answer.NOT_SHOWN;
            return new Tested(
                    difference.value(),
                    difference.interval().low(),
                    difference.interval().high(),
                    difference.p(),
                    adjusted,
                    answer);
        }
    }

    /**
     * The verdict of one comparison, corrected for its own metrics.
     *
     * @param differences the first model minus the second one, by metric
     * @param collapsed whether the first model has collapsed
     * @return the verdict
     */
    public static Verdict of(Map<Metric, Difference> differences, boolean collapsed) {
        List<Map.Entry<Metric, Difference>> order = List.copyOf(differences.entrySet());
        double[] adjusted = Holm.adjust(order.stream()
                .mapToDouble(
                        e -> Double.isNaN(e.getValue().p()) ? 1 : e.getValue().p())
                .toArray());
        Map<Metric, Tested> tested = new EnumMap<>(Metric.class);
        for (int i = 0; i < adjusted.length; i++) {
            Metric metric = order.get(i).getKey();
            tested.put(metric, Tested.of(metric, order.get(i).getValue(), adjusted[i]));
        }
        return new Verdict(outcome(tested, collapsed), tested);
    }

    private static Outcome outcome(Map<Metric, Tested> tested, boolean collapsed) {
        boolean better = has(tested, Answer.BETTER);
        boolean worse = has(tested, Answer.WORSE);
        if (collapsed) {
            return Outcome.COLLAPSED;
        }
        if (better) {
            return worse ? Outcome.MIXED : Outcome.BETTER;
        }
        return worse ? Outcome.WORSE : Outcome.UNCLEAR;
    }

    private static boolean has(Map<Metric, Tested> tested, Answer answer) {
        return tested.values().stream().anyMatch(t -> t.answer() == answer);
    }
}
