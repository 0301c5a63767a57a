package org.lamella.selection;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;
import org.lamella.data.InputFormat;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.evaluation.Metrics;
import org.lamella.json.Json;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.training.TrainingListener;
import org.lamella.training.TrainingSettings;

/**
 * Searches settings: draws configurations at random, trains them on folds of the rows, and compares their log loss on
 * the rows of the fold, from which a network did not learn and by which its epoch was not chosen. Rows that are not
 * given to {@link #run} are never read; what the best configuration gives on such rows, {@link #measure} tells. The
 * smallest loss of many trials is too optimistic itself.
 *
 * <p>The same data, settings, ranges and seed give the same trials to the bit, for any number of threads, and whether
 * or not the search was interrupted and went on; with a {@linkplain #budget budget}, the number of trials depends on
 * the speed of the machine.
 */
public final class Tuner {

    /** How trials get their epochs. */
    public enum Method {
        /** Many configurations with few epochs, the best third with three times as many, again and again. */
        HYPERBAND,
        /** Every configuration with all epochs. */
        RANDOM
    }

    private static final int OF_RANDOM = 20;

    private final Dataset data;
    private final TrainingSettings base;
    private final ComputeDevice device;
    private Effort effort = Effort.STANDARD;
    private Method method = Method.HYPERBAND;
    private int configurations;
    private @Nullable SearchSpace space;
    private TrialRunner.Input input = new TrialRunner.Input(null, false, NetworkSource.ZOO);
    private @Nullable Path file;
    private @Nullable Duration limit;
    private LongSupplier clock = System::nanoTime;
    private BooleanSupplier stops = () -> false;
    private Consumer<String> notes = line -> {};

    /**
     * A tuner for this data.
     *
     * @param data has the rows
     * @param base settings of all trials; scaling, learning rate, weight decay and batch are replaced; its epochs are
     *     the largest number of epochs of a trial
     * @param device where to train; several networks at once on a CPU with several threads
     */
    public Tuner(Dataset data, TrainingSettings base, Device device) {
        this.data = Objects.requireNonNull(data, "data");
        this.base = Objects.requireNonNull(base, "base").copy();
        this.device = ComputeDevice.of(Objects.requireNonNull(device, "device"));
    }

    /**
     * Sets the ranges; the default is {@link SearchSpace#usual} for the rows that are searched on.
     *
     * @param ranges of all hyperparameters
     * @return this
     */
    public Tuner space(SearchSpace ranges) {
        space = Objects.requireNonNull(ranges, "ranges");
        return this;
    }

    /**
     * Sets how trials get their epochs; the default is {@link Method#HYPERBAND}.
     *
     * @param how the method
     * @return this
     */
    public Tuner method(Method how) {
        method = Objects.requireNonNull(how, "how");
        return this;
    }

    /**
     * Sets the number of configurations; the default is one pass of Hyperband (49 for 50 epochs), or 20 at random.
     *
     * @param count 1 or more
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public Tuner configurations(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("the number of configurations must be 1 or more, got " + count);
        }
        configurations = count;
        return this;
    }

    /**
     * Sets into how many folds the rows are divided, and on how many of them a configuration is tried; the default is
     * {@link Effort#STANDARD}.
     *
     * @param how much
     * @return this
     */
    public Tuner effort(Effort how) {
        effort = Objects.requireNonNull(how, "how");
        return this;
    }

    /**
     * Sets how features become the network's input and where networks come from, as {@link Selector#networks}.
     *
     * @param inputShape channels x height x width; null for that of the data
     * @param repeat true repeats the features as every row of the one channel
     * @param source makes a network of a name
     * @return this
     */
    public Tuner networks(@Nullable Shape inputShape, boolean repeat, NetworkSource source) {
        input = new TrialRunner.Input(inputShape, repeat, Objects.requireNonNull(source, "source"));
        return this;
    }

    /**
     * Sets where finished trials are kept; the default is nowhere.
     *
     * @param lines the file: a search that was interrupted goes on from it; null for none
     * @return this
     */
    public Tuner file(@Nullable Path lines) {
        file = lines;
        return this;
    }

    /**
     * Sets how long may be searched; the default is no limit. A trial that would probably end later is not begun, and
     * nothing after it; the first one is always finished.
     *
     * @param time above 0; null for no limit
     * @return this
     * @throws IllegalArgumentException if it is 0 or negative
     */
    public Tuner budget(@Nullable Duration time) {
        limit = Budget.require(time);
        return this;
    }

    /** Another clock, for tests: the time in nanoseconds. */
    Tuner clock(LongSupplier nanos) {
        clock = nanos;
        return this;
    }

    /**
     * Sets how it can be given up.
     *
     * @param asked after every step of every network; true to give up
     * @return this
     */
    public Tuner stops(BooleanSupplier asked) {
        stops = Objects.requireNonNull(asked, "asked");
        return this;
    }

    /**
     * Sets who hears how far it is.
     *
     * @param lines is given one line per group of trials
     * @return this
     */
    public Tuner notes(Consumer<String> lines) {
        notes = Objects.requireNonNull(lines, "lines");
        return this;
    }

    /**
     * Searches.
     *
     * @param rows numbers of the rows that may be read, from 0; rows without a known label are left out
     * @param groups the group of each of these rows, which stay together in a fold; null without groups
     * @return all trials, at least one
     * @throws IllegalArgumentException if there are fewer rows, or groups, than folds
     * @throws InputException if no configuration can be trained, or the file is that of another search
     * @throws org.lamella.InterruptedWorkException if the thread is interrupted, or it was given up; finished trials
     *     are in the file
     */
    public Tuning run(int[] rows, int @Nullable [] groups) {
        ComparedRows own = ComparedRows.of(data, rows, groups);
        SearchSpace ranges = space == null ? SearchSpace.usual(data, own.rows(), base) : space;
        List<Partition> folds = own.folds(data, effort.folds(), base.seed());
        int epochs = base.epochs();
        int wanted = configurations > 0 ? configurations : method == Method.RANDOM ? OF_RANDOM : Hyperband.pass(epochs);
        Shape sample = sample();
        int labels = data.labels().size();
        List<Configuration> drawn = ranges.draw(wanted, base.seed(), c -> fitted(c, sample, labels));
        if (drawn.size() < wanted) {
            notes.accept("the ranges have no more than " + drawn.size() + " different configurations");
        }
        TrialRunner<TuningRun> runner =
                new TrialRunner<>(data, folds, base, input, device, stops, new Budget(limit, clock));
        Rungs rungs =
                new Rungs(runner, TrialFile.open(file, identity(ranges, own.rows())), effort.compared(), drawn, notes);
        return rungs.run(
                method == Method.RANDOM
                        ? List.of(Hyperband.whole(drawn.size(), epochs))
                        : Hyperband.brackets(epochs, drawn.size()));
    }

    /** The shape of a row as networks see it; the format has a scaling, which is not used. */
    private Shape sample() {
        FeatureScaling none = FeatureScaling.learn(FeatureScaling.Method.NONE, data, new int[] {0});
        return InputFormat.of(data.width(), input.shape(data), input.tile(), none)
                .shape();
    }

    /** A network that does not fit the data fails later, in its trial. */
    private Configuration fitted(Configuration configuration, Shape sample, int labels) {
        try {
            return configuration.fitted(input.networks(), sample, labels);
        } catch (IllegalArgumentException e) {
            return configuration;
        }
    }

    /** What must be the same for a search to go on. The numbers of configurations and epochs may change. */
    private Map<String, String> identity(SearchSpace ranges, int[] rows) {
        CRC32 values = new CRC32();
        ByteBuffer row = ByteBuffer.allocate(Float.BYTES * data.width());
        for (int r : rows) {
            row.asFloatBuffer().put(data.features()[r]);
            values.update(row.array());
            values.update(data.targets()[r]);
        }
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("the ranges", ranges.toString());
        identity.put(
                "the settings of the training",
                Json.mapper().valueToTree(base.copy().epochs(1)).toString());
        identity.put("the effort", effort.name());
        identity.put("the rows", rows.length + " rows, checksum " + Long.toHexString(values.getValue()));
        return identity;
    }

    /**
     * Trains the network of a trial on rows of a partition, and measures it on its test rows. None of these should be
     * among the rows that were searched on: only then are the metrics honest.
     *
     * @param trial the best one
     * @param partition training, validation and test rows
     * @return the metrics of the test rows, with decisions by the rule of the settings
     * @throws InputException if the network cannot be trained
     * @throws org.lamella.InterruptedWorkException if the thread is interrupted, or it was given up
     */
    public Metrics measure(TuningTrial trial, Partition partition) {
        TuningRun run = new TuningRun(trial.number(), trial.configuration(), trial.epochs());
        Model model = input.trainer(data, run, base, device)
                .partition(partition)
                .listener(new TrainingListener() {
                    @Override
                    public boolean stops() {
                        return stops.getAsBoolean();
                    }
                })
                .run()
                .model();
        TrialRunner.requireGoingOn(stops);
        try (Predictor predictor = model.open(device)) {
            return Metrics.of(predictor.run(data, partition.test()), data.targets(partition.test()), model.rule());
        }
    }

    /** {@return the shape of a row as networks see it} */
    public Shape input() {
        return sample();
    }

    /**
     * The network of a configuration.
     *
     * @param configuration of a trial
     * @return a new network
     * @throws IllegalArgumentException if it does not fit the data
     */
    public Network network(Configuration configuration) {
        return configuration.create(input.networks(), sample(), data.labels().size());
    }
}
