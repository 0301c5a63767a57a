package org.lamella.cli.report;

import java.io.PrintStream;
import java.util.List;
import org.lamella.evaluation.Metrics;
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
        log.print(report.table());
        verdicts(report).forEach(v -> log.println(v.text()));
        FindingText.print(
                log, report.findings().stream().filter(f -> !known.contains(f)).toList());
    }

    /** Compares the network with each baseline; empty if nothing was measured. */
    static List<Verdict> verdicts(Report report) {
        Metrics own = report.own().shown();
        Metrics majority = report.baseline().majority().shown();
        Metrics linear = report.baseline().linear().shown();
        if (report.intervals() == null || own == null || majority == null || linear == null) {
            return List.of();
        }
        return List.of(
                Verdict.of(
                        "the majority baseline",
                        own,
                        majority,
                        report.intervals().networkLessMajority()),
                Verdict.of(
                        "the linear baseline", own, linear, report.intervals().networkLessLinear()));
    }
}
