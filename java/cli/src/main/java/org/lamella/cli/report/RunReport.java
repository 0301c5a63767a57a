package org.lamella.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.evaluation.analysis.Detail;
import org.lamella.evaluation.analysis.Verdict.Outcome;
import org.lamella.file.AtomicFiles;
import org.lamella.report.FirstFilters;
import org.lamella.report.LayerCosts;
import org.lamella.report.Report;
import org.lamella.training.EpochResult;

/**
 * The data of {@code report.html}; {@code report.json} has the same for programs and for comparisons.
 *
 * @param title data and network
 * @param what rows, labels, split and device, in a sentence
 * @param command the command line
 * @param made version, seed, device and time
 * @param input shape of the network's input
 * @param facts data, network and device in numbers
 * @param settings of the training
 * @param verdicts comparisons of the network with each baseline, one sentence each
 * @param outcomes of these comparisons
 * @param next what to do next
 * @param report as in metrics.json
 * @param problems whether each finding is a problem; the others are notes
 * @param testedRows a checksum of the names of the rows that were measured
 * @param detail for pictures; null if nothing was measured
 * @param history all epochs
 * @param bestEpoch the epoch whose weights were kept
 * @param costs of the layers
 * @param filters of the first convolution; null if the first layer is not a convolution
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunReport(
        String title,
        String what,
        String command,
        String made,
        String input,
        RunFacts facts,
        JsonNode settings,
        List<String> verdicts,
        List<Outcome> outcomes,
        List<NextStep> next,
        Report report,
        List<Boolean> problems,
        String testedRows,
        @Nullable Detail detail,
        List<EpochResult> history,
        int bestEpoch,
        LayerCosts costs,
        @Nullable FirstFilters filters) {

    /** The file that a comparison reads. */
    public static final String DATA = "report.json";
    /** The page itself. */
    public static final String PAGE = "report.html";

    /**
     * Writes {@link #DATA} and {@link #PAGE}, each replaced atomically.
     *
     * @param folder created if it is missing
     * @param json writes the data
     * @throws IOException if a file cannot be written
     */
    public void write(Path folder, ObjectMapper json) throws IOException {
        ObjectNode data = json.valueToTree(this);
        JsonNode compared = SelectionFile.read(folder);
        if (compared != null) {
            data.set("selection", compared);
        }
        String text = json.writeValueAsString(data);
        AtomicFiles.replace(folder.resolve(DATA), p -> Files.writeString(p, text + "\n"));
        AtomicFiles.replace(
                folder.resolve(PAGE), p -> Files.writeString(p, ReportPage.run(title, PageData.of(data, json))));
    }
}
