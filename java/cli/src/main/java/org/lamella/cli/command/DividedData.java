package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.DataOptions;
import org.lamella.cli.option.Flags;
import org.lamella.cli.option.PartitionOptions;
import org.lamella.cli.report.FindingText;
import org.lamella.cli.report.SchemaText;
import org.lamella.cli.stream.Inputs;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.Reading;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.text.Wording;

/**
 * The rows of a data file and of the files of --valid and --test, and their division.
 *
 * @param options how the file was read
 * @param reading what was chosen and found
 * @param main rows of the data file
 * @param rows all rows, and their parts
 * @param skipped the list of bad records; null for that of --skipped
 */
record DividedData(
        DataOptions options,
        Reading reading,
        Dataset main,
        PartitionOptions.Rows rows,
        @Nullable Path skipped) {

    /**
     * Reads and divides.
     *
     * @param data the data file
     * @param options how it is read
     * @param partition how it is divided
     * @param seed decides the division
     * @param networks of which the model is the mean, without --folds; 0 for a single one
     * @param skipped where the list of bad records goes without --skipped; null if it must be given
     */
    static DividedData read(
            Path data,
            DataOptions options,
            PartitionOptions partition,
            long seed,
            int networks,
            @Nullable Path skipped) {
        partition.requireEffects(options.sequences().namesRows());
        Reading reading = options.reading(data, skipped);
        LabelSource source = options.sequences().labels(partition.files(data));
        Dataset main = options.read(data, source, reading).labelled();
        PartitionOptions.Rows rows = divide(main, source, reading, partition, seed, networks);
        return new DividedData(options, reading, main, rows, skipped);
    }

    private static PartitionOptions.Rows divide(
            Dataset main, LabelSource source, Reading reading, PartitionOptions partition, long seed, int networks) {
        return partition.divide(
                main,
                (file, own) -> Datasets.read(
                                file,
                                main.columns(),
                                main.labels(),
                                true,
                                own == null ? source : source.withFile(own),
                                reading.of(main.schema()))
                        .named(Inputs.name(file))
                        .labelled(),
                seed,
                networks);
    }

    /**
     * The same sequences as frequencies of words, divided in the same way.
     *
     * @param data the data file
     * @param partition how it is divided
     * @param seed decides the division
     * @param networks of which the model is the mean, without --folds
     * @param log receives a line if not every sequence has words
     * @return null if the rows are no sequences, an encoding was chosen, or not every sequence has words
     */
    PartitionOptions.@Nullable Rows words(
            Path data, PartitionOptions partition, long seed, int networks, PrintStream log) {
        EncodingOptions how = options.words(main);
        if (how == null) {
            return null;
        }
        try {
            Reading again = options.reading(data, skipped);
            LabelSource source = options.sequences().labels(partition.files(data));
            Dataset own = options.read(data, source, again, how).labelled();
            if (own.ids().equals(main.ids()) && Arrays.deepEquals(own.targets(), main.targets())) {
                return divide(own, source, again, partition, seed, networks);
            }
            log.println("note: frequencies of words are not compared: not every sequence has them");
        } catch (InputException e) {
            log.println("note: frequencies of words are not compared: " + Flags.text(e));
        }
        return null;
    }

    /**
     * Prints what was left out, guessed and found, and how many rows there are.
     *
     * @param log where to print
     * @param parts the division in a few words
     * @throws IOException if the list of bad records cannot be written
     */
    void print(PrintStream log, String parts) throws IOException {
        options.records().report(reading, log, skipped);
        SchemaText.brief(log, main);
        FindingText.print(log, rows.data().findings());
        log.printf(
                "%s: %s%s, %s, %s; %s%n",
                main.source(),
                Wording.count(main.size(), "row"),
                rows.added(),
                Wording.count(rows.data().width(), "feature"),
                Wording.count(rows.data().labels().size(), "label"),
                parts);
    }
}
