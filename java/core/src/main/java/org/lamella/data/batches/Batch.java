package org.lamella.data.batches;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.device.HostBuffers;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/** Host buffers of one batch, filled row by row. */
public final class Batch {

    private final InputFormat format;
    private final FloatBuffer input;
    private final FloatBuffer targets;
    private final FloatBuffer mask;
    private final int labels;
    private int samples;
    private int known;

    /** Buffers for up to {@code size} samples in plain memory; {@code labels} 0 for none. */
    public Batch(InputFormat format, int labels, int size) {
        this(format, labels, size, HostBuffers.PLAIN);
    }

    /** The same in a device's favourite memory. */
    public Batch(InputFormat format, int labels, int size, HostBuffers memory) {
        this.format = format;
        this.labels = labels;
        this.input = floats(memory, (long) size * format.shape().elements());
        this.targets = floats(memory, (long) size * labels);
        this.mask = floats(memory, (long) size * labels);
    }

    /**
     * Direct floats in native order, in plain memory.
     *
     * @throws InputException if that is more than 2 GiB
     */
    public static FloatBuffer floats(long count) {
        return floats(HostBuffers.PLAIN, count);
    }

    /**
     * The same in a device's favourite memory.
     *
     * @throws InputException if that is more than 2 GiB
     */
    public static FloatBuffer floats(HostBuffers memory, long count) {
        if (count * Float.BYTES > Integer.MAX_VALUE) {
            throw new InputException(
                    Phrase.format("a batch of %d values is over 2 GiB; make %s smaller", count, Setting.BATCH));
        }
        return memory.floats(count);
    }

    /** Fills from the rows {@code order[first]} to {@code order[last - 1]}. */
    public void fill(Dataset data, int[] order, int first, int last) {
        samples = last - first;
        known = 0;
        for (int i = 0; i < samples; i++) {
            int row = order[first + i];
            format.write(data.features()[row], input, i * format.shape().elements());
            for (int l = 0; l < labels; l++) {
                int t = data.targets()[row][l];
                targets.put(i * labels + l, t == 1 ? 1 : 0);
                mask.put(i * labels + l, t < 0 ? 0 : 1);
                known += t < 0 ? 0 : 1;
            }
        }
    }

    /** Samples filled in. */
    public int samples() {
        return samples;
    }

    /** Targets that are not missing. */
    public int known() {
        return known;
    }

    /** Samples x input elements. */
    public FloatBuffer input() {
        return input;
    }

    /** Samples x labels, 0 or 1. */
    public FloatBuffer targets() {
        return targets;
    }

    /** Samples x labels, 1 where known; null if all are. */
    public @Nullable FloatBuffer mask() {
        return known == samples * labels ? null : mask;
    }
}
