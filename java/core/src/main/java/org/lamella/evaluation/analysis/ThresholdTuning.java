package org.lamella.evaluation.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.rows.KnownRows;
import org.lamella.evaluation.Calibration;
import org.lamella.evaluation.DecisionGoal;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.RuleScores;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;
import org.lamella.work.Work;

/**
 * Finds thresholds on validation rows. The threshold of a rare label is shrunk towards the common threshold, because
 * few positives say little. A label whose ranking is close to chance keeps the common threshold: an uninformative
 * classifier has its best F1 when it predicts everything positive (Lipton, Elkan and Naryanaswamy 2014).
 *
 * @param rule the rule found
 * @param notes findings about the rule
 * @param compared rules that were compared by cross-fitting, for {@code BEST}; empty for other methods
 * @param decided decisions on the rows by cross-fitting: each was made by a rule that was found on other rows; null for
 *     a method that does not look at the rows
 */
public record ThresholdTuning(
        DecisionRule rule, List<Finding> notes, List<RuleScores> compared, boolean @Nullable [][] decided) {

    /** With this many positives, a label's own threshold and the common threshold have the same weight. */
    private static final double PRIOR_POSITIVES = 10;
    /** An area is near chance if it is not larger than this by two standard errors. */
    private static final double CHANCE = 0.5;

    /** A smaller area is near chance in any case. */
    private static final double MIN_AREA = 0.55;

    /** The rows on which thresholds are usually tuned, in messages. */
    private static final String VALIDATION = "validation rows";

    private ThresholdTuning(DecisionRule rule, List<Finding> notes) {
        this(rule, notes, List.of(), null);
    }

    /**
     * Finds a rule on validation rows.
     *
     * @param method which rule, and how its thresholds are found
     * @param labels names of all labels
     * @param probabilities of the validation rows, rows x labels
     * @param targets of the validation rows: 0, 1, or -1 where missing
     * @param frequency of each label in the training rows, 0 to 1
     * @return the rule, with findings about labels that have no threshold of their own
     * @throws InputException if the method needs validation rows with known labels and there are none
     */
    public static ThresholdTuning tune(
            DecisionMethod method, List<String> labels, float[][] probabilities, byte[][] targets, float[] frequency) {
        return tune(method, labels, probabilities, targets, frequency, VALIDATION);
    }

    /**
     * Finds a rule on rows that the models did not learn from.
     *
     * @param method which rule, and how its thresholds are found
     * @param labels names of all labels
     * @param probabilities of these rows, rows x labels
     * @param targets of these rows: 0, 1, or -1 where missing
     * @param frequency of each label in the training rows, 0 to 1
     * @param rows what messages call these rows, in the plural
     * @return the rule, with findings about labels that have no threshold of their own
     * @throws InputException if the method needs such rows with known labels and there are none
     */
    public static ThresholdTuning tune(
            DecisionMethod method,
            List<String> labels,
            float[][] probabilities,
            byte[][] targets,
            float[] frequency,
            String rows) {
        if (method.tuned() && targets.length == 0) {
            throw new InputException(Phrase.format(
                    "%s %s is tuned on %s, and there are none with a known label; see %s and %s",
                    Setting.DECISIONS, method.text(), rows, Setting.PARTITION, Setting.VALIDATION));
        }
        int[] known = KnownRows.of(targets);
        if (method.tuned() && known.length < targets.length) {
            ThresholdTuning tuning = tune(
                    method,
                    labels,
                    KnownRows.select(probabilities, known),
                    KnownRows.select(targets, known),
                    frequency,
                    rows);
            return tuning.withDecisions(known, probabilities);
        }
        return switch (method.kind()) {
            case FIXED -> new ThresholdTuning(DecisionRule.fixed(labels.size(), method.value()), List.of());
            case MCUT -> new ThresholdTuning(DecisionRule.largestGap(), List.of());
            case TOP -> new ThresholdTuning(DecisionRule.top((int) method.value()), List.of());
            case CARDINALITY -> {
                float all = cardinality(probabilities, frequency);
                yield new ThresholdTuning(
                        DecisionRule.fixed(labels.size(), all),
                        List.of(new Finding(
                                Code.TUNED_THRESHOLD,
                                Phrase.format(
                                        "threshold %.3f: %s are given %.2f labels on average, as training rows have",
                                        all, rows, sum(frequency)))));
            }
            case PCUT ->
                each(
                        labels,
                        probabilities,
                        targets,
                        cardinality(probabilities, frequency),
                        rows,
                        (scores, l) -> cut(scores.values, Math.round(frequency[l] * scores.values.length)));
            case SCUT ->
                each(
                        labels,
                        probabilities,
                        targets,
                        bestF1(Scores.known(probabilities, targets, 0, labels.size())),
                        rows,
                        (scores, l) -> bestF1(scores));
            case BEST -> best(Objects.requireNonNull(method.goal(), "goal"), probabilities, targets, frequency, rows);
        };
    }

    private static ThresholdTuning best(
            DecisionGoal goal, float[][] probabilities, byte[][] targets, float[] frequency, String rows) {
        DecisionSearch search = DecisionSearch.of(goal, probabilities, targets, frequency);
        Finding found = search.exclusive()
                ? new Finding(
                        Code.EXCLUSIVE_LABELS,
                        Phrase.format(
                                "every one of the %,d %s has exactly one label: a row is given its most probable label",
                                targets.length, rows),
                        Phrase.format("%s takes another rule", Setting.DECISIONS))
                : new Finding(Code.TUNED_THRESHOLD, Phrase.format("decisions: %s", search.summary(goal, rows)));
        return new ThresholdTuning(search.rule(), List.of(found), search.compared(), search.decided());
    }

    /** Rows without a known label are decided by the rule: no rule was found on them. */
    private ThresholdTuning withDecisions(int[] known, float[][] probabilities) {
        if (decided == null) {
            return this;
        }
        boolean[][] all = rule.decide(probabilities);
        for (int i = 0; i < known.length; i++) {
            all[known[i]] = decided[i];
        }
        return new ThresholdTuning(rule, notes, compared, all);
    }

    /** Known scores with their targets, from the highest to the lowest. */
    private record Scores(float[] values, byte[] targets, int positives) {

        static Scores known(float[][] probabilities, byte[][] targets, int first, int last) {
            List<float[]> pairs = new ArrayList<>();
            for (int i = 0; i < targets.length; i++) {
                for (int l = first; l < last; l++) {
                    if (targets[i][l] >= 0) {
                        pairs.add(new float[] {probabilities[i][l], targets[i][l]});
                    }
                }
            }
            pairs.sort((a, b) -> Float.compare(b[0], a[0]));
            float[] values = new float[pairs.size()];
            byte[] sorted = new byte[values.length];
            int positives = 0;
            for (int i = 0; i < values.length; i++) {
                values[i] = pairs.get(i)[0];
                sorted[i] = (byte) pairs.get(i)[1];
                positives += sorted[i];
            }
            return new Scores(values, sorted, positives);
        }
    }

    private interface LabelThreshold {
        float of(Scores scores, int label);
    }

    private static ThresholdTuning each(
            List<String> labels,
            float[][] probabilities,
            byte[][] targets,
            float all,
            String rows,
            LabelThreshold best) {
        float[] thresholds = new float[labels.size()];
        List<String> near = new ArrayList<>();
        List<String> without = new ArrayList<>();
        Work work = Work.begin("tuning thresholds", thresholds.length, "label");
        for (int l = 0; l < thresholds.length; l++, work.add(1)) {
            Scores scores = Scores.known(probabilities, targets, l, l + 1);
            double area = CurveAreas.of(scores.values, scores.targets).roc();
            thresholds[l] = all;
            if (Double.isNaN(area)) {
                without.add(labels.get(l));
            } else if (nearChance(area, scores.positives, scores.values.length - scores.positives)) {
                near.add(String.format(
                        Locale.ROOT, "%s %.2f, %s", labels.get(l), area, Wording.count(scores.positives, "positive")));
            } else {
                double share = scores.positives / (scores.positives + PRIOR_POSITIVES);
                thresholds[l] = (float) Calibration.logistic(
                        share * Calibration.logit(best.of(scores, l)) + (1 - share) * Calibration.logit(all));
            }
        }
        work.close();
        List<Finding> notes = new ArrayList<>();
        if (!near.isEmpty()) {
            notes.add(withoutThreshold(
                    "%s the threshold for all, %.3f, as the %s do not show that the AUC is above 0.5, and a threshold "
                            + "of their own would be noise: %s",
                    keep(near.size(), thresholds.length), all, rows, Wording.some(near)));
        }
        if (!without.isEmpty()) {
            notes.add(withoutThreshold(
                    "%s the threshold for all, %.3f, as the %s are all positive or all negative for them: %s",
                    keep(without.size(), thresholds.length), all, rows, Wording.some(without)));
        }
        return new ThresholdTuning(DecisionRule.thresholds(thresholds), notes);
    }

    private static String keep(int labels, int all) {
        return Wording.of(labels, all, "label") + Wording.agree(labels, " keeps", " keep");
    }

    private static Finding withoutThreshold(String format, Object... values) {
        return new Finding(Code.LABELS_WITHOUT_THRESHOLD, Phrase.format(format, values));
    }

    /** Whether an area could be chance, by the standard error of Hanley and McNeil (1982). */
    static boolean nearChance(double area, int positives, int negatives) {
        double two = area / (2 - area);
        double three = 2 * area * area / (1 + area);
        double variance =
                (area * (1 - area) + (positives - 1) * (two - area * area) + (negatives - 1) * (three - area * area))
                        / ((double) positives * negatives);
        return area < MIN_AREA || area - 2 * Math.sqrt(Math.max(0, variance)) <= CHANCE;
    }

    /** The common threshold with which rows are given as many labels on average as the sum of the frequencies. */
    private static float cardinality(float[][] probabilities, float[] frequency) {
        float[] all = new float[probabilities.length * frequency.length];
        for (int i = 0; i < probabilities.length; i++) {
            System.arraycopy(probabilities[i], 0, all, i * frequency.length, frequency.length);
        }
        Arrays.sort(all);
        for (int i = 0; i < all.length / 2; i++) {
            float low = all[i];
            all[i] = all[all.length - 1 - i];
            all[all.length - 1 - i] = low;
        }
        return cut(all, (int) Math.round(sum(frequency) * probabilities.length));
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float v : values) {
            sum += v;
        }
        return sum;
    }

    /** The threshold between the first {@code count} scores and the rest; scores are in descending order. */
    private static float cut(float[] scores, int count) {
        float above = count <= 0 ? 1 : scores[Math.min(count, scores.length) - 1];
        float below = count >= scores.length ? 0 : scores[Math.max(count, 0)];
        return between(above, below);
    }

    /** Greater than {@code below}, at most {@code above}, even if the two are neighbouring floats. */
    static float between(float above, float below) {
        float middle = (above + below) / 2;
        return middle > below ? middle : above;
    }

    /** The threshold with the best F1; of equal ones the highest. */
    private static float bestF1(Scores scores) {
        double best = -1;
        float threshold = Metrics.THRESHOLD;
        int truePositives = 0;
        for (int i = 0; i < scores.values.length; i++) {
            truePositives += scores.targets[i];
            boolean tied = i + 1 < scores.values.length && scores.values[i + 1] == scores.values[i];
            double f1 = 2.0 * truePositives / (i + 1 + scores.positives);
            if (!tied && f1 > best) {
                best = f1;
                threshold = cut(scores.values, i + 1);
            }
        }
        return threshold;
    }
}
