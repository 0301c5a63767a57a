package org.lamella.cli.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.option.ModelAndData.LabelUse;
import org.lamella.data.Dataset;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella predict}. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = "Writes a probability and a decision for every label of every row; DATA needs no labels.")
public final class PredictCommand implements Callable<Integer> {

    @Mixin
    private ModelAndData input;

    @Option(
            names = "--out",
            paramLabel = "F",
            required = true,
            description = "CSV file to write: id, the probability of each label, the decision on each label (0 or 1).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        OutputPlace.newFile(out);
        Model model = input.model();
        Dataset rows = input.read(model, LabelUse.UNUSED, System.out, ModelAndData.skippedOf(out));
        float[][] probabilities;
        try (Predictor p = input.open(model)) {
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
