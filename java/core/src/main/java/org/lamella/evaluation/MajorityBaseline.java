package org.lamella.evaluation;

import org.lamella.data.Dataset;
import org.lamella.data.LabelCounts;

/**
 * What knows nothing but how often each label is positive in the training rows. A model that does not beat it is
 * useless.
 */
public final class MajorityBaseline {

    private final float[] frequency;

    /**
     * Counts the training rows.
     *
     * @param data targets of samples
     * @param rows numbers of the training rows, from 0
     */
    public MajorityBaseline(Dataset data, int[] rows) {
        frequency = frequencies(data, rows);
    }

    /**
     * Share of positives among the known targets of each label.
     *
     * @param data targets of samples
     * @param rows numbers of the rows that count, from 0
     * @return one per label, 0 to 1; 0 where no target is known
     */
    public static float[] frequencies(Dataset data, int[] rows) {
        LabelCounts counts = LabelCounts.of(data.targets(), rows, data.labels().size());
        float[] frequency = new float[data.labels().size()];
        for (int l = 0; l < frequency.length; l++) {
            frequency[l] = (float) counts.share(l);
        }
        return frequency;
    }

    /**
     * The same answer for every sample: each label's frequency, so at the threshold 0.5 its majority.
     *
     * @param samples how many, 0 or more
     * @return samples x labels; all samples share one array
     */
    public float[][] predict(int samples) {
        float[][] all = new float[samples][];
        java.util.Arrays.fill(all, frequency);
        return all;
    }
}
