package org.lamella.evaluation;

import org.lamella.data.Dataset;
import org.lamella.data.LabelCounts;

/**
 * What knows nothing but how often each label is positive in the training rows. A model that does not beat it is
 * useless.
 */
public final class MajorityBaseline {

    private final float[] frequency;

    /** Counts the training rows. */
    public MajorityBaseline(Dataset data, int[] rows) {
        frequency = frequencies(data, rows);
    }

    /** Share of positives among the known targets of each label; 0 where none is known. */
    public static float[] frequencies(Dataset data, int[] rows) {
        LabelCounts counts = LabelCounts.of(data.targets(), rows, data.labels().size());
        float[] frequency = new float[data.labels().size()];
        for (int l = 0; l < frequency.length; l++) {
            frequency[l] = (float) counts.share(l);
        }
        return frequency;
    }

    /** The same answer for every sample: each label's frequency, so at the threshold its majority. */
    public float[][] predict(int samples) {
        float[][] all = new float[samples][];
        java.util.Arrays.fill(all, frequency);
        return all;
    }
}
