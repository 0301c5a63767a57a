package org.lamella.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.InterruptedWorkException;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.data.InputException;
import org.lamella.device.KernelChoice;
import org.lamella.evaluation.LayerHealth;
import org.lamella.evaluation.analysis.ThresholdTuning;
import org.lamella.file.FileFailure;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.model.Model;
import org.lamella.plan.PlanOptions;
import org.lamella.text.Wording;
import org.lamella.training.TrainingResult.End;

/** One run: the loop over epochs, with its weights, its history and its best epoch so far. */
final class TrainingRun {

    private static final int VALIDATION_BATCH = 64;

    /**
     * What remains of a run when the device's memory is free again.
     *
     * @param model with the weights of the best epoch
     * @param history all epochs
     * @param bestEpoch the epoch of the model's weights
     * @param kernels of convolutions
     * @param end why training ended
     * @param about what a stop kept, and a checkpoint that is not written
     * @param saved the epoch of the last checkpoint; 0 without
     */
    private record Trained(
            Model model,
            List<EpochResult> history,
            int bestEpoch,
            List<KernelChoice> kernels,
            End end,
            List<Finding> about,
            int saved) {}

    private final TrainingTask task;
    private final @Nullable CheckpointFolder checkpoints;
    private final TrainingListener listener;
    private final List<Finding> precheck;
    private final TrainingWatch watch;
    private final Weights weights;
    private final Program training;
    private final RunIdentity identity;
    private final EpochRunner epochs;
    private final Evaluator evaluator;
    private final List<EpochResult> history = new ArrayList<>();
    private final Map<Weights.Kind, float[]> before = new EnumMap<>(Weights.Kind.class);
    private final BestBy by;
    private BestEpoch best = BestEpoch.NONE;
    private @Nullable Finding stop;
    /** The last checkpoint is of this epoch; 0 without. */
    private int saved;
    /** Why the latest checkpoint is not written; null if it is. */
    private @Nullable Finding unwritten;

    private TrainingRun(
            TrainingTask task,
            @Nullable CheckpointFolder checkpoints,
            TrainingListener listener,
            List<Finding> precheck,
            TrainingWatch watch,
            Weights weights,
            Program training,
            Program inference,
            HostBuffers host) {
        this.task = task;
        this.checkpoints = checkpoints;
        this.listener = listener;
        this.precheck = precheck;
        this.watch = watch;
        this.weights = weights;
        this.training = training;
        identity = RunIdentity.of(task);
        by = new BestBy(task.settings().bestBy);
        epochs = new EpochRunner(task, training, host, listener);
        evaluator = new Evaluator(task, inference, host);
    }

    /** Trains; as {@link Trainer#run}. */
    static TrainingResult of(TrainingTask task, @Nullable CheckpointFolder checkpoints, TrainingListener listener) {
        List<Finding> aboutData = Precheck.ofData(task.data(), task.partition().training());
        aboutData.forEach(listener::finding);
        List<Finding> precheck = Precheck.of(task);
        precheck.forEach(listener::finding);
        TrainingWatch watch = new TrainingWatch(task.settings(), precheck, task.constantLoss());
        Trained trained = train(task, checkpoints, listener, precheck, watch);
        boolean interrupted = trained.end == End.INTERRUPTED;
        List<Finding> before =
                Stream.concat(aboutData.stream(), precheck.stream()).toList();
        TrainingResult result;
        try {
            result = result(task, before, watch, trained, trained.end);
        } catch (InterruptedWorkException e) { // the weights are there: finish first
            interrupted = Thread.interrupted();
            result = result(task, before, watch, trained, End.INTERRUPTED);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new TrainingInterruptedException(
                    "training was interrupted after epoch " + result.history().size() + "; the weights of epoch "
                            + result.bestEpoch() + " are kept"
                            + (trained.saved == 0 ? "" : ", and training can continue from the last checkpoint"),
                    null,
                    result);
        }
        return result;
    }

    /** Thresholds, layers and findings of the trained weights. */
    private static TrainingResult result(
            TrainingTask task, List<Finding> before, TrainingWatch watch, Trained trained, End end) {
        ThresholdTuning tuning = task.tune(trained.model);
        List<LayerHealth> layers = task.probe(task.partition().probed()).look(trained.model);
        List<Finding> findings = new ArrayList<>(before);
        findings.addAll(watch.found());
        findings.addAll(LayerHealth.findings(layers));
        findings.addAll(tuning.notes());
        Overfitting.in(trained.history, trained.bestEpoch).ifPresent(findings::add);
        findings.addAll(trained.about);
        return new TrainingResult(
                trained.model.withRule(tuning.rule()),
                trained.history,
                trained.bestEpoch,
                task.partition(),
                layers,
                findings,
                trained.kernels,
                end);
    }

    private static Trained train(
            TrainingTask task,
            @Nullable CheckpointFolder checkpoints,
            TrainingListener listener,
            List<Finding> precheck,
            TrainingWatch watch) {
        ComputeDevice device = task.device();
        TrainingSettings settings = task.settings();
        int batch = Math.min(settings.batch, task.partition().training().length);
        PlanOptions steps = PlanOptions.training(batch, settings.rule()).withLoss(settings.loss);
        PlanOptions values = PlanOptions.values(VALIDATION_BATCH, null);
        try (Weights weights = device.allocate(task.network(), WeightState.of(settings.rule()));
                HostBuffers host = device.hostBuffers();
                Program training = device.compile(
                        device.plan(task.network(), steps),
                        weights,
                        new ProgramSettings(task.positiveWeights(), false));
                Program inference =
                        device.compile(device.plan(task.network(), values), weights, ProgramSettings.DEFAULTS)) {
            TrainingRun run =
                    new TrainingRun(task, checkpoints, listener, precheck, watch, weights, training, inference, host);
            return run.trained(run.train());
        }
    }

    private Trained trained(End end) {
        noteTheBest();
        return new Trained(
                best.exists() ? task.model(best.parameters(), best.statistics()) : current(),
                List.copyOf(history),
                best.exists() ? best.epoch() : history.size(),
                training.kernels(),
                end,
                Stream.of(unwritten, stop).flatMap(Stream::ofNullable).toList(),
                saved);
    }

    /** The loss is the usual choice; anything else is said. */
    private void noteTheBest() {
        if (by.metric() != null && best.exists()) {
            listener.note(String.format(
                    Locale.ROOT,
                    "epoch %d has the best %s, %.5g: its weights are kept",
                    best.epoch(),
                    by.text(),
                    best.value()));
        } else if (by.metric() != null) {
            listener.note("no epoch has a " + by.text() + ", as no label was predicted: the weights of the last epoch "
                    + "are kept");
        }
    }

    /** The network with its present weights. */
    private Model current() {
        return task.model(weights.read(Weights.Kind.PARAMETERS), weights.read(Weights.Kind.RUNNING_STATISTICS));
    }

    private End train() {
        int first = start() + 1;
        training.notes().forEach(listener::note);
        if (!training.kernels().isEmpty()) {
            listener.note(KernelChoice.summary(training.kernels()));
        }
        int last = task.settings().epochs;
        for (int epoch = first; epoch <= last && !stopsEarly(); epoch++) {
            EpochRunner.Steps steps;
            try {
                steps = steps(epoch);
                if (steps.stopped() && !history.isEmpty()) { // a resumed run repeats the whole epoch
                    drop();
                    stop = stopped("in epoch " + epoch);
                    return End.STOPPED;
                }
                end(steps);
            } catch (InterruptedException | InterruptedWorkException e) {
                return interrupted(e);
            }
            boolean stopping = !steps.stopped() && epoch < last && !stopsEarly() && listener.stops();
            if (checkpoints != null
                    && !steps.stopped()
                    && (checkpoints.isDue(epoch) || epoch == last || stopsEarly() || stopping)) {
                checkpoint(checkpoints);
            }
            if (steps.stopped()) {
                stop = stoppedInFirstEpoch(steps.stoppedAfter());
            } else if (stopping) {
                stop = stopped("after epoch " + epoch);
            }
            listener.epoch(history.get(history.size() - 1), last);
            if (stop != null) {
                return End.STOPPED;
            }
            if (stopsEarly()) {
                listener.note("no better " + by.text() + " for " + Wording.count(task.settings().earlyStopping, "epoch")
                        + ": stopped early");
            }
        }
        return history.size() < last ? End.EARLY : End.COMPLETE;
    }

    /** Validates after the steps of an epoch and adds it to the history. */
    private void end(EpochRunner.Steps steps) throws InterruptedException {
        Evaluator.Evaluation validation = task.validates() ? evaluator.run() : Evaluator.Evaluation.NONE;
        EpochResult result = EpochResult.of(steps, validation);
        List<Finding> found = watch.epoch(
                result,
                validation.variation(),
                evaluator::trainingLoss,
                () -> task.probe(task.partition().probed()).look(current()));
        history.add(result);
        found.forEach(listener::finding);
        if (task.validates() && by.isBetter(by.of(result), best.value())) {
            Model now = current();
            best = new BestEpoch(steps.epoch(), by.of(result), now.parameters(), now.statistics());
        }
    }

    private Finding stopped(String when) {
        return new Finding(
                Finding.Code.STOPPED_RUN,
                Phrase.format(
                        "stopped %s of %d; the weights of epoch %d are kept",
                        when, task.settings().epochs, best.exists() ? best.epoch() : history.size()),
                saved == 0 ? null : Phrase.format("%s continues after epoch %d", Setting.RESUME, saved));
    }

    /** The first epoch may be a part of one: there is nothing better to keep. */
    private Finding stoppedInFirstEpoch(long done) {
        return new Finding(
                Finding.Code.STOPPED_RUN,
                Phrase.format(
                        "stopped in the first epoch, after %d of %d steps; the weights of that step are kept",
                        done, epochs.stepsPerEpoch()),
                checkpoints == null ? null : Phrase.format("%s starts again from the first step", Setting.RESUME));
    }

    /** Writes a checkpoint. Training goes on without it: its weights are in memory, and the next one may be written. */
    private void checkpoint(CheckpointFolder to) {
        boolean interrupted = Thread.interrupted(); // an interrupted thread writes no files; the next step notices it
        Checkpoint checkpoint = new Checkpoint(history.size(), best, history, identity);
        try {
            while (true) {
                try {
                    checkpoint.write(to.folder(), weights);
                    written();
                    return;
                } catch (IOException e) {
                    if (!Thread.interrupted()) {
                        notWritten(e);
                        return;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void written() {
        if (unwritten != null) {
            listener.note("checkpoints are written again, from epoch " + history.size() + " on");
            unwritten = null;
        }
        saved = history.size();
    }

    private void notWritten(IOException e) {
        Finding found = new Finding(
                Finding.Code.UNWRITTEN_CHECKPOINT,
                Phrase.format(
                        "%s: the checkpoint of epoch %d is not written; training goes on, with its weights in memory",
                        FileFailure.line(e), history.size()),
                Phrase.format(
                        "make the folder writable again, for example by freeing space: the next checkpoint is then "
                                + "written, %s",
                        saved == 0
                                ? "there is none so far"
                                : Phrase.format("the last one is of epoch %d (%s)", saved, Setting.RESUME)));
        if (unwritten == null) {
            listener.finding(found);
        }
        unwritten = found;
    }

    /** Goes back to the end of the last epoch that is complete. */
    private void drop() {
        before.forEach((kind, values) -> weights.write(kind, 0, values));
        if (checkpoints != null && saved < history.size()) {
            checkpoint(checkpoints);
        }
    }

    private End interrupted(Exception e) {
        if (history.isEmpty()) {
            Thread.currentThread().interrupt();
            throw new TrainingInterruptedException(
                    "training was interrupted before its first epoch was complete; no weights are kept", e, null);
        }
        Thread.interrupted(); // the layers are examined and the thresholds tuned before it is set again
        drop();
        return End.INTERRUPTED;
    }

    /** Restores a checkpoint or fills in initial weights; gives the number of epochs that are complete. */
    private int start() {
        Optional<Checkpoint> last = checkpoints == null ? Optional.empty() : checkpoints.open(identity, by, weights);
        if (last.isPresent()) {
            history.addAll(last.get().history());
            best = last.get().best();
            listener.resumed(last.get().history());
            int done = last.get().epoch();
            saved = done;
            listener.note("resumed after epoch " + done);
            int planned = last.get().identity().epochs();
            if (identity.epochs() > planned) {
                listener.note("the run is now " + identity.epochs() + " epochs instead of " + planned
                        + ": its schedule is that of the longer run from epoch " + (done + 1) + " on");
            }
            if (done >= identity.epochs()) {
                listener.note("all epochs of this run are complete: nothing is left to train");
            }
            return done;
        }
        Initializer.fill(
                weights,
                task.frequencies(),
                task.positiveWeights(),
                task.partition().training().length,
                task.settings().seed);
        return 0;
    }

    private EpochRunner.Steps steps(int epoch) throws InterruptedException {
        Checkpoint.saved(weights).forEach(kind -> before.put(kind, weights.read(kind)));
        try {
            return epochs.run(epoch, listener::stops);
        } catch (EpochRunner.NotFiniteException e) {
            throw new InputException(origin(e, epoch), e);
        }
    }

    /**
     * Finds the layer in which values first become NaN or infinite: repeats the epoch up to the step before, and looks
     * into the layers with the weights of that moment.
     */
    private Phrase origin(EpochRunner.NotFiniteException e, int epoch) throws InterruptedException {
        before.forEach((kind, values) -> weights.write(kind, 0, values));
        if (e.step() > 1) {
            epochs.repeat(epoch, e.step() - 1);
        }
        String layer = task.probe(e.rows()).firstNotFinite(current());
        Phrase cause = precheck.isEmpty()
                ? Phrase.format(
                        "lower %s (now %s), or check the features for extreme values",
                        Setting.LEARNING_RATE, task.settings().learningRate())
                : TrainingWatch.together(precheck);
        return Phrase.format(
                "the loss stopped being finite in step %d of epoch %d%s: %s",
                e.step(), epoch, layer == null ? "" : ", beginning in layer " + layer, cause);
    }

    private boolean stopsEarly() {
        int patience = task.settings().earlyStopping;
        return patience > 0 && best.exists() && history.size() - best.epoch() >= patience;
    }
}
