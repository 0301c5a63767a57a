package org.lamella.training;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.batches.FeatureScaling;
import org.lamella.data.batches.InputFormat;
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
    private BiFunction<Shape, Integer, Network> networks = Zoo::mlp;
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
     * @throws InputException if the data has no rows or no labels
     */
    public Trainer(Dataset data, TrainingSettings settings, Device device) {
        this.data = data;
        this.settings = settings;
        this.device = device;
        if (data.labels().isEmpty() || data.size() == 0) {
            throw new InputException(data.source() + ": nothing to learn: no rows or no labels");
        }
    }

    /**
     * Sets the network; the default is the zoo's mlp.
     *
     * @param make makes the network for an input shape and a number of labels
     * @return this
     */
    public Trainer network(BiFunction<Shape, Integer, Network> make) {
        networks = make;
        return this;
    }

    /**
     * Sets how features become the network's input; the default is a vector.
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
     * Sets the training, validation and test rows; the default is 8:1:1 by iterative stratification.
     *
     * @param rows training rows are needed, the others may be empty
     * @return this
     */
    public Trainer partition(Partition rows) {
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
     */
    public Trainer checkpoints(@Nullable Path folder, int everyEpochs, boolean resume) {
        checkpoints = folder == null ? null : new CheckpointFolder(folder, everyEpochs, resume);
        return this;
    }

    /**
     * Sets the listener; the default ignores everything.
     *
     * @param l is called on the training thread
     * @return this
     */
    public Trainer listener(TrainingListener l) {
        listener = l;
        return this;
    }

    /**
     * Trains to the end. Every call is a run of its own, from the first epoch or from a checkpoint.
     *
     * @return the trained model and the findings
     * @throws InputException if data, network, settings and checkpoint do not fit each other, or the loss becomes NaN
     *     or infinite
     * @throws IllegalStateException if the thread is interrupted
     * @throws UncheckedIOException if a checkpoint cannot be written
     * @throws org.lamella.device.DeviceException if the device fails
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public TrainingResult run() {
        return TrainingRun.of(task(), checkpoints, listener);
    }

    private TrainingTask task() {
        Partition rows = partition == null ? Partition.stratified(data.targets(), settings.seed) : partition;
        if (rows.training().length == 0) {
            throw new InputException(data.source() + ": no rows left for training");
        }
        if (settings.decisions.tuned() && rows.validation().length == 0) {
            throw new InputException(Phrase.format(
                    "%s: decisions are to be tuned on validation rows, and there are none; see %s and %s",
                    data.source(), Setting.PARTITION, Setting.VALIDATION));
        }
        FeatureScaling scaling = FeatureScaling.learn(settings.scale, data, rows.training());
        InputFormat format = InputFormat.of(data.width(), shape, tile, scaling);
        return TrainingTask.of(data, settings, device, rows, format, network(format.shape()));
    }

    private Network network(Shape input) {
        Network network;
        try {
            network = networks.apply(input, data.labels().size());
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
