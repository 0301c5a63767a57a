package org.lamella.data.checkup;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamella.data.Dataset;
import org.lamella.data.rows.FeatureRow;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/**
 * Rows that repeat each other.
 *
 * @param rows samples
 * @param repeated rows with the same features as an earlier row
 * @param conflicting distinct feature rows that occur with more than one set of labels
 */
record RowCheck(int rows, int repeated, int conflicting) {

    /** The values of each label in rows of equal features. What is not known contradicts nothing. */
    private static final class Values {
        private final BitSet positive = new BitSet();
        private final BitSet negative = new BitSet();

        void add(byte[] targets) {
            for (int l = 0; l < targets.length; l++) {
                if (targets[l] >= 0) {
                    (targets[l] == 1 ? positive : negative).set(l);
                }
            }
        }

        boolean conflict() {
            return positive.intersects(negative);
        }
    }

    static RowCheck of(Dataset data) {
        Map<FeatureRow, Values> seen = new HashMap<>();
        for (int i = 0; i < data.size(); i++) {
            seen.computeIfAbsent(new FeatureRow(data.features()[i]), k -> new Values())
                    .add(data.targets()[i]);
        }
        return new RowCheck(data.size(), data.size() - seen.size(), (int)
                seen.values().stream().filter(Values::conflict).count());
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (repeated > 0) {
            findings.add(new Finding(
                    Code.REPEATED_ROWS,
                    Phrase.format(
                            "%s %s the features of an earlier row: a random split puts copies "
                                    + "into training and test rows, and the result is too optimistic",
                            Wording.of(repeated, rows, "row"), Wording.agree(repeated, "repeats", "repeat")),
                    Phrase.format("remove them, or keep them together with %s", Setting.GROUPS)));
        }
        if (conflicting > 0) {
            findings.add(new Finding(
                    Code.CONFLICTING_ROWS,
                    Phrase.format(
                            "%s more than one set of labels: no network can predict all of them correctly",
                            Wording.count(conflicting, "feature row")
                                    + Wording.agree(conflicting, " occurs with", " occur with")),
                    Phrase.of("check the labels, or merge the rows")));
        }
        return findings;
    }
}
