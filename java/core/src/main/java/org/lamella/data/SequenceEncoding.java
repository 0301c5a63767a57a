package org.lamella.data;

import java.util.ArrayList;
import java.util.List;

/**
 * How a sequence becomes numbers: one-hot, a channel a letter, cut or padded with zeros to one length.
 *
 * @param alphabet its letters
 * @param length   positions, 1 or more
 * @param crop     which part of a longer sequence is kept
 */
public record SequenceEncoding(Alphabet alphabet, int length, Crop crop) {

    /** Parts of a sequence that is too long. A sequence that is too short is padded behind; with END, before. */
    public enum Crop {
        /** The middle. */
        CENTER,
        /** The first positions: 5', or the N-terminus. */
        START,
        /** The last positions: 3', or the C-terminus. */
        END,
        /** Half of the first and half of the last. */
        ENDS
    }

    /** Longest that an encoding takes. */
    public static final int MOST = 100_000;

    /** Checks the length. */
    public SequenceEncoding {
        if (length < 1 || length > MOST) {
            throw new InputException("sequences of length " + length + ": 1 to " + MOST + " are possible");
        }
    }

    /** Features that a sequence becomes. */
    public int width() {
        return alphabet.size() * length;
    }

    /** Names of the features: letter and position from 1. */
    public List<String> features() {
        List<String> names = new ArrayList<>(width());
        for (char letter : alphabet.letters().toCharArray()) {
            for (int position = 1; position <= length; position++) {
                names.add(letter + "@" + position);
            }
        }
        return names;
    }

    /**
     * Writes a sequence into {@code features} from {@code at} on, channel by channel.
     *
     * @throws IllegalArgumentException naming the first character that is no letter of the alphabet, and its place from 1
     */
    public void encode(String sequence, float[] features, int at) {
        int kept = Math.min(sequence.length(), length);
        int before = crop == Crop.END ? length - kept : 0;
        for (int i = 0; i < sequence.length(); i++) {
            float[] shares = alphabet.shares(sequence.charAt(i));
            if (shares == null) {
                throw new IllegalArgumentException("'" + sequence.charAt(i) + "' at position " + (i + 1) + " is no letter of a "
                        + (alphabet == Alphabet.PROTEIN ? "protein" : "nucleotide") + " sequence");
            }
            int place = place(i, sequence.length());
            if (place < 0) {
                continue;
            }
            for (int letter = 0; letter < shares.length; letter++) {
                features[at + letter * length + before + place] = shares[letter];
            }
        }
    }

    /** Where position {@code i} of a sequence goes; -1 if it is cut away. */
    private int place(int i, int all) {
        if (all <= length) {
            return i;
        }
        int first = switch (crop) {
            case START -> 0;
            case END -> all - length;
            case CENTER -> (all - length) / 2;
            case ENDS -> i < (length + 1) / 2 ? 0 : all - length;
        };
        int place = i - first;
        boolean within = place >= 0 && place < length;
        return crop == Crop.ENDS && first > 0 && place < (length + 1) / 2 || !within ? -1 : place;
    }
}
