package org.lamella.data.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.splits.Groups;

/** Splits rows into parts so that the positives of every label are distributed in proportion. */
public final class Split {

    private Split() {}

    /**
     * Reads {@code 8:1:1}, the ratios of training, validation and test rows.
     *
     * @param text three numbers, 0 or more, the first above 0
     * @return the three
     * @throws InputException if it is anything else
     */
    public static double[] parse(String text) {
        try {
            double[] parts = Arrays.stream(text.split(":"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (parts.length == 3 && parts[0] > 0 && Arrays.stream(parts).allMatch(p -> p >= 0 && p < 1e9)) {
                return parts;
            }
        } catch (NumberFormatException e) {
            throw notASplit(text, e);
        }
        throw notASplit(text, null);
    }

    private static InputException notASplit(String text, @Nullable Throwable cause) {
        return new InputException(
                "'" + text + "' is not a split; expected TRAIN:VALIDATION:TEST, for example 8:1:1", cause);
    }

    /**
     * Iterative stratification of rows without groups.
     *
     * @param targets samples x labels; only 1 counts
     * @param ratios of the parts, any scale; 0 for a part that stays empty
     * @param seed decides between equal choices
     * @return the rows of each part, ascending; every row in exactly one
     */
    public static int[][] stratified(byte[][] targets, double[] ratios, long seed) {
        return stratified(targets, ratios, seed, null);
    }

    /**
     * Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011, "On the stratification of multi-label data",
     * algorithm 1): the label with the fewest rows left goes first, each of its rows goes to the part that lacks most
     * positives of the label, then to the part that lacks most rows, then at random. Rows of a group stay together.
     *
     * @param targets samples x labels; only 1 counts
     * @param ratios of the parts, any scale; 0 for a part that stays empty
     * @param seed decides between equal choices
     * @param groups the group of each sample, from 0; null if each row is a group
     * @return the rows of each part, ascending; every row in exactly one
     * @throws IllegalArgumentException if a ratio is negative or NaN, all are 0, or there is not one group from 0 for
     *     each sample
     */
    public static int[][] stratified(byte[][] targets, double[] ratios, long seed, int @Nullable [] groups) {
        requireUsable(targets.length, ratios, groups);
        int[][] units = units(targets.length, groups);
        int parts = ratios.length;
        int labels = targets.length == 0 ? 0 : targets[0].length;
        double total = Arrays.stream(ratios).sum();
        SplittableRandom random = new SplittableRandom(seed);
        double[] wantRows = new double[parts];
        double[][] wantLabel = new double[parts][labels];
        int[] left = new int[labels];
        for (byte[] t : targets) {
            for (int l = 0; l < labels; l++) {
                left[l] += t[l] == 1 ? 1 : 0;
            }
        }
        for (int p = 0; p < parts; p++) {
            wantRows[p] = targets.length * ratios[p] / total;
            for (int l = 0; l < labels; l++) {
                wantLabel[p][l] = left[l] * ratios[p] / total;
            }
        }
        List<List<Integer>> result = new ArrayList<>();
        for (int p = 0; p < parts; p++) {
            result.add(new ArrayList<>());
        }
        boolean[] done = new boolean[units.length];
        int[] order = shuffled(units.length, random);
        for (int label = rarest(left); label >= 0; label = rarest(left)) {
            for (int unit : order) {
                if (!done[unit] && has(targets, units[unit], label)) {
                    int part = choose(wantLabel, label, wantRows, ratios, random);
                    done[unit] = true;
                    for (int row : units[unit]) {
                        result.get(part).add(row);
                        wantRows[part]--;
                        for (int l = 0; l < labels; l++) {
                            if (targets[row][l] == 1) {
                                wantLabel[part][l]--;
                                left[l]--;
                            }
                        }
                    }
                }
            }
        }
        for (int unit : order) { // rows without any label
            if (!done[unit]) {
                int part = choose(null, 0, wantRows, ratios, random);
                for (int row : units[unit]) {
                    result.get(part).add(row);
                    wantRows[part]--;
                }
            }
        }
        return result.stream()
                .map(p -> p.stream().mapToInt(i -> i).sorted().toArray())
                .toArray(int[][]::new);
    }

    private static void requireUsable(int samples, double[] ratios, int @Nullable [] groups) {
        double sum = 0;
        for (double ratio : ratios) {
            if (!(ratio >= 0) || Double.isInfinite(ratio)) {
                throw new IllegalArgumentException("a ratio of rows must be 0 or more, got " + ratio);
            }
            sum += ratio;
        }
        if (sum == 0) {
            throw new IllegalArgumentException("all ratios of rows are 0");
        }
        requireGroups(samples, groups);
    }

    /**
     * Refuses groups of other rows.
     *
     * @param samples number of rows
     * @param groups the group of each row, from 0; null if each row is a group
     * @throws IllegalArgumentException if there is not one group from 0 for each row
     */
    public static void requireGroups(int samples, int @Nullable [] groups) {
        if (groups == null) {
            return;
        }
        if (groups.length != samples) {
            throw new IllegalArgumentException(
                    "there are groups of " + groups.length + " rows, the data has " + samples);
        }
        for (int r = 0; r < samples; r++) {
            if (groups[r] < 0) {
                throw new IllegalArgumentException(
                        "groups are numbered from 0; row number " + r + " is in group " + groups[r]);
            }
        }
    }

    /** The rows that go together. */
    private static int[][] units(int rows, int @Nullable [] groups) {
        if (groups == null) {
            return IntStream.range(0, rows).mapToObj(r -> new int[] {r}).toArray(int[][]::new);
        }
        List<List<Integer>> members = new ArrayList<>();
        for (int g = Groups.count(groups); g > 0; g--) {
            members.add(new ArrayList<>());
        }
        for (int row = 0; row < rows; row++) {
            members.get(groups[row]).add(row);
        }
        return members.stream()
                .filter(m -> !m.isEmpty())
                .map(m -> m.stream().mapToInt(i -> i).toArray())
                .toArray(int[][]::new);
    }

    private static boolean has(byte[][] targets, int[] rows, int label) {
        for (int row : rows) {
            if (targets[row][label] == 1) {
                return true;
            }
        }
        return false;
    }

    private static int rarest(int[] left) {
        int best = -1;
        for (int l = 0; l < left.length; l++) {
            if (left[l] > 0 && (best < 0 || left[l] < left[best])) {
                best = l;
            }
        }
        return best;
    }

    private static int choose(
            double @Nullable [][] wantLabel, int label, double[] wantRows, double[] ratios, SplittableRandom random) {
        List<Integer> best = new ArrayList<>();
        for (int p = 0; p < wantRows.length; p++) {
            if (ratios[p] == 0) {
                continue;
            }
            int order = best.isEmpty() ? 1 : compare(wantLabel, label, wantRows, p, best.get(0));
            if (order > 0) {
                best.clear();
            }
            if (order >= 0) {
                best.add(p);
            }
        }
        return best.get(best.size() == 1 ? 0 : random.nextInt(best.size()));
    }

    private static int compare(double @Nullable [][] wantLabel, int label, double[] wantRows, int a, int b) {
        int byLabel = wantLabel == null ? 0 : Double.compare(wantLabel[a][label], wantLabel[b][label]);
        return byLabel != 0 ? byLabel : Double.compare(wantRows[a], wantRows[b]);
    }

    /**
     * The numbers 0 to n - 1 in random order.
     *
     * @param n how many, 0 or more
     * @param random source of randomness
     * @return all numbers, each once
     */
    public static int[] shuffled(int n, SplittableRandom random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
