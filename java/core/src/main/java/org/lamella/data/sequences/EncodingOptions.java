package org.lamella.data.sequences;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.table.LetterCensus;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * Options of an encoding; values that are left open depend on the sequences.
 *
 * @param method the encoding
 * @param alphabet null to detect it from the sequences
 * @param length positions; 0 for the longest sequence, up to 1 000
 * @param crop which part of a longer sequence is kept
 * @param k letters per word, for methods that count words
 * @param lag largest distance between dinucleotides, for methods that compare them
 * @param weight of the correlation terms in pseudo compositions
 * @param stripGaps whether gaps of alignments, - and ., are taken out
 */
public record EncodingOptions(
        SequenceEncoding.Method method,
        @Nullable Alphabet alphabet,
        int length,
        SequenceEncoding.Crop crop,
        int k,
        int lag,
        double weight,
        boolean stripGaps) {

    private static final int MAX_CHOSEN_LENGTH = 1000;

    /**
     * Checks the length.
     *
     * @throws InputException if it is below 0 or above {@link SequenceEncoding#MAX_LENGTH}
     */
    public EncodingOptions {
        if (length < 0 || length > SequenceEncoding.MAX_LENGTH) {
            throw new InputException(
                    Phrase.format("%s must be 1 to %d, got %d", Setting.LENGTH, SequenceEncoding.MAX_LENGTH, length));
        }
    }

    /**
     * One-hot.
     *
     * @param alphabet null to detect it from the sequences
     * @param length positions; 0 for the longest sequence, up to 1 000
     * @param crop which part of a longer sequence is kept
     * @return the options
     */
    public static EncodingOptions oneHot(@Nullable Alphabet alphabet, int length, SequenceEncoding.Crop crop) {
        return new EncodingOptions(SequenceEncoding.Method.ONE_HOT, alphabet, length, crop, 0, 0, 0, false);
    }

    /** {@return one-hot; both ends of sequences that are longer than 1 000} */
    public static EncodingOptions defaults() {
        return oneHot(null, 0, SequenceEncoding.Crop.ENDS);
    }

    /**
     * The encoding for some sequences.
     *
     * @param sequences decide the values that are left open
     * @return the encoding
     * @throws InputException if the options contradict each other or the alphabet, or the letters do not say which
     *     alphabet it is
     */
    public SequenceEncoding encoding(List<String> sequences) {
        Alphabet letters = alphabet;
        if (letters == null) {
            LetterCensus census = new LetterCensus();
            sequences.forEach(census::add);
            letters = census.alphabet();
        }
        SequenceEncoding whole =
                new SequenceEncoding(method, letters, SequenceEncoding.MAX_LENGTH, crop, k, lag, weight, stripGaps);
        int longest = sequences.stream()
                .mapToInt(s -> whole.letters(s).length())
                .max()
                .orElse(1);
        return new SequenceEncoding(
                method,
                letters,
                length == 0 ? Math.max(1, Math.min(MAX_CHOSEN_LENGTH, longest)) : length,
                crop,
                k,
                lag,
                weight,
                stripGaps);
    }

    /**
     * The same options with a known alphabet.
     *
     * @param letters the alphabet
     * @return the options
     */
    public EncodingOptions withAlphabet(Alphabet letters) {
        return new EncodingOptions(method, letters, length, crop, k, lag, weight, stripGaps);
    }
}
