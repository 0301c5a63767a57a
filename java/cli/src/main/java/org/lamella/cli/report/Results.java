package org.lamella.cli.report;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.lamella.cli.option.Flags;
import org.lamella.evaluation.Bootstrap.Interval;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.training.Report;
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
     */
    public static void print(PrintStream log, Report report, TrainingResult run) {
        log.printf(
                "%nweights of epoch %d of %d%n", run.bestEpoch(), run.history().size());
        log.print(report.table());
        verdicts(report).forEach(log::println);
        report.findings().forEach(f -> log.println("finding: " + Flags.text(f)));
    }

    /** Compares the network with each baseline, in one sentence each. */
    static List<String> verdicts(Report report) {
        Metrics own = report.own().shown();
        Metrics majority = report.baseline().majority().shown();
        Metrics linear = report.baseline().linear().shown();
        if (report.intervals() == null || own == null || majority == null || linear == null) {
            return List.of();
        }
        return List.of(
                verdict(
                        "the majority baseline",
                        own,
                        majority,
                        report.intervals().networkLessMajority()),
                verdict("the linear baseline", own, linear, report.intervals().networkLessLinear()));
    }

    /**
     * Whether the network is significantly better than a baseline, and by how much.
     *
     * @param what the baseline
     * @param own metrics of the network
     * @param other metrics of the baseline
     * @param differences 95 % intervals of network minus baseline, by metric
     * @return a sentence
     */
    public static String verdict(String what, Metrics own, Metrics other, Map<Metric, Interval> differences) {
        Interval ofHamming = difference(differences, Metric.HAMMING_LOSS);
        Interval ofF1 = difference(differences, Metric.MICRO_F1);
        Interval ofPrecision = difference(differences, Metric.AVERAGE_PRECISION);
        double hamming = own.hammingLoss() - other.hammingLoss();
        double f1 = zero(own.microF1()) - zero(other.microF1());
        double precision = own.averagePrecision() - other.averagePrecision();
        List<Interval> gains = List.of(negated(ofHamming), ofF1, ofPrecision);
        long better = gains.stream().filter(i -> i.low() > 0).count();
        long worse = gains.stream().filter(i -> i.high() < 0).count();
        String verdict = better > 0 && worse == 0
                ? "beats "
                : better > 0
                        ? "is better on some metrics, worse on others, than "
                        : worse > 0 ? "does NOT beat " : "is not clearly better than ";
        return String.format(
                Locale.ROOT,
                "the network %s%s: Hamming loss %+.4f%s, micro-F1 %+.3f%s, average precision %+.3f%s (in "
                        + "brackets: 95 %% intervals)",
                verdict,
                what,
                0.0 + hamming,
                interval("%+.4f", ofHamming),
                f1,
                interval("%+.3f", ofF1),
                precision,
                interval("%+.3f", ofPrecision));
    }

    private static Interval difference(Map<Metric, Interval> differences, Metric metric) {
        return Objects.requireNonNull(differences.get(metric), "every metric of a verdict has an interval");
    }

    private static Interval negated(Interval i) {
        return new Interval(-i.high(), -i.low());
    }

    private static String interval(String number, Interval i) {
        return String.format(Locale.ROOT, " [" + number + ", " + number + "]", i.low(), i.high());
    }

    private static double zero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}
