package org.lamella.selection;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Random;
import org.lamella.data.InputException;

/** The values that a search tries for one hyperparameter. */
public sealed interface Range {

    /**
     * A value at random.
     *
     * @param random decides
     * @return as text, of which the same value is read again
     */
    String draw(Random random);

    /** {@return as {@link #parse} reads it} */
    String text();

    /**
     * Values of a list, all equally often.
     *
     * @param values at least one, none twice
     */
    record Choices(List<String> values) implements Range {
        /**
         * Copies the list.
         *
         * @param values at least one, none twice
         * @throws IllegalArgumentException if it is empty
         */
        public Choices {
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("a range has at least one value");
            }
        }

        @Override
        public String draw(Random random) {
            return values.get(random.nextInt(values.size()));
        }

        @Override
        public String text() {
            return String.join(",", values);
        }
    }

    /**
     * Numbers of an interval, rounded to three significant digits.
     *
     * @param low the smallest
     * @param high the largest, above the smallest
     * @param logarithmic true for equally many values in 0.001..0.01 and 0.01..0.1; the smallest is then above 0
     * @param whole true for whole numbers
     */
    record Interval(double low, double high, boolean logarithmic, boolean whole) implements Range {

        private static final MathContext DIGITS = new MathContext(3);

        /**
         * Checks the numbers.
         *
         * @param low the smallest
         * @param high the largest
         * @param logarithmic true to spread values over powers of ten
         * @param whole true for whole numbers
         * @throws IllegalArgumentException if they are not finite or not ascending, or the interval is logarithmic and
         *     does not begin above 0
         */
        public Interval {
            if (!(low < high) || Double.isInfinite(high - low)) {
                throw new IllegalArgumentException(low + ".." + high + " is no interval");
            }
            if (logarithmic && !(low > 0)) {
                throw new IllegalArgumentException("a logarithmic interval begins above 0, not at " + low);
            }
        }

        @Override
        public String draw(Random random) {
            double share = random.nextDouble();
            double value = logarithmic
                    ? StrictMath.exp(StrictMath.log(low) + share * (StrictMath.log(high) - StrictMath.log(low)))
                    : low + share * (high - low);
            double rounded = whole
                    ? StrictMath.rint(value)
                    : new BigDecimal(value).round(DIGITS).doubleValue();
            return plain(Math.max(low, Math.min(high, rounded)));
        }

        @Override
        public String text() {
            return plain(low) + ".." + plain(high) + (logarithmic ? ":log" : "");
        }
    }

    /** A number without an exponent, and without a fraction of zeros. */
    private static String plain(double value) {
        return value == 0
                ? "0"
                : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    /**
     * Reads a range.
     *
     * @param of what it is for
     * @param text {@code LOW..HIGH}, {@code LOW..HIGH:log}, or values with commas between them
     * @return the range
     * @throws InputException if it is not a range, or has values that the hyperparameter cannot have
     */
    static Range parse(Hyperparameter of, String text) {
        return RangeText.parse(of, text);
    }
}
