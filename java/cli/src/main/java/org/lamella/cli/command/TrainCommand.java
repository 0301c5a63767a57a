package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.BadRecordOptions;
import org.lamella.cli.option.DataFormats;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.LabelOptions;
import org.lamella.cli.option.LabelSourceOptions;
import org.lamella.cli.option.NetworkOptions;
import org.lamella.cli.option.PartitionOptions;
import org.lamella.cli.option.SequenceEncodingOptions;
import org.lamella.cli.option.TrainingOptions;
import org.lamella.cli.report.Folds;
import org.lamella.cli.report.Json;
import org.lamella.cli.report.Progress;
import org.lamella.cli.report.Results;
import org.lamella.cli.report.RunFolder;
import org.lamella.cli.report.RunPage;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.Reading;
import org.lamella.data.formats.FeatureTable;
import org.lamella.data.formats.LabelSource;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.training.Report;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingResult;
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
        description = "Trains a network on a data file and reports its metrics next to two baselines.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:a failure of Lamella itself", "2:unusable input or arguments"})
public final class TrainCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DATA", description = "Data file or folder in one of these formats: ${bundle:formats}.")
    private Path data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description =
                    "Folder for model.safetensors, model.json, metrics.json, history.csv, report.html and checkpoint/.")
    private Path out;

    @Option(names = "--overwrite", description = "Replace an earlier run in DIR.")
    private boolean overwrite;

    @ArgGroup(heading = "Labels (required unless the relation line of the file has MEKA's -C N):%n")
    private @Nullable LabelOptions labels;

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

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PartitionOptions partition;

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

    @SuppressWarnings("try") // the place is held until the end, not used
    @Override
    public Integer call() throws IOException {
        checkOut();
        try (OutputPlace place = RunFolder.claim(out)) {
            IntStream.rangeClosed(1, partition.folds())
                    .mapToObj(this::fold)
                    .filter(Files::exists)
                    .forEach(RunFolder::claim);
            return train();
        }
    }

    private int train() throws IOException {
        TrainingSettings settings = training.settings(network.name());
        partition.requireEffects();
        sequences.requireColumns(labels, data);
        LabelSource source = sequences.labels(partition.files(data));
        Path skipped = out.resolve(BadRecordOptions.LIST);
        Reading reading = records.reading(data, skipped);
        Dataset main = Datasets.read(
                        data,
                        LabelOptions.of(labels),
                        source,
                        encoding.encoding(data, sequences.hasSequenceColumn()),
                        reading)
                .labelled();
        PartitionOptions.Rows rows = partition.divide(
                main,
                (file, own) -> Datasets.read(
                                file,
                                main.columns(),
                                main.labels(),
                                true,
                                own == null ? source : source.withFile(own),
                                reading)
                        .labelled(),
                training.seed());
        Dataset all = rows.data();
        Partition parts = rows.partition();
        training.requireEffects(all, parts == null ? 0 : parts.training().length);
        training.addPositiveWeights(settings, all.labels().size());
        PrintStream log = json ? System.err : System.out;
        Device where = device.requireThreads(device.device());
        records.report(reading, log, skipped);
        log.printf(
                "%s: %,d rows, %d features, %d labels; %s%n",
                data,
                all.size(),
                all.width(),
                all.labels().size(),
                parts == null
                        ? partition.folds() + " folds"
                        : String.format(
                                "%,d for training, %,d for validation, %,d for test",
                                parts.training().length, parts.validation().length, parts.test().length));
        log.printf("%s on %s (%s)%n", network.name(), where.name(), where.description());
        if (parts == null) {
            Folds summary = crossValidate(all, settings, where, log);
            log.printf("%nmodel, metrics and history of every fold are in %s%n", out);
            if (json) {
                System.out.println(Json.pretty(summary));
            }
            return 0;
        }
        Report report = train(all, settings, parts, out, where, log);
        log.printf("%nmodel, metrics and history are in %s; the report is %s%n", out, out.resolve("report.html"));
        if (json) {
            System.out.println(Json.pretty(report));
        }
        return 0;
    }

    /** Trains one network, writes its folder and prints its results. */
    private Report train(
            Dataset all, TrainingSettings settings, Partition rows, Path folder, Device where, PrintStream log)
            throws IOException {
        return Resumable.run(
                folder.resolve(RunFolder.CHECKPOINT), () -> learn(all, settings, rows, folder, where, log));
    }

    private Report learn(
            Dataset all, TrainingSettings settings, Partition rows, Path folder, Device where, PrintStream log)
            throws IOException {
        RunPage page = new RunPage(
                network.name(), spec.commandLine().getParent().getParseResult().originalArgs(), where);
        TrainingResult run;
        try (Progress progress = new Progress(log)) {
            run = new Trainer(all, settings, where)
                    .network(this::network)
                    .input(network.shape(all), network.tile())
                    .partition(rows)
                    .checkpoints(folder.resolve(RunFolder.CHECKPOINT), checkpointEvery, resume)
                    .listener(progress)
                    .run();
        }
        log.println("training the linear baseline on the same rows");
        Report report = Report.of(run, all, settings, where);
        RunFolder.write(folder, run, report, page.of(all, run, report, settings, training.seed()));
        if (features != null) {
            writeFeatures(features, run, all, folder, where);
        }
        Results.print(log, report, run);
        return report;
    }

    private static void writeFeatures(String layer, TrainingResult run, Dataset all, Path folder, Device where)
            throws IOException {
        try (Predictor p = run.model().openLayer(where, layer)) {
            for (Partition.Part part : Partition.Part.values()) {
                int[] rows = run.partition().rows(part);
                if (rows.length > 0) {
                    FeatureTable table = new FeatureTable(layer, p.run(all, rows), all.select(rows));
                    AtomicFiles.replace(
                            folder.resolve("features-" + part.lowerCase() + ".arff"),
                            f -> table.write(f, FeatureTable.Format.ARFF));
                }
            }
        }
    }

    private Folds crossValidate(Dataset all, TrainingSettings settings, Device where, PrintStream log)
            throws IOException {
        List<Report> reports = new ArrayList<>();
        for (Partition rows : partition.folds(all, training.seed())) {
            log.printf("%nfold %d of %d%n", reports.size() + 1, partition.folds());
            reports.add(train(all, settings, rows, fold(reports.size() + 1), where, log));
        }
        Folds summary = Folds.of(reports);
        AtomicFiles.replace(out.resolve("folds.json"), p -> Files.writeString(p, Json.pretty(summary) + "\n"));
        log.print(summary.table());
        return summary;
    }

    private Path fold(int number) {
        return out.resolve("fold-" + number);
    }

    private void checkOut() {
        if (checkpointEvery < 1) {
            throw new InputException("--checkpoint-every must be 1 or more, got " + checkpointEvery);
        }
        if (overwrite && resume) {
            throw new InputException(
                    "--overwrite and --resume contradict each other: one replaces the earlier run, the other continues "
                            + "it; give one of the two");
        }
        boolean used = Files.exists(out.resolve(Model.DESCRIPTION))
                || Trainer.canResume(out.resolve(RunFolder.CHECKPOINT))
                || Files.exists(fold(1));
        if (used && !overwrite && !resume) {
            throw new InputException(out
                    + ": contains an earlier run; give --resume to continue it, --overwrite to replace it, or "
                    + "another --out");
        }
    }

    private Network network(Shape shape, int labelCount) {
        Network made = network.network(shape, labelCount);
        device.require(made);
        if (features != null) {
            made.shape(features); // a wrong name fails now, not after training
        }
        return made;
    }
}
