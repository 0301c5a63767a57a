package org.lamella.cuda;

import org.lamella.cuda.compile.KernelSizes;
import org.lamella.plan.DeviceTraits;
import org.lamella.plan.Processor;

/** What plans must know of GPUs. */
public final class GpuTraits {

    /** Sizes of the filter gradient's blocks, and how many of them keep any GPU busy. */
    public static final DeviceTraits PLAN = new DeviceTraits(
            Processor.GPU, KernelSizes.CONVOLUTION_THREADS, KernelSizes.CONVOLUTION_TILE, KernelSizes.BUSY_BLOCKS);

    private GpuTraits() {}
}
