package org.lamella.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureColumn;
import org.lamella.data.rows.Split;

/**
 * Generated RNA with planted motifs, for the demo and for tests: every label has a motif of 10 letters; a positive
 * sequence has it at a random position, in half of the cases with one letter replaced at random. A sequence may have
 * several labels or none. The position of a motif has no meaning, so a linear model of positions cannot learn the
 * labels.
 */
public final class MotifGenerator {

    private static final String LETTERS = "ACGU";
    private static final int MOTIF = 10;

    private MotifGenerator() {}

    /**
     * Sequences as one-hot features, letter after letter: 4 x 1 x {@code length}.
     *
     * @param sequences number of samples, 0 or more
     * @param length letters per sequence, at least 20 for every label
     * @param labels number of labels, 1 or more; the share of positives falls from 30 % for the first to 10 % for the
     *     last
     * @param seed the same seed gives the same data
     * @return the generated samples, without missing values
     * @throws IllegalArgumentException if the sequences are too short for so many labels
     */
    public static Dataset generate(int sequences, int length, int labels, long seed) {
        if (length < 2 * MOTIF * labels) {
            throw new IllegalArgumentException("length must be at least " + 2 * MOTIF * labels);
        }
        SplittableRandom random = new SplittableRandom(seed);
        int[][] motifs = new int[labels][MOTIF];
        for (int[] motif : motifs) {
            for (int i = 0; i < MOTIF; i++) {
                motif[i] = random.nextInt(4);
            }
        }
        float[][] features = new float[sequences][4 * length];
        byte[][] targets = new byte[sequences][labels];
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < sequences; n++) {
            int[] letters = new int[length];
            for (int i = 0; i < length; i++) {
                letters[i] = random.nextInt(4);
            }
            int slot = length / labels; // motifs of different labels do not overwrite each other
            int[] slots = Split.shuffled(labels, random);
            for (int l = 0; l < labels; l++) {
                double share = 0.3 - 0.2 * l / Math.max(1, labels - 1);
                if (random.nextDouble() < share) {
                    targets[n][l] = 1;
                    int at = slots[l] * slot + random.nextInt(slot - MOTIF + 1);
                    System.arraycopy(motifs[l], 0, letters, at, MOTIF);
                    if (random.nextBoolean()) {
                        letters[at + random.nextInt(MOTIF)] = random.nextInt(4);
                    }
                }
            }
            for (int i = 0; i < length; i++) {
                features[n][letters[i] * length + i] = 1;
            }
            ids.add("sequence" + (n + 1));
        }
        List<FeatureColumn> columns = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            for (int i = 1; i <= length; i++) {
                columns.add(new FeatureColumn(LETTERS.charAt(c) + "_" + i, List.of()));
            }
        }
        List<String> names = List.of("nucleus", "cytosol", "ribosome", "exosome", "membrane", "mitochondrion");
        List<String> labelNames = new ArrayList<>();
        for (int l = 0; l < labels; l++) {
            labelNames.add(l < names.size() ? names.get(l) : "site" + (l + 1));
        }
        return new Dataset("generated RNA, seed " + seed, columns, labelNames, features, targets, ids);
    }
}
