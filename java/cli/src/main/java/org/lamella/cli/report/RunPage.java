package org.lamella.cli.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.finding.Finding;
import org.lamella.report.FirstFilters;
import org.lamella.report.LayerCosts;
import org.lamella.report.Report;
import org.lamella.text.Wording;
import org.lamella.training.TrainingResult;
import org.lamella.training.TrainingSettings;

/** Collects the data of a run's page. */
public final class RunPage {

    private final long start = System.nanoTime();
    private final String net;
    private final List<String> arguments;
    private final Device device;
    private boolean rna;

    /**
     * Starts to measure the time of the run.
     *
     * @param net name of the network
     * @param arguments of the command line
     * @param device where it runs
     */
    public RunPage(String net, List<String> arguments, Device device) {
        this.net = net;
        this.arguments = arguments;
        this.device = device;
    }

    private static boolean isRna(Dataset data) {
        return data.findings().stream().anyMatch(f -> f.code() == Finding.Code.RNA_LETTERS);
    }

    /**
     * Says which letters the sequences of the run have, where they do not come from a file.
     *
     * @param withU whether they have U, not T
     * @return this
     */
    public RunPage rna(boolean withU) {
        rna = withU;
        return this;
    }

    /**
     * The data of the page.
     *
     * @param folder of the run
     * @param data all rows
     * @param run what was trained
     * @param report what was measured
     * @param settings of the training
     * @param seed of the run
     * @return the report
     */
    public RunReport of(
            Path folder, Dataset data, TrainingResult run, Report report, TrainingSettings settings, long seed) {
        Partition rows = run.partition();
        String what = String.format(
                Locale.ROOT,
                "%s, %s, %s; %,d rows for training, %,d for validation, %,d for test",
                Wording.count(data.size(), "row"),
                Wording.count(data.width(), "feature"),
                Wording.count(data.labels().size(), "label"),
                rows.training().length,
                rows.validation().length,
                rows.test().length);
        List<ComparedWith> verdicts = Results.verdicts(report);
        List<Boolean> problems =
                report.findings().stream().map(Problems::isProblem).toList();
        FirstFilters filters = FirstFilters.of(run.model(), data, rows.training());
        boolean falling = !verdicts.isEmpty()
                && run.end() == TrainingResult.End.COMPLETE
                && run.bestEpoch() == run.history().size();
        return new RunReport(
                title(data),
                what,
                command(),
                made(seed),
                run.model().network().input().toString(),
                facts(data, run, seed),
                Json.mapper().valueToTree(settings),
                verdicts.stream().map(ComparedWith::text).toList(),
                verdicts.stream().map(v -> v.verdict().outcome()).toList(),
                NextStep.of(
                        quoted(folder.toString()),
                        (int) problems.stream().filter(r -> r).count(),
                        verdicts,
                        falling,
                        false),
                report,
                problems,
                tested(data, rows.rows(rows.shown())),
                report.detail(),
                run.history(),
                run.bestEpoch(),
                LayerCosts.of(run, data, settings, device),
                filters != null && (rna || isRna(data)) ? filters.asRna() : filters);
    }

    /**
     * How the run was made.
     *
     * @param seed of the run
     * @return version, seed, device and time
     */
    public String made(long seed) {
        return String.format(
                Locale.ROOT,
                "%s, seed %d, on %s (%s), Java %s, %s, in %s",
                Version.line(),
                seed,
                device.name(),
                device.description(),
                System.getProperty("java.version"),
                LocalDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")),
                Progress.duration(seconds()));
    }

    private double seconds() {
        return (System.nanoTime() - start) * 1e-9;
    }

    private RunFacts facts(Dataset data, TrainingResult run, long seed) {
        Partition rows = run.partition();
        Map<String, String> options = CommandWords.options(command());
        return new RunFacts(
                data.source(),
                Stream.of("--valid", "--test")
                        .map(options::get)
                        .filter(Objects::nonNull)
                        .toList(),
                data.size(),
                data.width(),
                data.labels().size(),
                RunFacts.cardinality(data),
                rows.training().length,
                rows.validation().length,
                rows.test().length,
                net,
                run.model().network().nodes().size(),
                RunFacts.parameters(run.model().network()),
                device.name(),
                seed,
                seconds());
    }

    /** {@return the command line that started the run} */
    public String command() {
        return command(arguments);
    }

    /** {@return the command line that continues the run} */
    public String resumeCommand() {
        List<String> more = new ArrayList<>(arguments);
        more.remove("--overwrite");
        if (!more.contains("--resume")) {
            more.add("--resume");
        }
        return command(more);
    }

    /**
     * A command line for a shell.
     *
     * @param words the command and its arguments
     * @return with the launcher before them
     */
    public static String command(List<String> words) {
        return quoted(Launcher.command()) + " "
                + words.stream().map(RunPage::quoted).collect(Collectors.joining(" "));
    }

    /**
     * The title of the page.
     *
     * @param data all rows
     * @return file and network
     */
    public String title(Dataset data) {
        return data.source().substring(data.source().lastIndexOf('/') + 1) + ": " + net;
    }

    static String tested(Dataset data, int[] rows) {
        CRC32 names = new CRC32();
        for (int row : rows) {
            names.update((data.ids().get(row) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return Long.toHexString(names.getValue());
    }

    static String quoted(String argument) {
        return argument.matches("[\\w./:=,@%+-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
