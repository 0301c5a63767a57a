package org.lamella.cli.option;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.stream.DataFile;
import org.lamella.cli.stream.Inputs;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.formats.DataKind;
import org.lamella.data.rows.RepeatedRows;
import org.lamella.data.rows.Split;
import org.lamella.data.splits.Groups;
import org.lamella.data.splits.Partition;
import org.lamella.text.Wording;
import org.lamella.training.CrossValidation;
import picocli.CommandLine.Option;

/** Which rows are for training, validation and test: shares, files of their own, or folds. */
public final class PartitionOptions implements OptionGroup {

    /** Shares of training, validation and test rows. */
    private static final String SPLIT = "8:1:1";

    /** With folds: shares of training and validation rows outside a fold; no rows are held out from all folds. */
    private static final String SPLIT_WITH_FOLDS = "9:1:0";

    /** Ratios for DATA if there is a file of test rows, but none of validation rows. */
    private static final double[] VALIDATION_OUT_OF_TRAINING = {9, 1, 0};

    @Option(
            names = "--split",
            paramLabel = "T:V:S",
            description = "Shares of training, validation and test rows, by iterative stratification (default: 8:1:1; "
                    + "with --test and without --valid DATA is divided 9:1:0). With --folds, S is the share that no "
                    + "fold sees, and T:V divides the rows outside a fold (default: 9:1:0).")
    private @Nullable String split;

    @Option(
            names = "--folds",
            paramLabel = "K",
            defaultValue = "0",
            description = "Cross-validation: train K networks, each tested on a different K-th of the rows; reports "
                    + "the mean and standard deviation of every metric. DIR is then a model, too: the mean of the K "
                    + "networks. Rows of --test, or of the share S of --split, are seen by no fold; the K networks "
                    + "and their mean are measured on them. 0: no cross-validation (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(
            names = "--groups",
            paramLabel = "FILE",
            description = "Keep the rows of a group in the same part of every split. FILE: CD-HIT's .clstr, MMseqs2's "
                    + "cluster table, or a table of row names and group names.")
    private @Nullable Path groups;

    @DataFile
    @Option(names = "--valid", paramLabel = "FILE", description = "File with the validation rows; DATA then has none.")
    private @Nullable Path valid;

    @DataFile
    @Option(names = "--test", paramLabel = "FILE", description = "File with the test rows; DATA then has none.")
    private @Nullable Path test;

    @Option(
            names = "--valid-label-file",
            paramLabel = "FILE",
            description = "Labels of the rows of --valid (default: --label-file).")
    private @Nullable Path validLabels;

    @Option(
            names = "--test-label-file",
            paramLabel = "FILE",
            description = "Labels of the rows of --test (default: --label-file).")
    private @Nullable Path testLabels;

    /**
     * The data and its partition.
     *
     * @param data all rows
     * @param partitions one; with folds, one per fold
     * @param heldOut with folds: rows that are in no fold; else empty
     * @param added what --valid and --test add to the rows of the data file, with a comma before it; empty for nothing
     * @param groups the group of each row of the data file; null without --groups
     */
    public record Rows(Dataset data, List<Partition> partitions, int[] heldOut, String added, int @Nullable [] groups) {

        /** {@return whether there is a network per fold} */
        public boolean folds() {
            return partitions.size() > 1;
        }
    }

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
     * @param named whether rows of tables have names for a file of labels
     * @throws InputException if one was given
     */
    public void requireEffects(boolean named) {
        if (folds > 0) {
            if (valid != null) {
                throw new InputException("--folds takes its validation rows from DATA; leave out --valid");
            }
            if (test != null) {
                NoEffect.refuse(split, "--split", "--test names the test rows, and --folds divides DATA");
            }
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
        } else if (folds == 0 && test == null && split != null) {
            if (Arrays.stream(Split.parse(split)).filter(share -> share > 0).count() == 1) {
                NoEffect.refuse(groups, "--groups", "--split " + split + " has one part, which has all rows");
            }
        }
        requireLabelled(valid, validLabels, "--valid", named);
        requireLabelled(test, testLabels, "--test", named);
    }

    private static void requireLabelled(@Nullable Path file, @Nullable Path labels, String option, boolean named) {
        if (file == null) {
            NoEffect.refuse(labels, option + "-label-file", "there is no " + option + " file");
            return;
        }
        DataKind kind = DataKind.of(file);
        if (kind == DataKind.SEPARATED && !named) {
            NoEffect.refuse(labels, option + "-label-file", file + " has no names of rows without --id-column NAME");
        } else if (kind != DataKind.SEQUENCES && kind != DataKind.IMAGES && kind != DataKind.SEPARATED) {
            NoEffect.refuse(
                    labels,
                    option + "-label-file",
                    file + " is neither a FASTA file nor a folder of images, and no CSV or TSV file");
        }
    }

    /**
     * The number of networks of which the model is the mean.
     *
     * @param usual their number without --folds; 0 for a single network
     * @return the number of folds; 0 for a single network
     */
    public int folds(int usual) {
        return folds > 0 ? folds : valid == null ? usual : 0;
    }

    /** {@return whether --folds is given: the networks are then tested one by one, and not only their mean} */
    public boolean crossValidates() {
        return folds > 0;
    }

    /**
     * Adds the rows of --valid and --test, and divides all rows.
     *
     * @param main rows of the data file
     * @param sameKind reads another file with the columns and labels of the data file
     * @param seed decides the division
     * @param usual number of networks without --folds; 0 for a single one
     * @return all rows and their division
     * @throws InputException if a file or the shares cannot be used
     */
    public Rows divide(Dataset main, SameKind sameKind, long seed, int usual) {
        int networks = folds(usual);
        if (networks > 0) {
            return folds(main, sameKind, seed, networks);
        }
        int[] groupOf = valid == null ? groupsOf(main) : null;
        if (valid == null && test == null) {
            double[] shares = Split.parse(split == null ? SPLIT : split);
            Partition one = Partition.stratified(main.targets(), shares, seed, groupOf);
            return new Rows(main, List.of(one), new int[0], "", groupOf);
        }
        Dataset validation = valid == null ? null : sameKind.read(valid, validLabels);
        Dataset tested = test == null ? null : sameKind.read(test, testLabels);
        Partition own = valid != null
                ? Partition.ofTraining(main.rows())
                : Partition.stratified(main.targets(), VALIDATION_OUT_OF_TRAINING, seed, groupOf);
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
        Dataset whole = all;
        if (valid != null) {
            whole = RepeatedRows.of(all.features(), validationRows, own.training(), Inputs.name(valid), "training")
                    .map(whole::with)
                    .orElse(whole);
        }
        if (test != null) {
            int[] known = IntStream.concat(IntStream.of(own.training()), IntStream.of(validationRows))
                    .toArray();
            whole = RepeatedRows.of(all.features(), testRows, known, Inputs.name(test), "training or validation")
                    .map(whole::with)
                    .orElse(whole);
        }
        return new Rows(
                whole,
                List.of(new Partition(own.training(), validationRows, testRows)),
                new int[0],
                added(valid, validation) + added(test, tested),
                groupOf);
    }

    private static String added(@Nullable Path file, @Nullable Dataset rows) {
        return rows == null || file == null ? "" : ", " + Inputs.name(file) + ": " + Wording.count(rows.size(), "row");
    }

    /** The rows that no fold sees are set aside first; the folds divide the others. */
    private Rows folds(Dataset main, SameKind sameKind, long seed, int networks) {
        double[] shares = Split.parse(split != null ? split : folds > 0 ? SPLIT_WITH_FOLDS : SPLIT);
        int[] groupOf = groupsOf(main);
        Dataset all = main;
        int[] divided = main.rows();
        int[] heldOut = new int[0];
        String added = "";
        if (test != null) {
            Dataset tested = sameKind.read(test, testLabels);
            added = added(test, tested);
            all = main.append(tested);
            heldOut = IntStream.range(main.size(), all.size()).toArray();
        } else if (shares[2] > 0) {
            Partition apart = Partition.stratified(
                    main.targets(), new double[] {shares[0] + shares[1], 0, shares[2]}, seed, groupOf);
            divided = apart.training();
            heldOut = apart.test();
        }
        int[] rows = divided;
        List<Partition> partitions = CrossValidation.partitions(
                main.targets(rows),
                networks,
                shares[0],
                shares[1],
                seed,
                groupOf == null ? null : Groups.among(groupOf, rows));
        return new Rows(all, partitions.stream().map(p -> p.mappedTo(rows)).toList(), heldOut, added, groupOf);
    }

    private int @Nullable [] groupsOf(Dataset rows) {
        return groups == null ? null : Groups.read(groups, rows.ids());
    }

    @Override
    public String title() {
        return "Rows";
    }
}
