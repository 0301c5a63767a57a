package org.lamella.selection;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;

/** Reads ranges, and tests their values. */
final class RangeText {

    private static final Pattern INTERVAL = Pattern.compile("(.+)\\.\\.(.+?)(:log)?");

    private final Hyperparameter of;
    private final String text;

    private RangeText(Hyperparameter of, String text) {
        this.of = of;
        this.text = text;
    }

    static Range parse(Hyperparameter of, String text) {
        return new RangeText(of, text).range();
    }

    private Range range() {
        Matcher interval = INTERVAL.matcher(text);
        if (of.isName() || !interval.matches()) {
            return choices();
        }
        double low = number(interval.group(1));
        double high = number(interval.group(2));
        try {
            return new Range.Interval(low, high, interval.group(3) != null, of == Hyperparameter.BATCH);
        } catch (IllegalArgumentException e) {
            throw refusal(String.valueOf(e.getMessage()));
        }
    }

    private Range choices() {
        List<String> values =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        for (String value : values) {
            if (value.isEmpty()) {
                throw refusal("a value is empty");
            }
            if (of == Hyperparameter.SCALE) {
                scale(value);
            } else if (!of.isName()) {
                number(value);
            }
        }
        if (values.stream().distinct().count() < values.size()) {
            throw refusal("a value is there twice");
        }
        return new Range.Choices(values);
    }

    private void scale(String value) {
        try {
            FeatureScaling.Method.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw refusal("no scaling '" + value + "'; there are "
                    + String.join(
                            ", ",
                            Arrays.stream(FeatureScaling.Method.values())
                                    .map(m -> m.name().toLowerCase(Locale.ROOT))
                                    .toList()));
        }
    }

    private double number(String value) {
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw refusal("'" + value + "' is no number");
        }
        boolean fits = switch (of) {
            case LEARNING_RATE -> number > 0;
            case DROPOUT -> number >= 0 && number < 1;
            case BATCH -> number >= 1 && number == Math.rint(number) && number <= Integer.MAX_VALUE;
            default -> number >= 0;
        };
        if (!fits || Double.isInfinite(number)) {
            throw refusal(value + " is not possible: it is "
                    + switch (of) {
                        case LEARNING_RATE -> "above 0";
                        case DROPOUT -> "0 to below 1";
                        case BATCH -> "a whole number, 1 or more";
                        default -> "0 or more";
                    });
        }
        return number;
    }

    private InputException refusal(String why) {
        return new InputException("range " + of.text() + "=" + text + ": " + why + "; write "
                + (of.isName()
                        ? "names with commas between them"
                        : "LOW..HIGH, LOW..HIGH:log, or values with commas " + "between them"));
    }
}
