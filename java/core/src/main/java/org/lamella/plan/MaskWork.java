package org.lamella.plan;

import org.lamella.network.MaskUse;
import org.lamella.network.Positions;
import org.lamella.network.Shape;

/**
 * A mask, forward or backward.
 *
 * @param use what it makes of the positions that it covers; {@code ZERO} backward
 * @param scaled whether the other positions are scaled by width / their number, in both directions
 * @param map shape of one sample of what is masked
 * @param input shape of the network's input, where padding shows
 * @param positions of the map
 */
public record MaskWork(MaskUse use, boolean scaled, Shape map, Shape input, Positions positions) implements Work {

    /** {@return what covered positions become} */
    public float covered() {
        return use == MaskUse.LOWEST ? -Float.MAX_VALUE : 0;
    }

    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.mask(op, this);
    }
}
