package org.lamella.cli.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lamella.data.InputException;
import org.lamella.model.Model;
import org.lamella.training.EpochResult;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingListener;

/**
 * Removes what an earlier run left in a folder and must not pass for a part of the new run, with the first epoch of the
 * new run: of a cross-validation the single model in its folder, and folds that do not belong to it.
 */
public final class EarlierRun implements TrainingListener {

    private final Path folder;
    private final boolean folds;
    private final int kept;
    private boolean removed;

    private EarlierRun(Path folder, boolean folds, int kept) {
        this.folder = folder;
        this.folds = folds;
        this.kept = kept;
    }

    /**
     * For a run without folds.
     *
     * @param folder of the run
     * @return removes nothing yet
     */
    public static EarlierRun ofSingle(Path folder) {
        return new EarlierRun(folder, false, 0);
    }

    /**
     * For a fold of a cross-validation.
     *
     * @param folder of the cross-validation
     * @param kept folds up to this number belong to the new run
     * @return removes nothing yet
     */
    public static EarlierRun ofFolds(Path folder, int kept) {
        return new EarlierRun(folder, true, kept);
    }

    /**
     * Refuses a run that neither replaces nor continues what is in its folder.
     *
     * @param folder of the new run
     * @param folds its number of folds; 0 without folds
     * @param overwrite whether it replaces an earlier run
     * @param resume whether it continues an earlier run
     * @throws InputException if there is an earlier run and neither was asked for, or it cannot be continued this way
     */
    public static void requireFit(Path folder, int folds, boolean overwrite, boolean resume) {
        if (overwrite && resume) {
            throw new InputException(
                    "--overwrite and --resume contradict each other: one replaces the earlier run, the other continues "
                            + "it; give one of the two");
        }
        boolean single = Trainer.canResume(folder.resolve(RunFolder.CHECKPOINT));
        boolean divided = Files.exists(RunFolder.fold(folder, 1));
        boolean used = Files.exists(folder.resolve(Model.DESCRIPTION)) || single || divided;
        if (used && !overwrite && !resume) {
            throw new InputException(folder
                    + ": contains an earlier run; give --resume to continue it, --overwrite to replace it, or "
                    + "another --out");
        }
        if (resume && single && !divided && folds > 0) {
            throw new InputException(folder + ": contains a run without folds, which --resume cannot continue with "
                    + "--folds; leave out --folds, or give --overwrite or another --out");
        }
        if (resume && !single && divided && folds == 0) {
            throw new InputException(folder + ": contains the folds of a cross-validation, which --resume continues "
                    + "only with the same --folds; give it, or --overwrite or another --out");
        }
    }

    @Override
    public void epoch(EpochResult result, int epochs) {
        if (removed) {
            return;
        }
        removed = true;
        try {
            if (folds) {
                RunFolder.removeResults(folder);
                removeMore(folder);
            }
            Files.deleteIfExists(folder.resolve(Folds.FILE));
            for (int n = kept + 1; Files.isDirectory(RunFolder.fold(folder, n)); n++) {
                RunFolder.removeResults(RunFolder.fold(folder, n));
                removeMore(RunFolder.fold(folder, n));
                removeIfEmpty(RunFolder.fold(folder, n));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only files that a run writes: whatever else is there stays. */
    private static void removeMore(Path run) throws IOException {
        Path linear = run.resolve(RunFolder.LINEAR);
        Files.deleteIfExists(linear.resolve(Model.DESCRIPTION));
        Files.deleteIfExists(linear.resolve(Model.WEIGHTS));
        Files.deleteIfExists(linear.resolve(RunFolder.LINEAR_FIT));
        removeIfEmpty(linear);
        removeAll(run.resolve(RunFolder.CHECKPOINT), "*.safetensors");
        removeIfEmpty(run.resolve(RunFolder.CHECKPOINT));
        removeAll(run, "features-{training,validation,test}.arff");
    }

    private static void removeAll(Path in, String pattern) throws IOException {
        if (Files.isDirectory(in)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(in, pattern)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void removeIfEmpty(Path in) throws IOException {
        if (Files.isDirectory(in)) {
            boolean empty;
            try (DirectoryStream<Path> files = Files.newDirectoryStream(in)) {
                empty = !files.iterator().hasNext();
            }
            if (empty) {
                Files.delete(in);
            }
        }
    }
}
