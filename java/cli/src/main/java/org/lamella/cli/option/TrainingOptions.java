package org.lamella.cli.option;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;
import org.lamella.network.Zoo;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.selection.Given;
import org.lamella.training.Sampling;
import org.lamella.training.Schedule;
import org.lamella.training.TrainingSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a network is trained: steps, optimizer, loss, order of rows, scaling, seed. */
public final class TrainingOptions implements OptionGroup {

    private static final int EPOCHS = 50;
    private static final int COMPARED_EPOCHS = 200;
    private static final double MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 1e-4;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the training rows (default: 50; after a comparison, which also stops early, at "
                    + "most 200).")
    private @Nullable Integer epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "Samples per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "Learning rate (default: 0.05 for sgd and nesterov; for adam and adamw 0.001 with "
                    + "mlp-small, mlp-norm, lenet-small, seqcnn and seqcnn-short, else 0.0003).")
    private @Nullable Double learningRate;

    @Option(
            names = "--momentum",
            paramLabel = "SHARE",
            description = "Momentum of sgd and nesterov; from 0 to below 1 (default: 0.9).")
    private @Nullable Double momentum;

    @Option(
            names = "--beta1",
            paramLabel = "SHARE",
            description = "Of adam and adamw: decay of the mean gradient per step; from 0 to below 1 (default: 0.9).")
    private @Nullable Double beta1;

    @Option(
            names = "--weight-decay",
            paramLabel = "DECAY",
            description = "Weight decay; not applied to biases, batch norm and layer norm (default: 0.0001).")
    private @Nullable Double weightDecay;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            defaultValue = "adamw",
            description = "sgd, nesterov, adam or adamw (default: ${DEFAULT-VALUE}).")
    private OptimizerConfig.Kind optimizer;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "Learning rate over the run: constant, step (divided by 10 at 1/2 and at 3/4 of the run) or "
                    + "cosine (default: cosine).")
    private @Nullable Schedule schedule;

    @Option(
            names = "--warmup",
            paramLabel = "STEPS",
            defaultValue = "0",
            description = "Steps in which the learning rate grows from near zero (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(
            names = "--early-stopping",
            paramLabel = "EPOCHS",
            defaultValue = "0",
            description = "Stop after this many epochs without a lower validation loss, or a better value of "
                    + "--best-by; 0: never (default: ${DEFAULT-VALUE}).")
    private int earlyStopping;

    @Option(
            names = "--best-by",
            completionCandidates = Candidates.MetricWords.class,
            paramLabel = "METRIC",
            defaultValue = MetricNames.LOSS,
            description = "Keep the weights of the epoch that is best on the validation rows by the loss or by a "
                    + "metric of the tables, such as micro-f1, hamming-loss or average-precision; labels are decided "
                    + "at probability 0.5, and of equal epochs the first is kept (default: ${DEFAULT-VALUE}).")
    private String bestBy;

    @Option(
            names = "--loss",
            completionCandidates = Candidates.Losses.class,
            paramLabel = "NAME",
            defaultValue = "bce",
            description = "Mean over labels and samples of: bce, sigmoid cross-entropy; focal or focal=GAMMA (2): "
                    + "down-weights examples that are already classified correctly; asymmetric or "
                    + "asymmetric=POSITIVE:NEGATIVE:MARGIN (0:4:0.05): down-weights negatives that are "
                    + "already classified correctly (default: ${DEFAULT-VALUE}).")
    private String loss;

    @Option(
            names = "--positive-weight",
            completionCandidates = Candidates.PositiveWeightNames.class,
            paramLabel = "none|auto|FILE",
            defaultValue = "none",
            description = "Weight of positives in the loss: none, auto (negatives / positives of each label, 1 to "
                    + "20), or a file with one number per label (default: ${DEFAULT-VALUE}).")
    private String positiveWeight;

    @Option(
            names = "--sampling",
            completionCandidates = Candidates.Samplings.class,
            paramLabel = "NAME",
            defaultValue = "every",
            description = "Rows of an epoch: every (each once), balanced (rows with rare labels more often), "
                    + "label-aware (all labels equally often), or under (leaves out a part of the rows "
                    + "that have only frequent labels) (default: ${DEFAULT-VALUE}).")
    private String sampling;

    @Mixin
    private RankingOptions rankings;

    @Option(
            names = "--scale",
            paramLabel = "NAME",
            description = "Scaling of features: standard (mean 0, standard deviation 1), minmax (0 to 1), maxabs (-1 "
                    + "to 1, 0 stays 0), log (logarithms of columns without negative values, then as standard) or "
                    + "none; fitted on the training rows; positions of sequences are not scaled (default: standard).")
    private FeatureScaling.@Nullable Method scale;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the split, the initial weights, the order of rows and dropout (default: "
                    + "${DEFAULT-VALUE}).")
    private long seed;

    /** {@return the seed of the split, the initial weights, the order of rows and dropout} */
    public long seed() {
        return seed;
    }

    /**
     * The settings without positive weights, which need the number of labels.
     *
     * @param net the network's name, which may have a learning rate of its own
     * @return new settings
     * @throws InputException if an option cannot be used
     */
    public TrainingSettings settings(String net) {
        requireEffects();
        TrainingSettings s = TrainingSettings.defaults()
                .epochs(epochs())
                .batch(batch)
                .momentum(momentum != null ? momentum : beta1 != null ? beta1 : MOMENTUM)
                .weightDecay(weightDecay == null ? WEIGHT_DECAY : weightDecay)
                .optimizer(optimizer)
                .schedule(schedule == null ? Schedule.COSINE : schedule)
                .warmup(warmup)
                .earlyStopping(earlyStopping)
                .bestBy(MetricNames.parse(bestBy, "--best-by"))
                .scale(scale == null ? FeatureScaling.Method.STANDARD : scale)
                .loss(LossNames.parse(loss))
                .sampling(samplingOf())
                .rankingOfEmptyRows(rankings.emptyRows())
                .seed(seed);
        if (learningRate != null) {
            s.learningRate(learningRate);
        } else if (!Double.isNaN(Zoo.learningRate(net)) && optimizer.isAdam()) {
            s.learningRate(Zoo.learningRate(net));
        }
        return s;
    }

    private int epochs() {
        return epochs == null ? EPOCHS : epochs;
    }

    /**
     * The same for networks whose settings are compared: they stop early, so that a longer schedule does no harm.
     *
     * @param settings of {@link #settings}; not changed
     * @return new settings
     */
    public TrainingSettings compared(TrainingSettings settings) {
        return settings.copy().epochs(epochs == null ? COMPARED_EPOCHS : epochs);
    }

    /**
     * What is given by hand, and therefore not compared.
     *
     * @param net --net; null without
     * @return the given settings
     */
    public Given given(@Nullable String net) {
        return new Given(scale, net, learningRate, weightDecay);
    }

    private void requireEffects() {
        String name = optimizer.name().toLowerCase(Locale.ROOT);
        if (optimizer.isAdam()) {
            NoEffect.refuse(
                    momentum, "--momentum", "--optimizer is " + name + ", which has no momentum; --beta1 is its decay");
        } else {
            NoEffect.refuse(beta1, "--beta1", "--optimizer is " + name + "; adam and adamw have it");
        }
        if (optimizer == OptimizerConfig.Kind.NESTEROV && momentum != null && momentum == 0) {
            throw new InputException("--optimizer nesterov has no effect: with --momentum 0 it is sgd; give a momentum "
                    + "above 0, or --optimizer sgd");
        }
        if (earlyStopping > 0 && earlyStopping + 1 >= epochs()) {
            throw new InputException("--early-stopping " + earlyStopping + " has no effect: in --epochs " + epochs()
                    + " there are no " + earlyStopping + " epochs after the first one that it could save; give a "
                    + "smaller number, or leave it out");
        }
    }

    /**
     * Refuses options that change nothing for this data.
     *
     * @param data all rows
     * @param trainingRows number of rows in training; 0 if it differs by fold
     * @throws InputException if one was given
     */
    public void requireEffects(Dataset data, int trainingRows) {
        if (data.positionFeatures().cardinality() == data.width()) {
            NoEffect.refuse(scale, "--scale", "all features are positions of sequences, which are not scaled");
        }
        int perStep = Math.max(1, Math.min(batch, trainingRows));
        long steps = (long) epochs() * ((trainingRows + perStep - 1L) / perStep);
        if (trainingRows > 0 && steps - warmup == 1) {
            NoEffect.refuse(schedule, "--schedule", "one step is left for it (" + steps + " in all)");
        }
    }

    /**
     * What becomes of a batch that is too large.
     *
     * @param trainingRows number of rows in training
     * @return a line; null if there are as many rows as --batch asks for
     */
    public @Nullable String smallerBatch(int trainingRows) {
        return trainingRows >= batch
                ? null
                : String.format(
                        Locale.ROOT,
                        "note: a batch has %,d rows, not %,d: there are no more for training",
                        trainingRows,
                        batch);
    }

    private Sampling samplingOf() {
        try {
            return Sampling.valueOf(sampling.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "no sampling '" + sampling + "'; there are every, balanced, label-aware and under", e);
        }
    }

    /**
     * Adds the positive weights.
     *
     * @param settings to add to
     * @param labels of the data
     * @throws InputException if the file of weights cannot be used
     */
    public void addPositiveWeights(TrainingSettings settings, int labels) {
        if (positiveWeight.equals("auto")) {
            settings.positiveWeightAuto(true);
        } else if (!positiveWeight.equals("none")) {
            settings.positiveWeights(PositiveWeights.read(PathArgument.of(positiveWeight), labels));
        }
    }

    @Override
    public String title() {
        return "Training";
    }
}
