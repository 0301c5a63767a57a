package org.lamella.cuda;

import org.lamella.plan.DeviceTraits;
import org.lamella.plan.Processor;

/** What plans must know of GPUs. */
public final class GpuTraits {

    /**
     * Blocks of the filter gradient take 128 weights of 8 filters, as {@code convolution_backward_filter.cu} has them.
     * 208 blocks keep any GPU busy: two for each of 104 multiprocessors.
     */
    public static final DeviceTraits PLAN = new DeviceTraits(Processor.GPU, 128, 8, 208);

    private GpuTraits() {}
}
