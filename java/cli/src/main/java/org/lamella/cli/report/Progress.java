package org.lamella.cli.report;

import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.Flags;
import org.lamella.evaluation.Metrics;
import org.lamella.finding.Finding;
import org.lamella.training.EpochResult;
import org.lamella.training.TrainingListener;

/** A bar within each epoch on a terminal; one plain line per epoch everywhere. */
public final class Progress implements TrainingListener, AutoCloseable {

    private final PrintStream out;
    private final List<Finding> known;
    private final boolean terminal = isTerminal(System.console());
    private final long start = System.nanoTime();
    private @Nullable ProgressBar bar;
    private int firstEpoch;

    /** Since Java 22 there is a console without a terminal too, with a method that tells them apart. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true; // an older Java
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Starts to measure time.
     *
     * @param out where the lines go
     * @param known findings that were printed before, and are not printed again
     */
    public Progress(PrintStream out, List<Finding> known) {
        this.out = out;
        this.known = List.copyOf(known);
    }

    @Override
    public void step(int epoch, long step, long stepsPerEpoch) {
        if (firstEpoch == 0) {
            firstEpoch = epoch;
        }
        if (!terminal) {
            return;
        }
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("epoch " + epoch)
                    .setInitialMax(stepsPerEpoch)
                    .setStyle(ProgressBarStyle.ASCII)
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.stepTo(step);
    }

    @Override
    public void epoch(EpochResult e, int epochs) {
        close();
        double seconds = (System.nanoTime() - start) * 1e-9;
        double left = seconds / (e.epoch() - firstEpoch + 1) * (epochs - e.epoch());
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "epoch %d/%d  loss %.4f, Hamming loss %.4f",
                e.epoch(),
                epochs,
                e.loss(),
                e.hammingLoss()));
        Metrics m = e.validation();
        if (m != null) {
            line.append(String.format(
                    Locale.ROOT,
                    "  validation: loss %.4f, Hamming loss %.4f, subset accuracy %.3f, micro-F1 %.3f, macro-F1 %.3f",
                    e.validationLoss(),
                    m.hammingLoss(),
                    m.subsetAccuracy(),
                    m.microF1(),
                    m.macroF1()));
        }
        line.append(String.format(
                Locale.ROOT,
                "  %,.0f samples/s, %.1f %% waiting for input, %s left",
                e.samplesPerSecond(),
                100 * e.inputWait(),
                duration(left)));
        out.println(line);
    }

    @Override
    public void finding(Finding found) {
        if (!known.contains(found)) {
            note("warning: " + Flags.text(found));
        }
    }

    @Override
    public void note(String text) {
        close();
        out.println(text);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    /** A duration as text, in s, min or h. */
    static String duration(double seconds) {
        long s = Math.round(seconds);
        return s < 100
                ? s + " s"
                : s < 6000 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
    }
}
