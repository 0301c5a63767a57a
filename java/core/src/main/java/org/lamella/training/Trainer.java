package org.lamella.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.zip.CRC32;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.batches.FeatureScaling;
import org.lamella.data.batches.InputFormat;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.device.HostBuffers;
import org.lamella.device.KernelChoice;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.WeightState;
import org.lamella.device.Weights;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.LayerHealth;
import org.lamella.evaluation.MajorityBaseline;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.ThresholdTuning;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.json.Json;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.model.Safetensors;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/**
 * Trains a network. The same data, settings and seed give the same weights to the bit, for any number of threads,
 * whether or not the run was interrupted and resumed.
 */
public final class Trainer {

    private static final ObjectMapper JSON = Json.mapper();

    private final Dataset data;
    private final TrainingSettings settings;
    private final Device device;
    private BiFunction<Shape, Integer, Network> networks;
    private Shape shape;
    private boolean tile;
    private Partition partition;
    private Path checkpoints;
    private int checkpointEvery = 1;
    private boolean resume;
    private TrainingListener listener = TrainingListener.NONE;

    private InputFormat format;
    private Weights weights;
    private float[] positiveWeights;
    private float[] bestParameters;
    private float[] bestStatistics;
    private int bestEpoch;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private List<Finding> precheck = List.of();
    private TrainingWatch watch;
    private List<KernelChoice> kernels = List.of();
    private final List<EpochResult> history = new ArrayList<>();

    /**
     * A trainer over this data.
     *
     * @param data one row and one label at least
     * @param settings read when the run starts
     * @param device where to train; stays the caller's
     * @throws InputException if the data has no rows or no labels
     */
    public Trainer(Dataset data, TrainingSettings settings, Device device) {
        this.data = data;
        this.settings = settings;
        this.device = device;
        this.networks = org.lamella.network.Zoo::mlp;
        if (data.labels().isEmpty() || data.size() == 0) {
            throw new InputException(data.source() + ": nothing to learn: no rows or no labels");
        }
    }

    /**
     * Says what is trained; the zoo's mlp if this is not called.
     *
     * @param make makes the network for an input shape and a number of labels
     * @return this
     */
    public Trainer network(BiFunction<Shape, Integer, Network> make) {
        networks = make;
        return this;
    }

    /**
     * Says how features become the network's input; a vector if this is not called.
     *
     * @param inputShape channels x height x width; null for a vector
     * @param repeat true repeats the features as every row of the one channel
     * @return this
     */
    public Trainer input(Shape inputShape, boolean repeat) {
        shape = inputShape;
        tile = repeat;
        return this;
    }

    /**
     * Which rows are for what; 8:1:1 by iterative stratification if this is not called.
     *
     * @param rows training rows, and maybe validation and test rows
     * @return this
     */
    public Trainer partition(Partition rows) {
        partition = rows;
        return this;
    }

    /**
     * Whether training can go on from a checkpoint.
     *
     * @param folder where checkpoints went
     * @return true if there is a checkpoint
     */
    public static boolean canResume(Path folder) {
        return Checkpoint.exists(folder);
    }

    /**
     * Says where checkpoints go; none are written if this is not called.
     *
     * @param folder created if it is missing
     * @param everyEpochs epochs between two checkpoints, 1 or more
     * @param goOn true goes on from the last checkpoint, if there is one; false removes what an earlier run left
     * @return this
     */
    public Trainer checkpoints(Path folder, int everyEpochs, boolean goOn) {
        checkpoints = folder;
        checkpointEvery = everyEpochs;
        resume = goOn;
        return this;
    }

    /**
     * Says who hears of progress; nobody if this is not called.
     *
     * @param l is called on the training thread
     * @return this
     */
    public Trainer listener(TrainingListener l) {
        listener = l;
        return this;
    }

    /**
     * Trains to the end.
     *
     * @return the trained model and what was found on the way
     * @throws InputException if data, network, settings and checkpoint do not fit each other, or the loss stops being
     *     finite
     * @throws IllegalStateException if it is called a second time, or the thread is interrupted
     * @throws UncheckedIOException if a checkpoint cannot be written
     * @throws org.lamella.device.DeviceException if the device fails
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public TrainingRun run() {
        if (weights != null) {
            throw new IllegalStateException("a trainer runs once; make another");
        }
        if (partition == null) {
            partition = Partition.stratified(data.targets(), settings.seed);
        }
        if (partition.training().length == 0) {
            throw new InputException(data.source() + ": no rows left for training");
        }
        if (settings.decisions.tuned() && partition.validation().length == 0) {
            throw new InputException(Phrase.format(
                    "%s: decisions are to be tuned on validation rows, and there are none; see %s and %s",
                    data.source(), Setting.PARTITION, Setting.VALIDATION));
        }
        format = InputFormat.of(
                data.width(), shape, tile, FeatureScaling.learn(settings.scale, data, partition.training()));
        Network network = makeNetwork();
        positiveWeights = positiveWeights();
        precheck = Precheck.of(data, partition.training(), format, network, settings);
        precheck.forEach(listener::finding);
        watch = new TrainingWatch(settings, precheck, constantLoss());
        Plan plan = device.plan(
                network,
                PlanOptions.training(Math.min(settings.batch, partition.training().length), settings.rule())
                        .withLoss(settings.loss));
        weights = device.allocate(network, WeightState.of(settings.rule()));
        Model model;
        try (Weights owned = weights;
                HostBuffers host = device.hostBuffers();
                Program training = device.compile(plan, owned, new ProgramSettings(positiveWeights, false));
                Program inference = device.compile(
                        device.plan(network, PlanOptions.values(64, null)), owned, ProgramSettings.DEFAULTS)) {
            train(training, inference, host);
            model = bestParameters == null ? now() : model(bestParameters, bestStatistics);
        } catch (IOException e) {
            throw new UncheckedIOException("a checkpoint could not be written: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("training was interrupted; the last checkpoint is still valid", e);
        }
        ThresholdTuning tuning = tune(model);
        List<LayerHealth> layers = probe().look(model);
        List<Finding> findings = new ArrayList<>(precheck);
        findings.addAll(watch.found());
        findings.addAll(LayerHealth.findings(layers));
        findings.addAll(tuning.notes());
        return new TrainingRun(
                model.withRule(tuning.rule()),
                List.copyOf(history),
                bestEpoch == 0 ? history.size() : bestEpoch,
                partition,
                layers,
                findings,
                kernels);
    }

    private Model model(float[] parameters, float[] statistics) {
        return new Model(
                weights.network(),
                data.labels(),
                data.columns(),
                format,
                parameters,
                statistics,
                DecisionRule.fixed(data.labels().size(), Metrics.THRESHOLD));
    }

    /** The network with its weights as they are. */
    private Model now() {
        return model(weights.read(Weights.Kind.PARAMETERS), weights.read(Weights.Kind.RUNNING_STATISTICS));
    }

    private HealthProbe probe() {
        return new HealthProbe(data, partition.probed(), settings.loss, positiveWeights, device);
    }

    /** Loss of the constant that knows how often each label is positive, with the weight that its positives have. */
    private double constantLoss() {
        float[] frequency = MajorityBaseline.frequencies(data, partition.training());
        double sum = 0;
        for (int l = 0; l < frequency.length; l++) {
            double weight = positiveWeights == null ? 1 : positiveWeights[l];
            double odds = Math.min(Math.max(weight * frequency[l] / (1 - frequency[l]), 1e-9), 1e9);
            sum += frequency[l] * settings.loss.value(Math.log(odds), 1, weight)
                    + (1 - frequency[l]) * settings.loss.value(Math.log(odds), 0, weight);
        }
        return sum / frequency.length;
    }

    private ThresholdTuning tune(Model model) {
        float[][] probabilities = new float[0][];
        if (settings.decisions.tuned()) {
            try (Predictor p = model.open(device)) {
                probabilities = p.run(data, partition.validation());
            }
        }
        return ThresholdTuning.tune(
                settings.decisions,
                data.labels(),
                probabilities,
                data.targets(partition.validation()),
                MajorityBaseline.frequencies(data, partition.training()));
    }

    private Network makeNetwork() {
        Network network;
        try {
            network = networks.apply(format.shape(), data.labels().size());
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "the network does not fit an input of " + format.shape() + ": " + e.getMessage(), e);
        }
        if (!network.input().equals(format.shape())) {
            throw new InputException(Phrase.format(
                    "the network takes an input of %s, the data gives %s; see %s and %s",
                    network.input(), format.shape(), Setting.INPUT_SHAPE, Setting.TILING));
        }
        if (network.outputs() != data.labels().size()) {
            throw new InputException("the network puts out " + network.outputs() + " values, the data has "
                    + data.labels().size() + " labels");
        }
        return network;
    }

    private float[] positiveWeights() {
        if (settings.positiveWeights != null
                && settings.positiveWeights.length != data.labels().size()) {
            throw new InputException(
                    "expected " + data.labels().size() + " positive weights, got " + settings.positiveWeights.length);
        }
        if (!settings.positiveWeightAuto) {
            return settings.positiveWeights;
        }
        float[] frequency = MajorityBaseline.frequencies(data, partition.training());
        float[] automatic = new float[frequency.length];
        for (int l = 0; l < automatic.length; l++) {
            float odds = frequency[l] == 0 ? 1 : (1 - frequency[l]) / frequency[l];
            automatic[l] = Math.max(1, Math.min(20, odds));
        }
        return automatic;
    }

    private void train(Program training, Program inference, HostBuffers host) throws IOException, InterruptedException {
        int first = 0;
        if (resume && checkpoints != null && Checkpoint.exists(checkpoints)) {
            first = restore();
            listener.note("resumed after epoch " + first);
        } else {
            if (checkpoints != null) {
                Checkpoint.clear(checkpoints);
            }
            Initializer.fill(
                    weights,
                    MajorityBaseline.frequencies(data, partition.training()),
                    positiveWeights,
                    partition.training().length,
                    settings.seed);
        }
        training.notes().forEach(listener::note);
        kernels = training.kernels();
        if (!kernels.isEmpty()) {
            listener.note(KernelChoice.summary(kernels));
        }
        EpochRunner epochs = new EpochRunner(
                data,
                settings,
                training,
                settings.sampling.order(data.targets(), partition.training(), settings.seed),
                format,
                host,
                listener);
        Evaluator evaluator =
                new Evaluator(data, format, partition.validation(), inference, host, settings.loss, positiveWeights);
        for (int epoch = first + 1; epoch <= settings.epochs && !stopped(); epoch++) {
            Map<Weights.Kind, float[]> before = weightsNow();
            EpochResult result;
            try {
                result = measured(epochs.run(epoch), evaluator);
            } catch (EpochRunner.NotFiniteException e) {
                throw new InputException(whereItBegan(e, before, epochs, epoch), e);
            }
            history.add(result);
            watch.epoch(
                            result,
                            partition.validation().length > 0 ? evaluator.variation() : Double.NaN,
                            () -> probe().look(now()))
                    .forEach(listener::finding);
            if (partition.validation().length > 0 && result.validationLoss() < bestLoss) {
                bestLoss = result.validationLoss();
                bestEpoch = epoch;
                bestParameters = weights.read(Weights.Kind.PARAMETERS);
                bestStatistics = weights.read(Weights.Kind.RUNNING_STATISTICS);
            }
            boolean last = epoch == settings.epochs || stopped();
            if (checkpoints != null && (epoch % checkpointEvery == 0 || last)) {
                save(epoch);
            }
            listener.epoch(result, settings.epochs);
            if (stopped()) {
                listener.note("no better validation loss for " + settings.earlyStopping + " epochs: stopped early");
            }
        }
    }

    private Map<Weights.Kind, float[]> weightsNow() {
        Map<Weights.Kind, float[]> all = new EnumMap<>(Weights.Kind.class);
        for (Weights.Kind kind : Weights.Kind.values()) {
            if (kind != Weights.Kind.GRADIENTS && weights.count(kind) > 0) {
                all.put(kind, weights.read(kind));
            }
        }
        return all;
    }

    /** Runs the epoch again up to the step before: its weights show in which layer values stop being finite. */
    private Phrase whereItBegan(
            EpochRunner.NotFiniteException e, Map<Weights.Kind, float[]> before, EpochRunner epochs, int epoch)
            throws InterruptedException {
        before.forEach((kind, values) -> weights.write(kind, 0, values));
        if (e.step() > 1) {
            epochs.run(epoch, e.step() - 1);
        }
        HealthProbe probe = new HealthProbe(data, e.rows(), settings.loss, positiveWeights, device);
        String layer = probe.firstNotFinite(now());
        Phrase cause = precheck.isEmpty()
                ? Phrase.format(
                        "lower %s (now %s), or check the features for extreme values",
                        Setting.LEARNING_RATE, settings.rate())
                : TrainingWatch.together(precheck);
        return Phrase.format(
                "the loss stopped being finite in step %d of epoch %d%s: %s",
                e.step(), epoch, layer == null ? "" : ", beginning in layer " + layer, cause);
    }

    private boolean stopped() {
        return settings.earlyStopping > 0 && bestEpoch > 0 && history.size() - bestEpoch >= settings.earlyStopping;
    }

    private EpochResult measured(EpochRunner.Steps steps, Evaluator evaluator) {
        boolean validated = partition.validation().length > 0;
        if (validated) {
            evaluator.run();
        }
        return new EpochResult(
                steps.epoch(),
                steps.loss(),
                steps.tally().hammingLoss(),
                steps.tally().subsetAccuracy(),
                steps.tally().microF1(),
                validated ? evaluator.loss() : Double.NaN,
                validated ? evaluator.metrics() : null,
                steps.samplesPerSecond(),
                steps.inputWait(),
                steps.rate());
    }

    // ---- Checkpoints.

    private void save(int epoch) throws IOException {
        if (bestEpoch > 0 && !Safetensors.exists(Checkpoint.best(checkpoints, bestEpoch))) {
            Checkpoint.writeBest(checkpoints, bestEpoch, bestParameters, bestStatistics);
        }
        new Checkpoint(epoch, bestEpoch, bestLoss, history, identity(), fingerprint()).write(checkpoints, weights);
    }

    private int restore() {
        String[] before = Checkpoint.identity(checkpoints);
        if (!before[1].equals(fingerprint())) {
            throw new InputException(Phrase.format(
                    "%s: %s needs the same data, split and network as before; start anew with another %s, or %s",
                    checkpoints, Setting.RESUME, Setting.OUTPUT, Setting.OVERWRITE));
        }
        if (!before[0].equals(identity())) {
            throw new InputException(Phrase.format(
                    "%s: %s needs the same settings as before, which were %s", checkpoints, Setting.RESUME, before[0]));
        }
        Checkpoint c = Checkpoint.read(checkpoints, weights);
        history.addAll(c.history());
        bestEpoch = c.bestEpoch();
        bestLoss = c.bestLoss();
        if (bestEpoch > 0) {
            Safetensors best = Safetensors.read(Checkpoint.best(checkpoints, bestEpoch));
            bestParameters = best.values("parameters");
            bestStatistics = best.values("statistics");
        }
        return c.epoch();
    }

    private String identity() {
        try {
            return JSON.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings are always writable as JSON", e);
        }
    }

    private String fingerprint() {
        CRC32 crc = new CRC32();
        crc.update(weights.network().toJson().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        FloatBuffer values = FloatBuffer.allocate(data.width());
        int number = 0;
        for (Partition.Part part : Partition.Part.values()) {
            for (int row : partition.rows(part)) {
                java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(4 * data.width() + 8);
                bytes.putInt(number).putInt(row);
                bytes.asFloatBuffer()
                        .put(values.clear().put(data.features()[row]).flip());
                crc.update(bytes.array());
                crc.update(data.targets()[row]);
            }
            number++;
        }
        return Long.toHexString(crc.getValue());
    }
}
