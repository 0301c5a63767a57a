package org.lamella.plan;

import org.lamella.network.Convolution;
import org.lamella.network.Shape;

/**
 * What a plan must know of the device that it is for. A backend hands it to {@link Plan#of(org.lamella.network.Network,
 * PlanOptions, DeviceTraits)}.
 *
 * @param processor what kind of device it is
 * @param filterTaps weights of one filter that a block of its filter gradient kernel takes, 1 or more
 * @param filters filters that such a block takes, 1 or more
 * @param enoughBlocks blocks that keep the whole device busy, 1 or more
 */
public record DeviceTraits(Processor processor, int filterTaps, int filters, int enoughBlocks) {

    /** The CPU backend: it has no blocks. */
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

    /** Into how many slices of the batch a filter gradient is cut, so that there are enough blocks. */
    int filterGradientSlices(Convolution c, Shape in, int batch) {
        int blocks = parts(in.channels() * c.kernelH() * c.kernelW(), filterTaps) * parts(c.filters(), filters);
        return Math.min(batch, Math.max(1, parts(enoughBlocks, blocks)));
    }

    private static int parts(int all, int each) {
        return (all + each - 1) / each;
    }
}
