package org.lamella.data.sequences;

import java.util.ArrayList;
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
 * Ambiguous letters are removed before counting. Words and features are in alphabetical order, followed by lags and
 * then properties.
 */
final class SequenceComposition {

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
        if (letters.length < needed) {
            throw new IllegalArgumentException(
                    "a sequence of " + letters.length + " known letters is too short: this encoding needs " + needed);
        }
        int to = at;
        if (wordLetters > 0) {
            int words = words(e, wordLetters);
            int windows = letters.length - wordLetters + 1;
            for (int i = 0, word = 0; i < letters.length; i++) {
                word = (word * e.alphabet().size() + letters[i]) % words;
                if (i >= wordLetters - 1) {
                    features[at + word] += 1f / windows;
                }
            }
            to += words;
        }
        if (e.method() == Method.KMERS) {
            return;
        }
        correlations(e, dinucleotides(letters), features, to);
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

    private static int[] letters(Alphabet alphabet, String sequence) {
        return sequence.chars()
                .map(c -> {
                    float[] shares = alphabet.shares((char) c);
                    for (int l = 0; l < shares.length; l++) {
                        if (shares[l] == 1) {
                            return l;
                        }
                    }
                    return -1;
                })
                .filter(l -> l >= 0)
                .toArray();
    }

    private static int[] dinucleotides(int[] letters) {
        int[] pairs = new int[letters.length - 1];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = 4 * letters[i] + letters[i + 1];
        }
        return pairs;
    }

    private static void correlations(SequenceEncoding e, int[] pairs, float[] features, int at) {
        int properties = RnaProperties.count();
        double[] mean = new double[properties];
        double[] variance = new double[properties];
        for (int u = 0; u < properties; u++) {
            for (int d : pairs) {
                mean[u] += RnaProperties.of(u, d) / pairs.length;
            }
            for (int d : pairs) {
                variance[u] += Math.pow(RnaProperties.of(u, d) - mean[u], 2) / pairs.length;
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

    private static double apart(int[] pairs, int lag) {
        double sum = 0;
        int count = pairs.length - lag;
        for (int i = 0; i < count; i++) {
            for (int u = 0; u < RnaProperties.count(); u++) {
                sum += Math.pow(RnaProperties.of(u, pairs[i]) - RnaProperties.of(u, pairs[i + lag]), 2);
            }
        }
        return sum / RnaProperties.count() / count;
    }

    private static double covariance(int[] pairs, int lag, int u, int v, double meanU, double meanV) {
        double sum = 0;
        int count = pairs.length - lag;
        for (int i = 0; i < count; i++) {
            sum += (RnaProperties.of(u, pairs[i]) - meanU) * (RnaProperties.of(v, pairs[i + lag]) - meanV);
        }
        return sum / count;
    }
}
