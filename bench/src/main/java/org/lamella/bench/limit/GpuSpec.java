package org.lamella.bench.limit;

import java.util.List;
import org.lamella.bench.machinecode.Kind;
import org.lamella.bench.machinecode.Mix;

/**
 * What a GPU can do, from its data sheet and programming guide; the last four are assumptions.
 *
 * @param name for tables
 * @param architecture of its machine code, for example {@code sm_37}
 * @param multiprocessors of the chip
 * @param megahertz clock of the multiprocessors
 * @param ffma multiply-adds per clock and multiprocessor
 * @param gigabytes bandwidth of memory, GB/s
 * @param registers per multiprocessor
 * @param sharedBytes shared memory per multiprocessor
 * @param warps that a multiprocessor holds at most
 * @param blocks that a multiprocessor holds at most
 * @param issue instructions of warps per clock and multiprocessor that compiled code reaches
 * @param copies share of the bandwidth that copies reach
 * @param cacheGigabytes bandwidth of the second-level cache, GB/s
 * @param lineClocks clocks of the load unit per 128-byte line
 * @param latency clocks of a load that the first-level cache serves, and of a barrier
 * @param launchMicroseconds from the end of a kernel to the begin of the next one in a graph
 * @param hostMicroseconds per step in which the GPU waits for the host
 * @param error estimated error of the modelled times, as a share
 */
public record GpuSpec(
        String name,
        String architecture,
        int multiprocessors,
        double megahertz,
        int ffma,
        double gigabytes,
        int registers,
        int sharedBytes,
        int warps,
        int blocks,
        double issue,
        double copies,
        double cacheGigabytes,
        double lineClocks,
        double latency,
        double launchMicroseconds,
        double hostMicroseconds,
        double error) {

    /** One die of a Tesla K80 (GK210) at its base clock. */
    public static final GpuSpec K80 = new GpuSpec(
            "K80 die", "sm_37", 13, 560, 192, 240, 131_072, 112 * 1024, 64, 16, 3.5, 0.72, 400, 2, 160, 4.5, 60, 0.4);
    /** An H100 SXM at its highest clock. */
    public static final GpuSpec H100 = new GpuSpec(
            "H100", "sm_90", 132, 1980, 128, 3350, 65_536, 228 * 1024, 64, 32, 4, 0.85, 5500, 1, 33, 2, 35, 0.3);

    /** All, in the order of their age. */
    public static final List<GpuSpec> ALL = List.of(K80, H100);

    private static final int LANES = 32;
    private static final int REGISTER_UNIT = 256;
    private static final int SHARED_UNIT = 256;
    private static final int REGISTERS_PER_THREAD_UNIT = 8;
    /** Architectures before it execute integer multiplications and conversions at a sixth of the rate of FFMA. */
    private static final int UNIFIED = 70;

    /**
     * The GPU for an architecture.
     *
     * @param architecture for example {@code sm_37}
     * @return its data
     * @throws IllegalArgumentException if there is none
     */
    public static GpuSpec of(String architecture) {
        return ALL.stream()
                .filter(gpu -> gpu.architecture.equals(architecture))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no data of a GPU with " + architecture));
    }

    /** {@return the number in the name of its architecture} */
    public int sm() {
        return Integer.parseInt(architecture.substring("sm_".length()));
    }

    /** {@return arithmetic peak, GFLOP/s} */
    public double gflops() {
        return 2e-3 * multiprocessors * ffma * megahertz;
    }

    /**
     * Blocks of a kernel that a multiprocessor holds at once.
     *
     * @param threads of a block
     * @param registersPerThread of the kernel
     * @param shared bytes of shared memory of a block
     * @return 0 if none fits
     */
    public int residentBlocks(int threads, int registersPerThread, int shared) {
        int warpsPerBlock = (threads + LANES - 1) / LANES;
        int each = Math.max(1, roundUp(registersPerThread, REGISTERS_PER_THREAD_UNIT)) * LANES;
        int fit = Math.min(blocks, warps / warpsPerBlock);
        fit = Math.min(fit, registers / roundUp(each, REGISTER_UNIT) / warpsPerBlock);
        return shared == 0 ? fit : Math.min(fit, sharedBytes / roundUp(shared, SHARED_UNIT));
    }

    /**
     * The share of a multiprocessor's warps that a kernel fills.
     *
     * @param threads of a block
     * @param registersPerThread of the kernel
     * @param shared bytes of shared memory of a block
     * @return from 0 to 1
     */
    public double occupancy(int threads, int registersPerThread, int shared) {
        int each = (threads + LANES - 1) / LANES;
        return (double) residentBlocks(threads, registersPerThread, shared) * each / warps;
    }

    /**
     * Clocks that a multiprocessor takes for code, once through, by a warp: the longest of issuing all instructions and
     * of each unit's own.
     *
     * @param code its instructions
     * @return clocks
     */
    public double clocks(Mix code) {
        boolean unified = sm() >= UNIFIED;
        double floats = code.count(Kind.FFMA) + code.count(Kind.FLOAT);
        double integers = code.count(Kind.INTEGER) * (unified ? 2 : 6.0 / 5);
        double products = code.count(Kind.INTEGER_MULTIPLY) * (unified ? 2 : 6);
        double shifts = code.count(Kind.SHIFT) * (unified ? 2 : 3);
        double units = ffma / (double) LANES;
        double special = code.count(Kind.SPECIAL) + code.count(Kind.CONVERSION);
        double memory = code.counts().entrySet().stream()
                .filter(e -> e.getKey().global() || e.getKey().shared() || e.getKey() == Kind.SHUFFLE)
                .mapToInt(e -> e.getValue())
                .sum();
        double slow = Math.max((unified ? 2 : 1) * special, Math.max(memory, code.count(Kind.DOUBLE) / 2.0));
        double arithmetic = unified
                ? Math.max(floats, integers + products + shifts) / units
                : Math.max(floats / units, Math.max(products / units, shifts / units));
        return Math.max(code.instructions() / issue, Math.max(arithmetic, slow));
    }

    private static int roundUp(int value, int unit) {
        return (value + unit - 1) / unit * unit;
    }
}
