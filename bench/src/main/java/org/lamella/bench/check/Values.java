package org.lamella.bench.check;

import java.nio.FloatBuffer;
import java.util.Random;
import org.lamella.data.batches.Batch;

/** Arrays and buffers of values for cases. */
final class Values {

    private Values() {}

    /** Random values that single precision holds exactly. */
    static double[] gaussian(Random random, int n, double scale) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    static float[] floats(double[] values) {
        float[] f = new float[values.length];
        for (int i = 0; i < f.length; i++) {
            f[i] = (float) values[i];
        }
        return f;
    }

    static double[] doubles(float[] values) {
        double[] d = new double[values.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = values[i];
        }
        return d;
    }

    static FloatBuffer buffer(double[] values) {
        FloatBuffer b = Batch.floats(values.length);
        b.put(0, floats(values));
        return b;
    }

    static FloatBuffer zeros(int n) {
        return Batch.floats(n);
    }

    static float[] array(FloatBuffer buffer) {
        float[] values = new float[buffer.limit()];
        buffer.get(0, values);
        return values;
    }
}
