package org.lamella.cuda.compile;

/**
 * A structure that Java writes and kernels read, with its size in bytes. Every kernel file is compiled with the sizes
 * ({@code -DTALLY_BYTES=48}), and one whose structure has another size does not compile.
 */
public enum KernelStructure {
    /** {@code ConvolutionShape} of device.cuh. */
    CONVOLUTION_SHAPE(18 * Integer.BYTES),
    /** {@code StepState} of device.cuh. */
    STEP_STATE(4 * Float.BYTES + 2 * Long.BYTES + 2 * Integer.BYTES),
    /** {@code Mark} of device.cuh. */
    MARK(Long.BYTES + 2 * Integer.BYTES),
    /** {@code NormShape} of norm.cuh. */
    NORM_SHAPE(6 * Integer.BYTES + 2 * Float.BYTES),
    /** {@code PoolShape} of pool.cu. */
    POOL_SHAPE(13 * Integer.BYTES),
    /** {@code Slices} of sums.cuh. */
    SLICES(2 * Long.BYTES),
    /** {@code Focus} of loss.cu. */
    FOCUS(3 * Float.BYTES),
    /** {@code Tally} of loss.cu. */
    TALLY(Double.BYTES + 5 * Long.BYTES);

    private final int bytes;

    KernelStructure(int bytes) {
        this.bytes = bytes;
    }

    /**
     * Its size, without gaps between its fields.
     *
     * @return bytes
     */
    public int bytes() {
        return bytes;
    }

    /**
     * The constant for its size with which kernel files are compiled.
     *
     * @return its name, for example {@code TALLY_BYTES}
     */
    public String constant() {
        return name() + "_BYTES";
    }
}
