package org.lamella.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.rows.Split;
import org.lamella.data.splits.Groups;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.Metrics;
import org.lamella.json.Json;

/** Cross-validation: partitions in which every row is a test row once, and the spread of the metrics over the folds. */
public final class CrossValidation {

    /** Training to validation rows outside a fold. */
    private static final double[] RATIO = {9, 1};

    private CrossValidation() {}

    /**
     * Training, validation and test rows of each fold, by iterative stratification.
     *
     * @param targets samples x labels; positive where 1
     * @param folds 2 to the number of rows, or of groups
     * @param seed breaks ties
     * @param groups the group of each row; the rows of a group stay together; null if every row is a group of its own
     * @return one partition per fold; every row is a test row of exactly one
     * @throws IllegalArgumentException if there are fewer rows or groups than folds, or not one group from 0 per row
     */
    public static List<Partition> partitions(byte[][] targets, int folds, long seed, int @Nullable [] groups) {
        return partitions(targets, folds, RATIO[0], RATIO[1], seed, groups);
    }

    /**
     * The same with other shares of training and validation rows.
     *
     * @param targets samples x labels; positive where 1
     * @param folds 2 to the number of rows, or of groups
     * @param training share of training rows among those outside a fold, any scale; above 0
     * @param validation share of validation rows among those outside a fold, same scale; may be 0
     * @param seed breaks ties
     * @param groups the group of each row; the rows of a group stay together; null if every row is a group of its own
     * @return one partition per fold; every row is a test row of exactly one
     * @throws IllegalArgumentException if there are fewer rows or groups than folds, or not one group from 0 per row
     */
    public static List<Partition> partitions(
            byte[][] targets, int folds, double training, double validation, long seed, int @Nullable [] groups) {
        Split.requireGroups(targets.length, groups);
        if (groups != null && folds > Groups.count(groups)) {
            throw new IllegalArgumentException(
                    folds + " folds need as many groups at least, there are " + Groups.count(groups));
        }
        if (folds < 2 || folds > targets.length) {
            throw new IllegalArgumentException(
                    "folds must be 2 to the number of rows, " + targets.length + "; got " + folds);
        }
        double[] equal = new double[folds];
        Arrays.fill(equal, 1);
        int[][] parts = Split.stratified(targets, equal, seed, groups);
        List<Partition> partitions = new ArrayList<>();
        for (int f = 0; f < folds; f++) {
            int own = f;
            int[] others = IntStream.range(0, folds)
                    .filter(p -> p != own)
                    .flatMap(p -> Arrays.stream(parts[p]))
                    .sorted()
                    .toArray();
            byte[][] rest = new byte[others.length][];
            Arrays.setAll(rest, i -> targets[others[i]]);
            Partition two = Partition.stratified(
                    rest,
                    new double[] {training, validation, 0},
                    seed + f,
                    groups == null
                            ? null
                            : Arrays.stream(others).map(r -> groups[r]).toArray());
            partitions.add(new Partition(rows(others, two.training()), rows(others, two.validation()), parts[f]));
        }
        return partitions;
    }

    private static int[] rows(int[] from, int[] which) {
        return Arrays.stream(which).map(i -> from[i]).toArray();
    }

    /**
     * A metric over the folds.
     *
     * @param mean of the folds in which it is defined; NaN if there is none
     * @param deviation standard deviation over those folds (n - 1 in the denominator); NaN for fewer than two
     * @param folds number of those folds
     */
    public record Spread(double mean, double deviation, int folds) {

        static Spread of(List<Double> values) {
            double[] known = values.stream()
                    .mapToDouble(Double::doubleValue)
                    .filter(v -> !Double.isNaN(v))
                    .toArray();
            double mean = Arrays.stream(known).average().orElse(Double.NaN);
            double squares =
                    Arrays.stream(known).map(v -> (v - mean) * (v - mean)).sum();
            return new Spread(
                    mean, known.length < 2 ? Double.NaN : Math.sqrt(squares / (known.length - 1)), known.length);
        }
    }

    /**
     * The spread of every number among the metrics of the folds' test rows.
     *
     * @param folds the metrics of each fold
     * @return by the metric's key in metrics.json; empty without folds
     */
    public static Map<String, Spread> summary(List<Metrics> folds) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        for (Metrics m : folds) {
            JsonNode node = Json.mapper().valueToTree(m);
            node.properties().stream()
                    .filter(f -> !f.getValue().isTextual())
                    .forEach(f -> values.computeIfAbsent(f.getKey(), k -> new ArrayList<>())
                            .add(f.getValue().isNumber() ? f.getValue().asDouble() : Double.NaN));
        }
        Map<String, Spread> summary = new LinkedHashMap<>();
        values.forEach((name, all) -> summary.put(name, Spread.of(all)));
        return summary;
    }
}
