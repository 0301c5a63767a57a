package org.lamella.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongToDoubleFunction;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.backend.StepInput;
import org.lamella.backend.StepQueue;
import org.lamella.backend.Tally;
import org.lamella.data.batches.Batch;
import org.lamella.data.batches.Prefetcher;

/**
 * Runs the training steps of an epoch. A thread of its own fills batches ahead, and they are copied to the device
 * before their step.
 */
final class EpochRunner {

    /** The loss of a step is NaN or infinite. */
    static final class NotFiniteException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final long step;
        private final transient int[] rows;

        private NotFiniteException(long step, int[] rows) {
            super("the loss of step " + step + " is not finite", null, false, false);
            this.step = step;
            this.rows = rows;
        }

        /** Its number in the epoch, from 1. */
        long step() {
            return step;
        }

        /** Its samples. */
        int[] rows() {
            return rows;
        }
    }

    /**
     * The results of an epoch's steps.
     *
     * @param epoch from 1
     * @param loss mean over the samples
     * @param tally of the predictions of the training steps
     * @param samplesPerSecond training rows per second
     * @param inputWait share of the time spent waiting for input, 0 to 1
     * @param rate the learning rate of the last step
     * @param stoppedAfter the number of steps after which the listener ended the epoch; 0 for a complete epoch
     */
    record Steps(
            int epoch,
            double loss,
            Tally tally,
            double samplesPerSecond,
            double inputWait,
            double rate,
            long stoppedAfter) {

        /** Whether the listener ended the epoch before its last step. */
        boolean stopped() {
            return stoppedAfter > 0;
        }
    }

    private final TrainingTask task;
    private final Program training;
    private final Sampling.Order order;
    private final TrainingListener listener;
    private final int batch;
    private final long stepsPerEpoch;
    private LongToDoubleFunction rates;
    private StepLosses losses = (step, loss) -> {};
    private final List<Batch> buffers = new ArrayList<>();

    EpochRunner(TrainingTask task, Program training, HostBuffers host, TrainingListener listener) {
        this.task = task;
        this.training = training;
        this.order = task.settings()
                .sampling
                .order(task.data().targets(), task.partition().training(), task.settings().seed);
        this.listener = listener;
        this.batch = training.plan().options().batch();
        this.stepsPerEpoch = steps(order.size());
        this.rates = step -> task.settings()
                .schedule
                .rate(
                        task.settings().learningRate(),
                        step,
                        task.settings().epochs * stepsPerEpoch,
                        task.settings().warmup);
        for (int i = 0; i < Prefetcher.SPARE + StepQueue.capacity(training); i++) {
            buffers.add(new Batch(task.format(), task.data().labels().size(), batch, host));
        }
    }

    /** Is given the loss of every step that has one. */
    @FunctionalInterface
    interface StepLosses {
        /**
         * A step is done.
         *
         * @param step of the run, from 0
         * @param loss finite
         */
        void loss(long step, double loss);
    }

    /**
     * Other learning rates than those of the settings.
     *
     * @param ofStep the rate of a step of the run, from 0
     * @param listener is given the losses
     * @return this
     */
    EpochRunner with(LongToDoubleFunction ofStep, StepLosses listener) {
        rates = ofStep;
        losses = listener;
        return this;
    }

    /** {@return the number of steps of every epoch} */
    long stepsPerEpoch() {
        return stepsPerEpoch;
    }

    /**
     * All steps of an epoch, unless it is stopped.
     *
     * @param stops asked after every step but the last
     */
    Steps run(int epoch, BooleanSupplier stops) throws InterruptedException {
        return run(epoch, stepsPerEpoch, stops);
    }

    /** Repeats the first {@code last} steps of an epoch. From the same weights they give the same weights again. */
    void repeat(int epoch, long last) throws InterruptedException {
        run(epoch, last, () -> false);
    }

    /** @throws NotFiniteException if a loss is NaN or infinite; the weights are then useless */
    private Steps run(int epoch, long last, BooleanSupplier stops) throws InterruptedException {
        int[] all = order.rows(epoch);
        int[] rows = last < stepsPerEpoch ? Arrays.copyOf(all, (int) last * batch) : all;
        Tally tally = new Tally();
        double loss = 0;
        double rate = 0;
        long start = System.nanoTime();
        long waited;
        long stoppedAfter = 0;
        int seen = 0;
        StepQueue<Batch> coming = new StepQueue<>(training);
        try (Prefetcher input = new Prefetcher(task.data(), rows, buffers, batch)) {
            long step = (epoch - 1) * stepsPerEpoch;
            long done = 0;
            boolean more = true;
            while (stoppedAfter == 0 && (more || !coming.isEmpty())) {
                while (more && coming.canAdd()) {
                    Batch b = input.next();
                    more = b != null;
                    if (b != null) {
                        rate = rates.applyAsDouble(step);
                        add(coming, b, rate, ++step);
                    }
                }
                if (!coming.isEmpty()) {
                    StepQueue.Done<Batch> now = coming.run();
                    Batch b = now.owner();
                    if (b.known() > 0) {
                        if (!Double.isFinite(now.loss())) {
                            coming.finish();
                            int first = (int) done * batch;
                            throw new NotFiniteException(
                                    done + 1, Arrays.copyOfRange(rows, first, first + b.samples()));
                        }
                        losses.loss((epoch - 1) * stepsPerEpoch + done, now.loss());
                        loss += b.samples() * now.loss();
                        training.tally(tally);
                    }
                    seen += b.samples();
                    input.release(b);
                    listener.step(epoch, ++done, stepsPerEpoch);
                    if (done < steps(rows.length) && stops.getAsBoolean()) {
                        coming.finish(); // announced steps must run; their results are not used
                        stoppedAfter = done;
                    }
                }
            }
            waited = input.waitedNanos();
        } catch (InterruptedException e) {
            coming.finish(); // the weights are read and written afterwards
            throw e;
        }
        double nanos = Math.max(1, System.nanoTime() - start);
        return new Steps(epoch, loss / seen, tally, seen * 1e9 / nanos, waited / nanos, rate, stoppedAfter);
    }

    private long steps(int rows) {
        return steps(rows, batch);
    }

    /** {@return the number of steps of an epoch; the last one may have fewer rows than a batch} */
    static long steps(int rows, int batch) {
        return ((long) rows + batch - 1) / batch;
    }

    /** A batch without a known target takes its place in the queue but has no step: nothing can be learned from it. */
    private void add(StepQueue<Batch> coming, Batch b, double rate, long step) {
        if (b.known() == 0) {
            coming.skip(b);
            return;
        }
        coming.add(
                b,
                new StepInput(
                        b.samples(),
                        b.input(),
                        b.targets(),
                        b.mask(),
                        null,
                        1.0 / b.known(),
                        rate,
                        step,
                        task.settings().seed));
    }
}
