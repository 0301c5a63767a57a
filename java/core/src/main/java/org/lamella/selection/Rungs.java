package org.lamella.selection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lamella.data.InputException;
import org.lamella.text.Wording;
import org.lamella.work.Work;

/** Successive halving: runs the trials of one bracket after the other, and keeps the best of each rung for the next. */
final class Rungs {

    private static final Comparator<TuningTrial> BEST_FIRST = Comparator.comparingDouble(TuningTrial::loss)
            .thenComparingInt(TuningTrial::number)
            .thenComparingInt(TuningTrial::epochs);

    private final TrialRunner<TuningRun> runner;
    private final TrialFile file;
    private final int folds;
    private final List<Configuration> drawn;
    private final Consumer<String> notes;
    private final List<TuningTrial> all = new ArrayList<>();
    private int leftOut;

    /**
     * @param runner trains
     * @param file has finished trials
     * @param folds on how many folds a configuration is tried
     * @param drawn the configurations; the first has the number 1
     * @param notes is given one line per rung
     */
    Rungs(TrialRunner<TuningRun> runner, TrialFile file, int folds, List<Configuration> drawn, Consumer<String> notes) {
        this.runner = runner;
        this.file = file;
        this.folds = folds;
        this.drawn = drawn;
        this.notes = notes;
    }

    /**
     * Runs them all, until the budget is spent.
     *
     * @param brackets whose numbers of configurations add up to those that were drawn
     * @throws InputException if every trial failed
     */
    Tuning run(List<Hyperband.Bracket> brackets) {
        int first = 1;
        for (int b = 0; b < brackets.size(); b++) {
            Hyperband.Bracket bracket = brackets.get(b);
            List<Integer> alive = IntStream.range(first, first + bracket.configurations())
                    .boxed()
                    .toList();
            first += bracket.configurations();
            for (Hyperband.Rung rung : bracket.rungs()) {
                if (leftOut > 0) {
                    leftOut += rung.configurations();
                    continue;
                }
                List<Integer> own = alive.subList(0, Math.min(rung.configurations(), alive.size()));
                String name = "bracket " + (b + 1) + " of " + brackets.size() + ", "
                        + Wording.count(own.size(), "configuration") + ", " + Wording.count(rung.epochs(), "epoch");
                List<TuningTrial> done = run(own, rung.epochs(), name);
                all.addAll(done);
                alive = done.stream().map(TuningTrial::number).toList();
            }
        }
        List<TuningTrial> sorted = all.stream().distinct().sorted(BEST_FIRST).toList();
        String failure = sorted.get(0).failure();
        if (failure != null) {
            throw new InputException(failure);
        }
        return new Tuning(sorted, folds, leftOut);
    }

    /** The finished trials of a rung, the best first. */
    private List<TuningTrial> run(List<Integer> numbers, int epochs, String name) {
        List<TuningRun> missing = numbers.stream()
                .filter(n -> file.find(n, epochs) == null)
                .map(n -> new TuningRun(n, drawn.get(n - 1), epochs))
                .toList();
        List<TrialRunner.Task<TuningRun>> tasks = missing.stream()
                .flatMap(run -> IntStream.range(0, folds).mapToObj(f -> new TrialRunner.Task<>(run, f)))
                .toList();
        if (!tasks.isEmpty()) {
            train(tasks, name);
        }
        List<TuningTrial> done = numbers.stream()
                .flatMap(n -> Stream.ofNullable(file.find(n, epochs)))
                .sorted(BEST_FIRST)
                .toList();
        leftOut += numbers.size() - done.size();
        if (!done.isEmpty()) {
            note(name, numbers.size(), numbers.size() - missing.size(), done);
        }
        return done;
    }

    private void note(String name, int wanted, int read, List<TuningTrial> done) {
        notes.accept(String.format(
                Locale.ROOT,
                "%s%s%s: best log loss %.5f (number %d)",
                name,
                read == 0 ? "" : ", " + read + " of an earlier run",
                done.size() == wanted ? "" : ", " + (wanted - done.size()) + " left out",
                done.get(0).loss(),
                done.get(0).number()));
    }

    /** Every trial is in the file as soon as its last network is trained. */
    private void train(List<TrialRunner.Task<TuningRun>> tasks, String name) {
        Map<TuningRun, List<TrialRunner.Done<TuningRun>>> parts = new HashMap<>();
        try (Work work = Work.begin(name, tasks.size(), "network")) {
            runner.run(tasks, work, one -> {
                List<TrialRunner.Done<TuningRun>> own =
                        parts.computeIfAbsent(one.task().recipe(), r -> new ArrayList<>());
                own.add(one);
                if (own.size() == folds) {
                    file.add(trial(one.task().recipe(), own));
                }
            });
        }
    }

    private static TuningTrial trial(TuningRun run, List<TrialRunner.Done<TuningRun>> networks) {
        List<TrialRunner.Done<TuningRun>> sorted = networks.stream()
                .sorted(Comparator.comparingInt(d -> d.task().fold()))
                .toList();
        return new TuningTrial(
                run.number(),
                run.epochs(),
                run.configuration(),
                sorted.stream().map(TrialRunner.Done::loss).toList(),
                sorted.stream().map(TrialRunner.Done::epoch).toList(),
                sorted.stream().mapToDouble(TrialRunner.Done::seconds).sum(),
                sorted.stream()
                        .map(TrialRunner.Done::failure)
                        .flatMap(Stream::ofNullable)
                        .map(Throwable::getMessage)
                        .findFirst()
                        .orElse(null));
    }
}
