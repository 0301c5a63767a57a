package org.lamella.selection;

import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.training.TrainingSettings;

/** How a network is trained, among others that are compared with it; equal if it gives the same bits. */
interface Recipe {

    /**
     * The settings of the run.
     *
     * @param base everything else
     * @return new settings
     */
    TrainingSettings settings(TrainingSettings base);

    /**
     * The network.
     *
     * @param source makes networks of names
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return a new network
     */
    Network create(NetworkSource source, Shape input, int labels);

    /** {@return how long it takes, in a unit that all recipes of a comparison have in common} */
    default double cost() {
        return 1;
    }
}
