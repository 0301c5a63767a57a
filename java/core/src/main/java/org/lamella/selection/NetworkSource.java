package org.lamella.selection;

import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/** Makes networks of names. */
@FunctionalInterface
public interface NetworkSource {

    /** The predefined networks. */
    NetworkSource ZOO = Zoo::create;

    /**
     * Makes a network.
     *
     * @param name of a network
     * @param input shape of one sample
     * @param labels number of outputs, 1 or more
     * @return a new network
     */
    Network create(String name, Shape input, int labels);
}
