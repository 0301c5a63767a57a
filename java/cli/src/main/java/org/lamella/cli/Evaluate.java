package org.lamella.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.data.Dataset;
import org.lamella.evaluation.Diagnosis;
import org.lamella.evaluation.LabelMetrics;
import org.lamella.evaluation.MajorityBaseline;
import org.lamella.evaluation.Metrics;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lamella evaluate}. */
@Command(name = "evaluate", mixinStandardHelpOptions = true,
        description = "Measures a trained model on a labelled file.")
final class Evaluate implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder that train --out wrote.")
    private Path folder;

    @Parameters(index = "1", paramLabel = "DATA", description = "File with the model's columns and labels; or FASTA.")
    private Path data;

    @Mixin
    private SequenceFlags sequences;

    @Mixin
    private DeviceOptions device;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Model model = Model.load(folder);
        Dataset rows = model.read(data, true, sequences.options());
        float[][] probabilities;
        try (Predictor p = model.open(device.device(), device.threads())) {
            probabilities = p.run(rows);
        }
        Metrics own = Metrics.of(probabilities, rows.targets(), model.rule());
        Metrics constant = Metrics.of(new MajorityBaseline(rows, rows.rows()).predict(rows.size()), rows.targets());
        List<String> findings = Diagnosis.of(model.rule().decide(probabilities), rows.labels(), own, constant);
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("metrics", own);
            result.put("baseline", Map.of("majority_of_this_file", constant));
            result.put("labels", LabelMetrics.of(rows.labels(), probabilities, rows.targets(), model.rule()));
            result.put("findings", findings);
            System.out.println(Json.pretty(result));
            return 0;
        }
        System.out.printf("%s: %,d rows%n", data, rows.size());
        System.out.println("network:                " + own.headline());
        System.out.println("majority of this file:  " + constant.headline());
        System.out.println("if the model was trained on rows of this file, the network's numbers are too good: the test "
                + "rows' are in " + folder.resolve("metrics.json"));
        findings.forEach(f -> System.out.println("finding: " + f));
        return 0;
    }
}
