package org.lamella.training;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;
import org.lamella.data.InputFormat;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.rows.ScaledValues;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/**
 * Trains a network. The same data, settings and seed give the same weights to the bit, for any number of threads,
 * whether or not the run was interrupted and resumed.
 */
public final class Trainer {

    private final Dataset data;
    private final TrainingSettings settings;
    private final Device device;
    private @Nullable BiFunction<Shape, Integer, Network> networks;
    private @Nullable Shape shape;
    private boolean tile;
    private @Nullable Partition partition;
    private @Nullable CheckpointFolder checkpoints;
    private TrainingListener listener = TrainingListener.NONE;

    /**
     * A trainer for this data.
     *
     * @param data at least one row and one label
     * @param settings read when the run starts
     * @param device where to train; the caller closes it
     * @throws InputException if the data has no rows, no labels, no features, or no known label
     * @throws NullPointerException if an argument is null
     */
    public Trainer(Dataset data, TrainingSettings settings, Device device) {
        this.data = Objects.requireNonNull(data, "data");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.device = Objects.requireNonNull(device, "device");
        if (data.labels().isEmpty() || data.size() == 0) {
            throw new InputException(data.source() + ": nothing to learn: no rows or no labels");
        }
        if (data.width() == 0) {
            throw new InputException(data.source() + ": nothing to learn from: no features");
        }
        data.labelled(); // refuses data without a known label
    }

    /**
     * Sets the network; the default is {@link UsualNetwork#of}: the zoo's mlp for tables, seqcnn for one-hot sequences.
     *
     * @param make makes the network for an input shape and a number of labels
     * @return this
     */
    public Trainer network(BiFunction<Shape, Integer, Network> make) {
        networks = Objects.requireNonNull(make, "make");
        return this;
    }

    /**
     * Sets how features become the network's input; the default is a vector, with the default network what it takes.
     *
     * @param inputShape channels x height x width; null for a vector
     * @param repeat true repeats the features as every row of the one channel
     * @return this
     */
    public Trainer input(@Nullable Shape inputShape, boolean repeat) {
        shape = inputShape;
        tile = repeat;
        return this;
    }

    /**
     * Sets the training, validation and test rows; the default is 8:1:1 by iterative stratification. Rows of which no
     * label is known are left out of every part.
     *
     * @param rows training rows are needed, the others may be empty
     * @return this
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if the data has no row of a number, or a row is in two parts or twice in one
     */
    public Trainer partition(Partition rows) {
        Objects.requireNonNull(rows, "rows");
        Partition.Part[] owner = new Partition.Part[data.size()];
        for (Partition.Part part : Partition.Part.values()) {
            for (int row : rows.rows(part)) {
                if (row < 0 || row >= owner.length) {
                    throw new IllegalArgumentException("there is no row number " + row + " for " + part.lowerCase()
                            + "; the data has rows 0 to " + (owner.length - 1));
                }
                if (owner[row] == part) {
                    throw new IllegalArgumentException("row number " + row + " is twice in " + part.lowerCase());
                }
                if (owner[row] != null) {
                    throw new IllegalArgumentException("row number " + row + " is in two parts: "
                            + owner[row].lowerCase() + " and " + part.lowerCase());
                }
                owner[row] = part;
            }
        }
        partition = rows;
        return this;
    }

    /**
     * Tests whether training can continue from a checkpoint.
     *
     * @param folder of the checkpoints
     * @return true if there is a checkpoint
     */
    public static boolean canResume(Path folder) {
        return Checkpoint.exists(folder);
    }

    /**
     * Sets the folder of checkpoints; the default is none.
     *
     * @param folder created if it is missing; null for no checkpoints
     * @param everyEpochs epochs between two checkpoints, 1 or more
     * @param resume true continues from the last checkpoint, if there is one; false removes the checkpoints of an
     *     earlier run
     * @return this
     * @throws IllegalArgumentException if the number of epochs is below 1
     */
    public Trainer checkpoints(@Nullable Path folder, int everyEpochs, boolean resume) {
        if (everyEpochs < 1) {
            throw new IllegalArgumentException("epochs between two checkpoints must be 1 or more, got " + everyEpochs);
        }
        checkpoints = folder == null ? null : new CheckpointFolder(folder, everyEpochs, resume);
        return this;
    }

    /**
     * Sets the listener; the default ignores everything.
     *
     * @param l is called on the training thread; {@link TrainingListener#stops} can end training
     * @return this
     */
    public Trainer listener(TrainingListener l) {
        listener = Objects.requireNonNull(l, "l");
        return this;
    }

    /**
     * Trains to the end, or until the listener stops it. Every call is a run of its own, from the first epoch or from a
     * checkpoint. A checkpoint that cannot be written does not end the run: the listener gets a finding, the next one
     * is tried, and the finding is in the result if the last one is not written either.
     *
     * @return the trained model and the findings
     * @throws InputException if data, network, settings and checkpoint do not fit each other, or the loss becomes NaN
     *     or infinite
     * @throws IllegalArgumentException if an array of the data was changed to what a dataset cannot have
     * @throws TrainingInterruptedException if the thread is interrupted: it has the model of the best epoch so far, and
     *     a checkpoint is written if there is a folder for it
     * @throws org.lamella.device.DeviceException if the device fails
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public TrainingResult run() {
        return TrainingRun.of(task(), checkpoints, listener);
    }

    /** What the run would do. */
    TrainingTask task() {
        data.named(data.source()); // checks the arrays again: they are not copied, and may have changed
        Partition rows = partition == null ? stratified() : partition.known(data.targets());
        if (rows.training().length == 0) {
            throw new InputException(data.source()
                    + (partition == null || partition.training().length == 0
                            ? ": no rows left for training"
                            : ": no label is known in the training rows, so there is nothing to learn"));
        }
        if (settings.decisions.tuned() && rows.validation().length == 0) {
            throw new InputException(Phrase.format(
                    "%s: decisions are to be tuned on validation rows, and there are none; see %s and %s",
                    data.source(), Setting.PARTITION, Setting.VALIDATION));
        }
        if (settings.earlyStopping > 0 && rows.validation().length == 0) {
            throw new InputException(Phrase.format(
                    "%s: %s has no effect without validation rows: it waits for a lower validation loss; leave it out, "
                            + "or see %s and %s",
                    data.source(), Setting.EARLY_STOPPING, Setting.PARTITION, Setting.VALIDATION));
        }
        new BestBy(settings.bestBy).require(data, rows.validation());
        requireStepsAfterWarmup(rows);
        FeatureScaling scaling = FeatureScaling.learn(settings.scale, data, rows.training());
        for (Partition.Part part : Partition.Part.values()) {
            ScaledValues.require(scaling, data, rows.rows(part));
        }
        boolean usual = networks == null && shape == null && !tile;
        UsualNetwork own = usual ? UsualNetwork.of(data) : null;
        InputFormat format = InputFormat.of(data.width(), own == null ? shape : own.input(), tile, scaling);
        BiFunction<Shape, Integer, Network> made = networks != null ? networks : own != null ? own::create : Zoo::mlp;
        return TrainingTask.of(data, settings, ComputeDevice.of(device), rows, format, network(made, format.shape()));
    }

    /** The default partition; rows of which no label is known are in no part. */
    private Partition stratified() {
        int[] known = KnownRows.of(data.targets());
        return Partition.stratified(data.targets(known), settings.seed).mappedTo(known);
    }

    private void requireStepsAfterWarmup(Partition rows) {
        int training = rows.training().length;
        int batch = Math.min(settings.batch, training);
        long perEpoch = EpochRunner.steps(training, batch); // of the sampling methods none has more rows per epoch
        if (settings.warmup > 0 && settings.warmup >= settings.epochs * perEpoch) {
            throw new InputException(Phrase.format(
                    "%s: %s of %,d steps is as long as the run, %,d steps: the learning rate never reaches its full "
                            + "value, and %s has no effect; give fewer steps, or more %s",
                    data.source(),
                    Setting.WARMUP,
                    settings.warmup,
                    settings.epochs * perEpoch,
                    Setting.SCHEDULE,
                    Setting.EPOCHS));
        }
    }

    private Network network(BiFunction<Shape, Integer, Network> make, Shape input) {
        Network network;
        try {
            network = make.apply(input, data.labels().size());
        } catch (IllegalArgumentException e) {
            throw new InputException("the network does not fit an input of " + input + ": " + e.getMessage(), e);
        }
        if (!network.input().equals(input)) {
            throw new InputException(Phrase.format(
                    "the network takes an input of %s, the data gives %s; see %s and %s",
                    network.input(), input, Setting.INPUT_SHAPE, Setting.TILING));
        }
        if (network.outputs() != data.labels().size()) {
            throw new InputException("the network puts out " + network.outputs() + " values, the data has "
                    + data.labels().size() + " labels");
        }
        return network;
    }
}
