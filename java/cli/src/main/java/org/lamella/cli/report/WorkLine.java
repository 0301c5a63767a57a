package org.lamella.cli.report;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.lamella.cli.stream.Inputs;
import org.lamella.cli.stream.Terminal;
import org.lamella.text.Wording;
import org.lamella.work.Work;
import org.lamella.work.WorkListener;

/**
 * Shows on standard error how far work is that takes longer than two seconds: on a terminal in one line, which is
 * rewritten and then removed; elsewhere in a line per ten seconds at most. Standard output is for results.
 */
public final class WorkLine implements WorkListener {

    private static final double TERMINAL_FROM = 2;
    private static final double TERMINAL_EVERY = 0.2;
    private static final double FILE_EVERY = 10;
    /** Work that begins again within this time goes on: kernels are compiled one by one. */
    private static final double PAUSE = 1;

    private static final int WIDTH = 78;
    private static final String REMOVE = "\r\033[K";

    /** Work of unknown length, whose pieces follow each other. */
    private static final class Series {
        private final double start;
        private double heard;
        private long ended;

        Series(double start) {
            this.start = start;
            this.heard = start;
        }
    }

    private final PrintStream err;
    private final boolean terminal;
    private final LongSupplier nanos;
    private final long origin;
    private final Map<String, Series> series = new HashMap<>();
    private double next;
    private boolean shown;

    /**
     * For the standard error of this process.
     *
     * @param err receives the lines
     */
    public WorkLine(PrintStream err) {
        this(err, Terminal.is(Terminal.ERROR), System::nanoTime);
    }

    WorkLine(PrintStream err, boolean terminal, LongSupplier nanos) {
        this.err = err;
        this.terminal = terminal;
        this.nanos = nanos;
        this.origin = nanos.getAsLong();
    }

    private double now() {
        return (nanos.getAsLong() - origin) * 1e-9;
    }

    /** The series that a piece belongs to: work that ends somewhere is one of its own. */
    private Series of(Work work, double now) {
        double began = now - work.seconds();
        if (work.total() > 0) {
            return new Series(began);
        }
        Series own = series.get(work.name());
        if (own == null || began - own.heard > PAUSE) {
            own = new Series(began);
            series.put(work.name(), own);
        }
        own.heard = now;
        return own;
    }

    @Override
    public synchronized void at(Work work) {
        double now = now();
        Series own = of(work, now);
        double seconds = now - own.start;
        if (now < next || seconds < (terminal ? TERMINAL_FROM : FILE_EVERY)) {
            return;
        }
        next = now + (terminal ? TERMINAL_EVERY : FILE_EVERY);
        String line = Inputs.text(work.name()) + ": " + text(work, own.ended + work.done(), seconds);
        if (terminal) {
            err.print(REMOVE + (line.length() > WIDTH ? line.substring(0, WIDTH - 3) + "..." : line));
            err.flush();
            shown = true;
        } else {
            err.println(line);
        }
    }

    @Override
    public synchronized void ended(Work work) {
        of(work, now()).ended += work.done();
        if (shown) {
            err.print(REMOVE);
            err.flush();
            shown = false;
        }
    }

    private static String text(Work work, long done, double seconds) {
        boolean bytes = work.unit().equals(Work.BYTES);
        if (work.total() == 0) {
            return (bytes ? megabytes(done) : Wording.count(done, work.unit())) + ", " + Progress.duration(seconds)
                    + " so far";
        }
        double share = done / (double) work.total();
        String left = share == 0 ? "" : ", " + Progress.duration(seconds / share - seconds) + " left";
        return bytes
                ? String.format(Locale.ROOT, "%.0f %% of %s%s", 100 * share, megabytes(work.total()), left)
                : Wording.of(done, work.total(), work.unit()) + left;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes * 1e-6);
    }
}
