package org.lamella.selection;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.lamella.InterruptedWorkException;
import org.lamella.backend.ComputeDevice;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.evaluation.analysis.LogLoss;
import org.lamella.model.Predictor;
import org.lamella.network.Shape;
import org.lamella.parallel.Tasks;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingListener;
import org.lamella.training.TrainingResult;
import org.lamella.training.TrainingSettings;
import org.lamella.training.UsualNetwork;
import org.lamella.work.Work;

/**
 * Trains candidates on folds, several at once: on a CPU one per thread, as a small network does not keep several
 * threads busy. The results do not depend on how many run at once.
 */
final class TrialRunner {

    /**
     * One network to train.
     *
     * @param candidate how
     * @param fold number of the fold, from 0
     */
    record Task(Candidate candidate, int fold) {}

    /**
     * A network that was trained.
     *
     * @param task what was to be done
     * @param loss log loss on the test rows of the fold; infinite if training failed
     * @param epoch the best one; 0 if training failed
     * @param seconds of training and prediction
     * @param failure why training failed; null if it did not
     */
    record Done(
            Task task,
            double loss,
            int epoch,
            double seconds,
            @Nullable InputException failure) {}

    /**
     * How features become the input of a network, and where networks come from.
     *
     * @param shape of one sample; null for that of the data
     * @param tile true repeats the features as every row of the one channel
     * @param networks makes networks of names
     */
    record Input(@Nullable Shape shape, boolean tile, NetworkSource networks) {}

    private final Dataset data;
    private final List<Partition> folds;
    private final TrainingSettings base;
    private final ComputeDevice device;
    private final BooleanSupplier stops;
    private final Input input;

    /**
     * A runner for some folds.
     *
     * @param data all rows
     * @param folds each with training, validation and test rows
     * @param base settings of all candidates
     * @param input of the networks
     * @param device where to train
     * @param stops whether to give up
     */
    TrialRunner(
            Dataset data,
            List<Partition> folds,
            TrainingSettings base,
            Input input,
            Device device,
            BooleanSupplier stops) {
        this.data = data;
        this.folds = folds;
        this.base = base;
        this.device = ComputeDevice.of(device);
        this.stops = stops;
        this.input = input;
    }

    /**
     * Trains them all.
     *
     * @param tasks any number
     * @param work counts the networks that are done
     * @return one result per task, in their order
     * @throws InterruptedWorkException if the thread is interrupted, or it was stopped
     */
    List<Done> run(List<Task> tasks, Work work) {
        ComputeDevice lane = Math.min(device.threads(), tasks.size()) > 1 ? device.withThreads(1) : device;
        Done[] done = new Done[tasks.size()];
        Tasks.run(done.length, device.threads(), work, i -> done[i] = train(tasks.get(i), lane));
        return List.of(done);
    }

    private Done train(Task task, ComputeDevice where) {
        long start = System.nanoTime();
        Partition rows = folds.get(task.fold());
        Candidate candidate = task.candidate();
        TrainingResult result;
        try {
            result = trainer(rows, candidate, where).run();
        } catch (InputException e) { // such as a loss that becomes infinite with this scaling: another may be better
            return new Done(task, Double.POSITIVE_INFINITY, 0, seconds(start), e);
        }
        if (stops.getAsBoolean()) {
            throw new InterruptedWorkException("the comparison of settings was stopped", null);
        }
        try (Predictor predictor = result.model().open(where)) {
            double loss = LogLoss.of(predictor.run(data, rows.test()), data.targets(rows.test()));
            return new Done(task, loss, result.bestEpoch(), seconds(start), null);
        }
    }

    private Trainer trainer(Partition rows, Candidate candidate, ComputeDevice where) {
        return new Trainer(data, candidate.settings(base), where)
                .network((shape, labels) -> input.networks().create(candidate.network(), shape, labels))
                .input(
                        input.shape() == null && !input.tile()
                                ? UsualNetwork.of(data).input()
                                : input.shape(),
                        input.tile())
                .partition(rows)
                .listener(new TrainingListener() {
                    @Override
                    public boolean stops() {
                        return stops.getAsBoolean();
                    }
                });
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }
}
