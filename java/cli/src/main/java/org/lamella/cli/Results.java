package org.lamella.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.lamella.evaluation.Metrics;
import org.lamella.training.Report;
import org.lamella.training.TrainingRun;

/** Prints a report for people. */
final class Results {

    private Results() {
    }

    static void print(PrintStream log, Report report, TrainingRun run) {
        log.printf("%nweights of epoch %d of %d%n", run.bestEpoch(), run.history().size());
        log.print(report.table());
        Metrics own = report.own().shown();
        if (own != null) {
            log.println(verdict("the majority baseline", own, report.baseline().majority().shown()));
            log.println(verdict("the linear baseline", own, report.baseline().linear().shown()));
        }
        report.findings().forEach(f -> log.println("finding: " + f));
    }

    private static String verdict(String what, Metrics own, Metrics other) {
        double hamming = other.hammingLoss() - own.hammingLoss();
        double f1 = zero(own.microF1()) - zero(other.microF1());
        double precision = own.averagePrecision() - other.averagePrecision();
        int better = (hamming > 0 ? 1 : 0) + (f1 > 0 ? 1 : 0) + (precision > 0 ? 1 : 0);
        String verdict = better == 3 ? "beats " : better == 0 ? "does NOT beat " : "is not clearly better than ";
        return String.format(Locale.ROOT, "the network %s%s: Hamming loss %+.4f, micro-F1 %+.3f, average precision %+.3f",
                verdict, what, 0.0 - hamming, f1, precision);
    }

    private static double zero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}
