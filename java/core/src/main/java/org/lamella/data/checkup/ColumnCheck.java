package org.lamella.data.checkup;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/** Checks each feature, except positions of sequences. */
final class ColumnCheck {

    /** A larger ratio of the largest to the smallest standard deviation requires scaling. */
    private static final double MAX_RATIO_OF_SCALES = 1000;
    /** A value more than this many standard deviations from the mean is an outlier. */
    private static final double OUTLIER_DEVIATIONS = 30;

    /** A feature and the spread of its values. */
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
        int width = data.width(); // a sum over all columns
        for (int i = positions.nextClearBit(0); i < width; i = positions.nextClearBit(i + 1)) {
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
                            "%s the same in every row (%s): no information",
                            Wording.count(constant.size(), "feature") + Wording.agree(constant.size(), " is", " are"),
                            Wording.some(constant)),
                    Phrase.of("remove " + Wording.agree(constant.size(), "it", "them"))));
        }
        if (missing > 0) {
            findings.add(new Finding(
                    Code.MISSING_VALUES,
                    Phrase.format(
                            "%s of %s %s missing (%s): each is replaced by the mean of its feature over the "
                                    + "training rows",
                            Wording.count(missing, "value"),
                            Wording.count(incomplete.size(), "feature"),
                            Wording.agree(missing, "is", "are"),
                            Wording.some(incomplete))));
        }
        scales(findings);
        if (!far.isEmpty()) {
            findings.add(new Finding(
                    Code.OUTLIERS,
                    Phrase.format(
                            "%s values more than %.0f standard deviations from the mean (%s)",
                            Wording.count(far.size(), "feature") + Wording.agree(far.size(), " has", " have"),
                            OUTLIER_DEVIATIONS,
                            Wording.some(far)),
                    Phrase.of("check them, or use logarithms")));
        }
        if (varying > 1 && codes) {
            findings.add(new Finding(
                    Code.RAW_CODES,
                    Phrase.of("all features are whole numbers from 0 to 255, like raw codes or pixels: without "
                            + "scaling they saturate tanh and sigmoid units"),
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
                    Phrase.format("keep %s standard, or the features with large values dominate", Setting.SCALING)));
        }
    }
}
