package org.lamella.cuda;

import org.lamella.cuda.compile.KernelSizes;
import org.lamella.plan.DeviceTraits;
import org.lamella.plan.Processor;

/** Properties of GPUs that plans depend on. */
public final class GpuTraits {

    /** Block sizes of the filter gradient, and the number of blocks that keeps any GPU busy. */
    public static final DeviceTraits PLAN = new DeviceTraits(
            Processor.GPU, KernelSizes.CONVOLUTION_THREADS, KernelSizes.CONVOLUTION_TILE, KernelSizes.BUSY_BLOCKS);

    private GpuTraits() {}
}
