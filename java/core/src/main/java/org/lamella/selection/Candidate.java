package org.lamella.selection;

import java.math.BigDecimal;
import java.util.Locale;
import org.lamella.data.FeatureScaling;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.training.TrainingSettings;

/**
 * One way to train, of several that are compared.
 *
 * @param scale how features are scaled
 * @param network its name, for the {@link NetworkSource}
 * @param learningRate of the optimizer, above 0
 * @param weightDecay 0 or more
 */
public record Candidate(FeatureScaling.Method scale, String network, double learningRate, double weightDecay)
        implements Recipe {

    @Override
    public TrainingSettings settings(TrainingSettings base) {
        return base.copy().scale(scale).learningRate(learningRate).weightDecay(weightDecay);
    }

    @Override
    public Network create(NetworkSource source, Shape input, int labels) {
        return source.create(network, input, labels);
    }

    /** In a few words, for tables. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, scaling %s, learning rate %s, weight decay %s",
                network,
                scale.name().toLowerCase(Locale.ROOT),
                plain(learningRate),
                plain(weightDecay));
    }

    /** A number without an exponent. */
    static String plain(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
