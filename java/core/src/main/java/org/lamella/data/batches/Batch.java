package org.lamella.data.batches;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.HostBuffers;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.InputFormat;
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

    /**
     * Buffers in plain memory.
     *
     * @param format conversion of a row to the input
     * @param labels targets per sample; 0 for none
     * @param size maximum number of samples, 1 or more
     * @throws InputException if a buffer is over 2 GiB
     */
    public Batch(InputFormat format, int labels, int size) {
        this(format, labels, size, HostBuffers.PLAIN);
    }

    /**
     * Buffers in the memory that a device reads fastest.
     *
     * @param format conversion of a row to the input
     * @param labels targets per sample; 0 for none
     * @param size maximum number of samples, 1 or more
     * @param memory owns the buffers; they are valid until it is closed
     * @throws InputException if a buffer is over 2 GiB
     */
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
     * @param count how many, 0 or more
     * @return the buffer, all 0
     * @throws InputException if that is over 2 GiB
     */
    public static FloatBuffer floats(long count) {
        return floats(HostBuffers.PLAIN, count);
    }

    /**
     * Direct floats in native order, in the memory that a device reads fastest.
     *
     * @param memory owns the buffer, which is valid until it is closed
     * @param count how many, 0 or more
     * @return the buffer
     * @throws InputException if that is over 2 GiB
     */
    public static FloatBuffer floats(HostBuffers memory, long count) {
        if (count * Float.BYTES > Integer.MAX_VALUE) {
            throw new InputException(
                    Phrase.format("a batch of %d values is over 2 GiB; make %s smaller", count, Setting.BATCH));
        }
        return memory.floats(count);
    }

    /**
     * Fills from the rows {@code order[first]} to {@code order[last - 1]}.
     *
     * @param data has the rows
     * @param order row numbers, from 0
     * @param first place in the order of the first row
     * @param last place after the last row; at most {@code size} rows
     */
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

    /**
     * Fills with one sample without targets.
     *
     * @param features one value per feature; NaN where missing
     * @throws IllegalArgumentException if there are more or fewer features than the format takes
     */
    public void fill(float[] features) {
        format.write(features, input, 0);
        samples = 1;
        known = 0;
    }

    /** {@return the number of samples filled in} */
    public int samples() {
        return samples;
    }

    /** {@return the number of targets that are not missing} */
    public int known() {
        return known;
    }

    /** {@return samples x input elements; overwritten by the next fill} */
    public FloatBuffer input() {
        return input;
    }

    /** {@return samples x labels, 0 or 1; 0 where missing} */
    public FloatBuffer targets() {
        return targets;
    }

    /** {@return samples x labels, 1 where known, 0 where missing; null if all are known} */
    public @Nullable FloatBuffer mask() {
        return known == samples * labels ? null : mask;
    }
}
