package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.lamella.cli.option.DataFormats;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.LabelOptions;
import org.lamella.cli.option.LossNames;
import org.lamella.cli.option.NetworkFile;
import org.lamella.cli.option.PathArgument;
import org.lamella.cli.option.PositiveWeights;
import org.lamella.cli.option.SequenceFlags;
import org.lamella.cli.report.Folds;
import org.lamella.cli.report.Json;
import org.lamella.cli.report.Progress;
import org.lamella.cli.report.Results;
import org.lamella.cli.report.RunFolder;
import org.lamella.cli.report.RunPage;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.batches.FeatureScaling;
import org.lamella.data.formats.FeatureTable;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.data.splits.Groups;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Split;
import org.lamella.device.Device;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.plan.OptimizerConfig;
import org.lamella.training.CrossValidation;
import org.lamella.training.Report;
import org.lamella.training.Sampling;
import org.lamella.training.Schedule;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingRun;
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
        exitCodeList = {"0:done", "1:a failure of Lamella itself", "2:input or arguments that cannot be used"})
public final class TrainCommand implements Callable<Integer> {

    /** Of the training file, where validation rows have no file of their own. */
    private static final double[] VALIDATION_OUT_OF_TRAINING = {9, 1, 0};

    @Parameters(paramLabel = "DATA", description = "The data, of one of these formats: ${bundle:formats}.")
    private Path data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description =
                    "Folder for model.safetensors, model.json, metrics.json, history.csv, report.html and checkpoint/.")
    private Path out;

    @Option(names = "--overwrite", description = "Replace a finished run in DIR.")
    private boolean overwrite;

    @ArgGroup(heading = "Labels (needed unless the file's relation line has MEKA's -C N):%n")
    private LabelOptions labels;

    @Option(
            names = "--net",
            paramLabel = "NAME",
            defaultValue = "mlp",
            description = "mlp, mlp-small, lenet, lenet-small, cifarnet, seqcnn, seqcnn-short, linear, or a JSON file "
                    + "(default: ${DEFAULT-VALUE}).")
    private String net;

    @Option(
            names = "--input",
            paramLabel = "CxHxW",
            description = "Shape of one sample: channels x height x width (default: a vector of all features).")
    private String input;

    @Option(names = "--tile", description = "Repeat the F features as every row of a 1xFxF input.")
    private boolean tile;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "50",
            description = "Passes over the training rows (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "Samples per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "Step size (default: 0.05 for sgd and nesterov; for adam and adamw 0.001 with mlp-small, "
                    + "lenet-small, seqcnn and "
                    + "seqcnn-short, else 0.0003).")
    private Double learningRate;

    @Option(
            names = "--momentum",
            paramLabel = "SHARE",
            defaultValue = "0.9",
            description = "Of SGD and Nesterov; beta1 of Adam; 0 to below 1 (default: ${DEFAULT-VALUE}).")
    private double momentum;

    @Option(
            names = "--weight-decay",
            paramLabel = "DECAY",
            defaultValue = "0.0001",
            description = "Of weights, not of biases or batch norm (default: ${DEFAULT-VALUE}).")
    private double weightDecay;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            defaultValue = "adamw",
            description = "sgd, nesterov, adam or adamw (default: ${DEFAULT-VALUE}).")
    private OptimizerConfig.Kind optimizer;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            defaultValue = "cosine",
            description =
                    "constant, step (a tenth at 1/2 and at 3/4 of the run) or cosine (default: ${DEFAULT-VALUE}).")
    private Schedule schedule;

    @Option(
            names = "--warmup",
            paramLabel = "STEPS",
            defaultValue = "0",
            description = "Steps in which the rate grows from near zero (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(
            names = "--early-stopping",
            paramLabel = "EPOCHS",
            defaultValue = "0",
            description =
                    "Stop after so many epochs without a better validation loss; 0 never (default: ${DEFAULT-VALUE}).")
    private int earlyStopping;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            defaultValue = "bce",
            description = "Mean over labels and samples of: bce, sigmoid cross-entropy; focal or focal=GAMMA (2): "
                    + "down-weights examples that are already classified correctly; asymmetric or "
                    + "asymmetric=POSITIVE:NEGATIVE:MARGIN (0:4:0.05): down-weights such negatives "
                    + "(default: ${DEFAULT-VALUE}).")
    private String loss;

    @Option(
            names = "--positive-weight",
            paramLabel = "none|auto|FILE",
            defaultValue = "none",
            description =
                    "Weight of positives in the loss: none, auto (negatives / positives of each label, 1 to 20), or a "
                            + "file with one number per label (default: ${DEFAULT-VALUE}).")
    private String positiveWeight;

    @Option(
            names = "--sampling",
            paramLabel = "NAME",
            defaultValue = "every",
            description = "Rows of an epoch: every (each once), balanced (rows with rare labels more often), "
                    + "label-aware (all labels equally often), or "
                    + "under (leaves out a part of the rows that have only frequent labels) (default: "
                    + "${DEFAULT-VALUE}).")
    private String sampling;

    @Option(
            names = "--threshold",
            paramLabel = "RULE",
            defaultValue = "fixed",
            description = "How probabilities become labels. fixed: probability 0.5 or above (fixed=T for another "
                    + "threshold). Tuned on the validation rows: cardinality (one threshold, so that rows "
                    + "have as many labels as in training), pcut (one per label, so that it is given as "
                    + "often as in training), per-label or scut (one per label, for its best F1); thresholds "
                    + "of rare labels are drawn towards the common one. Without thresholds: mcut (all labels "
                    + "above the largest gap), top-N (the N most probable). Kept in the model (default: "
                    + "${DEFAULT-VALUE}).")
    private String threshold;

    @Option(
            names = "--scale",
            paramLabel = "NAME",
            defaultValue = "standard",
            description = "standard (mean 0, deviation 1), minmax (0 to 1) or none; learned on the training rows "
                    + "(default: ${DEFAULT-VALUE}).")
    private FeatureScaling.Method scale;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides split, initial weights, order and dropout (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private SequenceFlags sequences;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeviceOptions device;

    @Option(
            names = "--split",
            paramLabel = "T:V:S",
            defaultValue = "8:1:1",
            description = "Shares of training, validation and test rows, by iterative stratification "
                    + "(default: ${DEFAULT-VALUE}; not used with --valid or --test).")
    private String split;

    @Option(
            names = "--folds",
            paramLabel = "K",
            defaultValue = "0",
            description = "Cross-validation: train K networks, each tested on its own K-th of the rows; mean and "
                    + "standard deviation of every metric. "
                    + "0 for none (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(
            names = "--groups",
            paramLabel = "FILE",
            description = "Rows of one group stay on one side of every split: CD-HIT's .clstr, MMseqs2's "
                    + "cluster table, or a table of "
                    + "row names and group names.")
    private Path groups;

    @Option(names = "--valid", paramLabel = "FILE", description = "Validation rows from their own file.")
    private Path valid;

    @Option(names = "--test", paramLabel = "FILE", description = "Test rows from their own file.")
    private Path test;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "EPOCHS",
            defaultValue = "1",
            description = "Epochs between checkpoints (default: ${DEFAULT-VALUE}).")
    private int checkpointEvery;

    @Option(names = "--resume", description = "Go on from DIR's last checkpoint, if there is one.")
    private boolean resume;

    @Option(
            names = "--features",
            paramLabel = "LAYER",
            description =
                    "Write the values of this layer for the rows of each part, by the network that was trained on "
                            + "the training part "
                            + "alone: features-training.arff, features-validation.arff, features-test.arff; with "
                            + "--folds for every fold.")
    private String features;

    @Option(names = "--json", description = "Print metrics.json to standard output; progress goes to standard error.")
    private boolean json;

    @SuppressWarnings("try") // the place is only held
    @Override
    public Integer call() throws IOException {
        checkOut();
        try (OutputPlace place = RunFolder.claim(out)) {
            IntStream.rangeClosed(1, folds)
                    .mapToObj(this::fold)
                    .filter(Files::exists)
                    .forEach(RunFolder::claim);
            return train();
        }
    }

    private int train() throws IOException {
        TrainingSettings settings = settings();
        Parts parts = read();
        Dataset all = parts.data();
        if (positiveWeight.equals("auto")) {
            settings.positiveWeightAuto(true);
        } else if (!positiveWeight.equals("none")) {
            settings.positiveWeights(PositiveWeights.read(
                    PathArgument.of(positiveWeight), all.labels().size()));
        }
        PrintStream log = json ? System.err : System.out;
        Device where = device.device();
        log.printf(
                "%s: %,d rows, %d features, %d labels; %s%n",
                data,
                all.size(),
                all.width(),
                all.labels().size(),
                folds > 0
                        ? folds + " folds"
                        : String.format(
                                "%,d for training, %,d for validation, %,d for test",
                                parts.rows().training().length,
                                parts.rows().validation().length,
                                parts.rows().test().length));
        log.printf("%s on %s (%s)%n", net, where.name(), where.description());
        if (folds > 0) {
            Folds summary = crossValidate(all, settings, where, log);
            log.printf("%nmodel, metrics and history of every fold are in %s%n", out);
            if (json) {
                System.out.println(Json.pretty(summary));
            }
            return 0;
        }
        Report report = train(all, settings, parts.rows(), out, where, log);
        log.printf(
                "%nmodel, metrics and history are in %s; the page to look at is %s%n", out, out.resolve("report.html"));
        if (json) {
            System.out.println(Json.pretty(report));
        }
        return 0;
    }

    /** One network, with all that is written and printed about it. */
    private Report train(
            Dataset all, TrainingSettings settings, Partition rows, Path folder, Device where, PrintStream log)
            throws IOException {
        return Resumable.run(
                folder.resolve(RunFolder.CHECKPOINT), () -> learn(all, settings, rows, folder, where, log));
    }

    private Report learn(
            Dataset all, TrainingSettings settings, Partition rows, Path folder, Device where, PrintStream log)
            throws IOException {
        RunPage page =
                new RunPage(net, spec.commandLine().getParent().getParseResult().originalArgs(), where);
        TrainingRun run;
        try (Progress progress = new Progress(log)) {
            run = new Trainer(all, settings, where)
                    .network(this::network)
                    .input(shape(all), tile)
                    .partition(rows)
                    .checkpoints(folder.resolve(RunFolder.CHECKPOINT), checkpointEvery, resume)
                    .listener(progress)
                    .run();
        }
        log.println("training the linear baseline on the same rows");
        Report report = Report.of(run, all, settings, where);
        RunFolder.write(folder, run, report, page.of(all, run, report, settings, seed));
        if (features != null) {
            writeFeatures(run, all, folder, where);
        }
        Results.print(log, report, run);
        return report;
    }

    private void writeFeatures(TrainingRun run, Dataset all, Path folder, Device where) throws IOException {
        try (Predictor p = run.model().openLayer(where, features)) {
            for (Partition.Part part : Partition.Part.values()) {
                int[] rows = run.partition().rows(part);
                if (rows.length > 0) {
                    FeatureTable table = new FeatureTable(features, p.run(all, rows), all.select(rows));
                    AtomicFiles.replace(
                            folder.resolve("features-" + part.lowerCase() + ".arff"),
                            f -> table.write(f, FeatureTable.Format.ARFF));
                }
            }
        }
    }

    private Folds crossValidate(Dataset all, TrainingSettings settings, Device where, PrintStream log)
            throws IOException {
        if (valid != null || test != null) {
            throw new InputException("--folds takes its test rows from DATA; leave out --valid and --test");
        }
        List<Report> reports = new ArrayList<>();
        for (Partition rows : CrossValidation.partitions(all.targets(), folds, seed, groupsOf(all))) {
            log.printf("%nfold %d of %d%n", reports.size() + 1, folds);
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
        boolean used = Files.exists(out.resolve(Model.DESCRIPTION))
                || Trainer.canResume(out.resolve(RunFolder.CHECKPOINT))
                || Files.exists(fold(1));
        if (used && !overwrite && !resume) {
            throw new InputException(
                    out + ": holds an earlier run; give --resume to go on, --overwrite to replace it, or "
                            + "another --out");
        }
    }

    private TrainingSettings settings() {
        TrainingSettings s = TrainingSettings.defaults()
                .epochs(epochs)
                .batch(batch)
                .momentum(momentum)
                .weightDecay(weightDecay)
                .optimizer(optimizer)
                .schedule(schedule)
                .warmup(warmup)
                .earlyStopping(earlyStopping)
                .scale(scale)
                .loss(LossNames.parse(loss))
                .sampling(samplingOf())
                .decisions(DecisionMethod.parse(threshold))
                .seed(seed);
        if (learningRate != null) {
            s.learningRate(learningRate);
        } else if (!Double.isNaN(Zoo.learningRate(net))
                && (optimizer == OptimizerConfig.Kind.ADAM || optimizer == OptimizerConfig.Kind.ADAMW)) {
            s.learningRate(Zoo.learningRate(net));
        }
        return s;
    }

    private Sampling samplingOf() {
        try {
            return Sampling.valueOf(sampling.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "no sampling '" + sampling + "'; there are every, balanced, label-aware and under", e);
        }
    }

    private Network network(Shape shape, int labelCount) {
        Network network = NetworkFile.of(net, shape, labelCount);
        device.require(network);
        if (features != null) {
            network.shape(features); // fails now, not when all is trained
        }
        return network;
    }

    /** A channel a letter for sequences, if nothing else is said. */
    private Shape shape(Dataset all) {
        if (input != null) {
            return Shape.parse(input);
        }
        SequenceEncoding only = all.columns().size() == 1 ? all.columns().get(0).sequence() : null;
        return only == null ? all.shape() : only.shape();
    }

    private int[] groupsOf(Dataset rows) {
        return groups == null ? null : Groups.read(groups, rows.ids());
    }

    /** The data, and which rows are for what; null with folds, which have their own. */
    private record Parts(Dataset data, Partition rows) {}

    private Parts read() {
        Dataset main = Datasets.read(data, LabelOptions.of(labels), sequences.labels(), sequences.encoding());
        if (folds > 0 && valid == null && test == null) {
            return new Parts(main, null); // each fold has its own
        }
        if (valid == null && test == null) {
            return new Parts(main, Partition.stratified(main.targets(), Split.parse(split), seed, groupsOf(main)));
        }
        Dataset validation = ofTheSameKind(valid, main);
        Dataset tested = ofTheSameKind(test, main);
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
        return new Parts(all, new Partition(own.training(), validationRows, testRows));
    }

    private Dataset ofTheSameKind(Path file, Dataset main) {
        return file == null ? null : Datasets.read(file, main.columns(), main.labels(), true, sequences.labels());
    }
}
