package org.lamella.data.table;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a cell of a text file is. */
public enum CellKind {
    /** A finite decimal number. */
    NUMBER,
    /** A spelling of a missing value in every column. */
    MISSING,
    /** A spelling of a missing value among numbers, but a text among texts. */
    WEAKLY_MISSING,
    /** An infinite number, or one that is too large for a float. */
    INFINITE,
    /** A number with a decimal comma. */
    DECIMAL_COMMA,
    /** A number with a decimal comma, or with a comma between thousands. */
    COMMA,
    /** A number with separators between thousands. */
    THOUSANDS,
    /** A percentage. */
    PERCENT,
    /** A number with a unit or a currency, or with a minus sign that is no hyphen. */
    UNIT,
    /** A date, or a time. */
    DATE,
    /** A formula of a spreadsheet, a number with an exponent of Fortran, or one with its error. */
    NOTATION,
    /** Any other text. */
    TEXT;

    private static final Pattern COMMA_NUMBER = Pattern.compile("[-+]?\\d*,\\d+([eE][-+]?\\d+)?");
    private static final Pattern COMMA_THOUSANDS = Pattern.compile("[-+]?[1-9]\\d{0,2},\\d{3}");
    private static final Pattern THOUSANDS_TWICE = Pattern.compile(
            "[-+]?[1-9]\\d{0,2}((,\\d{3}){2,}(\\.\\d+)?|(,\\d{3})+\\.\\d+|(\\.\\d{3}){2,}(,\\d+)?|(\\.\\d{3})+,\\d+"
                    + "|([ '\u00a0\u202f]\\d{3})+([.,]\\d+)?)");
    private static final Pattern PERCENTAGE = Pattern.compile("[-+]?[\\d.,]+\\s?%");
    private static final Pattern UNITS = Pattern.compile("[-+]?[$\u20ac\u00a3\u00a5]\\s?\\d[\\d.,]*"
            + "|[-+]?\\d*[.,]\\d+\\s?([$\u20ac\u00a3\u00a5]|[A-Za-z\u00b5\u03bc\u00b0\u03a9/\u00b2\u00b3]{1,6})"
            + "|\u2212\\s?\\d*[.,]?\\d+([eE][-+]?\\d+)?");
    private static final String MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february"
            + "|march|april|june|july|august|september|october|november|december)";
    private static final Pattern DATES =
            Pattern.compile("(?:18|19|20)\\d\\d-(?:0[1-9]|1[0-2])|\\d{1,2}[- ]" + MONTH + "|" + MONTH
                    + "[- ](?:\\d{4}|\\d{2})|\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}([T ].*)?"
                    + "|\\d{1,2}[-/.]\\d{1,2}[-/.](\\d{4}|\\d{2})( .*)?"
                    + "|\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?( ?[AaPp][Mm])?"
                    + "|\\d{1,2}[- ][A-Za-z]{3,9}[- ](\\d{4}|\\d{2})|[A-Za-z]{3,9} \\d{1,2},? \\d{4}");
    private static final Pattern NOTATIONS = Pattern.compile("=[^\"].*"
            + "|[-+]?(\\d+\\.?\\d*|\\.\\d+)[dD][-+]\\d{1,3}"
            + "|[-+]?\\d*[.,]?\\d+\\s?(\u00b1|\\+/-|\\+-)\\s?\\d*[.,]?\\d+");

    /**
     * The kind of a cell.
     *
     * @param text the cell, without white space around it
     * @return its kind
     */
    public static CellKind of(String text) {
        CellKind missing = missing(text);
        if (missing != TEXT) {
            return missing;
        }
        char start = text.charAt(0);
        boolean numeric =
                (start >= '0' && start <= '9') || start == '-' || start == '+' || start == '.' || start == ',';
        if (isNumber(text)) {
            return Float.isInfinite(Float.parseFloat(text)) ? INFINITE : NUMBER;
        }
        if (text.matches("[-+]?(?i:inf|infinity)|[-+]?\u221e")) {
            return INFINITE;
        }
        if (numeric && COMMA_THOUSANDS.matcher(text).matches()) {
            return COMMA;
        }
        if (numeric && COMMA_NUMBER.matcher(text).matches()) {
            return DECIMAL_COMMA;
        }
        if (numeric && THOUSANDS_TWICE.matcher(text).matches()) {
            return THOUSANDS;
        }
        if (numeric && PERCENTAGE.matcher(text).matches()) {
            return PERCENT;
        }
        if (text.length() <= 40 && UNITS.matcher(text).matches()) {
            return UNIT;
        }
        if (text.length() <= 40 && DATES.matcher(text).matches()) {
            return DATE;
        }
        return (numeric || start == '=') && NOTATIONS.matcher(text).matches() ? NOTATION : TEXT;
    }

    /** {@link #MISSING} or {@link #WEAKLY_MISSING}, or {@link #TEXT} for everything else. */
    private static CellKind missing(String text) {
        if (text.length() > 5) {
            return TEXT;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "?", "na", "n/a", "#n/a", "#na", "<na>", "null", "nan" -> MISSING;
            case "none", "-", ".", "--" -> WEAKLY_MISSING;
            default -> TEXT;
        };
    }

    /**
     * Whether a text is a decimal number: digits, one point, an exponent, a sign; no hexadecimal number, no suffix.
     *
     * @param text without white space around it
     * @return true for a number, also one that is too large for a float
     */
    public static boolean isNumber(String text) {
        int i = 0;
        int n = text.length();
        if (i < n && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
            i++;
        }
        int digits = 0;
        boolean point = false;
        for (; i < n; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (digits == 0) {
            return false;
        }
        if (i == n) {
            return true;
        }
        return (text.charAt(i) == 'e' || text.charAt(i) == 'E')
                && text.substring(i + 1).matches("[-+]?[0-9]{1,9}");
    }
}
