package org.lamella.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at predictions for the failures that an average hides; each finding is one sentence with its remedy. */
public final class Diagnosis {

    private Diagnosis() {
    }

    /** Findings about these predictions; empty if there are none. */
    public static List<String> of(float[][] probabilities, List<String> labels, Metrics model, Metrics majority) {
        List<String> findings = new ArrayList<>();
        Set<String> distinct = new HashSet<>();
        for (float[] p : probabilities) {
            distinct.add(Arrays.toString(decisions(p)));
        }
        if (distinct.size() == 1 && probabilities.length > 1) {
            findings.add("the network decides the same for every sample: it has collapsed; lower --learning-rate, train "
                    + "for more --epochs, or check that the features are scaled (--scale standard)");
        }
        List<String> never = new ArrayList<>();
        for (int l = 0; l < labels.size(); l++) {
            boolean on = false;
            for (float[] p : probabilities) {
                on |= p[l] >= Metrics.THRESHOLD;
            }
            if (!on) {
                never.add(labels.get(l));
            }
        }
        if (!never.isEmpty() && distinct.size() > 1) {
            findings.add(String.format(Locale.ROOT, "%d of %d labels are never predicted (%s): too rare to reach "
                    + "probability 0.5; --positive-weight auto finds more of them", never.size(), labels.size(),
                    String.join(", ", never.subList(0, Math.min(5, never.size()))) + (never.size() > 5 ? ", ..." : "")));
        }
        if (majority != null && model.hammingLoss() >= majority.hammingLoss()
                && !(model.microF1() > majority.microF1())) {
            findings.add("a constant does as well as the network on Hamming loss and micro-F1: it has learned nothing "
                    + "that can be used");
        }
        return findings;
    }

    private static boolean[] decisions(float[] probabilities) {
        boolean[] on = new boolean[probabilities.length];
        for (int i = 0; i < on.length; i++) {
            on[i] = probabilities[i] >= Metrics.THRESHOLD;
        }
        return on;
    }
}
