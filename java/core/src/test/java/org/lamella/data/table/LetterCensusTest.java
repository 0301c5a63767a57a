package org.lamella.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.lamella.data.InputException;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.data.sequences.SequenceEncoding.Crop;

/** The alphabet is decided on all letters. */
class LetterCensusTest {

    /** Frequencies of amino acids in UniProtKB/Swiss-Prot, in percent. */
    private static final String ACIDS = "ARNDCQEGHILKMFPSTWYV";

    private static final double[] PERCENT = {
        8.3, 5.5, 4.1, 5.5, 1.4, 3.9, 6.7, 7.1, 2.3, 5.9, 9.6, 5.8, 2.4, 3.9, 4.7, 6.6, 5.3, 1.1, 2.9, 6.9
    };

    private static Alphabet decide(String... sequences) {
        LetterCensus census = new LetterCensus();
        for (String s : sequences) {
            census.add(s);
        }
        return census.alphabet();
    }

    private static String mixed(SplittableRandom random, String letters, String others, double share, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            String from = random.nextDouble() < share ? others : letters;
            text.append(from.charAt(random.nextInt(from.length())));
        }
        return text.toString();
    }

    @Property(tries = 100)
    void nucleotidesWithGapsAndCodesAreNucleotides(
            @ForAll @IntRange(min = 200, max = 900) int length,
            @ForAll @IntRange(min = 0, max = 30) int percent,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double share = percent / 100.0;
        assertThat(decide(mixed(random, "ACGU", "-.", Math.min(0.9, 3 * share), length)))
                .isEqualTo(Alphabet.NUCLEOTIDE);
        assertThat(decide(mixed(random, "acgt", "RYSWKMBDHVryswkmbdhv", share, length)))
                .isEqualTo(Alphabet.NUCLEOTIDE);
        assertThat(decide(mixed(random, "ACGT", "NX", 3 * share, length))).isEqualTo(Alphabet.NUCLEOTIDE);
    }

    @Property(tries = 100)
    void proteinsAreProteins(@ForAll @IntRange(min = 100, max = 900) int length, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            double draw = random.nextDouble() * 99.9;
            int acid = 0;
            while (acid < PERCENT.length - 1 && draw > PERCENT[acid]) {
                draw -= PERCENT[acid++];
            }
            text.append(ACIDS.charAt(acid));
        }
        assertThat(decide(text + "*")).isEqualTo(Alphabet.PROTEIN);
        assertThat(decide(text.toString().replace('A', '-'))).isEqualTo(Alphabet.PROTEIN);
    }

    @Example
    void whatCouldBeBothIsAnErrorWithBothRemedies() {
        for (String both : new String[] {"MKRHSTWYV", "RYSWKM", "XXXX", "----", "AAAAAAAAAAAAAAGGGGGGGAAL"}) {
            assertThatThrownBy(() -> decide(both))
                    .as(both)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("could be nucleotides or proteins")
                    .hasMessageContaining("give alphabet nucleotide or alphabet protein");
        }
    }

    @Example
    void specialLettersAreStated() {
        LetterCensus census = new LetterCensus();
        census.add("ACGUacguNR--*");
        census.add("ACGU");
        SequenceEncoding oneHot = new SequenceEncoding(Alphabet.NUCLEOTIDE, 9, Crop.ENDS);
        assertThat(census.text(oneHot, true).text())
                .isEqualTo("alphabet nucleotide (decided on all letters): of 14 letters 85.7 % are A, C, G, T or U (U "
                        + "counts as T); ambiguous letters: 2; lower case letters (soft masks), which count as upper "
                        + "case: 4; gaps (- and .), each a position without a letter: 2; stripGaps takes them out; "
                        + "sequences whose * at the end is left out: 1");
        SequenceEncoding stripped =
                new SequenceEncoding(SequenceEncoding.Method.KMERS, Alphabet.NUCLEOTIDE, 1, Crop.ENDS, 2, 0, 0, true);
        assertThat(census.text(stripped, false).text())
                .startsWith("alphabet nucleotide: ")
                .contains(
                        "ambiguous letters: 2, which no counted word or pair spans",
                        "gaps (- and .) that are taken out: 2");
        assertThat(census.contradicts(Alphabet.PROTEIN)).isTrue();
        assertThat(census.contradicts(Alphabet.NUCLEOTIDE)).isFalse();
    }
}
