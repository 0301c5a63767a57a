package org.lamella.data.sequences;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
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
 */
public record SequenceEncoding(Method method, Alphabet alphabet, int length, Crop crop, int k, int lag, double weight) {

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
        PSEKNC
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
        RANDOM
    }

    /** Maximum number of positions of an encoding. */
    public static final int MAX_LENGTH = 100_000;

    private static final int MAX_FEATURES = 1_000_000;

    /**
     * Checks the ranges.
     *
     * @throws InputException if a value is out of its range, or the method does not support the alphabet
     */
    public SequenceEncoding {
        method = method == null ? Method.ONE_HOT : method;
        if (length < 1 || length > MAX_LENGTH) {
            throw new InputException("the length of sequences must be 1 to " + MAX_LENGTH + ", got " + length);
        }
        boolean words = method == Method.KMERS || method == Method.PSEKNC;
        if (words && (k < 1 || Math.pow(alphabet.size(), k) > MAX_FEATURES)) {
            throw new InputException(Phrase.format(
                    "%s %d: words are of 1 letter or more, and there can be %d different ones at most",
                    Setting.WORD_LENGTH, k, MAX_FEATURES));
        }
        if (method.compareTo(Method.KMERS) > 0) {
            if (alphabet != Alphabet.NUCLEOTIDE) {
                throw new InputException(Phrase.format(
                        "%s %s is for nucleotides; these sequences look like proteins (%s decides)",
                        Setting.ENCODING, method.name().toLowerCase(Locale.ROOT).replace('_', '-'), Setting.ALPHABET));
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

    /** {@return whether the features are positions, which are not scaled, so that padding stays 0} */
    public boolean keepsPositions() {
        return method == Method.ONE_HOT || method == Method.CODES;
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
     * Writes a sequence's features, channel by channel.
     *
     * @param sequence letters of the alphabet, in lower or upper case
     * @param features all 0 from {@code at} on; {@link #width()} of them are written
     * @param at index of the first feature
     * @throws IllegalArgumentException naming the first character that is not a letter of the alphabet, and its place
     *     from 1; or if the sequence is too short
     */
    public void encode(String sequence, float[] features, int at) {
        for (int i = 0; i < sequence.length(); i++) {
            if (!alphabet.contains(sequence.charAt(i))) {
                throw new IllegalArgumentException(
                        "'" + sequence.charAt(i) + "' at position " + (i + 1) + " is not a letter of a "
                                + (alphabet == Alphabet.PROTEIN ? "protein" : "nucleotide") + " sequence");
            }
        }
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
