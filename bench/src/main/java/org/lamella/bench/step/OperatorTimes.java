package org.lamella.bench.step;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamella.backend.Program;
import org.lamella.bench.limit.OperatorWork;
import org.lamella.plan.Op;

/**
 * The time of every operator of a step, next to its limit: the longer of its dense arithmetic at the measured peak, and
 * of moving its bytes once at the measured memory bandwidth. Fractions exceed 100 % where multiply-adds are skipped, or
 * where the bytes stay in caches.
 */
public final class OperatorTimes {

    private static final double SECONDS = 1.5;

    /**
     * An operator's share of a step.
     *
     * @param step training or inference
     * @param operator its kind
     * @param layer its layer
     * @param usPerSample microseconds of thread time per sample
     * @param share of all operators' time
     * @param gflops per second, counted dense; NaN for none
     * @param gigabytes per second; NaN where no bandwidth was measured
     * @param limit arithmetic or memory, whichever is longer
     * @param fractionOfLimit limit / time
     */
    public record Row(
            String step,
            String operator,
            String layer,
            double usPerSample,
            double share,
            double gflops,
            @JsonProperty("gb_s") double gigabytes,
            String limit,
            double fractionOfLimit) {}

    /**
     * The limits of one thread.
     *
     * @param gflops multiply-add peak, GFLOP/s
     * @param gigabytes memory bandwidth, GB/s; NaN if it is not known
     */
    public record Limits(double gflops, double gigabytes) {}

    private OperatorTimes() {}

    /**
     * Runs steps for 1.5 seconds.
     *
     * @param name training or inference
     * @param program whose steps run
     * @param step runs one step
     * @param batch samples of a step
     * @param limits of one thread
     * @return a row for each operator, in the order of a step
     */
    public static List<Row> measure(String name, Program program, Runnable step, int batch, Limits limits) {
        program.startProfile();
        long start = System.nanoTime();
        long steps = 0;
        while (System.nanoTime() - start < SECONDS * 1e9) {
            step.run();
            steps++;
        }
        double[] seconds = program.profile();
        double busy = 0;
        for (double s : seconds) {
            busy += s;
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < seconds.length; i++) {
            Op op = program.plan().ops().get(i);
            double each = seconds[i] / steps;
            double compute = OperatorWork.gflop(op) * batch / limits.gflops;
            double memory =
                    Double.isNaN(limits.gigabytes) ? 0 : OperatorWork.bytes(op, batch) * 1e-9 / limits.gigabytes;
            rows.add(new Row(
                    name,
                    op.kind().name().toLowerCase(Locale.ROOT),
                    op.layer(),
                    each / batch * 1e6,
                    seconds[i] / busy,
                    compute > 0 ? OperatorWork.gflop(op) * batch / each : Double.NaN,
                    memory > 0 ? OperatorWork.bytes(op, batch) * 1e-9 / each : Double.NaN,
                    compute >= memory ? "arithmetic" : "memory",
                    Math.max(compute, memory) / each));
        }
        return rows;
    }

    /**
     * Prints a table.
     *
     * @param rows of one step, 1 or more
     */
    public static void print(List<Row> rows) {
        System.out.printf(
                Locale.ROOT,
                "%s step: %.1f us of thread time per sample%n",
                rows.get(0).step,
                rows.stream().mapToDouble(Row::usPerSample).sum());
        System.out.printf(
                "  %-22s %-34s %10s %6s %9s %8s %9s  %s%n",
                "operator", "layers", "us/sample", "share", "GFLOP/s", "GB/s", "of limit", "limit");
        for (Row r : rows) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-22s %-34s %10.2f %5.1f%% %9s %8s %8s  %s%n",
                    r.operator,
                    r.layer,
                    r.usPerSample,
                    100 * r.share,
                    number(r.gflops, 0),
                    number(r.gigabytes, 1),
                    r.fractionOfLimit > 0 ? number(100 * r.fractionOfLimit, 0) + "%" : "",
                    r.fractionOfLimit > 0 ? r.limit : "");
        }
    }

    private static String number(double value, int digits) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
