package org.lamella.cli.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.cli.option.BadRecordOptions;
import org.lamella.cli.option.Candidates;
import org.lamella.cli.option.DataOptions;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.FormatOption;
import org.lamella.cli.option.KernelsOption;
import org.lamella.cli.option.LabelOptions;
import org.lamella.cli.option.LabelSourceOptions;
import org.lamella.cli.option.SchemaOption;
import org.lamella.cli.option.SequenceEncodingOptions;
import org.lamella.cli.report.CheckupText;
import org.lamella.cli.report.Json;
import org.lamella.cli.stream.DataFile;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.cpu.CpuDevice;
import org.lamella.cpu.Machine;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.Reading;
import org.lamella.data.checkup.Checkup;
import org.lamella.device.KernelChoice;
import org.lamella.evaluation.DecisionRule;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.lamella.text.Wording;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lamella inspect}. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Shows a model's layers, shapes, parameters and memory plan, or checks a data file before "
                + "training: its labels, rows and columns, and possible problems.")
public final class InspectCommand implements Callable<Integer> {

    private static final int BATCH = 32;

    @DataFile
    @Parameters(
            paramLabel = "MODEL|DATA",
            description = "Folder that train --out wrote, or a data file, or - for standard input.")
    private Path what;

    @ArgGroup(heading = "Labels of a data file:%n")
    private @Nullable LabelOptions labels;

    @Mixin
    @SuppressWarnings("UnusedVariable") // what was parsed is used
    private FormatOption format;

    @Mixin
    private LabelSourceOptions sequences;

    @Mixin
    private SequenceEncodingOptions encoding;

    @Mixin
    private BadRecordOptions records;

    @Mixin
    private SchemaOption schema;

    @Output
    @Option(
            names = "--schema-out",
            paramLabel = "FILE",
            description =
                    "For a data file: write types and roles of its columns to this file (- for standard output), to "
                            + "be changed and given to --schema.")
    private @Nullable Path schemaOut;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "For a model: batch size of the memory plan (default: 32).")
    private @Nullable Integer batch;

    @Option(
            names = "--device",
            completionCandidates = Candidates.DeviceNames.class,
            paramLabel = "DEVICE",
            description = "For a model: show its plan for this device (cpu, or cuda[:i]). For a GPU, also measure "
                    + "which kernels are faster for each pass of its convolutions (default: the plan "
                    + "for a CPU).")
    private @Nullable String device;

    @Mixin
    private KernelsOption kernels;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** One line per layer; the components are the keys in JSON. */
    private record LayerFacts(
            @JsonProperty("name") String name,
            @JsonProperty("layer") String layer,
            @JsonProperty("output") String output,
            @JsonProperty("parameters") long parameters) {}

    @Override
    public Integer call() throws IOException {
        boolean model =
                Files.exists(what.resolve("model.json")) || (Files.isDirectory(what) && !Datasets.isDataFolder(what));
        Object facts;
        if (!model && device != null) {
            throw new InputException("--device is for models, " + what + " is a data file");
        }
        if (!model && batch != null) {
            throw new InputException("--batch is for models, " + what + " is a data file");
        }
        if (kernels.given() && device == null) {
            throw new InputException("--kernels needs --device: which kernels are faster depends on the GPU");
        }
        if (model && schemaOut != null) {
            throw new InputException("--schema-out has no effect: " + what + " is a model, and it is for data files");
        }
        if (model) {
            String why = what + " is a model, and it is for data files";
            LabelOptions.requireNone(labels, why);
            sequences.requireNone(why);
            encoding.requireNone(why);
            records.requireNone(why);
            schema.requireNone(why);
            facts = model(Classifier.load(what), batch == null ? BATCH : batch);
        } else {
            facts = data();
        }
        if (json) {
            StandardOutput.print(Json.pretty(facts));
        }
        return 0;
    }

    private Map<String, Object> data() throws IOException {
        DataOptions options = new DataOptions(labels, sequences, encoding, records, schema);
        Reading reading = options.reading(what, null);
        Dataset data = options.read(what, sequences.labels(what), reading);
        PrintStream log = json ? System.err : StandardOutput.log(schemaOut);
        records.report(reading, log, null);
        Checkup checkup = Checkup.of(data);
        if (!json) {
            CheckupText.print(log, data, checkup);
        }
        if (schemaOut != null) {
            if (data.schema() == null) {
                throw new InputException("--schema-out has no effect: " + what + " has no columns with types");
            }
            String text = Json.pretty(data.schema()) + "\n";
            StandardOutput.write(schemaOut, to -> to.write(text.getBytes(StandardCharsets.UTF_8)));
        }
        Map<String, Object> facts = Json.fields(checkup);
        if (data.schema() != null) {
            facts.put("schema", data.schema());
        }
        return facts;
    }

    private Map<String, Object> model(Classifier model, int batch) {
        Network network = model.members().get(0).network();
        List<String> members = model instanceof Ensemble ? Ensemble.memberFolders(what) : List.of();
        kernels.require(network);
        ComputeDevice where =
                ComputeDevice.of(device == null ? new CpuDevice() : kernels.on(DeviceOptions.choose(device)));
        OptimizerConfig rule = OptimizerConfig.of(OptimizerConfig.Kind.ADAMW, 0.9, 0);
        Plan training = where.plan(network, PlanOptions.training(batch, rule));
        Plan inference = where.plan(network, PlanOptions.probabilities(batch));
        List<KernelChoice> choices = device == null ? List.of() : choices(where, training, rule);
        List<LayerFacts> layers = new ArrayList<>();
        for (Node node : network.nodes()) {
            long parameters = network.parameters().stream()
                    .filter(p -> p.name().startsWith(node.name() + "."))
                    .mapToLong(Parameter::count)
                    .sum();
            layers.add(new LayerFacts(
                    node.name(), node.layer().text(), network.shape(node.name()).toString(), parameters));
        }
        if (!json) {
            if (model instanceof Ensemble ensemble) {
                print(ensemble, members);
            }
            System.out.printf(
                    "input %s, %s, %s%n",
                    network.input(),
                    Wording.count(model.labels().size(), "label"),
                    Wording.count(network.parameterCount(), "parameter"));
            System.out.printf("%-16s %-12s %12s  %s%n", "layer", "output", "parameters", "");
            layers.forEach(l -> System.out.printf("%-16s %-12s %,12d  %s%n", l.name, l.output, l.parameters, l.layer));
            print("training", training);
            print("inference", inference);
            KernelChoice.table(choices).forEach(System.out::println);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        if (!members.isEmpty()) {
            facts.put("members", members);
            facts.put("decisions", model.rule());
        }
        facts.put("input", network.input().toString());
        facts.put("labels", model.labels());
        facts.put("parameters", network.parameterCount());
        facts.put("layers", layers);
        facts.put("training_plan", facts(training));
        facts.put("inference_plan", facts(inference));
        if (device != null) {
            facts.put("device", where.name());
            facts.put("kernels", choices);
        }
        return facts;
    }

    private void print(Ensemble ensemble, List<String> members) {
        System.out.printf(
                "%s: %s; a probability is the mean of theirs, and a label is given by %s%n",
                Wording.count(members.size(), "network"), String.join(", ", members), decisions(ensemble.rule()));
        Network first = ensemble.members().get(0).network();
        boolean equal = ensemble.members().stream().allMatch(m -> m.network().equals(first));
        System.out.println(
                equal
                        ? "each of them:"
                        : "they differ; this is the first, inspect " + what.resolve(members.get(1))
                                + " and the others for theirs:");
    }

    /** A rule in a few words: it may have a threshold for each of many labels. */
    private static String decisions(DecisionRule rule) {
        if (rule.kind() != DecisionRule.Kind.THRESHOLDS || rule.thresholds().length == 0) {
            return rule.toString();
        }
        float[] sorted = rule.thresholds().clone();
        Arrays.sort(sorted);
        float low = sorted[0];
        float high = sorted[sorted.length - 1];
        return low == high
                ? String.format(Locale.ROOT, "the threshold %.3f", low)
                : String.format(Locale.ROOT, "a threshold of its own, %.3f to %.3f", low, high);
    }

    /** The kernels of a training step. The program's notes go to the error stream. */
    private static List<KernelChoice> choices(ComputeDevice where, Plan training, OptimizerConfig rule) {
        try (Weights weights = where.allocate(training.network(), WeightState.of(rule));
                Program program = where.compile(training, weights, ProgramSettings.DEFAULTS)) {
            program.notes().forEach(note -> System.err.println("note: " + note));
            return program.kernels();
        }
    }

    private static Map<String, Object> facts(Plan plan) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("batch", plan.options().batch());
        facts.put("operators", plan.ops().size());
        facts.put("stages", plan.stages().size());
        facts.put("arena_bytes", plan.arenaBytes());
        facts.put("bytes_a_thread", plan.localBytes());
        facts.put("naive_bytes", plan.naiveBytes());
        return facts;
    }

    private static void print(String what, Plan plan) {
        System.out.printf(
                Locale.ROOT,
                "%s, batch %d: %s in %s; %s shared + %s per thread, instead of %s without " + "memory reuse%n",
                what,
                plan.options().batch(),
                Wording.count(plan.ops().size(), "operator"),
                Wording.count(plan.stages().size(), "stage"),
                Machine.megabytes(plan.arenaBytes()),
                Machine.megabytes(plan.localBytes()),
                Machine.megabytes(plan.naiveBytes()));
    }
}
