package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.BadRecordOptions;
import org.lamella.cli.option.DataFormats;
import org.lamella.cli.option.DataOptions;
import org.lamella.cli.option.DecisionOptions;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.FormatOption;
import org.lamella.cli.option.LabelOptions;
import org.lamella.cli.option.LabelSourceOptions;
import org.lamella.cli.option.NetworkOptions;
import org.lamella.cli.option.PartitionOptions;
import org.lamella.cli.option.SchemaOption;
import org.lamella.cli.option.SelectionOptions;
import org.lamella.cli.option.SequenceEncodingOptions;
import org.lamella.cli.option.StopRequest;
import org.lamella.cli.option.TrainingOptions;
import org.lamella.cli.report.EarlierRun;
import org.lamella.cli.report.Folds;
import org.lamella.cli.report.Json;
import org.lamella.cli.report.RunFolder;
import org.lamella.cli.report.RunPage;
import org.lamella.cli.stream.DataFile;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.file.OutputPlace;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.selection.Effort;
import org.lamella.selection.Given;
import org.lamella.selection.Selection;
import org.lamella.selection.Selector;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamella train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        resourceBundle = DataFormats.BUNDLE,
        description = "Trains a network on a data file and reports its metrics next to three baselines.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a failure of Lamella itself",
            "2:unusable input or arguments",
            "130:stopped by Ctrl-C (143: by SIGTERM): the best weights so far and their report are in DIR, and "
                    + "--resume continues"
        })
public final class TrainCommand implements Callable<Integer> {

    static final String NO_STREAM = "a run is a folder with several files; name a folder";

    @DataFile
    @Parameters(
            paramLabel = "DATA",
            description = "Data file or folder in one of these formats, or - for standard input: ${bundle:formats}.")
    private Path data;

    @Output(value = Output.Kind.FOLDER, remedy = NO_STREAM)
    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description =
                    "Folder for model.safetensors, model.json, metrics.json, history.csv and report.html (both grow "
                            + "during training), split.csv (the part of every row), predictions.csv (for every row "
                            + "its part, truth, probabilities and decisions; with --folds, those of the test rows "
                            + "of all folds) and checkpoint/. With --folds, a folder per fold, and their mean as a "
                            + "model.")
    private Path out;

    @Option(names = "--overwrite", description = "Replace an earlier run in DIR.")
    private boolean overwrite;

    @ArgGroup(heading = "Labels (required unless the relation line of the file has MEKA's -C N):%n")
    private @Nullable LabelOptions labels;

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

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PartitionOptions partition;

    @Mixin
    private SelectionOptions selection;

    @Mixin
    private DecisionOptions decisions;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "EPOCHS",
            defaultValue = "1",
            description = "Epochs between checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery;

    @Option(names = "--resume", description = "Continue from the last checkpoint in DIR, if there is one.")
    private boolean resume;

    @Option(
            names = "--features",
            paramLabel = "LAYER",
            description = "Write the output of this layer for the rows of each part to features-training.arff, "
                    + "features-validation.arff and features-test.arff; the network learned from the "
                    + "training part only. With --folds, for every fold.")
    private @Nullable String features;

    @Option(names = "--json", description = "Print metrics.json to standard output; progress goes to standard error.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        checkOut();
        Deque<OutputPlace> places = new ArrayDeque<>(); // closed in reverse order: a fold is inside the whole
        try {
            places.push(RunFolder.claim(out));
            OutputPlace.file(out.resolve(Folds.FILE));
            IntStream.rangeClosed(1, folds())
                    .mapToObj(this::fold)
                    .forEach(folder -> places.push(RunFolder.claim(folder)));
            return train();
        } finally {
            places.forEach(OutputPlace::close);
        }
    }

    private int train() throws IOException {
        training.settings(""); // refuses wrong values before any file is read
        decisions.given();
        decisions.coverage();
        network.requireKnown();
        DividedData divided = DividedData.read(
                data,
                new DataOptions(labels, sequences, encoding, records, schema),
                partition,
                training.seed(),
                networks(),
                out.resolve(BadRecordOptions.LIST));
        PartitionOptions.Rows rows = divided.rows();
        Dataset all = rows.data();
        Partition parts = rows.partitions().get(0);
        boolean folds = rows.folds();
        TrainingSettings settings =
                training.settings(network.name(all)).decisions(folds ? decisions.ofFold() : decisions.ofNetwork());
        decisions.requireEffects(all.labels().size(), folds);
        training.requireEffects(all, folds ? 0 : parts.training().length);
        training.addPositiveWeights(settings, all.labels().size());
        PrintStream log = json ? System.err : System.out;
        Device where = device.requireThreads(device.device());
        divided.print(
                log,
                folds
                        ? FoldsRun.summary(rows)
                        : String.format(
                                "%,d for training, %,d for validation, %,d for test",
                                parts.training().length, parts.validation().length, parts.test().length));
        String smaller = training.smallerBatch(rows.partitions().stream()
                .mapToInt(p -> p.training().length)
                .max()
                .orElseThrow());
        if (smaller != null) {
            log.println(smaller);
        }
        Plan plan = plan(rows, words(divided, log), settings, where, log);
        try (StopRequest stop = StopRequest.listen(log)) {
            return folds
                    ? crossValidate(plan, where, log, stop)
                    : train(plan.rows.data(), plan.setups.get(0), parts, where, log, stop);
        }
    }

    /** The same sequences as frequencies of words, if settings are compared and no encoding was chosen. */
    private PartitionOptions.@Nullable Rows words(DividedData divided, PrintStream log) {
        return effort() == null || network.byHand() || partition.crossValidates()
                ? null
                : divided.words(data, partition, training.seed(), networks(), log);
    }

    /**
     * What is trained.
     *
     * @param rows with the features that were chosen
     * @param setups one per partition
     */
    private record Plan(PartitionOptions.Rows rows, List<Setup> setups) {}

    /**
     * How a network is trained.
     *
     * @param net its name
     * @param settings of the training
     */
    private record Setup(String net, TrainingSettings settings) {}

    /** With --folds every fold chooses for itself: its test rows must not be among those compared. */
    private Plan plan(
            PartitionOptions.Rows rows,
            PartitionOptions.@Nullable Rows words,
            TrainingSettings settings,
            Device where,
            PrintStream log)
            throws IOException {
        Dataset all = rows.data();
        Effort effort = effort();
        int count = rows.partitions().size();
        if (effort == null) {
            if (network.reason(all) != null) {
                log.println(network.reason(all));
            }
            log.printf("%s on %s (%s)%n", network.name(all), where.name(), where.description());
            return new Plan(rows, Collections.nCopies(count, new Setup(network.name(all), settings)));
        }
        log.printf("on %s (%s)%n", where.name(), where.description());
        Given given = training.given(network.byHand() ? network.name(all) : null);
        List<SettingsChoice.View> views = new ArrayList<>();
        int comparisons = partition.crossValidates() ? count : words == null ? 1 : 2;
        Duration budget = selection.budget(comparisons);
        views.add(new SettingsChoice.View(
                words == null ? "features as read" : "positions",
                selector(all, settings, where, given, effort, budget)));
        if (words != null) {
            TrainingSettings own = training.settings(network.name(words.data())).decisions(settings.decisions());
            training.addPositiveWeights(own, all.labels().size());
            views.add(new SettingsChoice.View(
                    "frequencies of words", selector(words.data(), own, where, given, effort, budget)));
        }
        SettingsChoice choice =
                new SettingsChoice(views, rows.groups(), given, effort, selection.budget(1), log, resume);
        PartitionOptions.Rows chosen = rows;
        List<Setup> setups = new ArrayList<>();
        for (int fold = 1; fold <= count; fold++) {
            Partition own = rows.partitions().get(fold - 1);
            if (setups.isEmpty() || partition.crossValidates()) {
                if (partition.crossValidates()) {
                    log.printf("%nfold %d of %d%n", fold, count);
                }
                SettingsChoice.Chosen found =
                        choice.of(learned(rows, own), partition.crossValidates() ? fold(fold) : out);
                Selection best = found.selection();
                chosen = found.view() == 1 && words != null ? words : rows;
                setups.add(new Setup(
                        best.chosen().network(),
                        own.validation().length > 0
                                ? best.settings(training.compared(settings))
                                : best.chosen().settings(settings)));
            } else {
                setups.add(setups.get(0));
            }
        }
        return new Plan(chosen, setups);
    }

    private Selector selector(
            Dataset rows,
            TrainingSettings settings,
            Device where,
            Given given,
            Effort effort,
            @Nullable Duration budget) {
        return new Selector(rows, training.compared(settings), where)
                .given(given)
                .effort(effort)
                .budget(budget)
                .networks(network.shape(rows), network.tile(), this::network);
    }

    /** The rows among which settings are compared: never those on which the model is tested. */
    private int[] learned(PartitionOptions.Rows rows, Partition own) {
        IntStream seen = IntStream.concat(IntStream.of(own.training()), IntStream.of(own.validation()));
        boolean together = rows.folds() && !partition.crossValidates();
        return (together ? IntStream.concat(seen, IntStream.of(own.test())) : seen)
                .sorted()
                .toArray();
    }

    private @Nullable Effort effort() {
        return selection.effort(network.byHand(), features);
    }

    /** Networks of which the model is the mean, if neither folds nor validation rows are given; 0 for a single one. */
    private int networks() {
        Effort effort = effort();
        return effort == null ? 0 : effort.folds();
    }

    private int folds() {
        return partition.folds(networks());
    }

    private int train(Dataset all, Setup setup, Partition parts, Device where, PrintStream log, StopRequest stop)
            throws IOException {
        NetworkRun.Finished run = run(all, setup, parts, 0, where, log, stop).learn(parts, 0);
        log.printf("%nmodel, metrics and history are in %s; the report is %s%n", out, out.resolve("report.html"));
        if (json) {
            StandardOutput.print(Json.pretty(run.report()));
        }
        return run.stopped() ? stopped(log, run.resumeCommand(), stop) : 0;
    }

    private static int stopped(PrintStream log, String resumeCommand, StopRequest stop) {
        log.printf("stopped; to continue: %s%n", resumeCommand);
        return stop.exitCode();
    }

    private NetworkRun run(
            Dataset all, Setup setup, Partition rows, int fold, Device where, PrintStream log, StopRequest stop) {
        Path folder = fold == 0 ? out : fold(fold);
        Trainer trainer = new Trainer(all, setup.settings, where)
                .network((shape, labelCount) -> network(setup.net, shape, labelCount))
                .input(network.shape(all), network.tile())
                .partition(rows)
                .checkpoints(folder.resolve(RunFolder.CHECKPOINT), checkpointEvery, resume);
        RunPage page = new RunPage(
                setup.net, spec.commandLine().getParent().getParseResult().originalArgs(), where);
        EarlierRun earlier = fold == 0 ? EarlierRun.ofSingle(out) : EarlierRun.ofFolds(out, resume ? folds() : fold);
        return new NetworkRun(
                trainer, all, setup.settings, training.seed(), folder, where, page, features, earlier, log, stop);
    }

    private int crossValidate(Plan plan, Device where, PrintStream log, StopRequest stop) throws IOException {
        FoldsRun.Finished run = new FoldsRun(
                        plan.rows,
                        new FoldsRun.Combining(
                                decisions.ofMean(effort() != null),
                                effort() != null,
                                effort() != null && !network.byHand(),
                                decisions.coverage()),
                        plan.setups.get(0).settings,
                        out,
                        where,
                        log,
                        stop,
                        (own, fold) -> run(plan.rows.data(), plan.setups.get(fold - 1), own, fold, where, log, stop))
                .learn();
        if (run.summary() == null) {
            return stopped(log, run.resumeCommand(), stop);
        }
        if (json) {
            StandardOutput.print(Json.pretty(run.summary()));
        }
        return 0;
    }

    private Path fold(int number) {
        return RunFolder.fold(out, number);
    }

    private void checkOut() {
        if (checkpointEvery < 1) {
            throw new InputException("--checkpoint-every must be 1 or more, got " + checkpointEvery);
        }
        EarlierRun.requireFit(out, folds(), overwrite, resume);
    }

    private Network network(String name, Shape shape, int labelCount) {
        Network made = NetworkOptions.network(name, shape, labelCount);
        device.require(made);
        if (features != null) {
            made.shape(features); // a wrong name fails now, not after training
        }
        return made;
    }
}
