package org.lamella.cuda;

import org.lamella.cuda.compile.KernelSizes;
import org.lamella.plan.DeviceTraits;
import org.lamella.plan.Processor;

/** Properties of GPUs that plans depend on. */
public final class GpuTraits {

    /**
     * Elements of the largest pool window that is fused with a convolution. A thread computes a whole window: larger
     * ones leave too few threads.
     */
    public static final int FUSED_WINDOW = 16;

    /**
     * Block sizes of the filter gradient, the number of blocks that keeps any GPU busy, and the largest fused window.
     */
    public static final DeviceTraits PLAN = new DeviceTraits(
            Processor.GPU,
            KernelSizes.FILTER_GRADIENT_TAPS,
            KernelSizes.FILTER_GRADIENT_FILTERS,
            KernelSizes.BUSY_BLOCKS,
            FUSED_WINDOW);

    private GpuTraits() {}
}
