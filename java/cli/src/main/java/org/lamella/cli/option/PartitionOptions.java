package org.lamella.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.DataKind;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.splits.Groups;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Split;
import org.lamella.training.CrossValidation;
import picocli.CommandLine.Option;

/** Which rows are for training, validation and test: shares, files of their own, or folds. */
public final class PartitionOptions implements OptionGroup {

    /** Shares of training, validation and test rows. */
    private static final String SPLIT = "8:1:1";

    /** Ratios for DATA if there is a file of test rows, but none of validation rows. */
    private static final double[] VALIDATION_OUT_OF_TRAINING = {9, 1, 0};

    @Option(
            names = "--split",
            paramLabel = "T:V:S",
            description = "Shares of training, validation and test rows, by iterative stratification (default: 8:1:1; "
                    + "with --test and without --valid DATA is divided 9:1:0).")
    private @Nullable String split;

    @Option(
            names = "--folds",
            paramLabel = "K",
            defaultValue = "0",
            description = "Cross-validation: train K networks, each tested on a different K-th of the rows; reports "
                    + "the mean and standard deviation of every metric. 0: no cross-validation "
                    + "(default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(
            names = "--groups",
            paramLabel = "FILE",
            description = "Keep the rows of a group in the same part of every split. FILE: CD-HIT's .clstr, MMseqs2's "
                    + "cluster table, or a table of row names and group names.")
    private @Nullable Path groups;

    @Option(names = "--valid", paramLabel = "FILE", description = "File with the validation rows; DATA then has none.")
    private @Nullable Path valid;

    @Option(names = "--test", paramLabel = "FILE", description = "File with the test rows; DATA then has none.")
    private @Nullable Path test;

    @Option(
            names = "--valid-label-file",
            paramLabel = "FILE",
            description = "Labels of the sequences or images of --valid (default: --label-file).")
    private @Nullable Path validLabels;

    @Option(
            names = "--test-label-file",
            paramLabel = "FILE",
            description = "Labels of the sequences or images of --test (default: --label-file).")
    private @Nullable Path testLabels;

    /**
     * The data and its partition.
     *
     * @param data all rows
     * @param partition null with folds, which have their own
     */
    public record Rows(Dataset data, @Nullable Partition partition) {}

    /** Reads a data file of the same kind. */
    @FunctionalInterface
    public interface SameKind {
        /**
         * Reads it with the columns and labels of the data file.
         *
         * @param file the file
         * @param labels its own file of labels; null for the source of the data file
         * @return its rows
         */
        Dataset read(Path file, @Nullable Path labels);
    }

    /**
     * All data files.
     *
     * @param data the data file
     * @return it, and the files of --valid and --test that were given
     */
    public Path[] files(Path data) {
        return Stream.of(data, valid, test).filter(Objects::nonNull).toArray(Path[]::new);
    }

    /**
     * Refuses options that change nothing.
     *
     * @throws InputException if one was given
     */
    public void requireEffects() {
        if (folds > 0) {
            if (valid != null || test != null) {
                throw new InputException("--folds takes its test rows from DATA; leave out --valid and --test");
            }
            NoEffect.refuse(split, "--split", "--folds divides the rows into " + folds + " equal parts");
        }
        if (valid != null || test != null) {
            NoEffect.refuse(
                    split,
                    "--split",
                    valid != null
                            ? "--valid names the validation rows, and all rows of DATA are for training"
                            : "--test names the test rows, and DATA is divided 9:1:0");
        }
        if (valid != null) {
            NoEffect.refuse(groups, "--groups", "with --valid no file is divided");
        }
        requireLabelled(valid, validLabels, "--valid");
        requireLabelled(test, testLabels, "--test");
    }

    private static void requireLabelled(@Nullable Path file, @Nullable Path labels, String option) {
        if (file == null) {
            NoEffect.refuse(labels, option + "-label-file", "there is no " + option + " file");
        } else if (Datasets.kind(file) != DataKind.SEQUENCES && Datasets.kind(file) != DataKind.IMAGES) {
            NoEffect.refuse(labels, option + "-label-file", file + " is neither a FASTA file nor a folder of images");
        }
    }

    /** {@return the number of folds; 0 for no cross-validation} */
    public int folds() {
        return folds;
    }

    /**
     * Adds the rows of --valid and --test, and divides all rows.
     *
     * @param main rows of the data file
     * @param sameKind reads another file with the columns and labels of the data file
     * @param seed decides the division
     * @return all rows and their division
     * @throws InputException if a file or the shares cannot be used
     */
    public Rows divide(Dataset main, SameKind sameKind, long seed) {
        if (folds > 0) {
            return new Rows(main, null); // each fold has its own
        }
        if (valid == null && test == null) {
            return new Rows(
                    main,
                    Partition.stratified(
                            main.targets(), Split.parse(split == null ? SPLIT : split), seed, groupsOf(main)));
        }
        Dataset validation = valid == null ? null : sameKind.read(valid, validLabels);
        Dataset tested = test == null ? null : sameKind.read(test, testLabels);
        Partition own = valid != null
                ? Partition.ofTraining(main.rows())
                : Partition.stratified(main.targets(), VALIDATION_OUT_OF_TRAINING, seed, groupsOf(main));
        Dataset all = main;
        int[] validationRows = own.validation();
        int[] testRows = own.test();
        if (validation != null) {
            validationRows =
                    IntStream.range(all.size(), all.size() + validation.size()).toArray();
            all = all.append(validation);
        }
        if (tested != null) {
            testRows = IntStream.range(all.size(), all.size() + tested.size()).toArray();
            all = all.append(tested);
        }
        return new Rows(all, new Partition(own.training(), validationRows, testRows));
    }

    /**
     * A division for each fold.
     *
     * @param all rows of the data file
     * @param seed decides the division
     * @return as many as there are folds
     * @throws InputException if the file of groups cannot be used
     */
    public List<Partition> folds(Dataset all, long seed) {
        return CrossValidation.partitions(all.targets(), folds, seed, groupsOf(all));
    }

    private int @Nullable [] groupsOf(Dataset rows) {
        return groups == null ? null : Groups.read(groups, rows.ids());
    }

    @Override
    public String title() {
        return "Rows";
    }
}
