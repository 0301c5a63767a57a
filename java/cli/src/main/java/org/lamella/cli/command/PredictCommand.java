package org.lamella.cli.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.SequenceFlags;
import org.lamella.data.Dataset;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lamella predict}. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description =
                "Writes a probability and a decision for every label of every row; labels in DATA are not needed.")
public final class PredictCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder that train --out wrote.")
    private Path folder;

    @Parameters(index = "1", paramLabel = "DATA", description = "File with the model's columns.")
    private Path data;

    @Option(
            names = "--out",
            paramLabel = "F",
            required = true,
            description = "CSV file: id, then every label's probability, then every label's decision (0 or 1).")
    private Path out;

    @Mixin
    private SequenceFlags sequences;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        OutputPlace.newFile(out);
        Model model = Model.load(folder);
        Dataset rows = model.read(data, false, sequences.labels());
        float[][] probabilities;
        try (Predictor p = model.open(device.device(model.network()))) {
            probabilities = p.run(rows);
        }
        AtomicFiles.replace(out, file -> write(file, model, rows, probabilities));
        System.out.printf(
                "%,d rows, %d labels: %s%n", rows.size(), model.labels().size(), out);
        return 0;
    }

    private static void write(Path file, Model model, Dataset rows, float[][] probabilities) throws IOException {
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file)) {
            List<String> line = new ArrayList<>(List.of("id"));
            line.addAll(model.labels());
            model.labels().forEach(l -> line.add(l + " decision"));
            csv.writeRecord(line);
            for (int i = 0; i < rows.size(); i++) {
                line.clear();
                line.add(rows.ids().get(i));
                for (float p : probabilities[i]) {
                    line.add(Float.toString(p));
                }
                for (boolean given : model.rule().decide(probabilities[i])) {
                    line.add(given ? "1" : "0");
                }
                csv.writeRecord(line);
            }
        }
    }
}
