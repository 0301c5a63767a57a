package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.cli.option.BadRecordOptions;
import org.lamella.cli.option.DataFormats;
import org.lamella.cli.option.DataOptions;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.FormatOption;
import org.lamella.cli.option.LabelOptions;
import org.lamella.cli.option.LabelSourceOptions;
import org.lamella.cli.option.NetworkOptions;
import org.lamella.cli.option.PartitionOptions;
import org.lamella.cli.option.SchemaOption;
import org.lamella.cli.option.SearchOptions;
import org.lamella.cli.option.SequenceEncodingOptions;
import org.lamella.cli.option.TrainingOptions;
import org.lamella.cli.report.Json;
import org.lamella.cli.report.TuningFolder;
import org.lamella.cli.stream.DataFile;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.file.OutputPlace;
import org.lamella.network.Shape;
import org.lamella.selection.Hyperparameter;
import org.lamella.selection.Range;
import org.lamella.training.TrainingSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamella tune}. */
@Command(
        name = "tune",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        resourceBundle = DataFormats.BUNDLE,
        description = {
            "Searches settings: network, scaling, learning rate, weight decay, dropout and batch. Every setting is "
                    + "trained on folds of the rows and compared by its log loss on other rows.",
            "The metrics of the best one are measured on rows that the search never saw: the test rows, or with "
                    + "--folds K the rows of each fold, for which a search of its own is made without them. At the "
                    + "end it prints the train command with the best settings.",
            "Every trial that is finished is a line in DIR: the same command goes on after an interruption, and reads "
                    + "what is there."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a failure of Lamella itself",
            "2:unusable input or arguments",
            "130:stopped by Ctrl-C (143: by SIGTERM): the same command goes on"
        })
public final class TuneCommand implements Callable<Integer> {

    @DataFile
    @Parameters(
            paramLabel = "DATA",
            description = "Data file or folder in one of these formats, or - for standard input: ${bundle:formats}.")
    private Path data;

    @Output(value = Output.Kind.FOLDER, remedy = "a search is a folder with several files; name a folder")
    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder for trials.jsonl (a line per finished trial, from which the same command goes on), "
                    + "trials.csv (the table of all trials), tune.json (the result) and, if the best network is none "
                    + "that has a name, network.json.")
    private Path out;

    @Option(names = "--overwrite", description = "Replace an earlier search in DIR.")
    private boolean overwrite;

    @ArgGroup(heading = "Labels (required unless the relation line of the file has MEKA's -C N):%n")
    private @Nullable LabelOptions labels;

    @Mixin
    private SearchOptions search;

    @Mixin
    @SuppressWarnings("UnusedVariable") // what was parsed is used
    private FormatOption format;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private TrainingOptions training;

    @Mixin
    private LabelSourceOptions sequences;

    @Mixin
    private SequenceEncodingOptions encoding;

    @Mixin
    private BadRecordOptions records;

    @Mixin
    private SchemaOption schema;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PartitionOptions partition;

    @Option(names = "--json", description = "Print tune.json to standard output; progress goes to standard error.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (OutputPlace place = OutputPlace.lockedFolder(out)) {
            if (!place.locked()) {
                System.err.println("note: " + out + ": this file system has no locks: start no second search there");
            }
            TuningFolder folder = new TuningFolder(out);
            folder.claim();
            tune(folder);
            return 0;
        }
    }

    private void tune(TuningFolder folder) throws IOException {
        training.settings(""); // refuses wrong values before any file is read
        network.requireKnown();
        Map<Hyperparameter, Range> own = search.ranges(spec.commandLine().getParseResult());
        DividedData divided = DividedData.read(
                data,
                new DataOptions(labels, sequences, encoding, records, schema),
                partition,
                training.seed(),
                0,
                out.resolve(BadRecordOptions.LIST));
        PartitionOptions.Rows rows = divided.rows();
        requireRowsToReportOn(rows);
        Dataset all = rows.data();
        training.requireEffects(all, 0);
        TrainingSettings settings = training.settings("");
        training.addPositiveWeights(settings, all.labels().size());
        search.requireEffects(own, all, shape(all));
        ComputeDevice where = device.requireThreads(device.device());
        PrintStream log = json ? System.err : System.out;
        divided.print(
                log,
                partition.crossValidates()
                        ? FoldsRun.summary(rows)
                        : parts(rows.partitions().get(0)));
        log.printf("on %s (%s)%n", where.name(), where.description());
        if (overwrite) {
            folder.clear();
        }
        Map<String, Object> result = new TuneRun(
                        rows,
                        partition.crossValidates(),
                        new TuneRun.Choices(search, own, network, device),
                        settings,
                        where,
                        log,
                        folder)
                .run(spec.commandLine().getParseResult());
        folder.write(result);
        if (json) {
            StandardOutput.print(Json.pretty(result));
        }
    }

    private Shape shape(Dataset all) {
        Shape given = network.shape(all);
        return given != null
                ? given
                : network.tile() ? new Shape(1, all.width(), all.width()) : Shape.vector(all.width());
    }

    private static String parts(Partition parts) {
        return String.format(
                Locale.ROOT,
                "%,d for the search, %,d for test",
                parts.training().length + parts.validation().length,
                parts.test().length);
    }

    private void requireRowsToReportOn(PartitionOptions.Rows rows) {
        if (partition.crossValidates() && rows.heldOut().length > 0) {
            throw new InputException("--folds already gives every search rows that it never saw; leave out --test and "
                    + "the share S of --split, or leave out --folds");
        }
        if (!partition.crossValidates() && rows.partitions().get(0).test().length == 0) {
            throw new InputException(rows.data().source() + ": there are no test rows, and the metrics of a search are "
                    + "honest only on rows that it never saw; give --split T:V:S with a share S, --test FILE or "
                    + "--folds K");
        }
    }
}
