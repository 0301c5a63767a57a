package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.option.ModelAndData.LabelUse;
import org.lamella.cli.report.FindingText;
import org.lamella.cli.report.SplitFile;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.formats.FeatureTable;
import org.lamella.data.splits.Partition.Part;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.text.Wording;
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

    @Output
    @Option(
            names = "--out",
            paramLabel = "F",
            required = true,
            description =
                    "File to write: .arff, .csv, .libsvm, or .npy (the labels are then in F with .labels.npy); or - "
                            + "for standard output. If the model was trained on some of the rows, a column part "
                            + "(.arff, .csv) says on which.")
    private Path out;

    @Option(
            names = "--out-format",
            paramLabel = "NAME",
            description = "With --out -: csv, arff or libsvm (default: csv).")
    private FeatureTable.@Nullable Format outFormat;

    @Override
    public Integer call() throws IOException {
        FeatureTable.Format format = format();
        PrintStream log = StandardOutput.log(out);
        if (format == FeatureTable.Format.NPY) {
            OutputPlace.newFile(FeatureTable.labelFile(out));
            OutputPlace.notAnInput(FeatureTable.labelFile(out), List.of(input.data()));
        }
        Model model = input.network("whose layers do not correspond to each other");
        model.network().shape(layer);
        Dataset rows = input.read(model, LabelUse.OPTIONAL, log, ModelAndData.skippedOf(out));
        float[][] values;
        try (Predictor p = input.openLayer(model, layer)) {
            values = p.run(rows);
        }
        List<String> parts = parts(rows, format);
        FeatureTable table = new FeatureTable(layer, values, rows, parts);
        StandardOutput.write(out, to -> table.write(to, format));
        if (format == FeatureTable.Format.NPY && !rows.labels().isEmpty()) {
            AtomicFiles.replace(FeatureTable.labelFile(out), table::writeNpyLabels);
        }
        FindingText.print(log, rows.findings());
        log.printf(
                "%s, %s of %s, %s: %s%n",
                Wording.count(values.length, "row"),
                Wording.count(values.length == 0 ? 0 : values[0].length, "feature"),
                layer,
                Wording.count(rows.labels().size(), "label"),
                StandardOutput.name(out));
        return 0;
    }

    private FeatureTable.Format format() {
        if (!StandardOutput.is(out)) {
            if (outFormat != null) {
                throw new InputException(
                        "--out-format has no effect: the name of " + out + " tells the format; leave it " + "out");
            }
            return FeatureTable.Format.of(out);
        }
        if (outFormat == FeatureTable.Format.NPY) {
            throw new InputException("--out-format npy has two files, and --out - is one stream; name F.npy");
        }
        return outFormat == null ? FeatureTable.Format.CSV : outFormat;
    }

    /** The part of every row, if the model knows one of them: its features look better than those of new rows. */
    private List<String> parts(Dataset rows, FeatureTable.Format format) {
        SplitFile split = SplitFile.read(input.folder());
        if (split == null) {
            System.err.println("note: " + input.folder() + " does not say which rows its model was trained on (no "
                    + SplitFile.FILE + "): a classifier tested on such rows looks better than it is");
            return List.of();
        }
        @Nullable Part[] parts = split.of(rows);
        Map<Part, Integer> counts = SplitFile.counts(parts);
        if (counts.isEmpty()) {
            return List.of();
        }
        boolean column = format == FeatureTable.Format.ARFF || format == FeatureTable.Format.CSV;
        System.err.printf(
                "warning: the model was trained on %,d of these %s, and selected on %,d: a classifier that is "
                        + "tested on them looks better than it is. %s%n",
                counts.getOrDefault(Part.TRAINING, 0),
                Wording.count(rows.size(), "row"),
                counts.getOrDefault(Part.VALIDATION, 0),
                column
                        ? "Test it on rows whose column part is test or new; the column is not a feature: train "
                                + "leaves it out, in another tool remove it before training"
                        : "This format has no column for it: write .csv or .arff to have a column part, or take the "
                                + "rows from " + SplitFile.FILE);
        return column ? Arrays.stream(parts).map(SplitFile::name).toList() : List.of();
    }
}
