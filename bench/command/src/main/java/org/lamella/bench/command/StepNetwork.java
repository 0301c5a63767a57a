package org.lamella.bench.command;

import java.io.IOException;
import java.util.List;
import org.lamella.cli.option.Candidates;
import org.lamella.cli.option.NetworkFile;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import picocli.CommandLine.Option;

/** The network of a step, and its batch. */
final class StepNetwork {

    @Option(
            names = "--net",
            completionCandidates = Candidates.Networks.class,
            paramLabel = "NAME",
            description = "A network of the zoo, or a JSON file (default: ${DEFAULT-VALUE}).")
    private String net = "lenet";

    @Option(
            names = "--input",
            paramLabel = "CxHxW",
            description = "Shape of one sample; a JSON file has its own (default: ${DEFAULT-VALUE}).")
    private String input;

    @Option(
            names = "--labels",
            paramLabel = "N",
            description = "Outputs; a JSON file has its own (default: ${DEFAULT-VALUE}).")
    private int labels = 42;

    @Option(names = "--batch", paramLabel = "N", description = "Samples per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    /**
     * Options with the defaults of a command.
     *
     * @param input shape of one sample, for example {@code 1x34x34}
     * @param batch samples per step, 1 or more
     */
    StepNetwork(String input, int batch) {
        this.input = input;
        this.batch = batch;
    }

    String net() {
        return net;
    }

    int batch() {
        return batch;
    }

    Network network() throws IOException {
        return NetworkFile.of(net, Shape.parse(input), labels);
    }

    /** The same options, for another process. */
    List<String> arguments() {
        return List.of("--net", net, "--input", input, "--labels", Integer.toString(labels), "--batch", "" + batch);
    }
}
