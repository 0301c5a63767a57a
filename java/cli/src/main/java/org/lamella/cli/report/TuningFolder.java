package org.lamella.cli.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.network.Network;
import org.lamella.selection.Configuration;
import org.lamella.selection.Tuning;
import org.lamella.selection.TuningTrial;
import org.lamella.text.Wording;
import org.lamella.training.CrossValidation;
import picocli.CommandLine.ParseResult;

/**
 * The files of a search, and what is printed of its result.
 *
 * @param folder of the search
 */
public record TuningFolder(Path folder) {

    private static final String RESULT = "tune.json";
    private static final String TABLE = "trials.csv";
    private static final String NETWORK = "network.json";
    private static final int SHOWN = 10;

    /**
     * What was searched.
     *
     * @param data its name
     * @param scaled whether features are scaled
     * @param search the method
     * @param effort how many networks per setting
     * @param ranges one line per range
     * @param rows number of rows of the search
     * @param testRows number of rows that it never saw; 0 with folds
     */
    public record About(
            String data, boolean scaled, String search, String effort, List<String> ranges, int rows, int testRows) {}

    /** Tests before the work that all files can be written. */
    public void claim() {
        List.of(RESULT, TABLE, NETWORK, "trials.jsonl").forEach(name -> OutputPlace.file(folder.resolve(name)));
    }

    /**
     * Removes an earlier search.
     *
     * @throws IOException if a file cannot be removed
     */
    public void clear() throws IOException {
        for (String name : List.of(RESULT, TABLE, NETWORK)) {
            Files.deleteIfExists(folder.resolve(name));
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "trials*.jsonl")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /**
     * The file of finished trials.
     *
     * @param fold whose test rows the search does not see, from 1; 0 for the search of the result
     * @return the file, which may be missing
     */
    public Path trials(int fold) {
        return folder.resolve(fold == 0 ? "trials.jsonl" : "trials-fold-" + fold + ".jsonl");
    }

    /**
     * Prints the result, and writes the table and the network.
     *
     * @param found what was tried
     * @param network of the best trial
     * @param named the network that has the name in its configuration
     * @param measured metrics of the best settings on rows that the search never saw; with folds, one per fold
     * @param about what was searched
     * @param given the command line of the search
     * @param log where to print
     * @return what tune.json has
     * @throws IOException if a file cannot be written
     */
    public Map<String, Object> result(
            Tuning found,
            Network network,
            Network named,
            List<Metrics> measured,
            About about,
            ParseResult given,
            PrintStream log)
            throws IOException {
        String name = found.best().configuration().network();
        Path file = folder.resolve(NETWORK);
        if (network.equals(named)) {
            Files.deleteIfExists(file);
        } else {
            AtomicFiles.replace(file, p -> Files.writeString(p, network.toJson() + "\n"));
            name = file.toString();
        }
        AtomicFiles.replace(folder.resolve(TABLE), p -> Files.write(p, table(found.trials())));
        String command = TuneResultCommand.of(given, found.best(), name, about.scaled(), folder.resolve("model"));
        print(found, measured, about, command, log);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("version", Version.line());
        result.put("data", about.data());
        result.put("search", about.search());
        result.put("effort", about.effort());
        result.put("ranges", about.ranges());
        result.put("rows", about.rows());
        result.put("test_rows", about.testRows());
        result.put("best", found.best());
        result.put("network", name);
        result.put("measured", measured.size() == 1 ? measured.get(0) : null);
        result.put("measured_folds", measured.size() == 1 ? null : measured);
        result.put("measured_mean", measured.size() == 1 ? null : CrossValidation.summary(measured));
        result.put("command", command);
        result.put("left_out", found.leftOut());
        result.put("trials", found.trials());
        return result;
    }

    private void print(Tuning found, List<Metrics> measured, About about, String command, PrintStream log) {
        log.printf(
                "%nthe best of %s (log loss, lower is better):%n",
                Wording.count(found.trials().size(), "trial"));
        found.trials().stream()
                .limit(SHOWN)
                .forEach(trial -> log.printf(
                        Locale.ROOT,
                        "  %s  number %d, %s: %s%n",
                        trial.failure() == null ? String.format(Locale.ROOT, "%.5f", trial.loss()) : "failed ",
                        trial.number(),
                        Wording.count(trial.epochs(), "epoch"),
                        trial.configuration()));
        if (found.isCutShort()) {
            log.printf(
                    "%s left out, as the time of --budget would have been passed; the same command goes on%n",
                    Wording.count(found.leftOut(), "trial was", "trials were"));
        }
        if (measured.size() == 1) {
            log.printf(
                    "%nthe best settings on %s that the search never saw: %s%n",
                    Wording.count(about.testRows(), "test row"), measured.get(0).headline());
        } else {
            log.printf("%nthe best settings of each search on the fold that it never saw, mean and deviation:%n");
            Map<String, CrossValidation.Spread> mean = CrossValidation.summary(measured);
            Metric.HEADLINE.forEach(metric -> {
                CrossValidation.Spread spread = mean.get(metric.key());
                if (spread != null) {
                    log.printf(
                            Locale.ROOT, "  %-18s %.4f +- %.4f%n", metric.title(), spread.mean(), spread.deviation());
                }
            });
        }
        log.printf("%ntrials are in %s, the result is in %s%n", folder.resolve(TABLE), folder.resolve(RESULT));
        log.printf("to train with the best settings:%n%s%n", command);
    }

    private static List<String> table(List<TuningTrial> trials) {
        int folds = trials.get(0).losses().size();
        List<String> lines = new ArrayList<>();
        lines.add("number,epochs,network,scale,learning_rate,weight_decay,dropout,batch,log_loss,"
                + IntStream.rangeClosed(1, folds).mapToObj(f -> "log_loss_" + f).collect(Collectors.joining(",")));
        for (TuningTrial trial : trials) {
            Configuration c = trial.configuration();
            lines.add(String.join(
                    ",",
                    Integer.toString(trial.number()),
                    Integer.toString(trial.epochs()),
                    '"' + c.network().replace("\"", "\"\"") + '"',
                    c.scale().name().toLowerCase(Locale.ROOT),
                    Double.toString(c.learningRate()),
                    Double.toString(c.weightDecay()),
                    c.dropout() == null ? "" : c.dropout().toString(),
                    Integer.toString(c.batch()),
                    Double.toString(trial.loss()),
                    trial.losses().stream().map(l -> Double.toString(l)).collect(Collectors.joining(","))));
        }
        return lines;
    }

    /**
     * Writes tune.json.
     *
     * @param result as {@link #result} gives it
     * @throws IOException if it cannot be written
     */
    public void write(Map<String, Object> result) throws IOException {
        AtomicFiles.replace(folder.resolve(RESULT), p -> Files.writeString(p, Json.pretty(result) + "\n"));
    }
}
