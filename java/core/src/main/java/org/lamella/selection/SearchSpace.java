package org.lamella.selection;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.training.TrainingSettings;
import org.lamella.training.UsualNetwork;

/** A range for every hyperparameter. Immutable. */
public final class SearchSpace {

    /** Draws per configuration, after which a small space counts as exhausted. */
    private static final int MOST_DRAWS = 100;

    private final Map<Hyperparameter, Range> ranges;

    private SearchSpace(Map<Hyperparameter, Range> ranges) {
        this.ranges = ranges;
    }

    /**
     * The usual ranges for some rows: {@code linear}, {@code mlp-small} and {@code mlp}, for one-hot sequences the
     * {@linkplain UsualNetwork usual network}; the scalings that differ on these rows; learning rates of 0.0001 to 0.01
     * for Adam and AdamW and of 0.001 to 1 for SGD and Nesterov; weight decays of 0.000001 to 1 (SGD and Nesterov: to
     * 0.01); dropout of 0 to 0.7; batches of 16 to 128.
     *
     * @param data all rows
     * @param rows those that may be looked at
     * @param base says which optimizer it is
     * @return the space
     */
    public static SearchSpace usual(Dataset data, int[] rows, TrainingSettings base) {
        boolean adam = base.rule().kind().isAdam();
        String network = UsualNetwork.of(data).name();
        Map<Hyperparameter, Range> usual = new EnumMap<>(Hyperparameter.class);
        usual.put(
                Hyperparameter.NETWORK,
                new Range.Choices(network.equals("mlp") ? List.of("linear", "mlp-small", "mlp") : List.of(network)));
        usual.put(
                Hyperparameter.SCALE,
                new Range.Choices(CandidateRounds.scalings(data, rows).stream()
                        .map(m -> m.name().toLowerCase(Locale.ROOT))
                        .toList()));
        usual.put(Hyperparameter.LEARNING_RATE, new Range.Interval(adam ? 1e-4 : 1e-3, adam ? 1e-2 : 1, true, false));
        usual.put(Hyperparameter.WEIGHT_DECAY, new Range.Interval(1e-6, adam ? 1 : 1e-2, true, false));
        usual.put(Hyperparameter.DROPOUT, new Range.Interval(0, 0.7, false, false));
        usual.put(Hyperparameter.BATCH, new Range.Choices(List.of("16", "32", "64", "128")));
        return new SearchSpace(usual);
    }

    /**
     * The space with another range.
     *
     * @param of what the range is for
     * @param range its values
     * @return a new space
     */
    public SearchSpace with(Hyperparameter of, Range range) {
        Map<Hyperparameter, Range> all = new EnumMap<>(ranges);
        all.put(of, range);
        return new SearchSpace(all);
    }

    /**
     * The range of a hyperparameter.
     *
     * @param of which
     * @return its range
     */
    public Range range(Hyperparameter of) {
        return Objects.requireNonNull(ranges.get(of), "every hyperparameter has a range");
    }

    /**
     * Different configurations at random. A longer list begins with the shorter one of the same seed.
     *
     * @param count 1 or more
     * @param seed decides
     * @param fit leaves out of a configuration what its network does not have
     * @return fewer if the space has no more
     */
    List<Configuration> draw(int count, long seed, UnaryOperator<Configuration> fit) {
        Random random = new Random(seed);
        Set<Configuration> all = new LinkedHashSet<>();
        int fruitless = 0;
        while (all.size() < count && fruitless < MOST_DRAWS) {
            fruitless = all.add(fit.apply(draw(random))) ? 0 : fruitless + 1;
        }
        return new ArrayList<>(all);
    }

    private Configuration draw(Random random) {
        Map<Hyperparameter, String> drawn = new EnumMap<>(Hyperparameter.class);
        for (Hyperparameter h : Hyperparameter.values()) {
            drawn.put(h, range(h).draw(random));
        }
        return new Configuration(
                value(drawn, Hyperparameter.NETWORK),
                FeatureScaling.Method.valueOf(value(drawn, Hyperparameter.SCALE).toUpperCase(Locale.ROOT)),
                Double.parseDouble(value(drawn, Hyperparameter.LEARNING_RATE)),
                Double.parseDouble(value(drawn, Hyperparameter.WEIGHT_DECAY)),
                Double.valueOf(value(drawn, Hyperparameter.DROPOUT)),
                (int) Double.parseDouble(value(drawn, Hyperparameter.BATCH)));
    }

    private static String value(Map<Hyperparameter, String> drawn, Hyperparameter of) {
        return Objects.requireNonNull(drawn.get(of), "every hyperparameter is drawn");
    }

    /** One line per hyperparameter, as ranges are written. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        ranges.forEach((of, range) -> lines.add(of.text() + "=" + range.text()));
        return String.join("\n", lines);
    }
}
