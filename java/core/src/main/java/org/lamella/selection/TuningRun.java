package org.lamella.selection;

import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.training.TrainingSettings;

/**
 * A configuration that is trained for some epochs, from the first one on: the schedule of the learning rate belongs to
 * the number of epochs.
 *
 * @param number of the configuration, from 1
 * @param configuration how
 * @param epochs 1 or more
 */
record TuningRun(int number, Configuration configuration, int epochs) implements Recipe {

    @Override
    public TrainingSettings settings(TrainingSettings base) {
        return configuration.settings(base).epochs(epochs);
    }

    @Override
    public Network create(NetworkSource source, Shape input, int labels) {
        return configuration.create(source, input, labels);
    }

    @Override
    public double cost() {
        return epochs;
    }
}
