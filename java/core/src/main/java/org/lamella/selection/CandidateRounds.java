package org.lamella.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.FeatureScaling.Method;
import org.lamella.network.Zoo;
import org.lamella.training.TrainingSettings;
import org.lamella.training.UsualNetwork;

/**
 * The candidates, in three rounds: first the scalings, with the network that tells them apart at the smallest cost;
 * then networks, with the best scaling; then a strong weight decay, with the best of both.
 */
final class CandidateRounds {

    /** Larger logarithms make a difference: 9 becomes 2.3, 99 becomes 4.6. */
    private static final double COUNTS = 9;
    /** Larger values without scaling make the first steps too large. */
    private static final double UNSCALED = 30;

    private static final double DECAY = 1e-4;
    private static final double STRONG_DECAY = 1;
    private static final double LINEAR_RATE = 0.003;
    private static final String MLP = "mlp";

    private final List<Method> scalings;
    private final String usual;
    private final Given given;
    private final ToDoubleFunction<String> rates;

    private CandidateRounds(List<Method> scalings, String usual, Given given, ToDoubleFunction<String> rates) {
        this.scalings = scalings;
        this.usual = usual;
        this.given = given;
        this.rates = rates;
    }

    /**
     * The candidates for some rows.
     *
     * @param data all rows
     * @param rows those that may be looked at
     * @param given settings that are not searched
     * @param base all other settings; its learning rate is not used where a network has its own
     * @return the rounds
     */
    static CandidateRounds of(Dataset data, int[] rows, Given given, TrainingSettings base) {
        return new CandidateRounds(
                scalings(data, rows), UsualNetwork.of(data).name(), given, network -> rate(network, base));
    }

    /** The scalings that differ on these rows. */
    static List<Method> scalings(Dataset data, int[] rows) {
        List<Method> all = new ArrayList<>(List.of(Method.STANDARD));
        if (data.positionFeatures().cardinality() == data.width()) {
            return all; // positions of sequences are not scaled
        }
        FeatureScaling largest = FeatureScaling.learn(Method.MAXABS, data, rows);
        FeatureScaling logarithm = FeatureScaling.learn(Method.LOG, data, rows);
        double greatest = 0;
        boolean counts = false;
        boolean moved = false;
        for (int i = 0; i < data.width(); i++) {
            double high = 1 / largest.scale()[i];
            greatest = Math.max(greatest, high);
            counts |= logarithm.logarithm()[i] && high > COUNTS;
            moved |= high != 1;
        }
        all.add(Method.MAXABS);
        if (counts) {
            all.add(Method.LOG);
        }
        if (moved && greatest <= UNSCALED) {
            all.add(Method.NONE);
        }
        return all;
    }

    /** The first round: every scaling. */
    List<Candidate> scalings() {
        String network = usual.equals(MLP) ? "mlp-small" : usual;
        return distinct(scalings.stream().map(scale -> candidate(scale, network, DECAY)));
    }

    /** The second round, with the scaling of the best candidate of the first. */
    List<Candidate> networks(Candidate best) {
        Stream<String> names = usual.equals(MLP) ? Stream.of("linear", MLP, "mlp-norm") : Stream.of();
        return distinct(names.map(name -> candidate(best.scale(), name, DECAY)));
    }

    /** The third round: the best candidate so far, with a strong weight decay. */
    List<Candidate> regularised(Candidate best) {
        return distinct(Stream.of(candidate(best.scale(), best.network(), STRONG_DECAY)));
    }

    private static List<Candidate> distinct(Stream<Candidate> all) {
        return all.distinct().toList();
    }

    private Candidate candidate(Method scale, String network, double decay) {
        String name = given.network() != null ? given.network() : network;
        return given.or(scale, name, rates.applyAsDouble(name), decay);
    }

    /** The learning rates of Adam differ between networks; those of SGD do not. */
    private static double rate(String network, TrainingSettings base) {
        if (!base.rule().kind().isAdam()) {
            return base.learningRate();
        }
        double own = network.equals("linear") ? LINEAR_RATE : Zoo.learningRate(network);
        return Double.isNaN(own) ? base.learningRate() : own;
    }
}
