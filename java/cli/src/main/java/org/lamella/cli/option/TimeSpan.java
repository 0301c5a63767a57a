package org.lamella.cli.option;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.data.InputException;
import picocli.CommandLine.ITypeConverter;

/** A time as people write it: {@code 90s}, {@code 5m}, {@code 1.5h}. */
public final class TimeSpan implements ITypeConverter<Duration> {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)([smh])");
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    /** For picocli. */
    public TimeSpan() {}

    /**
     * Reads a time.
     *
     * @param text a number and s, m or h
     * @return above 0
     * @throws InputException if it is something else, or 0
     */
    @Override
    public Duration convert(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw refusal(text);
        }
        int unit = switch (parts.group(2)) {
            case "s" -> 1;
            case "m" -> MINUTE;
            default -> HOUR;
        };
        BigDecimal seconds = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit));
        if (seconds.signum() == 0) {
            throw refusal(text);
        }
        return Duration.ofMillis(seconds.multiply(MILLIS).longValueExact());
    }

    private static InputException refusal(String text) {
        return new InputException("no time '" + text + "'; write a number above 0 and its unit: 90s, 5m or 1h");
    }

    /**
     * Writes a time as {@link #convert} reads it.
     *
     * @param time above 0
     * @return with the largest unit of which it is a whole number
     */
    public static String text(Duration time) {
        long millis = time.toMillis();
        if (millis % (HOUR * MILLIS.longValue()) == 0) {
            return time.toHours() + "h";
        }
        if (millis % (MINUTE * MILLIS.longValue()) == 0) {
            return time.toMinutes() + "m";
        }
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
    }
}
