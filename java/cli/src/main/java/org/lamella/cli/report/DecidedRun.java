package org.lamella.cli.report;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition.Part;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.DecisionRule;
import org.lamella.file.AtomicFiles;

/**
 * The rows of a finished run from which its networks did not learn: out-of-fold rows of an ensemble, validation rows of
 * a single network. Their decisions can be made again.
 */
public final class DecidedRun {

    private final Path file;
    private final boolean folds;
    private final PredictionFile rows;

    private DecidedRun(Path file, boolean folds, PredictionFile rows) {
        this.file = file;
        this.folds = folds;
        this.rows = rows;
    }

    /**
     * Reads {@value PredictionTable#FILE}.
     *
     * @param folder of a run
     * @param ensemble whether its model is an ensemble
     * @return the rows
     * @throws InputException if the file is missing or damaged
     * @throws IOException if it cannot be read
     */
    public static DecidedRun read(Path folder, boolean ensemble) throws IOException {
        Path file = folder.resolve(PredictionTable.FILE);
        if (!Files.exists(file)) {
            throw new InputException(file + ": missing; decisions are made again on the predictions of a finished run, "
                    + "which train writes there");
        }
        return new DecidedRun(
                file,
                ensemble,
                PredictionFile.read(file, ensemble ? PredictionFile.FOLDS : Part.VALIDATION.lowerCase()));
    }

    /** {@return what messages call the rows, in the plural} */
    public String name() {
        return folds ? "out-of-fold rows" : "validation rows";
    }

    /** {@return the labels, in the order of the model} */
    public List<String> labels() {
        return rows.labels();
    }

    /** {@return rows x labels: 0, 1, or -1 where unknown} */
    public byte[][] targets() {
        return rows.rows().stream().map(PredictionFile.Row::target).toArray(byte[][]::new);
    }

    /** {@return probabilities, and the decisions of the present rule} */
    public DecidedRows decided() {
        return new DecidedRows(
                rows.rows().stream().map(PredictionFile.Row::probabilities).toArray(float[][]::new),
                rows.rows().stream().map(PredictionFile.Row::decisions).toArray(boolean[][]::new));
    }

    /**
     * Replaces the decisions of all rows in the file.
     *
     * @param rule decides rows
     * @param decided decisions on the rows of this run, where a rule that was found on other rows made them; null if
     *     the rule decides these as well
     * @throws IOException if the file cannot be replaced
     */
    public void write(DecisionRule rule, boolean @Nullable [][] decided) throws IOException {
        AtomicFiles.replace(file, to -> {
            try (CsvReader<CsvRecord> in = CsvReader.builder().ofCsvRecord(file);
                    CsvWriter out =
                            CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(to)) {
                int next = 0;
                boolean header = true;
                for (CsvRecord line : in) {
                    List<String> fields = new ArrayList<>(line.getFields());
                    if (!header) {
                        boolean own =
                                folds ? !fields.get(3).isEmpty() : fields.get(2).equals(Part.VALIDATION.lowerCase());
                        decide(fields, rule, own && decided != null ? decided[next] : null);
                        next += own ? 1 : 0;
                    }
                    header = false;
                    out.writeRecord(fields);
                }
            }
        });
    }

    private void decide(List<String> fields, DecisionRule rule, boolean @Nullable [] known) {
        int labels = labels().size();
        boolean[] decisions = known;
        if (decisions == null) {
            float[] probabilities = new float[labels];
            for (int l = 0; l < labels; l++) {
                probabilities[l] = Float.parseFloat(fields.get(PredictionFile.FIXED + labels + l));
            }
            decisions = rule.decide(probabilities);
        }
        for (int l = 0; l < labels; l++) {
            fields.set(PredictionFile.FIXED + 2 * labels + l, decisions[l] ? "1" : "0");
        }
    }
}
