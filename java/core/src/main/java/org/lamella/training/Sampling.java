package org.lamella.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.lamella.data.rows.Split;

/** Which training rows an epoch uses, and in which order. Drawn again for each epoch, from the seed. */
public enum Sampling {
    /** Every row once. */
    EVERY,
    /**
     * The same number of rows, drawn with replacement. Rows with rare labels are more likely: in proportion to the mean
     * of 1 / positives over their labels.
     */
    BALANCED,
    /**
     * The same number of rows: for each, a label is drawn uniformly, and then a row that has it (Shen, Lin and Huang
     * 2016).
     */
    LABEL_AWARE,
    /**
     * Undersampling without replacement: rows whose rarest label is more frequent than the median label are thinned
     * out, to the number of the median label on average.
     */
    UNDER;

    private static final long EPOCH_FACTOR = 7_919;

    /** Rows of one epoch; the same number in every epoch. */
    interface Order {
        /** Number of rows. */
        int size();

        /** The rows of an epoch, from 1. */
        int[] rows(int epoch);
    }

    /** The orders of a run over {@code rows}. */
    Order order(byte[][] targets, int[] rows, long seed) {
        List<List<Integer>> groups = groups(targets, rows);
        double[] counts = groups.stream().mapToDouble(List::size).toArray();
        return switch (this) {
            case EVERY ->
                of(rows.length, seed, random -> {
                    int[] order = Split.shuffled(rows.length, random);
                    return Arrays.stream(order).map(i -> rows[i]).toArray();
                });
            case BALANCED -> {
                double[] until = new double[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    until[i] = (i == 0 ? 0 : until[i - 1])
                            + labels(targets[rows[i]])
                                    .mapToDouble(l -> 1 / counts[l])
                                    .average()
                                    .orElse(0);
                }
                yield of(rows.length, seed, random -> {
                    int[] drawn = new int[rows.length];
                    for (int i = 0; i < drawn.length; i++) {
                        int at = Arrays.binarySearch(until, random.nextDouble() * until[until.length - 1]);
                        drawn[i] = rows[Math.min(at < 0 ? -at - 1 : at + 1, rows.length - 1)];
                    }
                    return drawn;
                });
            }
            case LABEL_AWARE -> {
                List<List<Integer>> some =
                        groups.stream().filter(g -> !g.isEmpty()).toList();
                yield of(rows.length, seed, random -> {
                    int[] drawn = new int[rows.length];
                    for (int i = 0; i < drawn.length; i++) {
                        List<Integer> group = some.get(random.nextInt(some.size()));
                        drawn[i] = group.get(random.nextInt(group.size()));
                    }
                    return drawn;
                });
            }
            case UNDER -> {
                double median = median(counts);
                double[] share = new double[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    share[i] = Math.min(
                            1,
                            median
                                    / labels(targets[rows[i]])
                                            .mapToDouble(l -> counts[l])
                                            .min()
                                            .orElse(median));
                }
                int kept = (int) Math.max(1, Math.floor(Arrays.stream(share).sum()));
                yield of(kept, seed, random -> thinned(rows, share, kept, random));
            }
        };
    }

    private interface Draw {
        int[] rows(SplittableRandom random);
    }

    private static Order of(int size, long seed, Draw draw) {
        return new Order() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public int[] rows(int epoch) {
                return draw.rows(new SplittableRandom(seed * EPOCH_FACTOR + epoch));
            }
        };
    }

    /** The rows of each label; the last list has the rows without a label. */
    private static List<List<Integer>> groups(byte[][] targets, int[] rows) {
        List<List<Integer>> groups = new ArrayList<>();
        int labels = rows.length == 0 ? 0 : targets[rows[0]].length;
        for (int l = 0; l <= labels; l++) {
            groups.add(new ArrayList<>());
        }
        for (int row : rows) {
            labels(targets[row]).forEach(l -> groups.get(l).add(row));
        }
        return groups;
    }

    /** Numbers of a row's labels; for a row without labels, the number after the last label's. */
    private static java.util.stream.IntStream labels(byte[] target) {
        int[] on = java.util.stream.IntStream.range(0, target.length)
                .filter(l -> target[l] == 1)
                .toArray();
        return on.length == 0 ? java.util.stream.IntStream.of(target.length) : Arrays.stream(on);
    }

    private static double median(double[] counts) {
        double[] some = Arrays.stream(counts).filter(c -> c > 0).sorted().toArray();
        return some.length == 0 ? 0 : (some[(some.length - 1) / 2] + some[some.length / 2]) / 2;
    }

    /** Systematic sampling in random order: without replacement, each row in proportion to its share. */
    private static int[] thinned(int[] rows, double[] share, int kept, SplittableRandom random) {
        double step = Arrays.stream(share).sum() / kept; // 1 or more, and no share is larger
        int[] order = Split.shuffled(rows.length, random);
        int[] drawn = new int[kept];
        double next = random.nextDouble() * step;
        double sum = 0;
        int count = 0;
        for (int i : order) {
            sum += share[i];
            if (sum > next && count < kept) {
                drawn[count++] = rows[i];
                next += step;
            }
        }
        for (int i = 0; count < kept; i++) { // rounding may leave one out: take the first row that was not drawn
            int row = rows[order[i]];
            if (Arrays.stream(drawn, 0, count).noneMatch(r -> r == row)) {
                drawn[count++] = row;
            }
        }
        return drawn;
    }
}
