package org.lamella.cli.report;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.model.FirstFilters;
import org.lamella.training.LayerCosts;
import org.lamella.training.Report;
import org.lamella.training.TrainingResult;
import org.lamella.training.TrainingSettings;

/** Collects the data of a run's page. */
public final class RunPage {

    private final long start = System.nanoTime();
    private final String net;
    private final List<String> arguments;
    private final Device device;

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

    /**
     * The data of the page.
     *
     * @param data all rows
     * @param run what was trained
     * @param report what was measured
     * @param settings of the training
     * @param seed of the run
     * @return the report
     */
    public RunReport of(Dataset data, TrainingResult run, Report report, TrainingSettings settings, long seed) {
        Partition rows = run.partition();
        String source = data.source().substring(data.source().lastIndexOf('/') + 1);
        String what = String.format(
                Locale.ROOT,
                "%,d rows, %,d features, %d labels; %,d rows for training, %,d for validation, %,d for test",
                data.size(),
                data.width(),
                data.labels().size(),
                rows.training().length,
                rows.validation().length,
                rows.test().length);
        String command = quoted(Launcher.command()) + " "
                + arguments.stream().map(RunPage::quoted).collect(Collectors.joining(" "));
        String made = String.format(
                Locale.ROOT,
                "%s, seed %d, on %s (%s), Java %s, %s, in %s",
                Version.line(),
                seed,
                device.name(),
                device.description(),
                System.getProperty("java.version"),
                LocalDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")),
                Progress.duration((System.nanoTime() - start) * 1e-9));
        return new RunReport(
                source + ": " + net,
                what,
                command,
                made,
                run.model().network().input().toString(),
                Results.verdicts(report),
                report,
                tested(data, rows.rows(rows.shown())),
                report.detail(),
                run.history(),
                run.bestEpoch(),
                LayerCosts.of(run, data, settings, device),
                FirstFilters.of(run.model(), data, rows.training()));
    }

    private static String tested(Dataset data, int[] rows) {
        CRC32 names = new CRC32();
        for (int row : rows) {
            names.update((data.ids().get(row) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return Long.toHexString(names.getValue());
    }

    private static String quoted(String argument) {
        return argument.matches("[\\w./:=,@%+-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
