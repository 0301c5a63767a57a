package org.lamella.data.rows;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.text.Wording;

/** Rows of one part of the data whose features also occur in another part. */
public final class RepeatedRows {

    private RepeatedRows() {}

    /**
     * Counts the rows of one part whose features also occur in another part.
     *
     * @param features of all rows
     * @param rows row numbers of the part that measures, from 0
     * @param known row numbers of the part that the network learns from or is selected on, from 0
     * @param source the file of {@code rows}
     * @param use what the other part is for, such as training
     * @return the finding; empty if no row repeats
     */
    public static Optional<Finding> of(float[][] features, int[] rows, int[] known, String source, String use) {
        Set<FeatureRow> seen =
                Arrays.stream(known).mapToObj(r -> new FeatureRow(features[r])).collect(Collectors.toSet());
        int repeated = (int) Arrays.stream(rows)
                .filter(r -> seen.contains(new FeatureRow(features[r])))
                .count();
        return repeated == 0
                ? Optional.empty()
                : Optional.of(new Finding(
                        Finding.Code.REPEATED_ROWS,
                        Phrase.format(
                                "%s of %s %s the features of a row for %s: what is measured on %s is too optimistic",
                                Wording.of(repeated, rows.length, "row"),
                                source,
                                Wording.agree(repeated, "has", "have"),
                                use,
                                Wording.agree(repeated, "it", "them")),
                        Phrase.of("remove these rows from one of the two files")));
    }
}
