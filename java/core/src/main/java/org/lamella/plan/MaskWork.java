package org.lamella.plan;

import org.lamella.network.MaskUse;
import org.lamella.network.Positions;
import org.lamella.network.Shape;

/**
 * A mask, forward or backward.
 *
 * @param use the new value of the covered positions; {@code ZERO} backward
 * @param scaled whether the other values are scaled by width / number of other positions, forward and backward
 * @param map shape of one sample of the masked maps
 * @param input shape of the network's input, in which the padding is found
 * @param positions how positions of the map correspond to the sequence
 */
public record MaskWork(MaskUse use, boolean scaled, Shape map, Shape input, Positions positions) implements Work {

    /** {@return the new value of the covered positions} */
    public float covered() {
        return use == MaskUse.LOWEST ? -Float.MAX_VALUE : 0;
    }

    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.mask(op, this);
    }
}
