package org.lamella.cli.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.option.ModelAndData.LabelUse;
import org.lamella.cli.report.FindingText;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.Dataset;
import org.lamella.model.Classifier;
import org.lamella.model.Predictor;
import org.lamella.text.Wording;
import org.lamella.work.Work;
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

    @Output
    @Option(
            names = "--out",
            paramLabel = "F",
            required = true,
            description =
                    "CSV file to write, or - for standard output: id, the probability of each label, the decision on "
                            + "each label (0 or 1).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        PrintStream log = StandardOutput.log(out);
        Classifier model = input.model();
        Dataset rows = input.read(model, LabelUse.UNUSED, log, ModelAndData.skippedOf(out));
        FindingText.print(log, rows.findings());
        float[][] probabilities;
        try (Predictor p = input.open(model)) {
            probabilities = p.run(rows);
        }
        StandardOutput.write(out, to -> write(to, model, rows, probabilities));
        log.printf(
                "%s, %s: %s%n",
                Wording.count(rows.size(), "row"),
                Wording.count(model.labels().size(), "label"),
                StandardOutput.name(out));
        return 0;
    }

    private static void write(OutputStream to, Classifier model, Dataset rows, float[][] probabilities)
            throws IOException {
        Writer text = new OutputStreamWriter(to, StandardCharsets.UTF_8);
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text);
        List<String> line = new ArrayList<>(List.of("id"));
        line.addAll(model.labels());
        model.labels().forEach(l -> line.add(l + " decision"));
        csv.writeRecord(line);
        Work work = Work.begin("writing rows", rows.size(), "row");
        for (int i = 0; i < rows.size(); i++, work.add(1)) {
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
        work.close();
        csv.flush();
    }
}
