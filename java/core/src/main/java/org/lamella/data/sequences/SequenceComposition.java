package org.lamella.data.sequences;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lamella.data.sequences.SequenceEncoding.Method;

/**
 * The composition of whole sequences: word frequencies, and correlations of dinucleotide properties over a distance.
 * With D_i the i-th of the L - 1 dinucleotides of a sequence of L letters and P_u its property u of
 * {@link RnaProperties}, lag j, weight w:
 *
 * <ul>
 *   <li>parallel: theta_j = mean over i of the mean over u of (P_u(D_i) - P_u(D_i+j))^2, i from 1 to L - 1 - j (Chou
 *       2001, for nucleotides Chen et al. 2014); the features are f_1 ... f_n, w theta_1 ... w theta_lag, all divided
 *       by 1 + w sum of theta, where f are word frequencies;
 *   <li>series: the same with tau_j,u = mean over i of P_u(D_i) P_u(D_i+j) instead of theta;
 *   <li>auto and cross covariance: mean over i of (P_u(D_i) - m_u) (P_v(D_i+j) - m_v), m the mean over the sequence, v
 *       = u or not;
 *   <li>Moran: auto covariance divided by the variance of P_u over the sequence; Moreau-Broto: mean over i of P_u(D_i)
 *       P_u(D_i+j).
 * </ul>
 *
 * Words and pairs of dinucleotides are counted within stretches of known letters only: nothing spans an ambiguous
 * letter or a gap, because the letters around it are not neighbours. Words and features are in alphabetical order,
 * followed by lags and then properties.
 */
final class SequenceComposition {

    private static final int UNKNOWN = -1;

    private SequenceComposition() {}

    static int width(SequenceEncoding e) {
        int properties = RnaProperties.count();
        return switch (e.method()) {
            case KMERS -> words(e, e.k());
            case PC_PSEDNC -> words(e, 2) + e.lag();
            case PSEKNC -> words(e, e.k()) + e.lag();
            case SC_PSEDNC -> words(e, 2) + e.lag() * properties;
            case DCC -> e.lag() * properties * (properties - 1);
            case DACC -> e.lag() * properties * properties;
            default -> e.lag() * properties;
        };
    }

    private static int words(SequenceEncoding e, int letters) {
        return (int) Math.round(Math.pow(e.alphabet().size(), letters));
    }

    /** Letters of the words that a method counts; 0 if it counts none. */
    private static int wordLetters(SequenceEncoding e) {
        return switch (e.method()) {
            case KMERS, PSEKNC -> e.k();
            case PC_PSEDNC, SC_PSEDNC -> 2;
            default -> 0;
        };
    }

    static List<String> names(SequenceEncoding e) {
        List<String> names = new ArrayList<>();
        int letters = wordLetters(e);
        for (int word = 0; letters > 0 && word < words(e, letters); word++) {
            StringBuilder name = new StringBuilder();
            for (int i = letters - 1, rest = word;
                    i >= 0;
                    i--, rest /= e.alphabet().size()) {
                name.insert(0, e.alphabet().letters().charAt(rest % e.alphabet().size()));
            }
            names.add(name.toString());
        }
        for (int lag = 1; e.method() != Method.KMERS && lag <= e.lag(); lag++) {
            if (e.method() == Method.PC_PSEDNC || e.method() == Method.PSEKNC) {
                names.add("theta" + lag);
                continue;
            }
            for (int u = 0; u < RnaProperties.count(); u++) {
                for (int v : others(e.method(), u)) {
                    names.add(RnaProperties.NAMES[u] + (u == v ? "" : "-" + RnaProperties.NAMES[v]) + "+" + lag);
                }
            }
        }
        return names;
    }

    /** The second properties that are paired with the first. */
    private static int[] others(Method method, int u) {
        return switch (method) {
            case DCC ->
                java.util.stream.IntStream.range(0, RnaProperties.count())
                        .filter(v -> v != u)
                        .toArray();
            case DACC ->
                java.util.stream.IntStream.range(0, RnaProperties.count()).toArray();
            default -> new int[] {u};
        };
    }

    static void encode(SequenceEncoding e, String sequence, float[] features, int at) {
        int[] letters = letters(e.alphabet(), sequence);
        int wordLetters = wordLetters(e);
        int needed = Math.max(wordLetters, e.method() == Method.KMERS ? 0 : e.lag() + 2);
        int longest = longestStretch(letters);
        if (longest < needed) {
            throw new IllegalArgumentException("the sequence is too short: its longest stretch of known letters has "
                    + longest + ", and this encoding needs " + needed);
        }
        int to = at;
        if (wordLetters > 0) {
            countWords(e, letters, wordLetters, features, to);
            to += words(e, wordLetters);
        }
        if (e.method() == Method.KMERS) {
            return;
        }
        correlations(e, Pairs.of(letters), features, to);
        if (wordLetters > 0) {
            double sum = 1;
            for (int i = to; i < at + width(e); i++) {
                features[i] *= (float) e.weight();
                sum += features[i];
            }
            for (int i = at; i < at + width(e); i++) {
                features[i] /= (float) sum;
            }
        }
    }

    /** The number of each letter; {@link #UNKNOWN} for ambiguous letters and gaps. */
    private static int[] letters(Alphabet alphabet, String sequence) {
        return sequence.chars()
                .map(c -> {
                    float[] shares = alphabet.shares((char) c);
                    for (int l = 0; l < shares.length; l++) {
                        if (shares[l] == 1) {
                            return l;
                        }
                    }
                    return UNKNOWN;
                })
                .toArray();
    }

    private static int longestStretch(int[] letters) {
        int longest = 0;
        int stretch = 0;
        for (int letter : letters) {
            stretch = letter == UNKNOWN ? 0 : stretch + 1;
            longest = Math.max(longest, stretch);
        }
        return longest;
    }

    /** Adds the frequency of each word within the stretches of known letters. */
    private static void countWords(SequenceEncoding e, int[] letters, int wordLetters, float[] features, int at) {
        int words = words(e, wordLetters);
        int[] found = new int[letters.length];
        int windows = 0;
        int stretch = 0;
        for (int i = 0, word = 0; i < letters.length; i++) {
            stretch = letters[i] == UNKNOWN ? 0 : stretch + 1;
            word = stretch == 0 ? 0 : (word * e.alphabet().size() + letters[i]) % words;
            if (stretch >= wordLetters) {
                found[windows++] = word;
            }
        }
        for (int w = 0; w < windows; w++) {
            features[at + found[w]] += 1f / windows;
        }
    }

    /** The dinucleotides of a sequence; those of one stretch of known letters have the same {@code stretches}. */
    private record Pairs(int[] codes, int[] stretches) {

        static Pairs of(int[] letters) {
            int[] codes = new int[letters.length - 1];
            int[] stretches = new int[codes.length];
            int stretch = 0;
            for (int i = 0; i < codes.length; i++) {
                boolean known = letters[i] != UNKNOWN && letters[i + 1] != UNKNOWN;
                codes[i] = known ? 4 * letters[i] + letters[i + 1] : UNKNOWN;
                stretch += known ? 0 : 1;
                stretches[i] = stretch;
            }
            return new Pairs(codes, stretches);
        }

        /** Whether the dinucleotides at i and at i + lag are in one stretch of known letters. */
        boolean together(int i, int lag) {
            return codes[i] != UNKNOWN && codes[i + lag] != UNKNOWN && stretches[i] == stretches[i + lag];
        }

        /** The mean of a function over all pairs of dinucleotides that are this far apart. */
        double mean(int lag, PairFunction of) {
            double sum = 0;
            int count = 0;
            for (int i = 0; i + lag < codes.length; i++) {
                if (together(i, lag)) {
                    sum += of.value(codes[i], codes[i + lag]);
                    count++;
                }
            }
            return sum / count;
        }
    }

    /** A function of two dinucleotides. */
    private interface PairFunction {
        double value(int first, int second);
    }

    private static void correlations(SequenceEncoding e, Pairs pairs, float[] features, int at) {
        int properties = RnaProperties.count();
        int[] known = Arrays.stream(pairs.codes).filter(d -> d != UNKNOWN).toArray();
        double[] mean = new double[properties];
        double[] variance = new double[properties];
        for (int u = 0; u < properties; u++) {
            for (int d : known) {
                mean[u] += RnaProperties.of(u, d) / known.length;
            }
            for (int d : known) {
                variance[u] += Math.pow(RnaProperties.of(u, d) - mean[u], 2) / known.length;
            }
        }
        int to = at;
        for (int lag = 1; lag <= e.lag(); lag++) {
            if (e.method() == Method.PC_PSEDNC || e.method() == Method.PSEKNC) {
                features[to++] = (float) apart(pairs, lag);
                continue;
            }
            for (int u = 0; u < properties; u++) {
                for (int v : others(e.method(), u)) {
                    features[to++] = (float)
                            switch (e.method()) {
                                case SC_PSEDNC, NMBAC -> covariance(pairs, lag, u, v, 0, 0);
                                case MAC ->
                                    variance[u] == 0 ? 0 : covariance(pairs, lag, u, u, mean[u], mean[u]) / variance[u];
                                default -> covariance(pairs, lag, u, v, mean[u], mean[v]);
                            };
                }
            }
        }
    }

    private static double apart(Pairs pairs, int lag) {
        return pairs.mean(lag, (first, second) -> {
                    double squares = 0;
                    for (int u = 0; u < RnaProperties.count(); u++) {
                        squares += Math.pow(RnaProperties.of(u, first) - RnaProperties.of(u, second), 2);
                    }
                    return squares;
                })
                / RnaProperties.count();
    }

    private static double covariance(Pairs pairs, int lag, int u, int v, double meanU, double meanV) {
        return pairs.mean(
                lag, (first, second) -> (RnaProperties.of(u, first) - meanU) * (RnaProperties.of(v, second) - meanV));
    }
}
