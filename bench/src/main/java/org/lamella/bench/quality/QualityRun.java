package org.lamella.bench.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.training.CrossValidation;

/**
 * One training: on the published split of a set, or with one of its folds held out. Its folder has the rows of the fold
 * as files ({@code training}, {@code held-out}), the result of the training ({@code run}), its output ({@code log.txt})
 * and its state.
 *
 * @param set the data set
 * @param number of the fold, from 1; 1 for the published split
 * @param settings of the bench
 */
record QualityRun(QualitySet set, int number, QualityBench.Settings settings) {

    /** Folds are the same for every version. */
    private static final long SEED = 1;

    private static final String LOG = "log.txt";
    private static final double MILLIS = 1e-3;

    Path folder() {
        return settings.out().resolve(set.name()).resolve(set.test() != null ? "split" : "fold-" + number);
    }

    /**
     * Trains, unless an earlier call did it.
     *
     * @param training starts the process
     * @return the results
     * @throws IOException if a file cannot be read or written
     * @throws InputException if the training fails, or the folder has results of another run
     */
    FinishedRun finish(QualityBench.Training training) throws IOException {
        RunIdentity identity = RunIdentity.of(set, number, settings.data(), settings.effort());
        RunState before = RunState.read(folder());
        if (before != null) {
            String difference = identity.difference(before.identity());
            if (difference != null) {
                throw new InputException(folder() + ": has a run with " + difference
                        + "; remove this folder, or name another one for the results");
            }
            if (before.finished()) {
                return new FinishedRun(before, RunResult.read(folder().resolve("run")), true);
            }
        }
        RunState now = train(training, identity, before);
        return new FinishedRun(now, RunResult.read(folder().resolve("run")), false);
    }

    /**
     * The results of an earlier call.
     *
     * @return null if the run is not complete, or another one
     * @throws IOException if a data file cannot be read
     */
    @Nullable
    FinishedRun earlier() throws IOException {
        RunState before = RunState.read(folder());
        if (before == null || !before.finished()) {
            return null;
        }
        RunIdentity own = RunIdentity.of(set, number, settings.data(), settings.effort());
        return own.difference(before.identity()) == null
                ? new FinishedRun(before, RunResult.read(folder().resolve("run")), true)
                : null;
    }

    private RunState train(QualityBench.Training training, RunIdentity identity, @Nullable RunState before)
            throws IOException {
        boolean resumed = before != null && before.continues(settings.program());
        Files.createDirectories(folder());
        Path log = folder().resolve(LOG);
        double earlier = before == null || !resumed ? 0 : before.seconds() + killed(before, log);
        Rows rows = rows();
        List<String> arguments = new ArrayList<>(List.of("train", rows.training.toString()));
        arguments.addAll(set.labelOptions(settings.data()));
        arguments.addAll(List.of("--test", rows.heldOut.toString()));
        if (settings.effort() != null) {
            arguments.addAll(List.of("--effort", settings.effort()));
        }
        if (settings.threads() > 0) {
            arguments.addAll(List.of("--threads", Integer.toString(settings.threads())));
        }
        arguments.addAll(List.of("--out", folder().resolve("run").toString()));
        if (Files.exists(folder().resolve("run"))) {
            arguments.add(resumed ? "--resume" : "--overwrite");
        }
        RunState begun = new RunState(
                identity,
                settings.program(),
                System.currentTimeMillis(),
                earlier,
                null,
                rows.trainingRows,
                rows.heldOutRows);
        begun.write(folder());
        long from = Files.exists(log) ? Files.size(log) : 0;
        int code = training.run(arguments, log);
        RunState ended = new RunState(
                identity,
                settings.program(),
                begun.begun(),
                earlier + MILLIS * (System.currentTimeMillis() - begun.begun()),
                code,
                rows.trainingRows,
                rows.heldOutRows);
        ended.write(folder());
        if (code != 0) {
            throw new InputException(LogFile.reason(log, from, code));
        }
        return ended;
    }

    /** Seconds of an attempt that was killed together with its caller: until its last line. */
    private static double killed(RunState before, Path log) throws IOException {
        return before.exitCode() == null && Files.exists(log)
                ? Math.max(0, MILLIS * (Files.getLastModifiedTime(log).toMillis() - before.begun()))
                : 0;
    }

    /** The files of a training, and how many rows they have. */
    private record Rows(Path training, Path heldOut, int trainingRows, int heldOutRows) {}

    private Rows rows() throws IOException {
        Path data = settings.data().resolve(set.data());
        RowFiles all = RowFiles.read(data);
        if (set.test() != null) {
            Path test = settings.data().resolve(set.test());
            return new Rows(data, test, all.rows(), RowFiles.read(test).rows());
        }
        Dataset read = set.read(settings.data());
        if (read.size() != all.rows()) {
            throw new InputException(data + ": cannot be divided into folds: " + all.rows()
                    + " records in its text, but " + read.size() + " rows when it is read");
        }
        Partition fold = CrossValidation.partitions(read.targets(), set.folds(), SEED, null)
                .get(number - 1);
        int[] learned = IntStream.concat(IntStream.of(fold.training()), IntStream.of(fold.validation()))
                .toArray();
        String ending = Files.isDirectory(data)
                ? ""
                : data.toString().substring(data.toString().lastIndexOf('.'));
        Path training = folder().resolve("training" + ending);
        Path heldOut = folder().resolve("held-out" + ending);
        all.write(training, learned);
        all.write(heldOut, fold.test());
        return new Rows(training, heldOut, learned.length, fold.test().length);
    }
}
