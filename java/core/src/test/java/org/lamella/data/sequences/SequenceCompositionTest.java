package org.lamella.data.sequences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.lamella.data.InputException;
import org.lamella.data.sequences.SequenceEncoding.Crop;
import org.lamella.data.sequences.SequenceEncoding.Method;
import org.lamella.network.Shape;

/**
 * Worked by hand for AACGU, whose dinucleotides are AA, AC, CG, GU. Their standardised properties, to four places: rise
 * -0.8616 -0.1485 0.5645 -0.1485, roll -0.6885 -1.6983 1.6524 -1.6983, shift -1.1627 1.5448 2.1562 1.5448, slide 1.3864
 * 0.5101 -2.0094 0.5101, tilt -1.8958 0.5553 -0.8234 0.5553, twist -0.2702 0.3474 -2.7409 0.3474.
 */
class SequenceCompositionTest {

    private static final String SEQUENCE = "AACGU";

    private static float[] encode(Method method, String sequence, int k, int lag, double weight) {
        SequenceEncoding e = new SequenceEncoding(method, Alphabet.NUCLEOTIDE, 1, Crop.CENTER, k, lag, weight);
        float[] features = new float[e.width() + 2];
        e.encode(sequence, features, 1);
        assertThat(e.features()).hasSize(e.width());
        assertThat(features[0] + features[e.width() + 1])
                .as("values before and after it are untouched")
                .isZero();
        return java.util.Arrays.copyOfRange(features, 1, e.width() + 1);
    }

    private static double feature(Method method, String name) {
        SequenceEncoding e = new SequenceEncoding(method, Alphabet.NUCLEOTIDE, 1, Crop.CENTER, 2, 2, 0.5);
        return encode(method, SEQUENCE, 2, 2, 0.5)[e.features().indexOf(name)];
    }

    @Example
    void properties() {
        // Rise of AA: the mean of the 16 is 3.2525, the deviation 0.08416, so (3.18 - 3.2525) / 0.08416.
        assertThat(RnaProperties.of(0, 0)).isCloseTo(-0.8616, within(5e-4));
        // Twist of CG, place 6: mean 31.4375, deviation 1.6192.
        assertThat(RnaProperties.of(5, 6)).isCloseTo((27 - 31.4375) / 1.6192, within(5e-4));
    }

    @Example
    void words() {
        // AA, AC, CG, GT: a quarter each; AAC, ACG, CGT: a third each.
        float[] two = encode(Method.KMERS, SEQUENCE, 2, 0, 0);
        assertThat(two).hasSize(16);
        for (int word : new int[] {0, 1, 6, 11}) {
            assertThat(two[word]).isEqualTo(0.25f);
        }
        float[] three = encode(Method.KMERS, SEQUENCE, 3, 0, 0);
        assertThat(three[1]).as("AAC").isCloseTo(1 / 3f, within(1e-6f));
        assertThat(three[16 + 8 + 3]).as("CGT").isCloseTo(1 / 3f, within(1e-6f));
        float[] proteins = new float[400];
        new SequenceEncoding(Method.KMERS, Alphabet.PROTEIN, 1, Crop.CENTER, 2, 0, 0).encode("ACA", proteins, 0);
        assertThat(proteins[1]).as("AC").isEqualTo(0.5f);
        assertThat(proteins[20]).as("CA").isEqualTo(0.5f);
    }

    /**
     * theta_1 = mean of three means of six squares = 4.211682, theta_2 = 3.109590; the sum below is 1 + 0.5 (4.211682 +
     * 3.109590).
     */
    @Example
    void parallelCorrelation() {
        double below = 1 + 0.5 * (4.211681643 + 3.109589967);
        assertThat(feature(Method.PC_PSEDNC, "AA")).isCloseTo(0.25 / below, within(1e-6));
        assertThat(feature(Method.PC_PSEDNC, "theta1")).isCloseTo(0.5 * 4.211681643 / below, within(1e-6));
        assertThat(feature(Method.PC_PSEDNC, "theta2")).isCloseTo(0.5 * 3.109589967 / below, within(1e-6));
        float[] three = encode(Method.PSEKNC, SEQUENCE, 3, 2, 0.5);
        assertThat(three).hasSize(66);
        assertThat((double) three[1]).as("AAC").isCloseTo(1 / 3.0 / below, within(1e-6));
        assertThat((double) three[65]).isCloseTo(0.5 * 3.109589967 / below, within(1e-6));
    }

    /**
     * Twelve means of products; their sum is -0.958541; rise at distance 1: (-0.8616 -0.1485 + -0.1485 0.5645 + 0.5645
     * -0.1485) / 3.
     */
    @Example
    void seriesCorrelation() {
        double below = 1 + 0.5 * -0.958540539;
        assertThat(feature(Method.SC_PSEDNC, "CG")).isCloseTo(0.25 / below, within(1e-6));
        assertThat(feature(Method.SC_PSEDNC, "rise+1"))
                .isCloseTo(0.5 * (0.8616 * 0.1485 - 2 * 0.1485 * 0.5645) / 3 / below, within(1e-4));
        assertThat(feature(Method.SC_PSEDNC, "twist+2"))
                .isCloseTo(0.5 * (0.2702 * 2.7409 + 0.3474 * 0.3474) / 2 / below, within(1e-4));
    }

    /** The mean rise is -0.1485, so deviations are -0.7131, 0, 0.7130, 0. */
    @Example
    void autoAndCrossCovariance() {
        assertThat(feature(Method.DAC, "rise+1")).isCloseTo(0, within(1e-6));
        assertThat(feature(Method.DAC, "rise+2")).isCloseTo(-0.7131 * 0.7130 / 2, within(1e-4));
        // Deviations of roll from its mean -0.6082: -0.0803, -1.0901, 2.2606, -1.0901.
        assertThat(feature(Method.DCC, "rise-roll+2")).isCloseTo(-0.7131 * 2.2606 / 2, within(1e-4));
        assertThat(feature(Method.DACC, "rise-roll+2")).isEqualTo(feature(Method.DCC, "rise-roll+2"));
        assertThat(feature(Method.DACC, "rise+2")).isEqualTo(feature(Method.DAC, "rise+2"));
        assertThat(encode(Method.DCC, SEQUENCE, 0, 2, 1)).hasSize(60);
        assertThat(encode(Method.DACC, SEQUENCE, 0, 2, 1)).hasSize(72);
    }

    /**
     * Twist in units of 1/1.6192: 31, 32, 27, 32, mean 30.5; deviations 0.5, 1.5, -3.5, 1.5: products over 3 and 2
     * pairs, by 17/4.
     */
    @Example
    void moranAndMoreauBroto() {
        assertThat(feature(Method.MAC, "twist+1"))
                .isCloseTo((0.5 * 1.5 - 1.5 * 3.5 - 3.5 * 1.5) / 3 / 4.25, within(1e-6));
        assertThat(feature(Method.MAC, "twist+2")).isCloseTo((0.5 * -3.5 + 1.5 * 1.5) / 2 / 4.25, within(1e-6));
        assertThat(feature(Method.NMBAC, "tilt+1"))
                .isCloseTo((-1.8958 * 0.5553 - 2 * 0.5553 * 0.8234) / 3, within(1e-3));
        assertThat(feature(Method.NMBAC, "tilt+2")).isCloseTo((1.8958 * 0.8234 + 0.5553 * 0.5553) / 2, within(1e-3));
        assertThat(encode(Method.MAC, "AAAAAA", 0, 2, 1)).as("nothing varies").containsOnly(0);
    }

    /** Lower case, U for T, and ambiguous letters at the ends change nothing; pseudo compositions add up to 1. */
    @Property(tries = 60)
    void whateverTheSequence(@ForAll @IntRange(min = 8, max = 200) int length, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String letters = letters(random, length);
        for (Method method : Method.values()) {
            if (method == Method.ONE_HOT || method == Method.CODES) {
                continue;
            }
            float[] plain = encode(method, letters, 3, 4, 0.1);
            String other = letters.toLowerCase(Locale.ROOT).replace('t', 'u');
            assertThat(encode(method, "nR" + other + "-N", 3, 4, 0.1))
                    .as(method + "")
                    .isEqualTo(plain);
            if (method == Method.PC_PSEDNC || method == Method.PSEKNC || method == Method.KMERS) {
                double sum = 0;
                for (float v : plain) {
                    sum += v;
                }
                assertThat(sum).isCloseTo(1, within(1e-4));
            }
        }
    }

    /** Nothing is counted across what is no letter: the counts are those of the stretches, one by one. */
    @Property(tries = 60)
    void wordsOfStretchesAddUp(@ForAll @IntRange(min = 5, max = 40) int length, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String first = letters(random, length);
        String second = letters(random, length + 3);
        for (String between : new String[] {"N", "NNNNNNNN", "----", ".", "RY"}) {
            float[] both = encode(Method.KMERS, first + between + second, 3, 0, 0);
            float[] one = encode(Method.KMERS, first, 3, 0, 0);
            float[] two = encode(Method.KMERS, second, 3, 0, 0);
            for (int w = 0; w < both.length; w++) {
                double counts = one[w] * (length - 2) + two[w] * (length + 1);
                assertThat((double) both[w]).isCloseTo(counts / (2 * length - 1), within(1e-5));
            }
            float[] pairs = encode(Method.NMBAC, first + between + second, 0, 2, 1);
            float[] pairsOne = encode(Method.NMBAC, first, 0, 2, 1);
            float[] pairsTwo = encode(Method.NMBAC, second, 0, 2, 1);
            for (int f = 0; f < pairs.length; f++) {
                int lag = f / 6 + 1;
                int n = length - 1 - lag;
                int m = length + 2 - lag;
                assertThat((double) pairs[f]).isCloseTo((pairsOne[f] * n + pairsTwo[f] * m) / (n + m), within(1e-4));
            }
        }
    }

    private static String letters(SplittableRandom random, int length) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < length; i++) {
            letters.append("ACGT".charAt(random.nextInt(4)));
        }
        return letters.toString();
    }

    @Example
    void noWordSpansUnknownLettersOrGaps() {
        float[] plain = encode(Method.KMERS, "AATT", 2, 0, 0); // AA, AT, TT
        assertThat(plain[0]).isCloseTo(1 / 3f, within(1e-6f));
        assertThat(plain[3]).isCloseTo(1 / 3f, within(1e-6f));
        for (String apart : new String[] {"AANNNNNNNNTT", "AA----TT", "aa..uu"}) {
            float[] f = encode(Method.KMERS, apart, 2, 0, 0); // AA, TT
            assertThat(f[0]).as(apart).isEqualTo(0.5f);
            assertThat(f[3]).as(apart).isZero();
            assertThat(f[15]).as(apart).isEqualTo(0.5f);
        }
        SequenceEncoding stripped =
                new SequenceEncoding(Method.KMERS, Alphabet.NUCLEOTIDE, 1, Crop.CENTER, 2, 0, 0, true);
        float[] f = new float[16];
        stripped.encode("A-A--.TT*", f, 0);
        assertThat(f).as("gaps are taken out").isEqualTo(plain);
        assertThat(stripped.letters("A-A--.TT*")).isEqualTo("AATT");
        for (Method method : new Method[] {Method.ONE_HOT, Method.CODES, Method.KMERS}) {
            assertThatThrownBy(() -> encode(method, "NN--*", 2, 0, 0)).hasMessage("the sequence has no known letter");
        }
        for (String shorter : new String[] {"ANANANA", "A-A-A", "A"}) {
            assertThatThrownBy(() -> encode(Method.KMERS, shorter, 2, 0, 0))
                    .hasMessage("the sequence is too short: its longest stretch of known letters has 1, and this "
                            + "encoding needs 2");
        }
    }

    @Example
    void codesOnASquare() {
        SequenceEncoding square = new SequenceEncoding(Method.CODES, Alphabet.NUCLEOTIDE, 9, Crop.START, 0, 0, 0);
        assertThat(square.shape()).isEqualTo(new Shape(1, 3, 3));
        float[] codes = new float[9];
        square.encode("ACGUN", codes, 0);
        assertThat(codes).containsExactly(1, 2, 3, 4, 0, 0, 0, 0, 0);
        assertThat(new SequenceEncoding(Method.CODES, Alphabet.NUCLEOTIDE, 10, Crop.START, 0, 0, 0).shape())
                .isEqualTo(new Shape(1, 1, 10));
    }

    @Example
    void aRandomWindowIsAlwaysTheSame() {
        SequenceEncoding e = new SequenceEncoding(Alphabet.NUCLEOTIDE, 4, Crop.RANDOM);
        java.util.Set<String> windows = new java.util.HashSet<>();
        SplittableRandom random = new SplittableRandom(4);
        for (int n = 0; n < 40; n++) {
            StringBuilder s = new StringBuilder("ACGT");
            for (int i = 0; i < 20; i++) {
                s.append("ACGT".charAt(random.nextInt(4)));
            }
            float[] a = new float[16];
            float[] b = new float[16];
            e.encode(s.toString(), a, 0);
            e.encode(s.toString(), b, 0);
            assertThat(a).isEqualTo(b);
            windows.add(java.util.Arrays.toString(a));
        }
        assertThat(windows).hasSizeGreaterThan(20);
    }

    @Example
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> encode(Method.DAC, "ACGT", 0, 3, 1))
                .hasMessageContaining("too short")
                .hasMessageContaining("needs 5");
        assertThatThrownBy(() -> encode(Method.KMERS, "AC", 3, 0, 0)).hasMessageContaining("needs 3");
        assertThatThrownBy(() -> new SequenceEncoding(Method.DAC, Alphabet.PROTEIN, 1, Crop.CENTER, 0, 1, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is for nucleotides");
        assertThatThrownBy(() -> new SequenceEncoding(Method.KMERS, Alphabet.NUCLEOTIDE, 1, Crop.CENTER, 11, 0, 0))
                .hasMessageContaining("k 11");
        assertThatThrownBy(() -> new SequenceEncoding(Method.DAC, Alphabet.NUCLEOTIDE, 1, Crop.CENTER, 0, 0, 1))
                .hasMessageContaining("lag is 1 or more");
    }
}
