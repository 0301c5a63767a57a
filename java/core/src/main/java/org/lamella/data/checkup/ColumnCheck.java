package org.lamella.data.checkup;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.Wording;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/** Features one by one, those of positions of sequences left out. */
final class ColumnCheck {

    /** Standard deviations of features that are so far apart ask for scaling. */
    private static final double MAX_RATIO_OF_SCALES = 1000;
    /** A value so many standard deviations from its mean is an outlier. */
    private static final double OUTLIER_DEVIATIONS = 30;

    /** A feature and how its values lie. */
    private record Feature(String name, Spread spread) {}

    private final List<String> constant = new ArrayList<>();
    private final List<String> incomplete = new ArrayList<>();
    private final List<String> far = new ArrayList<>();
    private long missing;
    private int varying;
    private boolean codes = true;
    private @Nullable Feature widest;
    private @Nullable Feature narrowest;

    private ColumnCheck() {}

    static ColumnCheck of(Dataset data) {
        ColumnCheck check = new ColumnCheck();
        BitSet positions = data.positionFeatures();
        List<String> names = data.columns().stream()
                .flatMap(c -> c.sequence() != null && c.sequence().keepsPositions()
                        ? Collections.nCopies(c.width(), "").stream()
                        : c.features().stream())
                .toList();
        for (int i = positions.nextClearBit(0); i < data.width(); i = positions.nextClearBit(i + 1)) {
            check.add(new Feature(names.get(i), Spread.of(data.features(), i)));
        }
        return check;
    }

    private void add(Feature feature) {
        Spread s = feature.spread;
        missing += s.missing();
        if (s.missing() > 0) {
            incomplete.add(feature.name + " " + s.missing());
        }
        if (s.constant()) {
            constant.add(feature.name);
            return;
        }
        varying++;
        codes &= s.codes();
        if (widest == null || s.deviation() > widest.spread.deviation()) {
            widest = feature;
        }
        if (narrowest == null || s.deviation() < narrowest.spread.deviation()) {
            narrowest = feature;
        }
        if (s.reaches(OUTLIER_DEVIATIONS)) {
            far.add(feature.name);
        }
    }

    List<String> constant() {
        return constant;
    }

    long missing() {
        return missing;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (!constant.isEmpty()) {
            findings.add(new Finding(
                    Code.CONSTANT_FEATURES,
                    Phrase.format(
                            "%d features are the same in every row (%s): they say nothing",
                            constant.size(), Wording.some(constant)),
                    Phrase.of("leave them out")));
        }
        if (missing > 0) {
            findings.add(new Finding(
                    Code.MISSING_VALUES,
                    Phrase.format(
                            "%,d values of %d features are missing (%s): each is filled with its feature's mean of "
                                    + "the training rows",
                            missing, incomplete.size(), Wording.some(incomplete))));
        }
        scales(findings);
        if (!far.isEmpty()) {
            findings.add(new Finding(
                    Code.OUTLIERS,
                    Phrase.format(
                            "%d features have values more than %.0f standard deviations from their mean (%s)",
                            far.size(), OUTLIER_DEVIATIONS, Wording.some(far)),
                    Phrase.of("check them, or take logarithms")));
        }
        if (varying > 1 && codes) {
            findings.add(new Finding(
                    Code.RAW_CODES,
                    Phrase.of("all features are whole numbers from 0 to 255, as raw codes or pixels are: unscaled "
                            + "they drive tanh and sigmoid units into saturation"),
                    Phrase.format("keep %s standard", Setting.SCALING)));
        }
        return findings;
    }

    private void scales(List<Finding> findings) {
        if (varying < 2 || widest == null || narrowest == null) {
            return;
        }
        double wide = widest.spread.deviation();
        double narrow = narrowest.spread.deviation();
        if (wide > MAX_RATIO_OF_SCALES * narrow) {
            findings.add(new Finding(
                    Code.DIFFERENT_SCALES,
                    Phrase.format(
                            "features differ in scale by a factor of %,.0f (%s varies by %.3g, %s by %.3g)",
                            wide / narrow, widest.name, wide, narrowest.name, narrow),
                    Phrase.format("keep %s standard, or the large ones drown the rest", Setting.SCALING)));
        }
    }
}
