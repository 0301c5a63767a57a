package org.lamella.data.checkup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.rows.LabelCounts;
import org.lamella.data.rows.SimilarLabels;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/**
 * How often labels are positive, alone and in pairs.
 *
 * @param source the file
 * @param rows samples
 * @param labels each label's counts
 * @param together labels x labels: rows that have both
 * @param withoutLabels rows without a positive label, all labels known
 * @param unknown rows of which no label is known
 */
record LabelCheck(
        String source, int rows, List<Checkup.Label> labels, int[][] together, long withoutLabels, int unknown) {

    private static final int FEW = 10;
    private static final double UNBALANCED = 0.9;

    static LabelCheck of(Dataset data) {
        LabelCounts counts = LabelCounts.of(data.targets(), data.labels().size());
        List<Checkup.Label> labels = IntStream.range(0, data.labels().size())
                .mapToObj(l -> new Checkup.Label(
                        data.labels().get(l), counts.positives()[l], counts.missing()[l], counts.share(l)))
                .toList();
        return new LabelCheck(
                data.source(),
                data.size(),
                labels,
                LabelCounts.together(data.targets(), labels.size()),
                Arrays.stream(data.targets()).filter(LabelCheck::allZero).count(),
                data.size() - KnownRows.of(data.targets()).length);
    }

    private static boolean allZero(byte[] targets) {
        for (byte t : targets) {
            if (t != 0) {
                return false;
            }
        }
        return true;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (labels.isEmpty()) {
            findings.add(new Finding(
                    Code.NO_LABELS,
                    Phrase.of("there are no labels to learn"),
                    Phrase.format(
                            "name the label columns with %s, %s or %s",
                            Setting.LAST_LABELS, Setting.LABELS_XML, Setting.LABEL_FILE)));
            return findings;
        }
        if (unknown == rows) {
            findings.add(new Finding(
                    Code.ROWS_OF_UNKNOWN_LABELS,
                    Phrase.of("no label is known in any row: there is nothing to learn or to measure"),
                    Phrase.of("write 1 where a row has a label, 0 where it does not, ? only where it is not known")));
            return findings;
        }
        if (unknown > 0) {
            findings.add(KnownRows.others(unknown, rows, source));
        }
        SimilarLabels.of(names(l -> true)).ifPresent(findings::add);
        add(
                findings,
                Code.NEVER_POSITIVE_LABELS,
                names(l -> l.positives() == 0 && l.missing() == rows),
                "not known in any row",
                "nothing can be learned about them",
                Phrase.of("remove them"));
        add(
                findings,
                Code.NEVER_POSITIVE_LABELS,
                names(l -> l.positives() == 0 && l.missing() < rows),
                "never positive",
                "nothing can be learned about them",
                Phrase.of("remove them, or mention them next to every average"));
        add(
                findings,
                Code.ALWAYS_POSITIVE_LABELS,
                names(l -> l.positives() > 0 && l.positives() + l.missing() == rows),
                "always positive",
                "a constant predicts them correctly",
                Phrase.of("remove them"));
        add(
                findings,
                Code.RARE_LABELS,
                labels.stream()
                        .filter(l -> l.positives() > 0 && l.positives() < FEW)
                        .map(l -> l.name() + " " + l.positives())
                        .toList(),
                "positive in fewer than " + FEW + " rows",
                "too few for training and testing",
                Phrase.format("use %s, and %s auto", Setting.FOLDS, Setting.POSITIVE_WEIGHT));
        add(
                findings,
                Code.UNKNOWN_TARGETS,
                labels.stream()
                        .filter(l -> l.missing() > unknown && l.missing() < rows)
                        .map(l -> l.name() + " " + l.missing())
                        .toList(),
                "not known in some rows",
                "unknown targets count neither in the loss nor in a metric",
                null);
        unbalanced(findings);
        if (withoutLabels > 0) {
            findings.add(new Finding(
                    Code.ROWS_WITHOUT_LABELS,
                    Phrase.format(
                            "%s no label at all",
                            Wording.of(withoutLabels, rows, "row") + Wording.agree(withoutLabels, " has", " have")),
                    Phrase.of("check that this is intended")));
        }
        equal(findings);
        return findings;
    }

    private List<String> names(Predicate<Checkup.Label> which) {
        return labels.stream().filter(which).map(Checkup.Label::name).toList();
    }

    private void add(
            List<Finding> findings,
            Code code,
            List<String> which,
            String what,
            String effect,
            @Nullable Phrase remedy) {
        if (!which.isEmpty()) {
            findings.add(new Finding(
                    code,
                    Phrase.format(
                            "%s %s %s (%s): %s",
                            Wording.of(which.size(), labels.size(), "label"),
                            Wording.agree(which.size(), "is", "are"),
                            what,
                            Wording.some(which),
                            effect),
                    remedy));
        }
    }

    private void unbalanced(List<Finding> findings) {
        double right = labels.stream()
                .filter(l -> l.missing() < rows)
                .mapToDouble(l -> Math.max(l.frequency(), 1 - l.frequency()))
                .average()
                .orElse(0);
        if (right > UNBALANCED) {
            findings.add(new Finding(
                    Code.UNBALANCED_LABELS,
                    Phrase.format(
                            "class imbalance: the majority value of each label is right in %.1f %% of "
                                    + "decisions, so label accuracy is not informative",
                            100 * right),
                    Phrase.of("look at F1, average precision and the majority baseline")));
        }
    }

    private void equal(List<Finding> findings) {
        List<String> same = new ArrayList<>();
        for (int a = 0; a < labels.size(); a++) {
            for (int b = a + 1; b < labels.size(); b++) {
                if (together[a][b] > 0 && together[a][b] == together[a][a] && together[a][b] == together[b][b]) {
                    same.add(labels.get(a).name() + " = " + labels.get(b).name());
                }
            }
        }
        if (!same.isEmpty()) {
            findings.add(new Finding(
                    Code.EQUAL_LABELS,
                    Phrase.format("some labels are the same in every row (%s)", Wording.some(same)),
                    Phrase.of("keep one of each pair")));
        }
    }
}
