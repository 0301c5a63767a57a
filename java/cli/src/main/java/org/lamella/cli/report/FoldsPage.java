package org.lamella.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamella.cli.option.Flags;
import org.lamella.data.Dataset;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.LabelMetrics;
import org.lamella.evaluation.analysis.Detail;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.file.AtomicFiles;
import org.lamella.finding.Finding;
import org.lamella.report.Report;
import org.lamella.text.Wording;
import org.lamella.training.CrossValidation.Spread;

/**
 * The page of a cross-validation: that of a run, with means over the folds, and the rows of all folds together where it
 * shows labels and decisions. {@code report.json} has the same for comparisons.
 */
public final class FoldsPage {

    private final Dataset data;
    private final List<RunReport> folds;
    private final PredictionTable tested;
    private final ObjectMapper json = Json.mapper();

    /**
     * A page of finished folds.
     *
     * @param data all rows
     * @param folds the reports of the folds, two or more, each with test rows
     * @param tested the test rows of all folds
     */
    public FoldsPage(Dataset data, List<RunReport> folds, PredictionTable tested) {
        this.data = data;
        this.folds = folds;
        this.tested = tested;
    }

    /**
     * Writes report.json and report.html, each replaced atomically.
     *
     * @param folder of the cross-validation
     * @param summary of the folds
     * @param made version, device and time
     * @throws IOException if a file cannot be written
     */
    public void write(Path folder, Folds summary, String made) throws IOException {
        RunReport first = folds.get(0);
        List<ComparedWith> verdicts = ComparedWith.all(summary.verdicts());
        ObjectNode page = json.createObjectNode();
        page.put("title", first.title());
        page.put(
                "what",
                String.format(
                        Locale.ROOT,
                        "%s, %s, %s; %d folds, every row is a test row once",
                        Wording.count(tested.rows().size(), "row"),
                        Wording.count(data.width(), "feature"),
                        Wording.count(data.labels().size(), "label"),
                        folds.size()));
        page.put("command", first.command());
        page.put("made", made);
        page.put("input", first.input());
        page.set("facts", json.valueToTree(facts()));
        page.set("settings", first.settings());
        page.set(
                "verdicts",
                json.valueToTree(verdicts.stream().map(ComparedWith::text).toList()));
        page.set(
                "outcomes",
                json.valueToTree(
                        verdicts.stream().map(v -> v.verdict().outcome()).toList()));
        Map<Finding, List<String>> findings = findings();
        int toRead =
                (int) findings.keySet().stream().filter(Problems::isProblem).count();
        page.set(
                "next",
                json.valueToTree(NextStep.of(RunPage.quoted(folder.toString()), toRead, verdicts, false, true)));
        page.put("tested_rows", RunPage.tested(data, rows()));
        page.set("report", report(summary, findings));
        ArrayNode problems = page.putArray("problems");
        findings.keySet().forEach(f -> problems.add(Problems.isProblem(f)));
        page.set("detail", json.valueToTree(Detail.of(decided(), data.targets(rows()))));
        page.putArray("history");
        page.set("folds", runs());
        JsonNode compared = SelectionFile.read(folder);
        if (compared != null) {
            page.set("selection", compared);
        }
        ObjectNode combined = json.valueToTree(summary.combined());
        combined.set(
                "findings",
                json.valueToTree(
                        summary.combined().findings().stream().map(Flags::text).toList()));
        page.set("combined", combined);
        if (summary.heldOut() != null) {
            page.set("held_out", heldOut(summary.heldOut()));
        }
        String text = json.writeValueAsString(page);
        String html = ReportPage.run(first.title(), PageData.of(page, json));
        AtomicFiles.replace(folder.resolve(RunReport.DATA), p -> Files.writeString(p, text + "\n"));
        AtomicFiles.replace(folder.resolve(RunReport.PAGE), p -> Files.writeString(p, html));
    }

    private RunFacts facts() {
        RunFacts f = folds.get(0).facts();
        return new RunFacts(
                f.data(),
                f.moreFiles(),
                tested.rows().size(),
                f.features(),
                f.labels(),
                f.cardinality(),
                f.training(),
                f.validation(),
                tested.rows().size(),
                f.network(),
                f.layers(),
                f.parameters(),
                f.device(),
                f.seed(),
                folds.stream().mapToDouble(r -> r.facts().seconds()).sum());
    }

    private ObjectNode report(Folds summary, Map<Finding, List<String>> findings) {
        ObjectNode report = json.createObjectNode();
        report.set("test", means(summary.network()));
        ObjectNode baseline = report.putObject("baseline");
        baseline.putObject("majority").set("test", means(summary.majority()));
        baseline.putObject("linear").set("test", means(summary.linear()));
        Report.Verdicts verdicts = summary.verdicts();
        if (summary.mlKnn() != null) {
            baseline.putObject("ml_knn").set("test", means(summary.mlKnn()));
        }
        ObjectNode intervals = report.putObject("intervals");
        intervals.set("network", json.valueToTree(tests().intervals()));
        intervals.set("network_less_majority", intervals(verdicts.majority()));
        intervals.set("network_less_linear", intervals(verdicts.linear()));
        if (verdicts.mlKnn() != null) {
            intervals.set("network_less_ml_knn", intervals(verdicts.mlKnn()));
        }
        report.set("verdicts", json.valueToTree(verdicts));
        report.set("labels", json.valueToTree(LabelMetrics.of(data.labels(), decided(), data.targets(rows()))));
        report.putArray("layers");
        ArrayNode texts = report.putArray("findings");
        findings.forEach((finding, numbers) -> texts.add(
                (numbers.size() == 1 ? "fold " : "folds ") + String.join(", ", numbers) + ": " + Flags.text(finding)));
        return report;
    }

    private ObjectNode heldOut(HeldOut rows) {
        ObjectNode node = json.createObjectNode();
        node.set("network", json.valueToTree(rows.ensemble()));
        node.set("intervals", json.valueToTree(rows.intervals()));
        node.set("majority", json.valueToTree(rows.majority()));
        node.set("linear", json.valueToTree(rows.linear()));
        if (rows.mlKnn() != null) {
            node.set("ml_knn", json.valueToTree(rows.mlKnn()));
        }
        node.set("verdicts", json.valueToTree(rows.verdicts()));
        return node;
    }

    /** The means, and the number of rows of all folds. */
    private ObjectNode means(Map<String, Spread> of) {
        ObjectNode means = json.createObjectNode();
        of.forEach((name, spread) -> means.put(name, spread.mean()));
        means.put("samples", tested.rows().size());
        means.put("labels", data.labels().size());
        return means;
    }

    private FoldTests tests() {
        return new FoldTests(
                folds.stream().map(RunReport::report).toList(),
                folds.stream()
                        .mapToDouble(f -> f.facts().test() / (double) f.facts().training())
                        .average()
                        .orElse(0));
    }

    private ObjectNode intervals(Verdict verdict) {
        ObjectNode all = json.createObjectNode();
        verdict.metrics()
                .forEach((metric, t) ->
                        all.putObject(metric.key()).put("low", t.low()).put("high", t.high()));
        return all;
    }

    private int[] rows() {
        return tested.rows().stream().mapToInt(PredictionTable.Row::row).toArray();
    }

    private DecidedRows decided() {
        return new DecidedRows(
                tested.rows().stream().map(PredictionTable.Row::probabilities).toArray(float[][]::new),
                tested.rows().stream().map(PredictionTable.Row::decisions).toArray(boolean[][]::new));
    }

    /** The numbers of the folds that have a finding, by finding. */
    private Map<Finding, List<String>> findings() {
        Map<String, Finding> same = new LinkedHashMap<>();
        Map<Finding, List<String>> where = new LinkedHashMap<>();
        for (int i = 0; i < folds.size(); i++) {
            for (Finding f : folds.get(i).report().findings()) {
                Finding first = same.computeIfAbsent(Flags.text(f), text -> f);
                where.computeIfAbsent(first, key -> new ArrayList<>()).add(Integer.toString(i + 1));
            }
        }
        return where;
    }

    private ArrayNode runs() {
        ArrayNode runs = json.createArrayNode();
        for (int i = 0; i < folds.size(); i++) {
            RunReport fold = folds.get(i);
            ObjectNode run = runs.addObject();
            run.put("name", RunFolder.foldName(i + 1));
            run.put("best_epoch", fold.bestEpoch());
            run.put("training", fold.facts().training());
            run.put("findings", fold.report().findings().size());
            run.set("test", json.valueToTree(fold.report().test()));
            run.set("linear", json.valueToTree(fold.report().baseline().linear().test()));
            run.set("history", PageData.history(json.valueToTree(fold.history()), json));
        }
        return runs;
    }
}
