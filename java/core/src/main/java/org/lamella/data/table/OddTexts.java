package org.lamella.data.table;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of a column that are probably no categories: sequences, numbers with units, and numbers with other signs. */
final class OddTexts {

    private static final int MAX_LOOKED_AT = 1000;
    /** Up to this number of different texts, ranges such as 10-19 are rather classes. */
    private static final int MAX_CLASSES = 10;

    /** A word of a language is not this long and in capital letters. */
    private static final Pattern LONG = Pattern.compile("[ACGTUNacgtun*-]{15,}|[A-Z*-]{15,}");
    /** Letters of nucleotides or amino acids only: peptides of 8 letters are common. */
    private static final Pattern SHORT = Pattern.compile("[ACGTUNacgtun*-]{8,}|[ACDEFGHIKLMNPQRSTVWXY]{8,}");
    /** Where the column is called sequence. */
    private static final Pattern NAMED = Pattern.compile("[ACGTUNacgtun*-]{3,}|[A-Z*-]{3,}");

    private static final Pattern NAME =
            Pattern.compile("(?i)(.*[_ .-])?(seq|sequence|peptide|oligo|primer|cdr3|kmer|epitope)s?");

    private static final Pattern WITH_UNIT =
            Pattern.compile("[-+]?(\\d[\\d.,]*)(\\s?)([A-Za-z\u00b5\u03bc\u00b0\u03a9/\u00b2\u00b3]{1,6})");
    private static final Set<String> UNITS = Set.of(
            "kg", "mg", "ug", "\u00b5g", "\u03bcg", "ng", "km", "cm", "mm", "um", "\u00b5m", "\u03bcm", "nm", "kb",
            "kbp", "bp", "Mb", "nt", "aa", "Da", "kDa", "h", "hr", "hrs", "min", "mins", "sec", "ms", "d", "days",
            "weeks", "months", "yr", "yrs", "years", "mM", "uM", "\u00b5M", "\u03bcM", "nM", "ml", "mL", "ul",
            "\u00b5l", "Hz", "kHz", "MHz", "ppm", "\u00b0C", "K", "rpm");

    /** Brackets, a bound or a sign; numbers joined by signs; a range or an error in brackets. */
    private static final Pattern LIKE_NUMBER =
            Pattern.compile("[<>~\u2264\u2265\u2248=+\\-\u2212\u00b1(\\[{]{0,2}\\s?\\d[\\d.,]*"
                    + "(\\s?([;:,/\u00d7\u00b1\u2013-]|\\.\\.|to)\\s?[-+]?\\d[\\d.,]*)*(\\s?\\([-+\u00b1\\d.,]+\\))?"
                    + "\\s?[)\\]}%-]?|0[xX][0-9a-fA-F]+");
    /** Names of digits: versions and addresses, numbers of chemicals, dates without a year. */
    private static final Pattern NAME_OF_DIGITS = Pattern.compile("\\d+(\\.\\d+){2,}|\\d{2,7}-\\d\\d-\\d|0\\d+");

    private OddTexts() {}

    /** Whether nearly all of the texts are sequences. */
    static boolean areSequences(String name, List<String> texts) {
        boolean named = NAME.matcher(name).matches();
        return texts.size() > 2
                && (nearlyAll(texts, t -> (named ? NAMED : LONG).matcher(t).matches())
                        || (texts.size() > MAX_CLASSES
                                && nearlyAll(texts, t -> SHORT.matcher(t).matches())));
    }

    /**
     * Whether all texts are numbers with the same unit, after a blank or a known one; {@code 5S} and {@code 16S} not.
     */
    static boolean haveUnits(List<String> texts) {
        Set<String> units = new HashSet<>();
        for (String text : texts) {
            Matcher m = WITH_UNIT.matcher(text);
            if (!m.matches() || (m.group(2).isEmpty() && !UNITS.contains(m.group(3)))) {
                return false;
            }
            units.add(m.group(3));
        }
        return texts.size() > 2 && units.size() == 1;
    }

    /** Whether nearly all texts begin as numbers do, and are too many for classes or all different. */
    static boolean areLikeNumbers(List<String> texts, boolean unique) {
        return texts.size() > (unique ? 2 : MAX_CLASSES)
                && nearlyAll(
                        texts,
                        t -> LIKE_NUMBER.matcher(t).matches()
                                && !NAME_OF_DIGITS.matcher(t).matches());
    }

    private static boolean nearlyAll(List<String> texts, Predicate<String> kind) {
        long found = texts.stream().limit(MAX_LOOKED_AT).filter(kind).count();
        return 10 * found >= 9L * Math.min(MAX_LOOKED_AT, texts.size());
    }
}
