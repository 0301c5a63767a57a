package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.backend.ComputeDevice;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.NetworkOptions;
import org.lamella.cli.option.PartitionOptions;
import org.lamella.cli.option.SearchOptions;
import org.lamella.cli.report.TuningFolder;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Groups;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.Metrics;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.selection.Hyperparameter;
import org.lamella.selection.Range;
import org.lamella.selection.SearchSpace;
import org.lamella.selection.Tuner;
import org.lamella.selection.Tuning;
import org.lamella.text.Wording;
import org.lamella.training.TrainingSettings;
import picocli.CommandLine.ParseResult;

/**
 * Searches settings on the rows for training and validation, and measures the best on the test rows; with folds, once
 * per fold, and then on all rows for the settings themselves.
 *
 * @param rows all rows, and their parts
 * @param folds whether every partition is a fold
 * @param choices of the command line
 * @param settings of all trials
 * @param device where to run
 * @param log where to print
 * @param folder which was claimed
 */
record TuneRun(
        PartitionOptions.Rows rows,
        boolean folds,
        Choices choices,
        TrainingSettings settings,
        ComputeDevice device,
        PrintStream log,
        TuningFolder folder) {

    /**
     * What is searched, and which networks there are.
     *
     * @param search method, folds, time
     * @param own ranges of the command line
     * @param network the shape of its input
     * @param device whose kernels must have an effect
     */
    record Choices(SearchOptions search, Map<Hyperparameter, Range> own, NetworkOptions network, DeviceOptions device) {

        private Network create(String name, Shape shape, int labels) {
            Network made = NetworkOptions.network(name, shape, labels);
            device.require(made);
            return made;
        }
    }

    /**
     * Searches and prints.
     *
     * @param given the command line
     * @return what tune.json has
     * @throws IOException if a file cannot be written
     */
    Map<String, Object> run(ParseResult given) throws IOException {
        List<Metrics> measured = new ArrayList<>();
        Partition first = rows.partitions().get(0);
        if (folds) {
            for (int fold = 1; fold <= rows.partitions().size(); fold++) {
                log.printf("%nfold %d of %d%n", fold, rows.partitions().size());
                Partition outer = rows.partitions().get(fold - 1);
                int[] learned = learned(outer, false);
                Tuner tuner = tuner(learned, fold);
                measured.add(tuner.measure(search(tuner, learned).best(), outer));
                log.printf("  %s%n", measured.get(fold - 1).headline());
            }
            log.printf("%nall rows%n");
        }
        int[] learned = learned(first, folds);
        Tuner tuner = tuner(learned, 0);
        Tuning found = search(tuner, learned);
        if (!folds) {
            measured.add(tuner.measure(found.best(), first));
        }
        Dataset all = rows.data();
        return folder.result(
                found,
                tuner.network(found.best().configuration()),
                NetworkOptions.network(
                        found.best().configuration().network(),
                        tuner.input(),
                        all.labels().size()),
                measured,
                new TuningFolder.About(
                        all.source(),
                        all.positionFeatures().cardinality() < all.width(),
                        choices.search.method(),
                        choices.search.effort(),
                        space(learned).toString().lines().toList(),
                        learned.length,
                        folds ? 0 : first.test().length),
                given,
                log);
    }

    /** The rows that a search may read. */
    private static int[] learned(Partition outer, boolean all) {
        IntStream seen = IntStream.concat(IntStream.of(outer.training()), IntStream.of(outer.validation()));
        return (all ? IntStream.concat(seen, IntStream.of(outer.test())) : seen)
                .sorted()
                .toArray();
    }

    private SearchSpace space(int[] learned) {
        return SearchOptions.space(SearchSpace.usual(rows.data(), learned, settings), choices.own);
    }

    private Tuner tuner(int[] learned, int fold) {
        int searches = folds ? rows.partitions().size() + 1 : 1;
        return choices.search
                .set(new Tuner(rows.data(), settings, device), searches)
                .space(space(learned))
                .networks(choices.network.shape(rows.data()), choices.network.tile(), choices::create)
                .file(folder.trials(fold))
                .notes(line -> log.println("  " + line));
    }

    private Tuning search(Tuner tuner, int[] learned) {
        log.printf(
                Locale.ROOT,
                "searching on %s of %s, none of them a test row, up to %s:%n",
                choices.search.folds(),
                Wording.count(learned.length, "row"),
                Wording.count(settings.epochs(), "epoch"));
        space(learned).toString().lines().forEach(line -> log.println("  " + line));
        return tuner.run(learned, rows.groups() == null ? null : Groups.among(rows.groups(), learned));
    }
}
