package org.lamella.data.batches;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;

/** Fills batches ahead of the device, in order, on a thread of its own. Closed when its epoch ends or fails. */
public final class Prefetcher implements AutoCloseable {

    /** Number of batches that a prefetcher needs in addition to those in use: one ready, one being filled. */
    public static final int SPARE = 2;

    private static final long PATIENCE_SECONDS = 300;
    private static final long CLOSING_MILLIS = 10_000;

    private final BlockingQueue<Batch> ready;
    private final BlockingQueue<Batch> empty;
    private final Thread thread;
    private final int batches;
    private volatile @Nullable Throwable failure;
    private int taken;
    private long waitedNanos;

    /**
     * Starts to fill batches in this order; the last may be smaller.
     *
     * @param data has the rows
     * @param order row numbers, from 0
     * @param buffers {@link #SPARE} batches of that size and as many as are in use at once, used again from epoch to
     *     epoch
     * @param size rows per batch, 1 or more
     */
    public Prefetcher(Dataset data, int[] order, List<Batch> buffers, int size) {
        this.batches = (order.length + size - 1) / size;
        ready = new ArrayBlockingQueue<>(buffers.size());
        empty = new ArrayBlockingQueue<>(buffers.size(), false, buffers);
        thread = new Thread(() -> fill(data, order, size), "lamella-prefetch");
        thread.setDaemon(true);
        thread.start();
    }

    private void fill(Dataset data, int[] order, int size) {
        try {
            for (int b = 0; b < batches; b++) {
                Batch batch = empty.take();
                batch.fill(data, order, b * size, Math.min(order.length, (b + 1) * size));
                ready.put(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed early
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /**
     * The next batch. Give it back with {@link #release} when the step is done.
     *
     * @return the batch; null after the last
     * @throws InterruptedException if the calling thread is interrupted while it waits
     * @throws IllegalStateException if a batch cannot be read, or none comes within 300 seconds
     */
    public @Nullable Batch next() throws InterruptedException {
        if (taken == batches) {
            return null;
        }
        long start = System.nanoTime();
        Batch batch = null;
        while (batch == null) {
            batch = ready.poll(100, TimeUnit.MILLISECONDS);
            if (batch == null && failure != null) {
                throw new IllegalStateException("reading the next batch failed: " + failure.getMessage(), failure);
            }
            if (batch == null && System.nanoTime() - start > PATIENCE_SECONDS * 1_000_000_000L) {
                throw new IllegalStateException("no batch came for " + PATIENCE_SECONDS + " seconds");
            }
        }
        waitedNanos += System.nanoTime() - start;
        taken++;
        return batch;
    }

    /**
     * Gives a batch back, to be filled again.
     *
     * @param batch came from {@link #next}; not read after this call
     */
    public void release(Batch batch) {
        empty.add(batch);
    }

    /** {@return nanoseconds that {@link #next} has waited so far} */
    public long waitedNanos() {
        return waitedNanos;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSING_MILLIS); // the buffers may be filled by another one next
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
