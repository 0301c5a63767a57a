package org.lamella.selection;

import java.util.ArrayList;
import java.util.List;

/**
 * The brackets of Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar 2018): each begins with many
 * configurations and few epochs, or with few configurations and many epochs, and keeps the best third with three times
 * the epochs, again and again. Which of the brackets suits a problem need not be known.
 */
final class Hyperband {

    /** The share that is kept is one of so many. */
    static final int ETA = 3;

    private Hyperband() {}

    /**
     * A number of configurations, each trained for the same number of epochs.
     *
     * @param configurations 1 or more
     * @param epochs 1 or more
     */
    record Rung(int configurations, int epochs) {}

    /**
     * Successive halving.
     *
     * @param rungs from many configurations to one or a few; the last has all epochs
     */
    record Bracket(List<Rung> rungs) {
        /** {@return the number of configurations that it begins with} */
        int configurations() {
            return rungs.get(0).configurations();
        }
    }

    /**
     * The brackets of one pass, and of further passes, until all configurations are used. The last one may be smaller.
     *
     * @param epochs of the last rung of every bracket, 1 or more
     * @param configurations 1 or more
     * @return the brackets, whose numbers of configurations add up to this number
     */
    static List<Bracket> brackets(int epochs, int configurations) {
        List<Bracket> all = new ArrayList<>();
        int left = configurations;
        while (left > 0) {
            for (int s = most(epochs); s >= 0 && left > 0; s--) {
                int own = Math.min(left, begin(s, most(epochs)));
                all.add(bracket(s, own, epochs));
                left -= own;
            }
        }
        return all;
    }

    /**
     * All configurations with all epochs: random search.
     *
     * @param configurations 1 or more
     * @param epochs 1 or more
     * @return a bracket of one rung
     */
    static Bracket whole(int configurations, int epochs) {
        return new Bracket(List.of(new Rung(configurations, epochs)));
    }

    /** The number of configurations of one pass. */
    static int pass(int epochs) {
        int sum = 0;
        for (int s = 0; s <= most(epochs); s++) {
            sum += begin(s, most(epochs));
        }
        return sum;
    }

    /** The largest number of times that the epochs can be divided by three. */
    private static int most(int epochs) {
        int times = 0;
        for (int n = epochs; n >= ETA; n /= ETA) {
            times++;
        }
        return times;
    }

    private static int begin(int s, int most) {
        int numerator = (most + 1) * power(s);
        return (numerator + s) / (s + 1); // rounded up
    }

    private static Bracket bracket(int s, int configurations, int epochs) {
        List<Rung> rungs = new ArrayList<>();
        for (int i = 0; i <= s; i++) {
            int alive = configurations / power(i);
            if (alive > 1 || i == s) { // a single one has nobody to be compared with before the last rung
                rungs.add(new Rung(Math.max(1, alive), Math.max(1, (int) Math.rint(epochs / (double) power(s - i)))));
            }
        }
        return new Bracket(List.copyOf(rungs));
    }

    private static int power(int exponent) {
        int power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= ETA;
        }
        return power;
    }
}
