package org.lamella.bench.check;

import java.util.List;
import org.lamella.backend.ComputeDevice;

/**
 * A computation that a device must do correctly.
 *
 * @param group operators, not a number, dropout, losses, optimizers or training
 * @param name its name in reports, unique in its group
 * @param body runs it
 */
public record CheckCase(String group, String name, Body body) {

    /** Runs a case. */
    @FunctionalInterface
    public interface Body {

        /**
         * Runs it on a device, and compares.
         *
         * @param device the device under test
         * @return one or more comparisons
         */
        List<Comparison> run(ComputeDevice device);
    }
}
