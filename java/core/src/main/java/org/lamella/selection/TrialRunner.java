package org.lamella.selection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * Trains networks on folds, several at once: on a CPU one per thread, as a small network does not keep several threads
 * busy. The results do not depend on how many run at once.
 *
 * @param <R> what is compared
 */
final class TrialRunner<R extends Recipe> {

    /**
     * One network to train.
     *
     * @param <R> what is compared
     * @param recipe how
     * @param fold number of the fold, from 0
     */
    record Task<R>(R recipe, int fold) {}

    /**
     * A network that was trained.
     *
     * @param <R> what is compared
     * @param task what was to be done
     * @param loss log loss on the test rows of the fold; infinite if training failed
     * @param epoch the best one; 0 if training failed
     * @param seconds of training and prediction
     * @param failure why training failed; null if it did not
     */
    record Done<R>(
            Task<R> task,
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
    record Input(@Nullable Shape shape, boolean tile, NetworkSource networks) {

        /** A trainer of a recipe. */
        Trainer trainer(Dataset data, Recipe recipe, TrainingSettings base, Device where) {
            return new Trainer(data, recipe.settings(base), where)
                    .network((input, labels) -> recipe.create(networks, input, labels))
                    .input(shape(data), tile);
        }

        /** The shape of one sample; null for a vector. */
        @Nullable
        Shape shape(Dataset data) {
            return shape == null && !tile ? UsualNetwork.of(data).input() : shape;
        }
    }

    private final Dataset data;
    private final List<Partition> folds;
    private final TrainingSettings base;
    private final ComputeDevice device;
    private final BooleanSupplier stops;
    private final Input input;
    private final Budget budget;

    /**
     * A runner for some folds.
     *
     * @param data all rows
     * @param folds each with training, validation and test rows
     * @param base settings of all recipes
     * @param input of the networks
     * @param device where to train
     * @param stops whether to give up
     * @param budget says which candidates may be begun
     */
    TrialRunner(
            Dataset data,
            List<Partition> folds,
            TrainingSettings base,
            Input input,
            Device device,
            BooleanSupplier stops,
            Budget budget) {
        this.data = data;
        this.folds = folds;
        this.base = base;
        this.device = ComputeDevice.of(device);
        this.stops = stops;
        this.input = input;
        this.budget = budget;
    }

    /**
     * Trains them all, but for those that the budget does not allow.
     *
     * @param tasks any number
     * @param work counts the networks that are done or left out
     * @param listener is given every result, in any order, by one thread at a time
     * @return one result per task that was done, in their order
     * @throws InterruptedWorkException if the thread is interrupted, or it was stopped
     */
    List<Done<R>> run(List<Task<R>> tasks, Work work, Consumer<Done<R>> listener) {
        ComputeDevice lane = Math.min(device.threads(), tasks.size()) > 1 ? device.withThreads(1) : device;
        int atOnce = lane == device ? 1 : device.threads();
        Map<R, Long> networks = tasks.stream().collect(Collectors.groupingBy(Task::recipe, Collectors.counting()));
        Predicate<R> begins = recipe -> {
            long rounds = (networks.getOrDefault(recipe, 1L) + atOnce - 1) / atOnce;
            return budget.allows(recipe, recipe.cost() * rounds);
        };
        boolean first = tasks.isEmpty() || begins.test(tasks.get(0).recipe()); // asked before any other
        List<@Nullable Done<R>> done = new ArrayList<>(Collections.nCopies(tasks.size(), null));
        Tasks.run(tasks.size(), device.threads(), work, i -> {
            if (i == 0 ? first : begins.test(tasks.get(i).recipe())) {
                Done<R> one = train(tasks.get(i), lane);
                synchronized (done) {
                    done.set(i, one);
                    listener.accept(one);
                }
            }
        });
        return done.stream().flatMap(Stream::ofNullable).toList();
    }

    private Done<R> train(Task<R> task, ComputeDevice where) {
        long start = budget.now();
        try {
            return train(task, where, start);
        } finally {
            budget.took(budget.now() - start, task.recipe().cost());
        }
    }

    private Done<R> train(Task<R> task, ComputeDevice where, long start) {
        Partition rows = folds.get(task.fold());
        TrainingResult result;
        try {
            result = trainer(rows, task.recipe(), where).run();
        } catch (InputException e) { // such as a loss that becomes infinite with this scaling: another may be better
            return new Done<>(task, Double.POSITIVE_INFINITY, 0, seconds(start), e);
        }
        requireGoingOn(stops);
        try (Predictor predictor = result.model().open(where)) {
            double loss = LogLoss.of(predictor.run(data, rows.test()), data.targets(rows.test()));
            return new Done<>(task, loss, result.bestEpoch(), seconds(start), null);
        }
    }

    /** @throws InterruptedWorkException if it is to stop */
    static void requireGoingOn(BooleanSupplier stops) {
        if (stops.getAsBoolean()) {
            throw new InterruptedWorkException("the comparison of settings was stopped", null);
        }
    }

    private Trainer trainer(Partition rows, R recipe, ComputeDevice where) {
        return input.trainer(data, recipe, base, where).partition(rows).listener(new TrainingListener() {
            @Override
            public boolean stops() {
                return stops.getAsBoolean();
            }
        });
    }

    private double seconds(long start) {
        return (budget.now() - start) * 1e-9;
    }
}
