package org.lamella.selection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.device.Device;
import org.lamella.network.Shape;
import org.lamella.training.TrainingSettings;
import org.lamella.work.Work;

/**
 * Compares candidates. A candidate is trained on some folds of the rows, and its log loss is measured on the rows of
 * the fold, from which its network did not learn and by which its epoch was not chosen. Rows that are not given to
 * {@link #run}, the test rows above all, are never read. The same data, settings and seed give the same losses to the
 * bit, for any number of threads; with a {@linkplain #budget budget}, how many candidates are compared depends on the
 * speed of the machine.
 */
public final class Selector {

    private final Dataset data;
    private final TrainingSettings base;
    private final Device device;
    private Given given = Given.NOTHING;
    private Effort effort = Effort.STANDARD;
    private NetworkSource networks = NetworkSource.ZOO;
    private @Nullable Shape shape;
    private boolean tile;
    private BooleanSupplier stops = () -> false;
    private @Nullable Duration limit;
    private LongSupplier clock = System::nanoTime;

    /**
     * A selector for this data.
     *
     * @param data has the rows
     * @param base settings of all candidates; scaling, learning rate and weight decay are replaced, and training stops
     *     early
     * @param device where to train; several networks at once on a CPU with several threads
     */
    public Selector(Dataset data, TrainingSettings base, Device device) {
        this.data = Objects.requireNonNull(data, "data");
        this.base = Objects.requireNonNull(base, "base");
        this.device = Objects.requireNonNull(device, "device");
    }

    /**
     * Sets what is kept and not compared; the default is nothing.
     *
     * @param settings the given settings
     * @return this
     */
    public Selector given(Given settings) {
        given = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * Sets how much is compared; the default is {@link Effort#STANDARD}.
     *
     * @param how much
     * @return this
     */
    public Selector effort(Effort how) {
        effort = Objects.requireNonNull(how, "how");
        return this;
    }

    /**
     * Sets how features become the network's input and where networks come from; the default is what
     * {@link org.lamella.training.Trainer} does without them.
     *
     * @param inputShape channels x height x width; null for that of the data
     * @param repeat true repeats the features as every row of the one channel
     * @param source makes a network of a name
     * @return this
     */
    public Selector networks(@Nullable Shape inputShape, boolean repeat, NetworkSource source) {
        shape = inputShape;
        tile = repeat;
        networks = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * Sets how it can be given up.
     *
     * @param asked after every step of every network; true to give up
     * @return this
     */
    public Selector stops(BooleanSupplier asked) {
        stops = Objects.requireNonNull(asked, "asked");
        return this;
    }

    /**
     * Sets how long may be compared; the default is no limit. A candidate that would probably end later is not begun;
     * the first one is always finished.
     *
     * @param time of all candidates together, above 0; null for no limit
     * @return this
     * @throws IllegalArgumentException if it is 0 or negative
     */
    public Selector budget(@Nullable Duration time) {
        limit = Budget.require(time);
        return this;
    }

    /** Another clock, for tests: the time in nanoseconds. */
    Selector clock(LongSupplier nanos) {
        clock = nanos;
        return this;
    }

    /**
     * Compares.
     *
     * @param rows numbers of the rows that may be read, from 0; rows without a known label are left out
     * @param groups the group of each of these rows, which stay together in a fold; null without groups
     * @return all candidates, at least one
     * @throws IllegalArgumentException if there are fewer rows, or groups, than folds
     * @throws InputException if no candidate can be trained
     * @throws org.lamella.InterruptedWorkException if the thread is interrupted, or it was given up
     */
    public Selection run(int[] rows, int @Nullable [] groups) {
        ComparedRows own = ComparedRows.of(data, rows, groups);
        TrialRunner<Candidate> runner = new TrialRunner<>(
                data,
                own.folds(data, effort.folds(), base.seed()),
                Selection.patient(base.copy()),
                new TrialRunner.Input(shape, tile, networks),
                device,
                stops,
                new Budget(limit, clock));
        CandidateRounds rounds = CandidateRounds.of(data, own.rows(), given, base);
        List<Trial> trials = new ArrayList<>(compare(runner, rounds.scalings(), "comparing scalings"));
        List<Candidate> all = new ArrayList<>(rounds.scalings());
        add(runner, rounds.networks(best(trials).candidate()), "comparing networks", all, trials);
        add(runner, rounds.regularised(best(trials).candidate()), "comparing weight decay", all, trials);
        trials.sort(Comparator.comparingDouble(Trial::loss));
        trials.forEach(t -> all.remove(t.candidate()));
        return new Selection(List.copyOf(trials), effort.compared(), List.copyOf(all));
    }

    /** Compares what was not compared before. */
    private void add(
            TrialRunner<Candidate> runner,
            List<Candidate> round,
            String what,
            List<Candidate> all,
            List<Trial> trials) {
        List<Candidate> more = new ArrayList<>(round);
        all.forEach(more::remove);
        trials.addAll(compare(runner, more, what));
        all.addAll(more);
    }

    private List<Trial> compare(TrialRunner<Candidate> runner, List<Candidate> candidates, String what) {
        List<TrialRunner.Task<Candidate>> tasks = candidates.stream()
                .flatMap(c -> IntStream.range(0, effort.compared()).mapToObj(f -> new TrialRunner.Task<>(c, f)))
                .toList();
        Map<Candidate, List<TrialRunner.Done<Candidate>>> done = new LinkedHashMap<>();
        try (Work work = Work.begin(what, tasks.size(), "network")) {
            runner.run(tasks, work, one -> {})
                    .forEach(one -> done.computeIfAbsent(one.task().recipe(), c -> new ArrayList<>())
                            .add(one));
        }
        return done.entrySet().stream()
                .map(e -> trial(e.getKey(), e.getValue()))
                .toList();
    }

    private static Trial trial(Candidate candidate, List<TrialRunner.Done<Candidate>> networks) {
        return new Trial(
                candidate,
                networks.stream().map(TrialRunner.Done::loss).toList(),
                networks.stream().map(TrialRunner.Done::epoch).toList(),
                networks.stream().mapToDouble(TrialRunner.Done::seconds).sum(),
                networks.stream()
                        .map(TrialRunner.Done::failure)
                        .flatMap(Stream::ofNullable)
                        .map(Throwable::getMessage)
                        .findFirst()
                        .orElse(null));
    }

    private static Trial best(List<Trial> trials) {
        Trial best =
                trials.stream().min(Comparator.comparingDouble(Trial::loss)).orElseThrow();
        if (best.failure() != null) {
            throw new InputException(best.failure());
        }
        return best;
    }
}
