package org.lamella.bench.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.quality.QualityBench;
import org.lamella.bench.quality.QualityRows;
import org.lamella.bench.quality.QualitySet;
import org.lamella.bench.quality.QualitySets;
import org.lamella.bench.quality.QualityTable;
import org.lamella.bench.quality.SetResult;
import org.lamella.bench.quality.TrainingProcess;
import org.lamella.cli.Lamella;
import org.lamella.cli.option.Candidates;
import org.lamella.cli.stream.Output;
import org.lamella.data.InputException;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench quality}: the default training command on real data sets, next to the baselines. */
@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        description = "Trains on real data sets with the default command and compares the model with three baselines "
                + "on held-out rows: the published test part, or outer folds. Every training runs in a process of "
                + "its own. The same command continues an interrupted one: complete runs are not repeated. Exit "
                + "code 1 if a run failed; data sets that are not there are skipped.")
final class QualityCommand implements Callable<Integer> {

    private static final String TABLE = "quality.md";

    @Option(names = "--data", paramLabel = "FOLDER", required = true, description = "Folder with the data sets.")
    private Path data;

    @Output(value = Output.Kind.FOLDER, remedy = "there is a folder per run; name a folder")
    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder for the trained models, their output (log.txt) and the table, " + TABLE
                    + ", which is written after every run.")
    private Path out;

    @Option(
            names = "--sets",
            split = ",",
            paramLabel = "NAME",
            description = "Names of data sets, in the order in which they run (default: all).")
    private List<String> names = List.of();

    @Option(
            names = "--descriptions",
            paramLabel = "FILE",
            description = "JSON with descriptions of other data sets: files, labels, and which rows are held out, as "
                    + "in bench/src/main/resources/org/lamella/bench/quality/sets.json (default: these).")
    private @Nullable Path descriptions;

    @Option(
            names = "--effort",
            completionCandidates = Candidates.Efforts.class,
            paramLabel = "NAME",
            description = "The --effort of every training: none, quick, standard or thorough (default: that of the "
                    + "default command).")
    private @Nullable String effort;

    @Option(
            names = "--folds",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Run the first N outer folds of each data set; more can be added later, and the table has all "
                            + "that are complete (default: all that its description names).")
    private int folds;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "CPU threads of each training; results do not depend on their number (default: the physical "
                    + "cores).")
    private int threads;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException {
        check();
        List<QualitySet> known = descriptions == null ? QualitySets.known() : QualitySets.read(descriptions);
        List<QualitySet> sets = QualitySets.select(known, names);
        Map<String, Object> machine = BenchMachine.describe();
        Path folder = out.toAbsolutePath().normalize();
        QualityBench.Settings settings = new QualityBench.Settings(
                data.toAbsolutePath().normalize(),
                folder,
                effort,
                threads,
                folds,
                machine.get("version") + ", " + machine.get("commit"));
        List<SetResult> results;
        try (OutputPlace place = OutputPlace.lockedFolder(folder)) {
            if (!place.locked()) {
                System.err.println("note: " + out + ": this file system has no locks: start no second run there");
            }
            TrainingProcess process = TrainingProcess.likeThisOne(Lamella.class.getName());
            results = new QualityBench(settings, process, System.err::println).run(sets, all -> save(all, folder));
        }
        if (results.stream().allMatch(r -> r.absent() != null)) {
            throw new InputException(data + ": has none of the files of "
                    + results.stream().map(r -> r.set().name()).toList() + "; name the folder that has them");
        }
        output.write(facts(), QualityRows.of(results), "sets");
        if (output.table()) {
            System.out.print(QualityTable.of(results));
        }
        return results.stream().anyMatch(SetResult::failed) ? 1 : 0;
    }

    private void check() {
        output.check();
        if (!Files.isDirectory(data)) {
            throw new InputException(data + ": no such folder; name the folder with the data sets");
        }
        List<String> efforts = StreamSupport.stream(new Candidates.Efforts().spliterator(), false)
                .toList();
        if (effort != null && !efforts.contains(effort)) {
            throw new InputException("no effort '" + effort + "'; there are " + String.join(", ", efforts));
        }
        if (folds < 0 || threads < 0) {
            throw new InputException("--folds and --threads must be 1 or more");
        }
    }

    private void save(List<SetResult> results, Path folder) throws IOException {
        AtomicFiles.replace(folder.resolve(TABLE), p -> Files.writeString(p, QualityTable.of(results)));
        output.save(facts(), QualityRows.of(results), "sets");
    }

    private Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("data", data.toString());
        facts.put("effort", effort == null ? "default" : effort);
        return facts;
    }
}
