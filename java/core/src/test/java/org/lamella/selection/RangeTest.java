package org.lamella.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.data.InputException;

/** Ranges: what is drawn from them, and how they are written. */
class RangeTest {

    @Property
    void valuesStayInsideAndHaveThreeDigits(
            @ForAll @Scale(9) @DoubleRange(min = 1e-6, max = 10) double one,
            @ForAll @Scale(9) @DoubleRange(min = 1e-6, max = 10) double other,
            @ForAll boolean logarithmic,
            @ForAll long seed) {
        Assume.that(one != other);
        double low = Math.min(one, other);
        double high = Math.max(one, other);
        String text = new Range.Interval(low, high, logarithmic, false).draw(new Random(seed));
        double value = Double.parseDouble(text);
        assertThat(value).isBetween(low, high);
        assertThat(text).doesNotContainIgnoringCase("e");
        if (value != low && value != high) {
            assertThat(new BigDecimal(text).stripTrailingZeros().precision()).isLessThanOrEqualTo(3);
        }
    }

    @Property
    void batchesAreWhole(
            @ForAll @IntRange(min = 1, max = 500) int low, @ForAll @IntRange(min = 1, max = 500) int more) {
        Range range = Range.parse(Hyperparameter.BATCH, low + ".." + (low + more) + ":log");
        Random random = new Random(low);
        for (int i = 0; i < 20; i++) {
            assertThat(Integer.parseInt(range.draw(random))).isBetween(low, low + more);
        }
    }

    @Property
    void rangesAreReadAsTheyAreWritten(
            @ForAll @Scale(9) @DoubleRange(min = 1e-9, max = 1e3) double low,
            @ForAll @Scale(9) @DoubleRange(min = 1e-9, max = 1e3) double width,
            @ForAll boolean logarithmic) {
        Assume.that(low < low + width);
        Range range = new Range.Interval(low, low + width, logarithmic, false);
        assertThat(Range.parse(Hyperparameter.WEIGHT_DECAY, range.text())).isEqualTo(range);
    }

    /** Of a logarithmic range, each power of ten gets as many values. */
    @Test
    void logarithmicValuesAreSpreadOverThePowersOfTen() {
        Range range = Range.parse(Hyperparameter.LEARNING_RATE, "1e-4..1e-1:log");
        Random random = new Random(4);
        int[] counts = new int[3];
        IntStream.range(0, 3000)
                .mapToDouble(i -> Double.parseDouble(range.draw(random)))
                .forEach(v -> counts[Math.min(2, (int) Math.floor(Math.log10(v) + 4))]++);
        assertThat(IntStream.of(counts).boxed()).allSatisfy(n -> assertThat(n).isBetween(900, 1100));
        Range linear = Range.parse(Hyperparameter.LEARNING_RATE, "1e-4..1e-1");
        assertThat(IntStream.range(0, 3000)
                        .filter(i -> Double.parseDouble(linear.draw(random)) > 0.01)
                        .count())
                .isGreaterThan(2600);
    }

    @Test
    void listsAreDrawnFrom() {
        Range range = Range.parse(Hyperparameter.NETWORK, "linear, mlp");
        assertThat(range).isEqualTo(new Range.Choices(List.of("linear", "mlp")));
        Random random = new Random(1);
        assertThat(IntStream.range(0, 50).mapToObj(i -> range.draw(random))).contains("linear", "mlp");
        assertThat(Range.parse(Hyperparameter.BATCH, "32").text()).isEqualTo("32");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learning-rate | 0..1 | 0 is not possible: it is above 0",
                "learning-rate | 1..0.1 | 1.0..0.1 is no interval",
                "learning-rate | a..b | 'a' is no number",
                "learning-rate | 0.1,,0.2 | a value is empty",
                "weight-decay | 0..1:log | a logarithmic interval begins above 0",
                "weight-decay | -1..1 | -1 is not possible: it is 0 or more",
                "weight-decay | 0.1,0.1 | a value is there twice",
                "dropout | 0..1 | 1 is not possible: it is 0 to below 1",
                "batch | 16.5 | 16.5 is not possible: it is a whole number, 1 or more",
                "batch | 0,16 | 0 is not possible",
                "scale | standard,other | no scaling 'other'; there are ",
                "scale | standard..none | no scaling",
            })
    void whatIsNoRangeIsRefused(String name, String text, String message) {
        assertThatThrownBy(() -> Range.parse(Hyperparameter.of(name), text))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("range " + name + "=" + text + ": " + message);
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThatThrownBy(() -> Hyperparameter.of("learning_rate"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean learning-rate?; there are net, scale, learning-rate");
    }
}
