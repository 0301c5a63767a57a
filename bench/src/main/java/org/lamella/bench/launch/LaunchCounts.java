package org.lamella.bench.launch;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What the simulator has counted in the blocks of a launch that it ran.
 *
 * @param kernel its name
 * @param variant its file with the constants of its compilation
 * @param grid blocks along x, y and z
 * @param block threads of a block
 * @param blocks that ran
 * @param events basic blocks and accesses of all threads of these blocks
 * @param logged those that the other values are of; fewer in long kernels
 * @param code instructions of the host in the kernel
 * @param reached those in basic blocks that ran
 * @param slots instructions of the host that warps issued
 * @param laneSlots the same for each lane that took part
 * @param multiplyAdds multiply-adds of 32-bit floats that warps issued
 * @param laneMultiplyAdds the same for each lane that took part
 * @param blockSectors different 32-byte sectors of global memory of each block, added up
 * @param sectors different sectors of all blocks together
 * @param globalLoads from global memory
 * @param globalStores into global memory
 * @param sharedLoads from shared memory
 * @param sharedStores into shared memory
 */
public record LaunchCounts(
        String kernel,
        String variant,
        List<Integer> grid,
        int block,
        long blocks,
        long events,
        long logged,
        long code,
        long reached,
        long slots,
        @JsonProperty("lane_slots") long laneSlots,
        @JsonProperty("multiply_adds") long multiplyAdds,
        @JsonProperty("lane_multiply_adds") long laneMultiplyAdds,
        @JsonProperty("block_sectors") long blockSectors,
        long sectors,
        @JsonProperty("global_loads") Requests globalLoads,
        @JsonProperty("global_stores") Requests globalStores,
        @JsonProperty("shared_loads") Requests sharedLoads,
        @JsonProperty("shared_stores") Requests sharedStores) {

    private static final int LANES = 32;

    /**
     * Requests of warps to memory.
     *
     * @param requests their number
     * @param bytes that all lanes accessed
     * @param units 32-byte sectors of global memory, or wavefronts of shared memory, that they took
     * @param least units that would do for the bytes
     * @param lines 128-byte lines of global memory
     */
    public record Requests(long requests, long bytes, long units, long least, long lines) {

        /** {@return units per request; 0 without requests} */
        public double each() {
            return requests == 0 ? 0 : (double) units / requests;
        }

        Requests plus(Requests more) {
            return new Requests(
                    requests + more.requests,
                    bytes + more.bytes,
                    units + more.units,
                    least + more.least,
                    lines + more.lines);
        }
    }

    /** Copies the grid. */
    public LaunchCounts {
        grid = List.copyOf(grid);
    }

    /** {@return blocks of the whole grid} */
    public long allBlocks() {
        return grid.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }

    /** {@return warps of a block} */
    public int blockWarps() {
        return (block + LANES - 1) / LANES;
    }

    /** {@return by what counts are to be multiplied for the whole launch} */
    public double scale() {
        return logged == 0 ? 0 : (double) allBlocks() / blocks * events / logged;
    }

    /** {@return the share of the kernel's code that runs at all: the rest is other cases of a switch, for example} */
    public double reachedShare() {
        return code == 0 ? 1 : (double) reached / code;
    }

    /** {@return requests to global memory} */
    public Requests global() {
        return globalLoads.plus(globalStores);
    }

    /** {@return requests to shared memory} */
    public Requests shared() {
        return sharedLoads.plus(sharedStores);
    }

    /**
     * The sectors that requests to global memory take, compared with those that their bytes need.
     *
     * @return 1 for coalesced accesses, up to 32; 1 without accesses
     */
    public double sectorExcess() {
        return global().least() == 0 ? 1 : (double) global().units() / global().least();
    }

    /**
     * The wavefronts that requests to shared memory take, compared with those without bank conflicts.
     *
     * @return 1 without conflicts, up to 32; 1 without accesses
     */
    public double bankConflicts() {
        return shared().least() == 0 ? 1 : (double) shared().units() / shared().least();
    }

    /**
     * The lanes that take part in what warps execute, of all 32. Both sides of a branch count, also where a GPU would
     * predicate them.
     *
     * @return from 0 to 1; 1 if nothing was executed
     */
    public double activeLanes() {
        return slots == 0 ? 1 : (double) laneSlots / LANES / slots;
    }
}
