package org.lamella.bench.quality;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.file.FileFailure;

/**
 * Trains on data sets with the default command, and collects the results on rows that no training has seen. A run that
 * is complete is not repeated, and a failure ends one run only.
 */
public final class QualityBench {

    private final Settings settings;
    private final Training training;
    private final Consumer<String> log;

    /**
     * Where and how to train.
     *
     * @param data folder of all data sets
     * @param out folder of the results; the caller has locked it
     * @param effort of each training; null for the default
     * @param threads of each training, which change no result; 0 for the default
     * @param folds how many outer folds of a set to run at most; 0 for as many as its description says
     * @param program version and commit
     */
    public record Settings(Path data, Path out, @Nullable String effort, int threads, int folds, String program) {}

    /** Runs the command line. */
    @FunctionalInterface
    public interface Training {
        /**
         * Runs a command to its end.
         *
         * @param arguments of the command line
         * @param log its output is appended
         * @return its exit code
         * @throws IOException if it cannot be started
         */
        int run(List<String> arguments, Path log) throws IOException;
    }

    /**
     * A bench that has not begun.
     *
     * @param settings where and how to train
     * @param training runs the command line
     * @param log receives a line per run and per set that is absent
     */
    public QualityBench(Settings settings, Training training, Consumer<String> log) {
        this.settings = settings;
        this.training = training;
        this.log = log;
    }

    /** Receives the results so far. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Called after each run.
         *
         * @param results of the sets that have begun
         * @throws IOException if they cannot be written
         */
        void results(List<SetResult> results) throws IOException;
    }

    /**
     * Runs what is not complete.
     *
     * @param sets the data sets, in this order
     * @param listener receives the results so far
     * @return the results of all sets
     * @throws IOException if the listener fails
     */
    public List<SetResult> run(List<QualitySet> sets, Listener listener) throws IOException {
        List<SetResult> all = new ArrayList<>();
        for (QualitySet set : sets) {
            String missing = set.missing(settings.data());
            if (missing != null) {
                String reason = settings.data().resolve(missing) + " is not there";
                log.accept(set.name() + ": skipped: " + reason);
                all.add(SetResult.absent(set, reason));
                listener.results(all);
                continue;
            }
            List<FinishedRun> finished = new ArrayList<>();
            List<String> failures = new ArrayList<>();
            int at = all.size();
            all.add(new SetResult(set, List.of(), List.of(), null));
            List<FinishedRun> more = more(set, failures);
            for (int number : set.numbers(settings.folds()).toArray()) {
                run(new QualityRun(set, number, settings), finished, failures);
                all.set(at, new SetResult(set, with(more, finished), List.copyOf(failures), null));
                listener.results(all);
            }
        }
        return all;
    }

    /** Complete runs of folds that are not among those to run now: an earlier call wanted more. */
    private List<FinishedRun> more(QualitySet set, List<String> failures) {
        List<FinishedRun> more = new ArrayList<>();
        for (int number = set.runs(settings.folds()) + 1; number <= set.folds(); number++) {
            QualityRun run = new QualityRun(set, number, settings);
            attempt(run, failures, () -> {
                FinishedRun earlier = run.earlier();
                if (earlier != null) {
                    more.add(earlier);
                }
            });
        }
        return more;
    }

    private static List<FinishedRun> with(List<FinishedRun> more, List<FinishedRun> finished) {
        return Stream.concat(finished.stream(), more.stream()).toList();
    }

    private void run(QualityRun run, List<FinishedRun> finished, List<String> failures) {
        attempt(run, failures, () -> {
            FinishedRun done = run.finish(training);
            finished.add(done);
            log.accept(String.format(
                    Locale.ROOT,
                    "%s: %s %.0f s: %s",
                    name(run),
                    done.earlier() ? "was done before in" : "done in",
                    done.state().seconds(),
                    done.result().chosen()));
        });
    }

    /** Work on a run, whose failure ends nothing else. */
    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(QualityRun run, List<String> failures, Attempt work) {
        String reason;
        try {
            work.run();
            return;
        } catch (InputException e) {
            reason = String.valueOf(e.getMessage());
        } catch (IOException e) {
            reason = FileFailure.line(e);
        }
        log.accept(name(run) + ": FAILED: " + reason);
        failures.add(run.set().split(run.number()) + ": " + reason);
    }

    private static String name(QualityRun run) {
        return run.set().name() + ", " + run.set().split(run.number());
    }
}
