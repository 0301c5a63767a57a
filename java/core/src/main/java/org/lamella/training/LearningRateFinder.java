package org.lamella.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.lamella.InterruptedWorkException;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.plan.PlanOptions;
import org.lamella.work.Work;

/**
 * The learning-rate range test (Smith 2017): a network is trained for some steps, each with a larger learning rate than
 * the one before. The loss falls where the rate is useful, and rises where it is too large. The same data, settings and
 * seed give the same losses to the bit, for any number of threads.
 */
public final class LearningRateFinder {

    private final Trainer trainer;
    private double low = LearningRateCurve.LOW;
    private double high = LearningRateCurve.HIGH;
    private int steps = LearningRateCurve.STEPS;

    /**
     * A test.
     *
     * @param trainer has data, network, training rows and settings; epochs, learning rate, schedule and warm-up are not
     *     used
     */
    public LearningRateFinder(Trainer trainer) {
        this.trainer = Objects.requireNonNull(trainer, "trainer");
    }

    /**
     * Sets the rates; the default is 0.000001 to 10.
     *
     * @param first above 0
     * @param last above the first
     * @return this
     * @throws IllegalArgumentException if it is not so
     */
    public LearningRateFinder rates(double first, double last) {
        if (!(first > 0 && last > first) || Double.isInfinite(last)) {
            throw new IllegalArgumentException("learning rates must be above 0 and grow, got " + first + " to " + last);
        }
        low = first;
        high = last;
        return this;
    }

    /**
     * Sets the number of steps; the default is 200.
     *
     * @param count 10 or more
     * @return this
     * @throws IllegalArgumentException if it is below 10
     */
    public LearningRateFinder steps(int count) {
        if (count < LearningRateCurve.MIN_STEPS) {
            throw new IllegalArgumentException(
                    "the steps must be " + LearningRateCurve.MIN_STEPS + " or more, got " + count);
        }
        steps = count;
        return this;
    }

    /**
     * Trains until the last rate, or until the loss is far above that of the first steps, or not finite.
     *
     * @return the losses, and the rate that they suggest
     * @throws org.lamella.data.InputException if data, network and settings do not fit each other
     * @throws InterruptedWorkException if the thread is interrupted
     */
    public LearningRateCurve run() {
        TrainingTask task = trainer.task();
        ComputeDevice device = task.device();
        TrainingSettings settings = task.settings();
        int batch = Math.min(settings.batch, task.partition().training().length);
        PlanOptions options = PlanOptions.training(batch, settings.rule()).withLoss(settings.loss);
        List<Double> losses = new ArrayList<>();
        boolean finite = true;
        try (Weights weights = device.allocate(task.network(), WeightState.of(settings.rule()));
                HostBuffers host = device.hostBuffers();
                Program training = device.compile(
                        device.plan(task.network(), options),
                        weights,
                        new ProgramSettings(task.positiveWeights(), false));
                Work work = Work.begin("trying learning rates", steps, "step")) {
            Initializer.fill(
                    weights,
                    task.frequencies(),
                    task.positiveWeights(),
                    task.partition().training().length,
                    settings.seed);
            EpochRunner epochs = new EpochRunner(task, training, host, TrainingListener.NONE)
                    .with(this::rate, (step, loss) -> {
                        if (losses.size() < steps) {
                            losses.add(loss);
                            work.add(1);
                        }
                    });
            for (int epoch = 1; losses.size() < steps && !LearningRateCurve.diverges(losses); epoch++) {
                epochs.run(epoch, () -> losses.size() >= steps || LearningRateCurve.diverges(losses));
            }
        } catch (EpochRunner.NotFiniteException e) {
            finite = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWorkException("interrupted: the test of learning rates", e);
        }
        double[] rates = new double[losses.size()];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = rate(i);
        }
        return LearningRateCurve.of(rates, losses, finite);
    }

    /** The rate of a step: logarithms grow evenly. */
    private double rate(long step) {
        double share = Math.min(1, step / (double) (steps - 1));
        return StrictMath.exp(StrictMath.log(low) + share * (StrictMath.log(high) - StrictMath.log(low)));
    }
}
