package org.lamella.cli;

import java.util.Locale;
import org.lamella.device.Program;
import org.lamella.plan.Op;

/** The time of every operator of a step, beside what its dense arithmetic would take at the measured peak. */
final class OperatorTimes {

    private static final double SECONDS = 1.5;

    private OperatorTimes() {
    }

    /** Runs steps for a while and prints a table; peak is one thread's, in GFLOP/s. */
    static void print(String title, Program program, Runnable step, int batch, double peak) {
        program.startProfile();
        long start = System.nanoTime();
        long samples = 0;
        while (System.nanoTime() - start < SECONDS * 1e9) {
            step.run();
            samples += batch;
        }
        double wall = (System.nanoTime() - start) * 1e-9;
        double[] seconds = program.profile();
        double busy = 0;
        for (double s : seconds) {
            busy += s;
        }
        System.out.printf(Locale.ROOT, "%s: %.1f us of thread time a sample in operators, %.1f us of wall time%n", title,
                busy / samples * 1e6, wall / samples * 1e6);
        System.out.printf(Locale.ROOT, "  %-22s %-34s %10s %6s %9s %8s%n", "operator", "layers", "us/sample", "share",
                "GFLOP/s", "of peak");
        for (int i = 0; i < seconds.length; i++) {
            Op op = program.plan().ops().get(i);
            double rate = Arithmetic.gflop(op) * samples / seconds[i];
            System.out.printf(Locale.ROOT, "  %-22s %-34s %10.2f %5.1f%% %9s %8s%n",
                    op.kind().name().toLowerCase(Locale.ROOT), op.layer(), seconds[i] / samples * 1e6,
                    100 * seconds[i] / busy, rate > 0 ? String.format(Locale.ROOT, "%.0f", rate) : "",
                    rate > 0 ? String.format(Locale.ROOT, "%.0f%%", 100 * rate / peak) : "");
        }
    }
}
