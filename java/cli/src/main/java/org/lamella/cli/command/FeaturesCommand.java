package org.lamella.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.SequenceFlags;
import org.lamella.data.Dataset;
import org.lamella.data.formats.FeatureTable;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lamella features}. */
@Command(
        name = "features",
        aliases = "embeddings",
        mixinStandardHelpOptions = true,
        description =
                "Writes the values of any layer for every row, the labels beside them: learned features for another "
                        + "classifier.")
public final class FeaturesCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder that train --out wrote.")
    private Path folder;

    @Parameters(index = "1", paramLabel = "DATA", description = "File with the model's columns; labels if it has them.")
    private Path data;

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            required = true,
            description =
                    "The layer; inspect MODEL lists them. dense1 is before its activation, tanh3 (lenet) behind it.")
    private String layer;

    @Option(
            names = "--out",
            paramLabel = "F",
            required = true,
            description = "File: .arff, .csv, .libsvm, or .npy (labels then go to F with .labels.npy).")
    private Path out;

    @Mixin
    private SequenceFlags sequences;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        FeatureTable.Format format = FeatureTable.Format.of(out);
        OutputPlace.newFile(out);
        if (format == FeatureTable.Format.NPY) {
            OutputPlace.newFile(FeatureTable.labelFile(out));
        }
        Model model = Model.load(folder);
        model.network().shape(layer);
        Dataset rows = model.read(data, false, sequences.labels());
        float[][] values;
        try (Predictor p = model.openLayer(device.device(model.network()), layer)) {
            values = p.run(rows);
        }
        FeatureTable table = new FeatureTable(layer, values, rows);
        AtomicFiles.replace(out, file -> table.write(file, format));
        if (format == FeatureTable.Format.NPY && !rows.labels().isEmpty()) {
            AtomicFiles.replace(FeatureTable.labelFile(out), table::writeNpyLabels);
        }
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
