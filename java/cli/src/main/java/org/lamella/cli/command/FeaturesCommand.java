package org.lamella.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.lamella.cli.option.Flags;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.option.ModelAndData.LabelUse;
import org.lamella.data.Dataset;
import org.lamella.data.formats.FeatureTable;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella features}. */
@Command(
        name = "features",
        aliases = "embeddings",
        mixinStandardHelpOptions = true,
        description = "Writes the output of any layer for every row (embeddings), with the labels: learned features "
                + "for another classifier.")
public final class FeaturesCommand implements Callable<Integer> {

    @Mixin
    private ModelAndData input;

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            required = true,
            description = "Name of the layer; inspect MODEL lists all. dense1 is the output before the activation, "
                    + "tanh3 (lenet) after it.")
    private String layer;

    @Option(
            names = "--out",
            paramLabel = "F",
            required = true,
            description = "File to write: .arff, .csv, .libsvm, or .npy (the labels are then in F with .labels.npy).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        FeatureTable.Format format = FeatureTable.Format.of(out);
        OutputPlace.newFile(out);
        if (format == FeatureTable.Format.NPY) {
            OutputPlace.newFile(FeatureTable.labelFile(out));
        }
        Model model = input.model();
        model.network().shape(layer);
        Dataset rows = input.read(model, LabelUse.OPTIONAL, System.out, ModelAndData.skippedOf(out));
        float[][] values;
        try (Predictor p = input.openLayer(model, layer)) {
            values = p.run(rows);
        }
        FeatureTable table = new FeatureTable(layer, values, rows);
        AtomicFiles.replace(out, file -> table.write(file, format));
        if (format == FeatureTable.Format.NPY && !rows.labels().isEmpty()) {
            AtomicFiles.replace(FeatureTable.labelFile(out), table::writeNpyLabels);
        }
        rows.findings().forEach(f -> System.out.println("finding: " + Flags.text(f)));
        System.out.printf(
                "%,d rows, %d features of %s, %d labels: %s%n",
                values.length,
                values.length == 0 ? 0 : values[0].length,
                layer,
                rows.labels().size(),
                out);
        return 0;
    }
}
