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
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.option.ModelAndData.LabelUse;
import org.lamella.cli.report.FindingText;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.Dataset;
import org.lamella.evaluation.LabelSets;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;
import org.lamella.model.Predictor;
import org.lamella.model.Spread;
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
                            + "each label (0 or 1); of an ensemble also the standard deviation of its networks' "
                            + "probabilities; with label sets (train --coverage) also yes, no or open for each label.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        PrintStream log = StandardOutput.log(out);
        Classifier model = input.model();
        Dataset rows = input.read(model, LabelUse.UNUSED, log, ModelAndData.skippedOf(out));
        FindingText.print(log, rows.findings());
        Spread spread;
        try (Predictor p = input.open(model)) {
            spread = p.spread(rows);
        }
        StandardOutput.write(out, to -> write(to, model, rows, spread));
        log.printf(
                "%s, %s: %s%n",
                Wording.count(rows.size(), "row"),
                Wording.count(model.labels().size(), "label"),
                StandardOutput.name(out));
        return 0;
    }

    private static void write(OutputStream to, Classifier model, Dataset rows, Spread spread) throws IOException {
        boolean several = model.members().size() > 1;
        LabelSets sets = model instanceof Ensemble ensemble ? ensemble.sets() : null;
        Writer text = new OutputStreamWriter(to, StandardCharsets.UTF_8);
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text);
        List<String> line = new ArrayList<>(List.of("id"));
        line.addAll(model.labels());
        model.labels().forEach(l -> line.add(l + " decision"));
        if (several) {
            model.labels().forEach(l -> line.add(l + " deviation"));
        }
        if (sets != null) {
            model.labels().forEach(l -> line.add(l + " set"));
        }
        csv.writeRecord(line);
        Work work = Work.begin("writing rows", rows.size(), "row");
        for (int i = 0; i < rows.size(); i++, work.add(1)) {
            line.clear();
            line.add(rows.ids().get(i));
            float[] probabilities = spread.means()[i];
            for (float p : probabilities) {
                line.add(Float.toString(p));
            }
            for (boolean given : model.rule().decide(probabilities)) {
                line.add(given ? "1" : "0");
            }
            for (float deviation : several ? spread.deviations()[i] : new float[0]) {
                line.add(Float.toString(deviation));
            }
            for (int l = 0; sets != null && l < probabilities.length; l++) {
                line.add(sets.of(l, probabilities[l]).name().toLowerCase(Locale.ROOT));
            }
            csv.writeRecord(line);
        }
        work.close();
        csv.flush();
    }
}
