package org.lamella.evaluation;

import java.util.Arrays;
import java.util.function.ToDoubleBiFunction;

/** Areas under curves, of all decisions together and label by label. */
final class Curves {

    private Curves() {
    }

    /** The area over all known decisions, and the mean over the labels that have one. */
    static double[] microAndMacro(float[][] scores, byte[][] targets, int labels, ToDoubleBiFunction<float[], byte[]> area) {
        double sum = 0;
        int counted = 0;
        for (int l = 0; l < labels; l++) {
            double own = known(scores, targets, l, l + 1, area);
            if (!Double.isNaN(own)) {
                sum += own;
                counted++;
            }
        }
        return new double[] {known(scores, targets, 0, labels, area), sum / counted};
    }

    /** The area of one label. */
    static double ofLabel(float[][] scores, byte[][] targets, int label, ToDoubleBiFunction<float[], byte[]> area) {
        return known(scores, targets, label, label + 1, area);
    }

    private static double known(float[][] scores, byte[][] targets, int first, int last, ToDoubleBiFunction<float[], byte[]> area) {
        float[] s = new float[targets.length * (last - first)];
        byte[] t = new byte[s.length];
        int n = 0;
        for (int i = 0; i < targets.length; i++) {
            for (int l = first; l < last; l++) {
                if (targets[i][l] >= 0) {
                    s[n] = scores[i][l];
                    t[n++] = targets[i][l];
                }
            }
        }
        return area.applyAsDouble(Arrays.copyOf(s, n), Arrays.copyOf(t, n));
    }
}
