package org.lamella.data.sequences;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.table.LetterCensus;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.network.Shape;

/**
 * The encoding of a sequence as numbers.
 *
 * @param method the method; one-hot if null
 * @param alphabet its letters
 * @param length positions of {@code ONE_HOT} and {@code CODES}, 1 or more; the others take whole sequences
 * @param crop which part of a longer sequence is kept
 * @param k letters of a word, of {@code KMERS} and {@code PSEKNC}
 * @param lag largest distance between two dinucleotides, of the methods that compare them
 * @param weight of the correlation terms relative to the word frequencies, of the pseudo compositions
 * @param stripGaps whether gaps of alignments, - and ., are taken out first; otherwise each is a position without a
 *     letter
 */
public record SequenceEncoding(
        Method method, Alphabet alphabet, int length, Crop crop, int k, int lag, double weight, boolean stripGaps) {

    /** Methods. */
    public enum Method {
        /** A channel per letter; 1 where the letter is, shares of 1 for ambiguous letters, 0 in padding. */
        ONE_HOT,
        /**
         * One channel: 1, 2, 3 ... by letter, 0 in padding and for any other; a square picture if the length is a
         * square number.
         */
        CODES,
        /** Frequency of each word of k letters: its count divided by the number of words. */
        KMERS,
        /**
         * Pseudo dinucleotide composition, parallel correlation, with the six properties of RNA (Chen et al. 2014, Liu
         * et al. 2015).
         */
        PC_PSEDNC,
        /** The same with series correlation: each property by itself. */
        SC_PSEDNC,
        /** Dinucleotide auto covariance: a property at two places (Dong, Zhou and Guan 2009; Liu et al. 2015). */
        DAC,
        /** Dinucleotide cross covariance: two properties at two places. */
        DCC,
        /** Both. */
        DACC,
        /** Moran auto correlation (Moran 1950; Xiao et al. 2014). */
        MAC,
        /** Normalised Moreau-Broto auto correlation (Feng and Zhang 2000). */
        NMBAC,
        /** Pseudo k-tuple composition (Guo et al. 2014). */
        PSEKNC;

        /** {@return the name in lower case, such as one-hot} */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** {@return whether the features are positions of the sequence} */
        public boolean keepsPositions() {
            return this == ONE_HOT || this == CODES;
        }

        /** {@return whether it counts words whose length is a setting} */
        public boolean hasWordLength() {
            return this == KMERS || this == PSEKNC;
        }

        /** {@return whether it compares dinucleotides up to a distance that is a setting} */
        public boolean hasLag() {
            return compareTo(KMERS) > 0;
        }

        /** {@return whether it has correlation terms with a weight} */
        public boolean hasWeight() {
            return this == PC_PSEDNC || this == SC_PSEDNC || this == PSEKNC;
        }
    }

    /**
     * Parts of a sequence that is too long. A sequence that is too short is padded at its end; with END, at its start.
     */
    public enum Crop {
        /** The middle. */
        CENTER,
        /** The first positions: 5', or the N-terminus. */
        START,
        /** The last positions: 3', or the C-terminus. */
        END,
        /** Half of the first and half of the last. */
        ENDS,
        /** A window at a random place, which is always the same for a sequence. */
        RANDOM;

        /** {@return the name in lower case} */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Maximum number of positions of an encoding. */
    public static final int MAX_LENGTH = 100_000;

    private static final int MAX_FEATURES = 1_000_000;

    /**
     * Checks the ranges.
     *
     * @throws InputException if a value is out of its range, or the method does not support the alphabet
     * @throws IllegalArgumentException if the alphabet or the crop is null
     */
    public SequenceEncoding {
        if (alphabet == null || crop == null) {
            throw new IllegalArgumentException("an encoding of sequences needs an alphabet and a crop");
        }
        method = method == null ? Method.ONE_HOT : method;
        if (length < 1 || length > MAX_LENGTH) {
            throw new InputException("the length of sequences must be 1 to " + MAX_LENGTH + ", got " + length);
        }
        if (method.hasWordLength() && (k < 1 || Math.pow(alphabet.size(), k) > MAX_FEATURES)) {
            throw new InputException(Phrase.format(
                    "%s %d: words are of 1 letter or more, and there can be %d different ones at most",
                    Setting.WORD_LENGTH, k, MAX_FEATURES));
        }
        if (method.hasLag()) {
            if (alphabet != Alphabet.NUCLEOTIDE) {
                throw new InputException(Phrase.format(
                        "%s %s is for nucleotides; these sequences look like proteins (%s decides)",
                        Setting.ENCODING, method.text(), Setting.ALPHABET));
            }
            if (lag < 1 || !(weight > 0 && weight <= 1)) {
                throw new InputException(Phrase.format(
                        "%s is 1 or more and %s above 0, up to 1; got %d and %s",
                        Setting.LAG, Setting.PSEUDO_WEIGHT, lag, weight));
            }
        }
    }

    /**
     * One-hot.
     *
     * @param alphabet the channels
     * @param length positions, 1 to {@link #MAX_LENGTH}
     * @param crop which part of a longer sequence is kept
     * @throws InputException if the length is out of its range
     */
    public SequenceEncoding(Alphabet alphabet, int length, Crop crop) {
        this(Method.ONE_HOT, alphabet, length, crop, 0, 0, 0);
    }

    /**
     * An encoding that keeps gaps.
     *
     * @param method the method; one-hot if null
     * @param alphabet its letters
     * @param length positions of {@code ONE_HOT} and {@code CODES}, 1 or more
     * @param crop which part of a longer sequence is kept
     * @param k letters of a word
     * @param lag largest distance between two dinucleotides
     * @param weight of the correlation terms
     * @throws InputException if a value is out of its range, or the method does not support the alphabet
     */
    public SequenceEncoding(Method method, Alphabet alphabet, int length, Crop crop, int k, int lag, double weight) {
        this(method, alphabet, length, crop, k, lag, weight, false);
    }

    /** {@return whether the features are positions, which are not scaled, so that padding stays 0} */
    public boolean keepsPositions() {
        return method.keepsPositions();
    }

    /** {@return the number of features of a sequence} */
    public int width() {
        return switch (method) {
            case ONE_HOT -> alphabet.size() * length;
            case CODES -> length;
            default -> SequenceComposition.width(this);
        };
    }

    /** {@return the shape of the features as the input of a network; null for a vector} */
    public @Nullable Shape shape() {
        int side = (int) Math.round(Math.sqrt(length));
        return switch (method) {
            case ONE_HOT -> new Shape(alphabet.size(), 1, length);
            case CODES -> side * side == length ? new Shape(1, side, side) : new Shape(1, 1, length);
            default -> null;
        };
    }

    /** {@return the names of the features, {@link #width()} of them; of positions: letter and position from 1} */
    public List<String> features() {
        if (!keepsPositions()) {
            return SequenceComposition.names(this);
        }
        List<String> names = new ArrayList<>(width());
        for (char letter : (method == Method.ONE_HOT ? alphabet.letters() : "#").toCharArray()) {
            for (int position = 1; position <= length; position++) {
                names.add(letter + "@" + position);
            }
        }
        return names;
    }

    /**
     * The part of a sequence that is encoded.
     *
     * @param sequence as it is in the file
     * @return without the stars at its end, which say that it is complete; without gaps if they are stripped
     */
    public String letters(String sequence) {
        String whole = sequence.substring(0, LetterCensus.end(sequence));
        return stripGaps ? whole.replace("-", "").replace(".", "") : whole;
    }

    /**
     * Writes a sequence's features, channel by channel.
     *
     * @param sequence letters of the alphabet, in lower or upper case
     * @param features all 0 from {@code at} on; {@link #width()} of them are written
     * @param at index of the first feature
     * @throws IllegalArgumentException naming the first character that is not a letter of the alphabet, and its place
     *     from 1; or if the sequence is too short
     */
    public void encode(String sequence, float[] features, int at) {
        for (int i = 0, end = LetterCensus.end(sequence); i < end; i++) {
            if (!alphabet.contains(sequence.charAt(i))) {
                throw new IllegalArgumentException("'" + sequence.charAt(i) + "' at position " + (i + 1)
                        + " is not a letter of a " + alphabet.text() + " sequence");
            }
        }
        String letters = letters(sequence);
        if (letters.chars().noneMatch(c -> isKnown((char) c))) {
            throw new IllegalArgumentException("the sequence has no known letter");
        }
        encodeLetters(letters, features, at);
    }

    /** Whether a letter says something in this encoding: ambiguity codes do in one-hot only. */
    private boolean isKnown(char letter) {
        for (float share : alphabet.shares(letter)) {
            if (share == 1 || (method == Method.ONE_HOT && share > 0)) {
                return true;
            }
        }
        return false;
    }

    private void encodeLetters(String sequence, float[] features, int at) {
        if (!keepsPositions()) {
            SequenceComposition.encode(this, sequence, features, at);
            return;
        }
        int kept = Math.min(sequence.length(), length);
        int before = crop == Crop.END ? length - kept : 0;
        int drawn = crop == Crop.RANDOM && sequence.length() > length
                ? Math.floorMod(sequence.hashCode(), sequence.length() - length + 1)
                : 0;
        for (int i = 0; i < sequence.length(); i++) {
            int place = place(i, sequence.length(), drawn);
            if (place < 0) {
                continue;
            }
            float[] shares = alphabet.shares(sequence.charAt(i));
            for (int letter = 0; letter < shares.length; letter++) {
                if (method == Method.ONE_HOT) {
                    features[at + letter * length + before + place] = shares[letter];
                } else if (shares[letter] == 1) {
                    features[at + before + place] = letter + 1;
                }
            }
        }
    }

    /** Where position {@code i} of a sequence goes; -1 if it is cut away. */
    private int place(int i, int all, int drawn) {
        if (all <= length) {
            return i;
        }
        int first = switch (crop) {
            case START -> 0;
            case END -> all - length;
            case CENTER -> (all - length) / 2;
            case ENDS -> i < (length + 1) / 2 ? 0 : all - length;
            case RANDOM -> drawn;
        };
        int place = i - first;
        boolean within = place >= 0 && place < length;
        return (crop == Crop.ENDS && first > 0 && place < (length + 1) / 2) || !within ? -1 : place;
    }
}
