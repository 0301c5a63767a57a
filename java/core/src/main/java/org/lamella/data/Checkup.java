package org.lamella.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.lamella.data.sequences.SequenceEncoding;

/**
 * What is to be known of data before a network is trained on it.
 *
 * @param rows samples
 * @param features numbers a sample
 * @param labels each label's counts
 * @param cardinality positive labels a row, mean
 * @param labelSets different sets of labels
 * @param together labels x labels: rows that have both
 * @param lengths of the sequences; null without sequences
 * @param repeated rows whose features an earlier row has too
 * @param conflicting different feature rows that come with more than one set of labels
 * @param constant names of features that are the same in every row
 * @param missing feature values that are missing
 * @param findings what should be looked at, one sentence each with its remedy
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Checkup(
        @JsonProperty("rows") int rows,
        @JsonProperty("features") int features,
        @JsonProperty("labels") List<Label> labels,
        @JsonProperty("cardinality") double cardinality,
        @JsonProperty("label_sets") int labelSets,
        @JsonProperty("together") int[][] together,
        @JsonProperty("lengths") Lengths lengths,
        @JsonProperty("repeated_rows") int repeated,
        @JsonProperty("conflicting_features") int conflicting,
        @JsonProperty("constant_features") List<String> constant,
        @JsonProperty("missing_values") long missing,
        @JsonProperty("findings") List<String> findings) {

    private static final int FEW = 10;
    /** Standard deviations of features that lie so far apart ask for scaling. */
    private static final double WILD = 1000;
    /** A value so many standard deviations from its mean. */
    private static final double FAR = 30;

    /**
     * A label's counts.
     *
     * @param name its name
     * @param positives rows that have it
     * @param missing rows in which that is not known
     * @param frequency share of positives among the known
     */
    public record Label(
            @JsonProperty("name") String name,
            @JsonProperty("positives") int positives,
            @JsonProperty("missing") int missing,
            @JsonProperty("frequency") double frequency) {}

    /**
     * Letters of the sequences.
     *
     * @param shortest the least
     * @param median half are shorter, half longer
     * @param longest the most
     * @param kept positions that the network sees
     * @param cut sequences that are longer than that
     */
    public record Lengths(
            @JsonProperty("shortest") int shortest,
            @JsonProperty("median") int median,
            @JsonProperty("longest") int longest,
            @JsonProperty("kept") int kept,
            @JsonProperty("cut") int cut) {}

    /** Looks at a dataset. */
    public static Checkup of(Dataset data) {
        List<Label> labels = labels(data);
        int[][] together = LabelCounts.together(data.targets(), data.labels().size());
        Lengths lengths = lengths(data);
        Columns columns = Columns.of(data);
        Repeats repeats = Repeats.of(data);
        int sets = (int)
                Arrays.stream(data.targets()).map(Arrays::toString).distinct().count();
        double positives = labels.stream().mapToLong(Label::positives).sum();
        List<String> findings = new ArrayList<>();
        ofLabels(findings, data, labels, together);
        ofRepeats(findings, repeats);
        columns.findings(findings);
        ofLengths(findings, lengths, data.size());
        return new Checkup(
                data.size(),
                data.width(),
                labels,
                positives / data.size(),
                sets,
                together,
                lengths,
                repeats.rows,
                repeats.conflicts,
                columns.constant,
                columns.missing,
                findings);
    }

    // ---- Labels.

    private static List<Label> labels(Dataset data) {
        LabelCounts counts = LabelCounts.of(data.targets(), data.labels().size());
        return IntStream.range(0, data.labels().size())
                .mapToObj(l ->
                        new Label(data.labels().get(l), counts.positives()[l], counts.missing()[l], counts.share(l)))
                .toList();
    }

    private static void ofLabels(List<String> findings, Dataset data, List<Label> labels, int[][] together) {
        if (labels.isEmpty()) {
            findings.add("there are no labels: nothing can be learned; say which columns are labels with --labels, "
                    + "--labels-xml or --label-file");
            return;
        }
        add(
                findings,
                labels.stream().filter(l -> l.positives == 0).map(Label::name).toList(),
                labels.size(),
                "never positive",
                "nothing can be learned of them; leave them out, or say so beside every average");
        add(
                findings,
                labels.stream()
                        .filter(l -> l.positives > 0 && l.positives + l.missing == data.size())
                        .map(Label::name)
                        .toList(),
                labels.size(),
                "always positive",
                "a constant is right about them; leave them out");
        add(
                findings,
                labels.stream()
                        .filter(l -> l.positives > 0 && l.positives < FEW)
                        .map(l -> l.name + " " + l.positives)
                        .toList(),
                labels.size(),
                "positive in fewer than " + FEW + " rows",
                "too few to learn or to test; use --folds, and --positive-weight auto");
        add(
                findings,
                labels.stream()
                        .filter(l -> l.missing > 0)
                        .map(l -> l.name + " " + l.missing)
                        .toList(),
                labels.size(),
                "not known in some rows",
                "those count neither in the loss nor in a measure");
        double right = labels.stream()
                .mapToDouble(l -> Math.max(l.frequency, 1 - l.frequency))
                .average()
                .orElse(0);
        if (right > 0.9) {
            findings.add(String.format(
                    Locale.ROOT,
                    "a constant that knows only each label's majority is right in %.1f %% of decisions: label accuracy "
                            + "tells nothing here; look at F1, average precision and the majority baseline",
                    100 * right));
        }
        long none = Arrays.stream(data.targets())
                .filter(t -> {
                    for (byte b : t) {
                        if (b != 0) {
                            return false;
                        }
                    }
                    return true;
                })
                .count();
        if (none > 0) {
            findings.add(String.format(
                    Locale.ROOT, "%,d of %,d rows have no label at all: check that this is meant", none, data.size()));
        }
        List<String> same = new ArrayList<>();
        for (int a = 0; a < labels.size(); a++) {
            for (int b = a + 1; b < labels.size(); b++) {
                if (together[a][b] > 0 && together[a][b] == together[a][a] && together[a][b] == together[b][b]) {
                    same.add(labels.get(a).name + " = " + labels.get(b).name);
                }
            }
        }
        if (!same.isEmpty()) {
            findings.add("labels that are the same in every row (" + Wording.some(same) + "): one of each is enough");
        }
    }

    private static void add(List<String> findings, List<String> which, int all, String what, String advice) {
        if (!which.isEmpty()) {
            findings.add(which.size() + " of " + all + " labels " + (which.size() == 1 ? "is " : "are ") + what + " ("
                    + Wording.some(which) + "): " + advice);
        }
    }

    // ---- Rows.

    /** Features as a key. */
    private record Key(float[] values) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key k && Arrays.equals(values, k.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }
    }

    private record Repeats(int rows, int conflicts, int all) {

        static Repeats of(Dataset data) {
            Map<Key, Set<String>> seen = new HashMap<>();
            for (int i = 0; i < data.size(); i++) {
                seen.computeIfAbsent(new Key(data.features()[i]), k -> new HashSet<>())
                        .add(Arrays.toString(data.targets()[i]));
            }
            return new Repeats(
                    data.size() - seen.size(),
                    (int) seen.values().stream().filter(s -> s.size() > 1).count(),
                    data.size());
        }
    }

    private static void ofRepeats(List<String> findings, Repeats repeats) {
        if (repeats.rows > 0) {
            findings.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d rows repeat an earlier row's features: a random split puts copies on both sides and "
                            + "flatters the result; remove them, or keep them together with --groups",
                    repeats.rows,
                    repeats.all));
        }
        if (repeats.conflicts > 0) {
            findings.add(String.format(
                    Locale.ROOT,
                    "%,d feature rows come with more than one set of labels: no network can be right about all of "
                            + "them; check the labels, or join them",
                    repeats.conflicts));
        }
    }

    // ---- Columns.

    private record Columns(
            List<String> constant,
            long missing,
            List<String> incomplete,
            List<String> far,
            String scales,
            boolean codes) {

        static Columns of(Dataset data) {
            List<String> constant = new ArrayList<>();
            List<String> incomplete = new ArrayList<>();
            List<String> far = new ArrayList<>();
            long missing = 0;
            double widest = 0;
            double narrowest = Double.POSITIVE_INFINITY;
            String wide = "";
            String narrow = "";
            boolean codes = true;
            int measured = 0;
            BitSet oneHot = data.positionFeatures();
            List<String> names = data.columns().stream()
                    .flatMap(c -> c.sequence() != null && c.sequence().keepsPositions()
                            ? Collections.nCopies(c.width(), "").stream()
                            : c.features().stream())
                    .toList();
            for (int i = oneHot.nextClearBit(0); i < data.width(); i = oneHot.nextClearBit(i + 1)) {
                Spread s = Spread.of(data.features(), i);
                missing += s.missing;
                if (s.missing > 0) {
                    incomplete.add(names.get(i) + " " + s.missing);
                }
                if (s.low == s.high) {
                    constant.add(names.get(i));
                    continue;
                }
                measured++;
                codes &= s.whole && s.low >= 0 && s.high <= 255 && s.high > 1;
                if (s.deviation > widest) {
                    widest = s.deviation;
                    wide = names.get(i);
                }
                if (s.deviation < narrowest) {
                    narrowest = s.deviation;
                    narrow = names.get(i);
                }
                if (Math.max(s.high - s.mean, s.mean - s.low) > FAR * s.deviation) {
                    far.add(names.get(i));
                }
            }
            String scales = measured > 1 && widest > WILD * narrowest
                    ? String.format(
                            Locale.ROOT,
                            "features differ in scale by a factor of %,.0f (%s "
                                    + "varies by %.3g, %s by %.3g): keep --scale standard, or the large ones "
                                    + "drown the rest",
                            widest / narrowest,
                            wide,
                            widest,
                            narrow,
                            narrowest)
                    : null;
            return new Columns(constant, missing, incomplete, far, scales, measured > 1 && codes);
        }

        void findings(List<String> findings) {
            if (!constant.isEmpty()) {
                findings.add(constant.size() + " features are the same in every row (" + Wording.some(constant)
                        + "): they say nothing; leave them out");
            }
            if (missing > 0) {
                findings.add(String.format(
                        Locale.ROOT,
                        "%,d values of %d features are missing (%s): each is filled with its feature's mean of the "
                                + "training rows",
                        missing,
                        incomplete.size(),
                        Wording.some(incomplete)));
            }
            if (scales != null) {
                findings.add(scales);
            }
            if (!far.isEmpty()) {
                findings.add(far.size() + " features have values more than " + (int) FAR
                        + " standard deviations from their mean (" + Wording.some(far)
                        + "): check them, or take logarithms");
            }
            if (codes) {
                findings.add("all features are whole numbers from 0 to 255, as raw codes or pixels are: unscaled they "
                        + "drive tanh and sigmoid units "
                        + "into saturation; keep --scale standard");
            }
        }
    }

    private record Spread(double low, double high, double mean, double deviation, int missing, boolean whole) {

        static Spread of(float[][] rows, int column) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int known = 0;
            boolean whole = true;
            for (float[] row : rows) {
                float x = row[column];
                if (!Float.isNaN(x)) {
                    low = Math.min(low, x);
                    high = Math.max(high, x);
                    sum += x;
                    known++;
                    whole &= x == Math.rint(x);
                }
            }
            double mean = sum / Math.max(1, known);
            double squares = 0;
            for (float[] row : rows) {
                double d = Float.isNaN(row[column]) ? 0 : row[column] - mean;
                squares += d * d;
            }
            boolean none = known == 0;
            return new Spread(
                    none ? 0 : low,
                    none ? 0 : high,
                    mean,
                    Math.sqrt(squares / Math.max(1, known)),
                    rows.length - known,
                    whole);
        }
    }

    // ---- Sequences.

    private static Lengths lengths(Dataset data) {
        if (data.lengths() == null) {
            return null;
        }
        int[] sorted = data.lengths().clone();
        Arrays.sort(sorted);
        SequenceEncoding encoding = data.columns().stream()
                .filter(c -> c.sequence() != null)
                .findFirst()
                .orElseThrow()
                .sequence();
        int kept = encoding.keepsPositions() ? encoding.length() : sorted[sorted.length - 1];
        int cut = (int) Arrays.stream(sorted).filter(n -> n > kept).count();
        return new Lengths(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1], kept, cut);
    }

    private static void ofLengths(List<String> findings, Lengths lengths, int rows) {
        if (lengths != null && lengths.cut > 0) {
            findings.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d sequences are longer than the %,d positions kept (up to %,d) and lose a part: --length "
                            + "keeps more, --crop says which part",
                    lengths.cut,
                    rows,
                    lengths.kept,
                    lengths.longest));
        }
    }
}
