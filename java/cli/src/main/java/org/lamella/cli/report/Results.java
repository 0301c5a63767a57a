package org.lamella.cli.report;

import java.io.PrintStream;
import java.util.List;
import org.lamella.finding.Finding;
import org.lamella.report.Report;
import org.lamella.training.TrainingResult;

/** Prints a report as text. */
public final class Results {

    private Results() {}

    /**
     * Prints a report.
     *
     * @param log where to
     * @param report what was measured
     * @param run what was trained
     * @param known findings that were printed before
     */
    public static void print(PrintStream log, Report report, TrainingResult run, List<Finding> known) {
        log.printf(
                "%nweights of epoch %d of %d%n", run.bestEpoch(), run.history().size());
        List<ComparedWith> verdicts = verdicts(report);
        verdicts.forEach(v -> log.println(v.text()));
        if (!verdicts.isEmpty()) {
            log.println(ComparedWith.OF_ROWS);
        }
        log.print(report.table());
        if (report.linearFit() != null) {
            log.println(report.linearFit().text());
        }
        FindingText.print(
                log, report.findings().stream().filter(f -> !known.contains(f)).toList());
    }

    /** Compares the network with each baseline; empty if nothing was measured. */
    static List<ComparedWith> verdicts(Report report) {
        Report.Verdicts all = report.verdicts();
        if (all == null) {
            return List.of();
        }
        return ComparedWith.all(all);
    }
}
