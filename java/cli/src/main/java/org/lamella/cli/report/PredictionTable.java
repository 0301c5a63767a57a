package org.lamella.cli.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Partition.Part;
import org.lamella.device.Device;
import org.lamella.file.AtomicFiles;
import org.lamella.model.Classifier;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.training.FoldEnsemble;

/**
 * The predictions of a run for every row, with the part of the row: what other programs need for measures of their own.
 *
 * @param data all rows of the run
 * @param rows in the order of the data
 */
public record PredictionTable(Dataset data, List<Row> rows) {

    /** The file in the folder of a run. */
    public static final String FILE = "predictions.csv";

    /**
     * The prediction for a row.
     *
     * @param row its number in the data, from 0
     * @param part what it was used for
     * @param fold whose network predicted it, from 1; 0 without folds
     * @param probabilities one per label
     * @param decisions one per label
     */
    public record Row(int row, Part part, int fold, float[] probabilities, boolean[] decisions) {}

    /**
     * Predicts the rows of all parts.
     *
     * @param model the trained model
     * @param data all rows
     * @param partition which rows were for training, validation and test
     * @param fold from 1; 0 without folds
     * @param device where to run
     * @return the predictions
     */
    public static PredictionTable of(Model model, Dataset data, Partition partition, int fold, Device device) {
        List<Row> rows = new ArrayList<>();
        try (Predictor predictor = model.open(device)) {
            for (Part part : Part.values()) {
                int[] own = partition.rows(part);
                float[][] probabilities = predictor.run(data, own);
                for (int i = 0; i < own.length; i++) {
                    rows.add(new Row(
                            own[i], part, fold, probabilities[i], model.rule().decide(probabilities[i])));
                }
            }
        }
        return new PredictionTable(data, sorted(rows));
    }

    /**
     * Out-of-fold rows: every row once, predicted by the models of the fold that did not learn from it.
     *
     * @param data all rows
     * @param folds of a cross-validation
     * @return the predictions
     */
    public static PredictionTable of(Dataset data, FoldEnsemble folds) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < folds.rows().length; i++) {
            rows.add(new Row(
                    folds.rows()[i],
                    Part.TEST,
                    folds.folds()[i] + 1,
                    folds.predictions().probabilities()[i],
                    folds.predictions().decisions()[i]));
        }
        return new PredictionTable(data, rows);
    }

    /**
     * These predictions, followed by those of an ensemble for rows that are in no fold.
     *
     * @param ensemble of all folds
     * @param more row numbers, from 0
     * @param device where to run
     * @return the predictions
     */
    public PredictionTable with(Classifier ensemble, int[] more, Device device) {
        List<Row> all = new ArrayList<>(rows);
        try (Predictor predictor = ensemble.open(device)) {
            float[][] probabilities = predictor.run(data, more);
            for (int i = 0; i < more.length; i++) {
                all.add(new Row(
                        more[i], Part.TEST, 0, probabilities[i], ensemble.rule().decide(probabilities[i])));
            }
        }
        return new PredictionTable(data, sorted(all));
    }

    private static List<Row> sorted(List<Row> rows) {
        return rows.stream().sorted(Comparator.comparingInt(Row::row)).toList();
    }

    /**
     * Writes {@value #FILE}: row (from 1), id, part, fold, and for each label the truth (empty where unknown), the
     * probability and the decision.
     *
     * @param folder of the run
     * @throws IOException if it cannot be written
     */
    public void write(Path folder) throws IOException {
        AtomicFiles.replace(folder.resolve(FILE), this::writeTo);
    }

    private void writeTo(Path file) throws IOException {
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file)) {
            List<String> line = new ArrayList<>(List.of("row", "id", "part", "fold"));
            for (String suffix : List.of(" truth", " probability", " decision")) {
                data.labels().forEach(label -> line.add(label + suffix));
            }
            csv.writeRecord(line);
            for (Row r : rows) {
                line.clear();
                line.addAll(List.of(
                        Integer.toString(r.row + 1),
                        data.ids().get(r.row),
                        r.part.lowerCase(),
                        r.fold == 0 ? "" : Integer.toString(r.fold)));
                for (byte target : data.targets()[r.row]) {
                    line.add(target < 0 ? "" : Byte.toString(target));
                }
                for (float p : r.probabilities) {
                    line.add(Float.toString(p));
                }
                for (boolean decided : r.decisions) {
                    line.add(decided ? "1" : "0");
                }
                csv.writeRecord(line);
            }
        }
    }
}
