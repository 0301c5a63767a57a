package org.lamella.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lamella.data.Dataset;
import org.lamella.data.batches.Batch;
import org.lamella.data.batches.InputFormat;
import org.lamella.data.batches.Prefetcher;
import org.lamella.device.HostBuffers;
import org.lamella.device.Program;
import org.lamella.device.StepInput;
import org.lamella.device.StepQueue;
import org.lamella.device.Tally;

/**
 * Runs the training steps of an epoch: batches are filled ahead on a thread of their own, and brought to the device
 * ahead of their step.
 */
final class EpochRunner {

    /** The loss of a step was not finite. */
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
     * What the steps brought.
     *
     * @param epoch from 1 on
     * @param loss mean over the samples
     * @param tally predictions of the rows while they were trained on
     * @param samplesPerSecond trained
     * @param inputWait share of the time spent waiting for input
     * @param rate of the last step
     */
    record Steps(int epoch, double loss, Tally tally, double samplesPerSecond, double inputWait, double rate) {}

    private final Dataset data;
    private final TrainingSettings settings;
    private final Program training;
    private final Sampling.Order order;
    private final TrainingListener listener;
    private final int batch;
    private final long stepsAnEpoch;
    private final List<Batch> buffers = new ArrayList<>();

    EpochRunner(
            Dataset data,
            TrainingSettings settings,
            Program training,
            Sampling.Order order,
            InputFormat format,
            HostBuffers host,
            TrainingListener listener) {
        this.data = data;
        this.settings = settings;
        this.training = training;
        this.order = order;
        this.listener = listener;
        this.batch = training.plan().options().batch();
        this.stepsAnEpoch = ((long) order.size() + batch - 1) / batch;
        for (int i = 0; i < Prefetcher.SPARE + StepQueue.capacity(training); i++) {
            buffers.add(new Batch(format, data.labels().size(), batch, host));
        }
    }

    /** All steps of an epoch. */
    Steps run(int epoch) throws InterruptedException {
        return run(epoch, stepsAnEpoch);
    }

    /**
     * The first {@code last} steps of an epoch; the same again from the same weights.
     *
     * @throws NotFiniteException if a loss is not finite; the weights are then worthless
     */
    Steps run(int epoch, long last) throws InterruptedException {
        int[] all = order.rows(epoch);
        int[] rows = last < stepsAnEpoch ? Arrays.copyOf(all, (int) last * batch) : all;
        Tally tally = new Tally();
        double loss = 0;
        double rate = 0;
        long start = System.nanoTime();
        long waited;
        try (Prefetcher input = new Prefetcher(data, rows, buffers, batch)) {
            long step = (epoch - 1) * stepsAnEpoch;
            long done = 0;
            boolean more = true;
            StepQueue<Batch> coming = new StepQueue<>(training);
            while (more || !coming.isEmpty()) {
                while (more && coming.canAdd()) {
                    Batch b = input.next();
                    more = b != null;
                    if (more) {
                        rate = settings.schedule.rate(
                                settings.rate(), step, settings.epochs * stepsAnEpoch, settings.warmup);
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
                        loss += b.samples() * now.loss();
                        training.tally(tally);
                    }
                    input.release(b);
                    listener.step(epoch, ++done, stepsAnEpoch);
                }
            }
            waited = input.waitedNanos();
        }
        double nanos = Math.max(1, System.nanoTime() - start);
        return new Steps(epoch, loss / rows.length, tally, rows.length * 1e9 / nanos, waited / nanos, rate);
    }

    /** A batch without a known target has its turn and no step: nothing can be learned from it. */
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
                        settings.seed));
    }
}
