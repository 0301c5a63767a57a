package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.demo.MotifGenerator;
import org.lamella.cli.demo.RibosomalRna;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.report.FindingText;
import org.lamella.cli.report.GrowingFiles;
import org.lamella.cli.report.Launcher;
import org.lamella.cli.report.Listeners;
import org.lamella.cli.report.PredictionTable;
import org.lamella.cli.report.Progress;
import org.lamella.cli.report.Results;
import org.lamella.cli.report.RunFolder;
import org.lamella.cli.report.RunPage;
import org.lamella.cli.stream.Output;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.file.OutputPlace;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.report.Report;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingResult;
import org.lamella.training.TrainingSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lamella demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Trains a sequence network on generated RNA with planted motifs, or on real RNA, with several "
                + "labels per sequence, in under two minutes, and compares it with three baselines.")
public final class DemoCommand implements Callable<Integer> {

    private static final int SEQUENCES = 12000;
    private static final int MIN_SEQUENCES = 60;
    private static final int LENGTH = 120;
    private static final int LABELS = 6;
    private static final int EPOCHS = 12;
    private static final int REAL_LENGTH = 1500;
    private static final int REAL_EPOCHS = 20;
    private static final int MIN_POSITIVES = 50;

    @Output(value = Output.Kind.FOLDER, remedy = TrainCommand.NO_STREAM)
    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs/demo",
            description = "Folder for the trained model (default: ${DEFAULT-VALUE}); each demo replaces it.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the data, the split and the training (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            description = "Number of generated sequences, " + MIN_SEQUENCES + " or more (default: " + SEQUENCES + ").")
    private @Nullable Integer sequences;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description =
                    "Passes over the training sequences (default: " + EPOCHS + "; with --real: " + REAL_EPOCHS + ").")
    private @Nullable Integer epochs;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeviceOptions device;

    @Option(
            names = "--real",
            description = "Use real RNA: 5181 sequences of 16S ribosomal RNA from a Debian or Ubuntu package, with "
                    + "their lineages as labels.")
    private boolean real;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "With --real: the file rRNA16S.gold.fasta, if it is not where the package installs it.")
    private @Nullable Path file;

    @SuppressWarnings("try") // the place is only held
    @Override
    public Integer call() throws IOException {
        if (real && sequences != null) {
            throw new InputException(
                    "--sequences is only for generated data, and --real uses all sequences; " + "leave it out");
        }
        int count = sequences == null ? SEQUENCES : sequences;
        if (count < MIN_SEQUENCES) {
            throw new InputException("--sequences must be " + MIN_SEQUENCES + " or more, got " + count);
        }
        try (OutputPlace place = RunFolder.claim(out)) {
            return train(count);
        }
    }

    private int train(int count) throws IOException {
        PrintStream log = System.out;
        Device where = device.requireThreads(device.device());
        Dataset data = real
                ? RibosomalRna.read(realFile(), MIN_POSITIVES, REAL_LENGTH)
                : MotifGenerator.generate(count, LENGTH, LABELS, seed);
        if (real) {
            log.printf(
                    "%,d sequences of 16S ribosomal RNA, one-hot, %d positions; the labels are %d taxa with %d "
                            + "sequences or more%n",
                    data.size(), REAL_LENGTH, data.labels().size(), MIN_POSITIVES);
        } else {
            log.printf(
                    "generated %,d RNA sequences of %d letters; each of %d labels has a motif of 10 letters at "
                            + "a random position, often with one wrong letter%n",
                    count, LENGTH, LABELS);
        }
        log.printf("seqcnn on %s (%s)%n", where.name(), where.description());
        int passes = epochs != null ? epochs : real ? REAL_EPOCHS : EPOCHS;
        TrainingSettings settings = TrainingSettings.defaults()
                .epochs(passes)
                .batch(32)
                .learningRate(0.001)
                .scale(FeatureScaling.Method.NONE)
                .seed(seed);
        RunPage page = new RunPage(
                        "seqcnn",
                        spec.commandLine().getParent().getParseResult().originalArgs(),
                        where)
                .rna(true);
        FindingText.print(log, data.findings());
        TrainingResult run;
        GrowingFiles files = new GrowingFiles(out, page.title(data), page.command(), log::println);
        try (Progress progress = new Progress(log, data.findings())) {
            run = new Trainer(data, settings, where)
                    .network(Zoo::seqcnn)
                    .input(new Shape(4, 1, real ? REAL_LENGTH : LENGTH), false)
                    .partition(Partition.stratified(data.targets(), seed))
                    .listener(Listeners.of(progress, files))
                    .run();
        }
        RunFolder.writeModel(out, run, data);
        log.println("fitting the baselines on the same rows: logistic regression, ML-kNN");
        Report report = Report.of(run, data, settings, where);
        RunFolder.write(
                out,
                run,
                report,
                page.of(out, data, run, report, settings, seed),
                PredictionTable.of(run.model(), data, run.partition(), 0, where));
        Results.print(log, report, run, data.findings());
        log.printf(
                "%nthe model is in %s, the report is %s; next: %s train YOUR.arff --labels N --out runs/yours%n",
                out, out.resolve("report.html"), Launcher.command());
        return 0;
    }

    private Path realFile() {
        if (file != null) {
            return file;
        }
        String cache = System.getenv("XDG_CACHE_HOME") == null
                ? System.getProperty("user.home") + "/.cache"
                : System.getenv("XDG_CACHE_HOME");
        for (String root : new String[] {"/", cache + "/lamella/"}) {
            Path packaged = Path.of(root + "usr/share/microbiomeutil-data/RESOURCES/rRNA16S.gold.fasta");
            if (Files.exists(packaged)) {
                return packaged;
            }
        }
        throw new InputException("the real RNA is not installed; on Debian or Ubuntu run sudo apt-get install "
                + "microbiomeutil-data; elsewhere take rRNA16S.gold.fasta out of that package "
                + "(https://packages.debian.org/microbiomeutil-data: ar x, then tar xf data.tar.xz) and "
                + "give it as --data FILE");
    }
}
