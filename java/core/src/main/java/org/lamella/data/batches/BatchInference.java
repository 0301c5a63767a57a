package org.lamella.data.batches;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lamella.InterruptedWorkException;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.backend.StepInput;
import org.lamella.backend.StepQueue;
import org.lamella.data.Dataset;
import org.lamella.data.InputFormat;
import org.lamella.device.DeviceException;

/**
 * Runs rows of a dataset through a program without a loss, in the same way as training: a thread of its own fills
 * batches ahead, in memory that the device reads fast, and they are copied to the device before their step. For one
 * caller at a time, who closes program and memory.
 */
public final class BatchInference {

    /** Receives the values of some rows. */
    public interface Receiver {

        /**
         * Rows {@code order[first]} to {@code order[last - 1]} are done.
         *
         * @param first index of the first row in the order, from 0
         * @param last index after the last row
         * @param output (last - first) x output elements, from index 0; overwritten afterwards
         */
        void rows(int first, int last, FloatBuffer output);
    }

    private final Program program;
    private final InputFormat format;
    private final HostBuffers memory;
    private final int size;
    private final FloatBuffer output;
    private final List<Batch> buffers = new ArrayList<>();

    /**
     * Allocates the buffers of one batch; those of further batches are allocated when they are needed.
     *
     * @param program of a plan whose steps take an input and give an output; the caller closes it
     * @param format how a row becomes the program's input
     * @param memory of the program's device; the caller closes it
     */
    public BatchInference(Program program, InputFormat format, HostBuffers memory) {
        this.program = program;
        this.format = format;
        this.memory = memory;
        this.size = program.plan().options().batch();
        this.output = Batch.floats(memory, (long) size * program.plan().outputElements());
        buffers.add(newBatch());
    }

    private Batch newBatch() {
        return new Batch(format, 0, size, memory);
    }

    /**
     * Runs rows in this order.
     *
     * @param data has the rows; its features fit the input format
     * @param order row numbers, from 0; may be empty
     * @param receiver is called on the calling thread, in this order, with up to a batch of rows at a time
     * @throws InterruptedWorkException if the thread is interrupted
     * @throws IllegalStateException if a batch cannot be read
     * @throws DeviceException if a step fails
     */
    public void run(Dataset data, int[] order, Receiver receiver) {
        if (order.length <= size) {
            runOne(data, order, receiver);
            return;
        }
        while (buffers.size() < Prefetcher.SPARE + StepQueue.capacity(program)) {
            buffers.add(newBatch());
        }
        StepQueue<Batch> coming = new StepQueue<>(program);
        try (Prefetcher input = new Prefetcher(data, order, buffers, size)) {
            int first = 0;
            boolean more = true;
            while (more || !coming.isEmpty()) {
                while (more && coming.canAdd()) {
                    Batch batch = input.next();
                    more = batch != null;
                    if (batch != null) {
                        coming.add(batch, StepInput.inference(batch.samples(), batch.input(), output));
                    }
                }
                if (!coming.isEmpty()) {
                    Batch batch = coming.run().owner();
                    receiver.rows(first, first + batch.samples(), output);
                    first += batch.samples();
                    input.release(batch);
                }
            }
        } catch (DeviceException e) {
            coming.abandon();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWorkException("interrupted between two batches of a prediction", e);
        } finally {
            coming.finish(); // after a failure of the input or the receiver
        }
    }

    /**
     * Runs one row.
     *
     * @param features one value per feature; NaN where missing
     * @param values receives the output elements of the row
     * @throws IllegalArgumentException if there are more or fewer features than the format takes
     * @throws DeviceException if the step fails
     */
    public void run(float[] features, float[] values) {
        Batch batch = buffers.get(0);
        batch.fill(features);
        program.step(StepInput.inference(1, batch.input(), output));
        output.get(0, values);
    }

    /** One batch is not worth a thread. */
    private void runOne(Dataset data, int[] order, Receiver receiver) {
        if (order.length > 0) {
            Batch batch = buffers.get(0);
            batch.fill(data, order, 0, order.length);
            program.step(StepInput.inference(order.length, batch.input(), output));
            receiver.rows(0, order.length, output);
        }
    }
}
