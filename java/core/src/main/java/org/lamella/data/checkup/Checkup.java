package org.lamella.data.checkup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.finding.Finding;

/**
 * The checkup of a dataset before training: counts and findings.
 *
 * @param rows samples
 * @param unknown samples of which no label is known
 * @param features numbers per sample
 * @param labels each label's counts
 * @param cardinality positive labels per row of which a label is known, mean; NaN without such rows
 * @param labelSets different sets of labels of those rows
 * @param together labels x labels: number of rows that have both
 * @param lengths of the sequences; null without sequences
 * @param repeated rows with the same features as an earlier row
 * @param conflicting distinct feature rows that occur with more than one set of labels
 * @param constant names of features that are the same in every row
 * @param missing number of missing feature values
 * @param findings possible problems
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Checkup(
        int rows,
        @JsonProperty("rows_of_unknown_labels") int unknown,
        int features,
        List<Label> labels,
        double cardinality,
        int labelSets,
        int[][] together,
        @Nullable Lengths lengths,
        @JsonProperty("repeated_rows") int repeated,
        @JsonProperty("conflicting_features") int conflicting,
        @JsonProperty("constant_features") List<String> constant,
        @JsonProperty("missing_values") long missing,
        List<Finding> findings) {

    /**
     * A label's counts.
     *
     * @param name its name
     * @param positives rows that have it
     * @param missing rows in which its value is not known
     * @param frequency share of positives among the known
     */
    public record Label(String name, int positives, int missing, double frequency) {}

    /**
     * Lengths of the sequences, in letters.
     *
     * @param shortest the shortest
     * @param median half are shorter, half longer
     * @param longest the longest
     * @param kept positions in the network's input
     * @param cut number of sequences that are longer than that
     */
    public record Lengths(int shortest, int median, int longest, int kept, int cut) {}

    /**
     * Checks a dataset.
     *
     * @param data with one row at least
     * @return counts and findings
     */
    public static Checkup of(Dataset data) {
        LabelCheck labels = LabelCheck.of(data);
        RowCheck rows = RowCheck.of(data);
        ColumnCheck columns = ColumnCheck.of(data);
        Lengths lengths = lengths(data);
        int sets = (int) Arrays.stream(data.targets())
                .filter(KnownRows::isKnown)
                .map(Arrays::toString)
                .distinct()
                .count();
        double positives = labels.labels().stream().mapToLong(Label::positives).sum();
        List<Finding> findings = new ArrayList<>(data.findings());
        findings.addAll(labels.findings());
        findings.addAll(rows.findings());
        findings.addAll(columns.findings());
        return new Checkup(
                data.size(),
                labels.unknown(),
                data.width(),
                labels.labels(),
                positives / (data.size() - labels.unknown()),
                sets,
                labels.together(),
                lengths,
                rows.repeated(),
                rows.conflicting(),
                columns.constant(),
                columns.missing(),
                findings);
    }

    private static @Nullable Lengths lengths(Dataset data) {
        if (data.lengths() == null) {
            return null;
        }
        int[] sorted = data.lengths().clone();
        Arrays.sort(sorted);
        SequenceEncoding encoding = data.columns().stream()
                .filter(c -> c.sequence() != null)
                .map(c -> c.sequence())
                .findFirst()
                .orElseThrow();
        int kept = encoding.keepsPositions() ? encoding.length() : sorted[sorted.length - 1];
        int cut = (int) Arrays.stream(sorted).filter(n -> n > kept).count();
        return new Lengths(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1], kept, cut);
    }
}
