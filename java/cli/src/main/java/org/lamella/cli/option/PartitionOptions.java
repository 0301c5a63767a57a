package org.lamella.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Groups;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Split;
import org.lamella.training.CrossValidation;
import picocli.CommandLine.Option;

/** Which rows are for training, validation and test: shares, files of their own, or folds. */
public final class PartitionOptions implements OptionGroup {

    /** Ratios for DATA if there is a file of test rows, but none of validation rows. */
    private static final double[] VALIDATION_OUT_OF_TRAINING = {9, 1, 0};

    @Option(
            names = "--split",
            paramLabel = "T:V:S",
            defaultValue = "8:1:1",
            description = "Shares of training, validation and test rows, by iterative stratification (default: "
                    + "${DEFAULT-VALUE}; not used with --valid or --test).")
    private String split;

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

    /**
     * The data and its partition.
     *
     * @param data all rows
     * @param partition null with folds, which have their own
     */
    public record Rows(Dataset data, @Nullable Partition partition) {}

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
    public Rows divide(Dataset main, Function<Path, Dataset> sameKind, long seed) {
        if (folds > 0) {
            if (valid != null || test != null) {
                throw new InputException("--folds takes its test rows from DATA; leave out --valid and --test");
            }
            return new Rows(main, null); // each fold has its own
        }
        if (valid == null && test == null) {
            return new Rows(main, Partition.stratified(main.targets(), Split.parse(split), seed, groupsOf(main)));
        }
        Dataset validation = valid == null ? null : sameKind.apply(valid);
        Dataset tested = test == null ? null : sameKind.apply(test);
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
