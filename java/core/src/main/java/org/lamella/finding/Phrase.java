package org.lamella.finding;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A text that refers to settings; the names of the settings are filled in when it is shown. Immutable. */
public final class Phrase {

    private final String format;
    private final Object[] values;

    private Phrase(String format, Object[] values) {
        this.format = format;
        this.values = values;
    }

    /**
     * A text as it is.
     *
     * @param text anything
     * @return the phrase
     */
    public static Phrase of(String text) {
        return new Phrase("%s", new Object[] {text});
    }

    /**
     * A text with values.
     *
     * @param format of {@link String#format} with {@link Locale#ROOT}; {@code %s} for settings and phrases
     * @param values numbers and texts, settings, and other phrases
     * @return the phrase
     */
    public static Phrase format(String format, Object... values) {
        return new Phrase(format, values.clone());
    }

    /**
     * Several phrases as one.
     *
     * @param separator between two phrases
     * @param phrases any number
     * @return the phrase
     */
    public static Phrase join(String separator, List<Phrase> phrases) {
        return new Phrase(
                String.join(
                        separator.replace("%", "%%"),
                        phrases.stream().map(p -> "%s").toList()),
                phrases.toArray());
    }

    /**
     * The text with the names of the settings filled in.
     *
     * @param names gives the name of a setting
     * @return one line
     */
    public String text(Function<Setting, String> names) {
        Object[] shown = new Object[values.length];
        for (int i = 0; i < shown.length; i++) {
            Object value = values[i];
            shown[i] = value instanceof Setting setting
                    ? names.apply(setting)
                    : value instanceof Phrase phrase ? phrase.text(names) : value;
        }
        return String.format(Locale.ROOT, format, shown);
    }

    /** {@return the text with the names of the settings in Java} */
    public String text() {
        return text(Setting::text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Phrase p && format.equals(p.format) && Arrays.equals(values, p.values);
    }

    @Override
    public int hashCode() {
        return 31 * format.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return text();
    }
}
