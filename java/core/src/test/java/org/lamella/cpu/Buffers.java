package org.lamella.cpu;

import java.nio.FloatBuffer;
import java.util.Random;
import org.lamella.data.batches.Batch;

/** Converts test values to buffers and back. */
final class Buffers {

    private Buffers() {}

    /** Random values that are exact in single precision. */
    static double[] gaussian(Random random, int n, double scale) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    static FloatBuffer buffer(double[] values) {
        FloatBuffer b = Batch.floats(values.length);
        for (int i = 0; i < values.length; i++) {
            b.put(i, (float) values[i]);
        }
        return b;
    }

    static float[] array(FloatBuffer buffer) {
        float[] values = new float[buffer.limit()];
        buffer.get(0, values);
        return values;
    }
}
