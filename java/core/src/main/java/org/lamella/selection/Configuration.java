package org.lamella.selection;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.FeatureScaling;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.training.TrainingSettings;

/**
 * One point of a {@link SearchSpace}.
 *
 * @param network its name, for the {@link NetworkSource}
 * @param scale how features are scaled
 * @param learningRate above 0
 * @param weightDecay 0 or more
 * @param dropout rate of all dropout layers, 0 to below 1; null for the network as it is
 * @param batch samples per step, 1 or more
 */
public record Configuration(
        String network,
        FeatureScaling.Method scale,
        double learningRate,
        double weightDecay,
        @Nullable Double dropout,
        int batch)
        implements Recipe {

    @Override
    public TrainingSettings settings(TrainingSettings base) {
        return base.copy()
                .scale(scale)
                .learningRate(learningRate)
                .weightDecay(weightDecay)
                .batch(batch);
    }

    @Override
    public Network create(NetworkSource source, Shape input, int labels) {
        Network plain = source.create(network, input, labels);
        return dropout == null ? plain : DropoutRate.of(plain, dropout.floatValue());
    }

    /** The same without a rate of dropout, if the network has no place for it. */
    Configuration fitted(NetworkSource source, Shape input, int labels) {
        return dropout == null || DropoutRate.fits(source.create(network, input, labels))
                ? this
                : new Configuration(network, scale, learningRate, weightDecay, null, batch);
    }

    /** In a few words, for tables. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, scaling %s, learning rate %s, weight decay %s%s, batch %d",
                network,
                scale.name().toLowerCase(Locale.ROOT),
                Candidate.plain(learningRate),
                Candidate.plain(weightDecay),
                dropout == null ? "" : ", dropout " + Candidate.plain(dropout),
                batch);
    }
}
