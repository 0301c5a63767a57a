package org.lamella.bench.command;

import java.io.IOException;
import java.util.List;
import org.lamella.cli.option.Candidates;
import org.lamella.cli.option.NetworkFile;
import org.lamella.cuda.GpuTraits;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import picocli.CommandLine.Option;

/** The training step of a model of GPUs: network, shape of a sample, outputs, batch. */
final class ModelledStep {

    @Option(
            names = "--net",
            completionCandidates = Candidates.Networks.class,
            paramLabel = "NAME",
            defaultValue = "lenet",
            description = "A network of the zoo, or a JSON file (default: ${DEFAULT-VALUE}).")
    private String net;

    @Option(
            names = "--input",
            paramLabel = "CxHxW",
            defaultValue = "1x100x100",
            description = "Shape of one sample; a JSON file has its own (default: ${DEFAULT-VALUE}).")
    private String input;

    @Option(
            names = "--labels",
            paramLabel = "N",
            defaultValue = "42",
            description = "Outputs; a JSON file has its own (default: ${DEFAULT-VALUE}).")
    private int labels;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "100",
            description = "Samples per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    String net() {
        return net;
    }

    int batch() {
        return batch;
    }

    Network network() throws IOException {
        return NetworkFile.of(net, Shape.parse(input), labels);
    }

    /** The plan of a training step with momentum, as on one GPU. */
    Plan plan() throws IOException {
        return Plan.of(
                network(),
                PlanOptions.training(batch, OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0.9, 1e-4)),
                GpuTraits.PLAN);
    }

    /** The same options, for another process. */
    List<String> arguments() {
        return List.of("--net", net, "--input", input, "--labels", Integer.toString(labels), "--batch", "" + batch);
    }
}
