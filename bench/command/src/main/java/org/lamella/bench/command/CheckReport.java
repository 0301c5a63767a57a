package org.lamella.bench.command;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.lamella.bench.check.Comparison;
import org.lamella.bench.check.DeviceCheck.Outcome;
import org.lamella.bench.check.DeviceCheck.Verdict;
import org.lamella.cli.report.Json;

/** Outcomes of checks as lines of text and as rows for JSON and CSV. */
final class CheckReport {

    private static final int MAX_NOTES = 8;

    private CheckReport() {}

    static List<String> notes(List<Outcome> outcomes) {
        return outcomes.stream().flatMap(o -> o.notes().stream()).distinct().toList();
    }

    /** Prints a line per case, and below it the comparisons that differ. */
    static void print(PrintStream text, int number, int of, Outcome o) {
        String what = o.group() + ": " + o.name();
        switch (o.verdict()) {
            case AGREES -> {
                Comparison worst = Objects.requireNonNull(o.worst());
                text.printf(
                        Locale.ROOT,
                        "%3d/%d agrees  %-54s %.1e of %.0e, %s%n",
                        number,
                        of,
                        what,
                        worst.error(),
                        worst.limit(),
                        worst.what());
            }
            case DIFFERS -> {
                text.printf(Locale.ROOT, "%3d/%d DIFFERS %s%n", number, of, what);
                o.comparisons().stream().filter(c -> !c.agrees()).forEach(c -> text.println("        " + c));
            }
            case FAILED -> text.printf(Locale.ROOT, "%3d/%d FAILED  %s: %s%n", number, of, what, o.message());
            default -> text.printf(Locale.ROOT, "%3d/%d not run %s: %s%n", number, of, what, o.message());
        }
    }

    static long count(List<Outcome> outcomes, Verdict verdict) {
        return outcomes.stream().filter(o -> o.verdict() == verdict).count();
    }

    /** A case as a row. */
    static Map<String, Object> row(Outcome o) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("group", o.group());
        row.put("case", o.name());
        row.put("verdict", o.verdict().name().toLowerCase(Locale.ROOT));
        Comparison worst = o.worst();
        row.put("worst", worst == null ? "" : worst.what());
        row.put("error", worst == null ? Double.NaN : worst.error());
        row.put("limit", worst == null ? Double.NaN : worst.limit());
        row.put("passes_by_own", o.own());
        row.put("passes_by_cudnn", o.cudnn());
        row.put("seconds", o.seconds());
        row.put("message", o.message());
        row.put("comparisons", o.comparisons().stream().map(Json::fields).toList());
        return row;
    }

    /** True if every case agrees. */
    static boolean agree(List<Outcome> outcomes) {
        return outcomes.stream().allMatch(o -> o.verdict() == Verdict.AGREES);
    }

    /** Prints how many cases agree, and the notes of the device's programs. */
    static void end(PrintStream text, String device, List<Outcome> outcomes) {
        text.printf(
                Locale.ROOT,
                "%s: %d of %d cases agree%s%n",
                device,
                count(outcomes, Verdict.AGREES),
                outcomes.size(),
                agree(outcomes)
                        ? ""
                        : String.format(
                                ", %d differ, %d failed, %d were not run",
                                count(outcomes, Verdict.DIFFERS),
                                count(outcomes, Verdict.FAILED),
                                count(outcomes, Verdict.NOT_RUN)));
        notes(outcomes).stream().limit(MAX_NOTES).forEach(note -> text.println("note: " + note));
    }
}
