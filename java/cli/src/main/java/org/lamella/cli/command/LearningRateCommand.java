package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.lamella.cli.option.SequenceEncodingOptions;
import org.lamella.cli.option.TrainingOptions;
import org.lamella.cli.report.Json;
import org.lamella.cli.report.LearningRatePlot;
import org.lamella.cli.stream.DataFile;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.file.AtomicFiles;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.training.LearningRateCurve;
import org.lamella.training.LearningRateFinder;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lamella learning-rate}. */
@Command(
        name = "learning-rate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        resourceBundle = DataFormats.BUNDLE,
        description = "Tests learning rates (the range test of Smith 2017): trains for some steps, each with a larger "
                + "rate, and suggests the rate at which the training loss falls most steeply. Only training rows are "
                + "used. The suggestion is for these data, this network, batch and scaling.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:a failure of Lamella itself", "2:unusable input or arguments"})
public final class LearningRateCommand implements Callable<Integer> {

    /** Options of train that change nothing here. */
    private static final Map<String, String> WITHOUT_EFFECT = Map.of(
            "--epochs", "the number of --steps says how long it is",
            "--learning-rate", "all rates of --from to --to are tried",
            "--schedule", "every step has a larger rate than the one before",
            "--warmup", "every step has a larger rate than the one before",
            "--early-stopping", "validation rows are not used",
            "--best-by", "validation rows are not used",
            "--folds", "one network is trained");

    @DataFile
    @Parameters(
            paramLabel = "DATA",
            description = "Data file or folder in one of these formats, or - for standard input: ${bundle:formats}.")
    private Path data;

    @Output(value = Output.Kind.FILE, remedy = "the picture is a file; name a file that ends in .svg")
    @Option(names = "--out", paramLabel = "FILE.svg", description = "Draw loss against learning rate.")
    private @Nullable Path out;

    @Option(
            names = "--from",
            paramLabel = "RATE",
            description = "The first learning rate, above 0 (default: 0.000001).")
    private @Nullable Double from;

    @Option(names = "--to", paramLabel = "RATE", description = "The last learning rate (default: 10).")
    private @Nullable Double to;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "200",
            description = "Steps, 10 or more; it ends earlier when the loss is twice that of the first steps (default: "
                    + "${DEFAULT-VALUE}).")
    private int steps;

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

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PartitionOptions partition;

    @Option(
            names = "--json",
            description = "Print rates, losses and the suggestion as JSON; progress goes to standard error.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        requireEffects();
        DividedData divided = DividedData.read(
                data,
                new DataOptions(labels, sequences, encoding, records, schema),
                partition,
                training.seed(),
                0,
                null);
        Dataset all = divided.rows().data();
        Partition parts = divided.rows().partitions().get(0);
        String net = network.name(all);
        TrainingSettings settings = training.settings(net);
        training.requireEffects(all, 0);
        training.addPositiveWeights(settings, all.labels().size());
        ComputeDevice where = device.requireThreads(device.device());
        PrintStream log = json ? System.err : System.out;
        divided.print(log, String.format(Locale.ROOT, "%,d for the test of learning rates", parts.training().length));
        if (network.reason(all) != null) {
            log.println(network.reason(all));
        }
        log.printf("%s on %s (%s)%n", net, where.name(), where.description());
        LearningRateCurve curve = new LearningRateFinder(new Trainer(all, settings, where)
                        .network((shape, count) -> create(net, shape, count))
                        .input(network.shape(all), network.tile())
                        .partition(Partition.ofTraining(parts.training())))
                .rates(from == null ? LearningRateCurve.LOW : from, to == null ? LearningRateCurve.HIGH : to)
                .steps(steps)
                .run();
        print(curve, log);
        if (out != null) {
            String picture = LearningRatePlot.svg(
                    curve, all.source().substring(all.source().lastIndexOf('/') + 1) + ", " + net);
            AtomicFiles.replace(out, file -> Files.writeString(file, picture));
            log.println("the picture is " + out);
        }
        if (json) {
            StandardOutput.print(Json.pretty(result(curve, all, net)));
        }
        return 0;
    }

    private void requireEffects() {
        for (String option : WITHOUT_EFFECT.keySet().stream().sorted().toList()) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new InputException(option + " has no effect: " + WITHOUT_EFFECT.get(option) + "; leave it out");
            }
        }
        if (out != null && !out.toString().toLowerCase(Locale.ROOT).endsWith(".svg")) {
            throw new InputException("--out " + out + ": the picture is SVG; name a file that ends in .svg");
        }
        training.settings(""); // refuses wrong values before any file is read
        network.requireKnown();
    }

    private Network create(String name, Shape shape, int labelCount) {
        Network made = NetworkOptions.network(name, shape, labelCount);
        device.require(made);
        return made;
    }

    private static void print(LearningRateCurve curve, PrintStream log) {
        List<LearningRateCurve.Point> points = curve.points();
        log.printf("%n  learning rate       loss   smoothed%n");
        int every = Math.max(1, points.size() / 20);
        for (int i = 0; i < points.size(); i += every) {
            LearningRateCurve.Point p = points.get(i);
            log.printf(Locale.ROOT, "  %13.3g %10.4f %10.4f%n", p.rate(), p.loss(), p.smoothed());
        }
        if (curve.diverged() != null) {
            log.printf(Locale.ROOT, "at %.3g the loss is far above that of the first steps%n", curve.diverged());
        }
        if (Double.isNaN(curve.suggested())) {
            log.println("no suggestion: the loss does not fall clearly at any rate; more --steps, another --scale or "
                    + "another --net may show more, or the features do not determine the labels");
        } else {
            log.printf(
                    Locale.ROOT,
                    "the smoothed loss falls most steeply at %.2g, and is lowest at %.2g; suggestion: "
                            + "--learning-rate %s%n",
                    curve.suggested(),
                    curve.lowest(),
                    LearningRatePlot.rounded(curve.suggested()));
        }
    }

    private Map<String, Object> result(LearningRateCurve curve, Dataset all, String net) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("data", all.source());
        result.put("network", net);
        result.put("suggested", curve.suggested());
        result.put("lowest", curve.lowest());
        result.put("diverged", curve.diverged());
        result.put("points", curve.points());
        return result;
    }
}
