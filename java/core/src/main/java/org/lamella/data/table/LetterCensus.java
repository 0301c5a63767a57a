package org.lamella.data.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamella.data.InputException;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * Counts the letters of sequences, and decides which alphabet they have: on all letters, with the ambiguity codes of
 * nucleotides counted as nucleotides. Gaps, X and characters that are no letters say nothing.
 */
public final class LetterCensus {

    /** Letters of proteins that are no code of nucleotides. */
    private static final String PROTEIN_ONLY = "EFIJLOPQZ";
    /** Letters of nucleotides, and N, which is any of them. */
    private static final String PLAIN = "ACGTUN";

    /** Nucleotides have no more than this share of letters that only proteins have: those of records with errors. */
    private static final double MAX_PROTEIN_ONLY = 0.01;
    /** Proteins have at least this share of letters that only they have; usual are 0.35. */
    private static final double MIN_PROTEIN_ONLY = 0.05;
    /** Nucleotides have at least this share of plain letters, proteins less; usual of proteins are 0.26. */
    private static final double PLAIN_SHARE = 0.6;

    private final long[] counts = new long[26];
    private long gaps;
    private long lower;
    private long stars;

    /**
     * Where the stars at the end of a sequence begin.
     *
     * @param sequence as it is in the file
     * @return its length without them
     */
    public static int end(String sequence) {
        int end = sequence.length();
        while (end > 0 && sequence.charAt(end - 1) == '*') {
            end--;
        }
        return end;
    }

    /**
     * Counts the letters of a sequence.
     *
     * @param sequence as it is in the file
     */
    public void add(String sequence) {
        int end = end(sequence);
        stars += end < sequence.length() ? 1 : 0;
        for (int i = 0; i < end; i++) {
            char c = sequence.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                counts[c - 'A']++;
            } else if (c >= 'a' && c <= 'z') {
                counts[c - 'a']++;
                lower++;
            } else if (c == '-' || c == '.') {
                gaps++;
            }
        }
    }

    private long of(String letters) {
        return letters.chars().mapToLong(c -> counts[c - 'A']).sum();
    }

    /** Letters that say something about the alphabet. */
    private long letters() {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        return all - of("X");
    }

    /**
     * Decides the alphabet.
     *
     * @return the alphabet of the sequences
     * @throws InputException if they could be of both; the message has both remedies
     */
    public Alphabet alphabet() {
        double all = Math.max(1, letters());
        double proteinOnly = of(PROTEIN_ONLY) / all;
        double plain = of(PLAIN) / all;
        if (proteinOnly <= MAX_PROTEIN_ONLY && plain >= PLAIN_SHARE) {
            return Alphabet.NUCLEOTIDE;
        }
        if (proteinOnly >= MIN_PROTEIN_ONLY && plain < PLAIN_SHARE) {
            return Alphabet.PROTEIN;
        }
        throw new InputException(Phrase.format(
                "the sequences could be nucleotides or proteins: of %,d letters %.1f %% are A, C, G, T, U or N, and "
                        + "%.1f %% are letters that only proteins have; give %s nucleotide or %s protein",
                letters(), 100 * plain, 100 * proteinOnly, Setting.ALPHABET, Setting.ALPHABET));
    }

    /** {@return whether the sequences are nucleotides with more U than T} */
    public boolean isRna() {
        return of("U") > of("T") && !contradicts(Alphabet.NUCLEOTIDE);
    }

    /**
     * What the letters are and what happens to the special ones.
     *
     * @param encoding of the sequences
     * @param guessed whether the alphabet was decided on these letters
     * @return one line
     */
    public Phrase text(SequenceEncoding encoding, boolean guessed) {
        Alphabet alphabet = encoding.alphabet();
        boolean nucleotide = alphabet == Alphabet.NUCLEOTIDE;
        List<Phrase> parts = new ArrayList<>();
        double all = Math.max(1, letters());
        parts.add(Phrase.format(
                "alphabet %s%s: of %,d letters %.1f %% are %s",
                alphabet.text(),
                guessed ? " (decided on all letters)" : "",
                letters(),
                100 * of(nucleotide ? "ACGTU" : alphabet.letters()) / all,
                nucleotide ? "A, C, G, T or U (U counts as T)" : "amino acids"));
        long codes = nucleotide ? of("RYSWKMBDHVNX") : of("BZJUOX");
        if (codes > 0) {
            parts.add(Phrase.format(
                    "ambiguous letters: %,d%s",
                    codes, encoding.keepsPositions() ? "" : ", which no counted word or pair spans"));
        }
        if (lower > 0) {
            parts.add(Phrase.format("lower case letters (soft masks), which count as upper case: %,d", lower));
        }
        if (gaps > 0) {
            parts.add(
                    encoding.stripGaps()
                            ? Phrase.format("gaps (- and .) that are taken out: %,d", gaps)
                            : Phrase.format(
                                    encoding.keepsPositions()
                                            ? "gaps (- and .), each a position without a letter: %,d; %s takes them out"
                                            : "gaps (- and .), which no counted word or pair spans: %,d; %s takes "
                                                    + "them out",
                                    gaps,
                                    Setting.STRIP_GAPS));
        }
        if (stars > 0) {
            parts.add(Phrase.format("sequences whose * at the end is left out: %,d", stars));
        }
        return Phrase.join("; ", parts);
    }

    /**
     * Whether the letters are clearly those of another alphabet.
     *
     * @param expected the alphabet that a model was trained on
     * @return true for nucleotides where proteins are expected, and the reverse
     */
    public boolean contradicts(Alphabet expected) {
        try {
            return alphabet() != expected;
        } catch (InputException ambiguous) {
            return false;
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d letters, %d gaps", letters(), gaps);
    }
}
