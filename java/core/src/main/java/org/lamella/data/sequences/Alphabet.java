package org.lamella.data.sequences;

import java.util.Locale;
import org.lamella.data.InputException;

/**
 * The letters of a sequence, and the meaning of ambiguous letters: IUPAC's codes (Cornish-Bowden, Nucleic Acids
 * Research 13, 1985, for nucleotides; IUPAC-IUB, European Journal of Biochemistry 138, 1984, for amino acids). Lower
 * case is the same.
 */
public enum Alphabet {
    /** DNA and RNA: A, C, G, T; U is T. */
    NUCLEOTIDE("ACGT", "U=T R=AG Y=CT S=CG W=AT K=GT M=AC B=CGT D=AGT H=ACT V=ACG N= X= -= .="),
    /** The 20 amino acids; selenocysteine counts as cysteine, pyrrolysine as lysine. */
    PROTEIN("ACDEFGHIKLMNPQRSTVWY", "B=DN Z=EQ J=IL U=C O=K X= *= -= .=");

    private static final int CODES = 128;

    private final String letters;
    /**
     * [code of a character]: its share of each letter; null if it is none. Filled by the constructor, then only read.
     */
    private final float[][] shares = new float[CODES][];

    Alphabet(String letters, String ambiguous) {
        this.letters = letters;
        for (int i = 0; i < letters.length(); i++) {
            define(letters.charAt(i), letters.substring(i, i + 1));
        }
        for (String code : ambiguous.split(" ")) {
            define(code.charAt(0), code.substring(2));
        }
    }

    private void define(char code, String meaning) {
        float[] share = new float[letters.length()];
        for (int i = 0; i < meaning.length(); i++) {
            share[letters.indexOf(meaning.charAt(i))] = 1f / meaning.length();
        }
        shares[code] = share;
        shares[Character.toLowerCase(code)] = share;
    }

    /** {@return the number of letters: the channels of a one-hot input} */
    public int size() {
        return letters.length();
    }

    /** {@return its name, as {@link #of} takes it} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the letters, in upper case, in the order of the channels} */
    public String letters() {
        return letters;
    }

    /** Whether a character is a letter, an ambiguous letter or a gap of this alphabet. */
    boolean contains(char c) {
        return c < CODES && shares[c] != null;
    }

    /**
     * What a character of this alphabet means: 1 for its letter; equal shares, with the sum 1, for an ambiguous letter;
     * all 0 for an unknown letter or a gap. Not to be changed.
     */
    float[] shares(char c) {
        return shares[c];
    }

    /**
     * The alphabet of a name.
     *
     * @param name {@code nucleotide}, {@code dna}, {@code rna} or {@code protein}, in lower or upper case
     * @return the alphabet
     * @throws InputException if there is no such alphabet
     */
    public static Alphabet of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "nucleotide", "dna", "rna" -> NUCLEOTIDE;
            case "protein" -> PROTEIN;
            default ->
                throw new InputException(
                        "no alphabet '" + name + "'; there are auto, nucleotide (or dna, rna) and protein");
        };
    }
}
