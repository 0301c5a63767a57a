package org.lamella.evaluation;

import java.util.Arrays;
import java.util.Objects;
import org.lamella.text.Wording;

/**
 * Which labels a sample is given for its probabilities. Part of a model.
 *
 * @param kind the kind of rule
 * @param thresholds of {@code THRESHOLDS}, one per label: a label is given at its threshold or above; empty for other
 *     rules
 * @param count of {@code TOP}: how many labels every sample is given; of {@code THRESHOLDS}: how many it is given at
 *     least, those with the largest difference between probability and threshold first, of equal ones the first; 0 for
 *     other rules
 */
public record DecisionRule(Kind kind, float[] thresholds, int count) {

    /**
     * Checks the ranges; the thresholds are copied.
     *
     * @throws IllegalArgumentException if a part is null, a threshold is NaN, {@code TOP} has no count, or a count is
     *     negative
     */
    public DecisionRule {
        if (kind == null || thresholds == null) {
            throw new IllegalArgumentException("a decision rule needs its kind and its thresholds");
        }
        thresholds = thresholds.clone();
        for (int l = 0; l < thresholds.length; l++) {
            if (Float.isNaN(thresholds[l])) {
                throw new IllegalArgumentException("the threshold of label " + (l + 1) + " is NaN");
            }
        }
        if (kind == Kind.TOP && count < 1) {
            throw new IllegalArgumentException("the number of most probable labels must be 1 or more, got " + count);
        }
        if (count < 0) {
            throw new IllegalArgumentException("the smallest number of labels must be 0 or more, got " + count);
        }
    }

    /** {@return the thresholds, one per label; a copy} */
    @Override
    public float[] thresholds() {
        return thresholds.clone();
    }

    /** Kinds of rules. */
    public enum Kind {
        /** A threshold per label. */
        THRESHOLDS,
        /**
         * The largest gap between a sample's probabilities in order: the labels above it are given (MCut; Largeron,
         * Moulin and Géry 2012).
         */
        LARGEST_GAP,
        /** The most probable labels, the same number for every sample; of equal ones the first. */
        TOP
    }

    /**
     * One threshold for all labels.
     *
     * @param labels number of labels, 0 or more
     * @param threshold a label is given from this probability on, 0 to 1
     * @return the rule
     * @throws IllegalArgumentException if the number is negative, or the threshold is NaN
     */
    public static DecisionRule fixed(int labels, float threshold) {
        if (labels < 0) {
            throw new IllegalArgumentException("the number of labels must be 0 or more, got " + labels);
        }
        float[] all = new float[labels];
        Arrays.fill(all, threshold);
        return thresholds(all);
    }

    /**
     * A threshold for each label.
     *
     * @param each one per label, in the labels' order, 0 to 1; copied
     * @return the rule
     * @throws IllegalArgumentException if a threshold is NaN
     */
    public static DecisionRule thresholds(float[] each) {
        return new DecisionRule(Kind.THRESHOLDS, each, 0);
    }

    /**
     * The same thresholds, and at least so many labels for every sample.
     *
     * @param labels 0 or more; all labels are given if it is larger than their number
     * @return the rule
     * @throws IllegalArgumentException if the number is negative, or the rule has no thresholds
     */
    public DecisionRule atLeast(int labels) {
        if (kind != Kind.THRESHOLDS) {
            throw new IllegalArgumentException("only a rule with thresholds can give a smallest number of labels");
        }
        return new DecisionRule(kind, thresholds, labels);
    }

    /** {@return the rule of the largest gap between a sample's probabilities} */
    public static DecisionRule largestGap() {
        return new DecisionRule(Kind.LARGEST_GAP, new float[0], 0);
    }

    /**
     * The most probable labels, the same number for every sample.
     *
     * @param count 1 or more; all labels are given if it is larger than their number
     * @return the rule
     * @throws IllegalArgumentException if the count is below 1
     */
    public static DecisionRule top(int count) {
        return new DecisionRule(Kind.TOP, new float[0], count);
    }

    /**
     * A label's threshold.
     *
     * @param label its number, from 0
     * @return 0 to 1; NaN if the rule has no thresholds
     */
    public double threshold(int label) {
        return kind == Kind.THRESHOLDS ? thresholds[label] : Double.NaN;
    }

    /**
     * Decides for every sample and label.
     *
     * @param probabilities samples x labels, 0 to 1
     * @return samples x labels: true where the sample is given the label
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if a row is null, a probability is NaN or not 0 to 1, or there are more or fewer
     *     than the rule has thresholds; the message names row and label, from 1
     */
    public boolean[][] decide(float[][] probabilities) {
        boolean[][] all = new boolean[probabilities.length][];
        Arrays.setAll(all, i -> decide(probabilities[i], "row " + (i + 1)));
        return all;
    }

    /**
     * Decides for one sample.
     *
     * @param probabilities one per label, 0 to 1
     * @return one per label: true where it is given
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if a probability is NaN or not 0 to 1, or there are more or fewer than the rule
     *     has thresholds; the message names the label, from 1
     */
    public boolean[] decide(float[] probabilities) {
        return decide(Objects.requireNonNull(probabilities, "probabilities"), "the row");
    }

    private boolean[] decide(float[] probabilities, String where) {
        EvaluationChecks.probabilities(probabilities, where);
        int labels = probabilities.length;
        if (kind == Kind.THRESHOLDS && labels != thresholds.length) {
            throw new IllegalArgumentException(where + " has " + Wording.count(labels, "probability", "probabilities")
                    + ", the rule has thresholds of " + Wording.count(thresholds.length, "label"));
        }
        boolean[] given = new boolean[labels];
        if (kind == Kind.THRESHOLDS) {
            int number = 0;
            for (int l = 0; l < labels; l++) {
                given[l] = probabilities[l] >= thresholds[l];
                number += given[l] ? 1 : 0;
            }
            for (; number < Math.min(count, labels); number++) {
                given[nearest(probabilities, given)] = true;
            }
            return given;
        }
        Integer[] order = new Integer[labels];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order, (a, b) -> Float.compare(probabilities[b], probabilities[a])); // stable: equal ones stay in order
        int number = kind == Kind.TOP ? Math.min(count, labels) : aboveLargestGap(probabilities, order);
        for (int i = 0; i < number; i++) {
            given[order[i]] = true;
        }
        return given;
    }

    /** The label that comes next to its threshold from below. */
    private int nearest(float[] probabilities, boolean[] given) {
        int best = -1;
        for (int l = 0; l < given.length; l++) {
            if (!given[l] && (best < 0 || probabilities[l] - thresholds[l] > probabilities[best] - thresholds[best])) {
                best = l;
            }
        }
        return best;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DecisionRule r
                && kind == r.kind
                && count == r.count
                && Arrays.equals(thresholds, r.thresholds);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, count, Arrays.hashCode(thresholds));
    }

    @Override
    public String toString() {
        return switch (kind) {
            case THRESHOLDS ->
                "thresholds " + Arrays.toString(thresholds)
                        + (count == 0 ? "" : ", at least " + Wording.count(count, "label"));
            case LARGEST_GAP -> "the labels above the largest gap";
            case TOP -> "the " + count + " most probable labels";
        };
    }

    private static int aboveLargestGap(float[] probabilities, Integer[] order) {
        int above = Math.min(1, order.length);
        float largest = 0;
        for (int i = 1; i < order.length; i++) {
            float gap = probabilities[order[i - 1]] - probabilities[order[i]];
            if (gap > largest) {
                largest = gap;
                above = i;
            }
        }
        return above;
    }
}
