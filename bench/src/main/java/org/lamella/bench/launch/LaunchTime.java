package org.lamella.bench.launch;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.limit.GpuSpec;
import org.lamella.bench.machinecode.KernelCode;
import org.lamella.bench.machinecode.Kind;
import org.lamella.bench.machinecode.Loop;
import org.lamella.bench.machinecode.Mix;

/**
 * The modelled time of a launch: the longest of issuing its instructions, of its first-level cache and shared memory,
 * of the second-level cache, of memory, and of the latencies of consecutive resident sets of blocks. Not measured.
 *
 * @param instructions of all warps, modelled
 * @param issue time of the instructions, or of a unit that is slower, microseconds
 * @param firstLevel time of lines and wavefronts, microseconds
 * @param secondLevel time of the sectors of all blocks, microseconds
 * @param memory time of the operands, microseconds
 * @param latency of loads and barriers, one after the other, microseconds
 */
public record LaunchTime(
        double instructions, double issue, double firstLevel, double secondLevel, double memory, double latency) {

    private static final int LANES = 32;
    private static final int SECTOR = 32;

    /**
     * Models a launch.
     *
     * @param counts of the simulator
     * @param code of the very variant
     * @param gpu on which it runs
     * @param operandBytes that go through memory at most
     * @return its time, without the gap before it
     */
    public static LaunchTime of(LaunchCounts counts, KernelCode code, GpuSpec gpu, double operandBytes) {
        double warps = (double) counts.allBlocks() * counts.blockWarps();
        Executed executed = executed(counts, code, warps, gpu);
        double clocks = 1 / (gpu.megahertz() * gpu.multiprocessors()); // microseconds per clock of all together
        long busiest = (counts.allBlocks() + gpu.multiprocessors() - 1) / gpu.multiprocessors();
        double imbalance = (double) busiest * gpu.multiprocessors() / counts.allBlocks();
        double lines =
                counts.global().lines() * gpu.lineClocks() + counts.shared().units();
        double bytes = counts.scale() * counts.blockSectors() * SECTOR;
        int resident = Math.max(1, gpu.residentBlocks(counts.block(), code.registers(), code.sharedBytes()));
        double sets = Math.ceil((double) counts.allBlocks() / gpu.multiprocessors() / resident);
        return new LaunchTime(
                executed.instructions,
                executed.clocks * clocks * imbalance,
                lines * counts.scale() * clocks * imbalance,
                bytes / gpu.cacheGigabytes() * 1e-3,
                Math.min(bytes, operandBytes) / (gpu.gigabytes() * gpu.copies()) * 1e-3,
                sets * (executed.rounds + 2) * gpu.latency() / gpu.megahertz());
    }

    /**
     * What all warps execute.
     *
     * @param instructions all
     * @param clocks of a multiprocessor for them
     * @param rounds of the main loop by a warp, each with a latency
     */
    private record Executed(double instructions, double clocks, double rounds) {}

    private static Executed executed(LaunchCounts counts, KernelCode code, double warps, GpuSpec gpu) {
        @Nullable Loop main = code.mainLoop();
        Mix once = code.outsideLoops();
        double instructions = once.instructions() * warps * counts.reachedShare();
        double clocks = gpu.clocks(once) * warps * counts.reachedShare();
        if (main == null) {
            return new Executed(instructions, clocks, 1);
        }
        Mix loop = main.own();
        double lanes =
                counts.scale() * (counts.global().bytes() + counts.shared().bytes()) / LANES;
        int each = loop.globalBytes() + loop.sharedBytes();
        boolean multiplies = code.multiplyLoops().contains(main) && counts.multiplyAdds() > 0;
        double rounds = multiplies
                ? counts.scale() * counts.multiplyAdds() / loop.count(Kind.FFMA)
                : each == 0 ? warps : lanes / each;
        instructions += rounds * loop.instructions();
        clocks += rounds * gpu.clocks(loop);
        if (multiplies) { // the bytes that the main loop does not account for are those of the loops that fill its
            // tiles
            double rest = Math.max(0, lanes - rounds * each);
            Mix fill = code.fillLoops();
            int bytes = fill.globalBytes() + fill.sharedBytes();
            if (bytes > 0) {
                double turns = Math.min(rest / bytes, rounds);
                instructions += turns * fill.instructions();
                clocks += turns * gpu.clocks(fill);
            }
        }
        boolean waits = loop.globalBytes() > 0 || loop.count(Kind.BARRIER) > 0;
        return new Executed(instructions, clocks, waits ? rounds / warps : 0);
    }

    /** {@return the longest of its parts, microseconds} */
    @JsonProperty
    public double microseconds() {
        return parts().values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /** {@return the name of the longest part} */
    @JsonProperty
    public String limit() {
        double longest = microseconds();
        return parts().entrySet().stream()
                .filter(e -> e.getValue() == longest)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private Map<String, Double> parts() {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("issue", issue);
        parts.put("L1", firstLevel);
        parts.put("L2", secondLevel);
        parts.put("memory", memory);
        parts.put("latency", latency);
        return parts;
    }
}
