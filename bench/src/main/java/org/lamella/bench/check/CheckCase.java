package org.lamella.bench.check;

import java.util.List;
import org.lamella.device.Device;

/**
 * Something that a device must get right.
 *
 * @param group operators, not a number, dropout, losses, optimizers or training
 * @param name for people, unique in its group
 * @param body what runs it
 */
public record CheckCase(String group, String name, Body body) {

    /** Runs a case. */
    @FunctionalInterface
    public interface Body {

        /**
         * Runs it on a device, and compares.
         *
         * @param device what is checked
         * @return one or more comparisons
         */
        List<Comparison> run(Device device);
    }
}
