package org.lamella.cli.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamella.data.Dataset;
import org.lamella.data.checkup.Checkup;
import org.lamella.text.Wording;

/** Prints the checkup of a dataset as text. */
public final class CheckupText {

    private static final int PAIRS = 8;

    private CheckupText() {}

    /**
     * Prints the checkup.
     *
     * @param out where to
     * @param data the dataset
     * @param c its checkup
     */
    public static void print(PrintStream out, Dataset data, Checkup c) {
        out.printf(
                Locale.ROOT,
                "%s: %s, %s as %s, %s%s%n",
                data.source(),
                Wording.count(c.rows(), "row"),
                Wording.count(data.columns().size(), "column"),
                Wording.count(c.features(), "feature"),
                Wording.count(c.labels().size(), "label"),
                c.unknown() == c.rows()
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %.3f positive labels per row, %s",
                                c.cardinality(),
                                Wording.count(c.labelSets(), "different label set")));
        out.println("ids: " + data.ids().get(0) + ", ...");
        SchemaText.print(out, data);
        if (c.lengths() != null) {
            out.printf(
                    Locale.ROOT,
                    "sequences: %,d to %s, median %,d; %s kept%n",
                    c.lengths().shortest(),
                    Wording.count(c.lengths().longest(), "letter"),
                    c.lengths().median(),
                    Wording.count(c.lengths().kept(), "position")
                            + Wording.agree(c.lengths().kept(), " is", " are"));
        }
        if (!c.labels().isEmpty()) {
            out.printf("%-40s %10s %10s%n", "label", "positives", "share");
            c.labels()
                    .forEach(l -> out.printf(
                            Locale.ROOT,
                            "%-40s %,10d %9.2f%%%s%n",
                            l.name(),
                            l.positives(),
                            100 * l.frequency(),
                            l.missing() == c.rows() ? "  not known" : l.positives() == 0 ? "  never positive" : ""));
            pairs(out, c);
        }
        out.println();
        FindingText.print(out, c.findings());
        if (!FindingText.hasProblem(c.findings())) {
            out.println("no problems found");
        }
    }

    /** The pairs of labels that most rows have together. */
    private static void pairs(PrintStream out, Checkup c) {
        List<int[]> pairs = new ArrayList<>();
        for (int a = 0; a < c.labels().size(); a++) {
            for (int b = a + 1; b < c.labels().size(); b++) {
                if (c.together()[a][b] > 0) {
                    pairs.add(new int[] {a, b, c.together()[a][b]});
                }
            }
        }
        pairs.sort((x, y) -> Integer.compare(y[2], x[2]));
        if (!pairs.isEmpty()) {
            out.println("most frequent pairs of labels:");
        }
        pairs.stream()
                .limit(PAIRS)
                .forEach(p -> out.printf(
                        Locale.ROOT,
                        "  %-38s %,10d%n",
                        c.labels().get(p[0]).name() + " + "
                                + c.labels().get(p[1]).name(),
                        p[2]));
    }
}
