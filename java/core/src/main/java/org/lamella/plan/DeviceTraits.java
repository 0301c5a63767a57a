package org.lamella.plan;

import org.lamella.network.Convolution;
import org.lamella.network.Shape;

/**
 * Properties of a device that influence its plans. A backend passes them to {@link Plan#of(org.lamella.network.Network,
 * PlanOptions, DeviceTraits)}.
 *
 * @param processor what kind of device it is
 * @param filterTaps weights of one filter per thread block of the filter gradient kernel, 1 or more
 * @param filters filters per thread block of this kernel, 1 or more
 * @param enoughBlocks thread blocks that keep the whole device busy, 1 or more
 * @param fusedWindow elements of the largest pool window that runs fused with the convolution before it, 1 to
 *     {@link #MAX_FUSED_WINDOW}; a window is one thread's work
 */
public record DeviceTraits(Processor processor, int filterTaps, int filters, int enoughBlocks, int fusedWindow) {

    /** The argmax of a fused window is one byte. */
    public static final int MAX_FUSED_WINDOW = 255;

    /** The CPU backend, which has no thread blocks. */
    public static final DeviceTraits CPU = new DeviceTraits(Processor.CPU, 1, 1, 1, MAX_FUSED_WINDOW);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is below 1, or the window too large
     */
    public DeviceTraits {
        if (filterTaps < 1 || filters < 1 || enoughBlocks < 1 || fusedWindow < 1) {
            throw new IllegalArgumentException("traits of a device are 1 or more, got " + filterTaps + ", " + filters
                    + ", " + enoughBlocks + ", " + fusedWindow);
        }
        if (fusedWindow > MAX_FUSED_WINDOW) {
            throw new IllegalArgumentException(
                    "a fused window has at most " + MAX_FUSED_WINDOW + " elements, got " + fusedWindow);
        }
    }

    /** Slices of the batch for the filter gradient, so that there are enough thread blocks. */
    int filterGradientSlices(Convolution c, Shape in, int batch) {
        int blocks = parts(in.channels() * c.kernelH() * c.kernelW(), filterTaps) * parts(c.filters(), filters);
        return Math.min(batch, Math.max(1, parts(enoughBlocks, blocks)));
    }

    private static int parts(int all, int each) {
        return (all + each - 1) / each;
    }
}
