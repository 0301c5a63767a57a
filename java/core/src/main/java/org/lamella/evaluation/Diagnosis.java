package org.lamella.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lamella.data.Wording;

/** Looks at predictions for the failures that an average hides; each finding is one sentence with its remedy. */
public final class Diagnosis {

    private Diagnosis() {}

    /** The largest standard deviation, over labels, of a label's probability between samples. */
    public static double variation(float[][] probabilities) {
        double largest = 0;
        for (int l = 0; probabilities.length > 0 && l < probabilities[0].length; l++) {
            double sum = 0;
            double squares = 0;
            for (float[] p : probabilities) {
                sum += p[l];
            }
            double mean = sum / probabilities.length;
            for (float[] p : probabilities) {
                squares += (p[l] - mean) * (p[l] - mean);
            }
            largest = Math.max(largest, Math.sqrt(squares / probabilities.length));
        }
        return largest;
    }

    /** Findings about decisions on some samples; empty if there are none. */
    public static List<String> of(boolean[][] decisions, List<String> labels, Metrics model, Metrics majority) {
        List<String> findings = new ArrayList<>();
        Set<String> distinct = new HashSet<>();
        for (boolean[] given : decisions) {
            distinct.add(Arrays.toString(given));
        }
        if (distinct.size() == 1 && decisions.length > 1) {
            findings.add(
                    "the network decides the same for every sample: it has collapsed; lower --learning-rate, train "
                            + "for more --epochs, or check that the features are scaled (--scale standard)");
        }
        List<String> never = new ArrayList<>();
        for (int l = 0; l < labels.size(); l++) {
            boolean on = false;
            for (boolean[] given : decisions) {
                on |= given[l];
            }
            if (!on) {
                never.add(labels.get(l));
            }
        }
        if (!never.isEmpty() && distinct.size() > 1) {
            findings.add(String.format(
                    Locale.ROOT,
                    "%d of %d labels are never predicted (%s): too rare to reach "
                            + "their threshold; --threshold per-label or --positive-weight auto finds more of them",
                    never.size(),
                    labels.size(),
                    Wording.some(never)));
        }
        if (majority != null
                && model.hammingLoss() >= majority.hammingLoss()
                && !(model.microF1() > majority.microF1())) {
            findings.add("a constant does as well as the network on Hamming loss and micro-F1: it has learned nothing "
                    + "that can be used");
        }
        return findings;
    }
}
