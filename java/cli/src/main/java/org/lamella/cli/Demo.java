package org.lamella.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.MotifGenerator;
import org.lamella.data.Split;
import org.lamella.device.Device;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.training.Report;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingRun;
import org.lamella.training.TrainingSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lamella demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true,
        description = "Trains a sequence network on generated RNA with planted motifs, several labels a sequence, in under "
                + "two minutes, and measures it beside both baselines.")
final class Demo implements Callable<Integer> {

    private static final int SEQUENCES = 12000;
    private static final int LENGTH = 120;
    private static final int LABELS = 6;
    private static final int EPOCHS = 12;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "runs/demo",
            description = "Folder for the trained model (default: ${DEFAULT-VALUE}; replaced at every demo).")
    private Path out;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Decides everything (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        PrintStream log = System.out;
        Device where = device.device();
        Dataset data = MotifGenerator.generate(SEQUENCES, LENGTH, LABELS, seed);
        log.printf("generated %,d RNA sequences of %d letters; each of %d locations has a motif of 10 letters, planted "
                + "anywhere, often with an error%n", SEQUENCES, LENGTH, LABELS);
        log.printf("seqcnn on %s (%s)%n", where.name(), where.description());
        TrainingSettings settings = TrainingSettings.defaults().epochs(EPOCHS).batch(32).learningRate(0.001)
                .scale(FeatureScaling.Method.NONE).seed(seed);
        RunPage page = new RunPage("seqcnn", spec.commandLine().getParent().getParseResult().originalArgs(), where, device.threads());
        TrainingRun run;
        try (Progress progress = new Progress(log)) {
            run = new Trainer(data, settings, where, device.threads()).network(Zoo::seqcnn)
                    .input(new Shape(4, 1, LENGTH), false)
                    .split(Split.stratified(data.targets(), new double[] {8, 1, 1}, seed)).listener(progress).run();
        }
        log.println("training the linear baseline on the same rows");
        Report report = Report.of(run, data, settings, where, device.threads());
        RunFolder.write(out, run, report, page.of(data, run, report, settings, seed));
        Results.print(log, report, run);
        log.printf("%nthe model is in %s, its page is %s; next: ./lamella train YOUR.arff --labels N --out runs/yours%n", out, out.resolve("report.html"));
        return 0;
    }
}
