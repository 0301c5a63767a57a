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
 */
public record DeviceTraits(Processor processor, int filterTaps, int filters, int enoughBlocks) {

    /** The CPU backend, which has no thread blocks. */
    public static final DeviceTraits CPU = new DeviceTraits(Processor.CPU, 1, 1, 1);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is below 1
     */
    public DeviceTraits {
        if (filterTaps < 1 || filters < 1 || enoughBlocks < 1) {
            throw new IllegalArgumentException(
                    "traits of a device are 1 or more, got " + filterTaps + ", " + filters + ", " + enoughBlocks);
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
