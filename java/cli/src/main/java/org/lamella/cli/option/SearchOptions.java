package org.lamella.cli.option;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.selection.Effort;
import org.lamella.selection.Hyperparameter;
import org.lamella.selection.Range;
import org.lamella.selection.SearchSpace;
import org.lamella.selection.Tuner;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** What is searched, how, and for how long. */
public final class SearchOptions implements OptionGroup {

    @Option(
            names = "--range",
            paramLabel = "NAME=VALUES",
            description = "Values to try, once per name: learning-rate, weight-decay or dropout=LOW..HIGH, with :log "
                    + "for equally many values per power of ten (learning-rate=1e-4..1e-1:log), or a list "
                    + "(batch=16,32,64; net=linear,mlp; scale=standard,maxabs). dropout is the rate of all dropout "
                    + "layers; a network without any gets one after every hidden dense layer. What is given by hand "
                    + "(--net, --scale, --learning-rate, --weight-decay, --batch) is kept (default: net=linear,"
                    + "mlp-small,mlp, for one-hot sequences seqcnn or seqcnn-short; the scalings that differ on the "
                    + "data; learning-rate=0.0001..0.01:log, for sgd and nesterov 0.001..1:log; "
                    + "weight-decay=0.000001..1:log, for sgd and nesterov ..0.01:log; dropout=0..0.7; "
                    + "batch=16,32,64,128).")
    private List<String> ranges = new ArrayList<>();

    @Option(
            names = "--search",
            paramLabel = "NAME",
            defaultValue = "hyperband",
            description = "hyperband: many settings with few epochs first, then the best third with three times the "
                    + "epochs, up to --epochs; or random: all settings with --epochs (default: ${DEFAULT-VALUE}).")
    private Tuner.Method search;

    @Option(
            names = "--trials",
            paramLabel = "N",
            description = "Number of settings (default: one pass of Hyperband, 49 for 50 epochs; with --search random "
                    + "20). With a larger number, the same command goes on.")
    private @Nullable Integer trials;

    @Option(
            names = "--effort",
            paramLabel = "NAME",
            defaultValue = "standard",
            description = "Networks per setting: quick (on 1 of 3 folds), standard (2 of 5) or thorough (4 of 10) "
                    + "(default: ${DEFAULT-VALUE}).")
    private Effort effort;

    @Option(
            names = "--budget",
            converter = TimeSpan.class,
            paramLabel = "TIME",
            description = "Time for the search: a number and s, m or h, such as 90s, 5m or 1h. What would probably "
                    + "not be trained in time is not begun; the same command goes on. With --folds, the searches "
                    + "share it. The result then depends on the speed of the machine; without it, the same command "
                    + "gives the same bits (default: no limit).")
    private @Nullable Duration budget;

    /**
     * Reads the ranges, before any file is read.
     *
     * @param given of the command line
     * @return by hyperparameter; what is given by hand is a range of one value
     * @throws InputException if a range cannot be used, is there twice, or is also given by hand
     */
    public Map<Hyperparameter, Range> ranges(ParseResult given) {
        if (trials != null && trials < 1) {
            throw new InputException("--trials must be 1 or more, got " + trials);
        }
        Map<Hyperparameter, Range> all = new EnumMap<>(Hyperparameter.class);
        for (String text : ranges) {
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw new InputException("--range " + text + ": no '='; write NAME=VALUES, such as batch=16,32,64");
            }
            try {
                Hyperparameter of = Hyperparameter.of(text.substring(0, equals));
                if (all.put(of, Range.parse(of, text.substring(equals + 1))) != null) {
                    throw new InputException("there are two ranges of " + of.text() + "; give one");
                }
            } catch (InputException e) {
                throw new InputException("--range: " + e.getMessage(), e);
            }
        }
        for (Hyperparameter of : Hyperparameter.values()) {
            String flag = "--" + of.text();
            if (given.hasMatchedOption(flag)) {
                OptionSpec option = given.matchedOption(flag);
                String value = option.originalStringValues().get(0);
                if (all.containsKey(of)) {
                    throw new InputException("--range " + of.text() + "=... and " + flag + " " + value
                            + " contradict each other: one is searched, the other is kept; give one of the two");
                }
                all.put(of, one(of, value, flag));
            }
        }
        return all;
    }

    private static Range one(Hyperparameter of, String value, String flag) {
        if (of == Hyperparameter.NETWORK) {
            return new Range.Choices(List.of(value));
        }
        try {
            return Range.parse(of, value);
        } catch (InputException e) {
            throw new InputException(flag + ": " + e.getMessage(), e);
        }
    }

    /**
     * The ranges of a search.
     *
     * @param usual for the rows of the search
     * @param own of the command line
     * @return the usual ones, but for those of the command line
     */
    public static SearchSpace space(SearchSpace usual, Map<Hyperparameter, Range> own) {
        SearchSpace space = usual;
        for (Map.Entry<Hyperparameter, Range> range : own.entrySet()) {
            space = space.with(range.getKey(), range.getValue());
        }
        return space;
    }

    /**
     * Refuses ranges that change nothing for the data, and networks that it cannot have.
     *
     * @param own of the command line
     * @param data all rows
     * @param shape of one sample
     * @throws InputException if a range has no effect
     * @throws IllegalArgumentException if there is no network of a name, or it does not fit
     */
    public void requireEffects(Map<Hyperparameter, Range> own, Dataset data, Shape shape) {
        if (data.positionFeatures().cardinality() == data.width() && own.containsKey(Hyperparameter.SCALE)) {
            throw new InputException("--range scale has no effect: all features are positions of sequences, which are "
                    + "not scaled; leave it out");
        }
        if (own.get(Hyperparameter.NETWORK) instanceof Range.Choices names) {
            for (String name : names.values()) {
                if (!name.endsWith(".json")) {
                    Zoo.require(name);
                }
                NetworkFile.of(name, shape, data.labels().size());
            }
        }
    }

    /**
     * Sets method, number of settings, folds and time.
     *
     * @param tuner of one search
     * @param searches that share the time, 1 or more
     * @return the tuner
     */
    public Tuner set(Tuner tuner, int searches) {
        if (trials != null) {
            tuner.configurations(trials);
        }
        return tuner.method(search).effort(effort).budget(budget == null ? null : budget.dividedBy(searches));
    }

    /** {@return into how many folds the rows are divided, and on how many of them a setting is tried, in words} */
    public String folds() {
        return effort.compared() + " of " + effort.folds() + " folds";
    }

    /** {@return the method in lower case} */
    public String method() {
        return search.name().toLowerCase(Locale.ROOT);
    }

    /** {@return how much is compared, in lower case} */
    public String effort() {
        return effort.name().toLowerCase(Locale.ROOT);
    }

    /** {@return the options of this group, with their dashes} */
    public static List<String> names() {
        return Arrays.stream(SearchOptions.class.getDeclaredFields())
                .map(field -> field.getAnnotation(Option.class))
                .filter(java.util.Objects::nonNull)
                .map(option -> option.names()[0])
                .toList();
    }

    @Override
    public String title() {
        return "Search";
    }
}
