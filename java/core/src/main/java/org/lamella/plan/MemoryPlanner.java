package org.lamella.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Places every tensor: greedy best fit, largest first, in the smallest gap that is free for the tensor's whole lifetime
 * (Pisarchyk and Lee 2020, "Efficient memory management for deep neural net inference", greedy by size).
 */
public final class MemoryPlanner {

    /** Every offset is a multiple of this many bytes: a cache line, and the widest vector. */
    public static final long ALIGNMENT = 64;

    /**
     * Size and lifetime of a tensor.
     *
     * @param bytes size, 0 or more
     * @param first time at which it is first written
     * @param last time at which it is last read; at least {@code first}
     */
    public record Lifetime(long bytes, int first, int last) {
        boolean overlaps(Lifetime other) {
            return first <= other.last && other.first <= last;
        }
    }

    /**
     * Memory of a plan.
     *
     * @param arenaBytes shared by all threads
     * @param localBytes per thread
     * @param naiveBytes sum over all tensors, without any sharing
     */
    public record Result(long arenaBytes, long localBytes, long naiveBytes) {}

    private MemoryPlanner() {}

    /**
     * Places tensors so that two with overlapping lifetimes never overlap in memory.
     *
     * @param lifetimes size and lifetime of each tensor
     * @return offset of each in bytes, a multiple of {@link #ALIGNMENT}, in the order of {@code lifetimes}
     */
    public static long[] place(List<Lifetime> lifetimes) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < lifetimes.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingLong((Integer i) -> -lifetimes.get(i).bytes())
                .thenComparing(i -> i));
        long[] offsets = new long[lifetimes.size()];
        List<Integer> placed = new ArrayList<>();
        for (int i : order) {
            Lifetime lifetime = lifetimes.get(i);
            List<Integer> neighbours = new ArrayList<>();
            for (int j : placed) {
                if (lifetimes.get(j).overlaps(lifetime)) {
                    neighbours.add(j);
                }
            }
            neighbours.sort(Comparator.comparingLong(j -> offsets[j]));
            offsets[i] = bestGap(lifetimes, offsets, neighbours, align(lifetime.bytes()));
            placed.add(i);
        }
        return offsets;
    }

    private static long bestGap(List<Lifetime> lifetimes, long[] offsets, List<Integer> neighbours, long bytes) {
        long end = 0;
        long best = -1;
        long smallest = Long.MAX_VALUE;
        for (int j : neighbours) {
            long gap = offsets[j] - end;
            if (gap >= bytes && gap < smallest) {
                best = end;
                smallest = gap;
            }
            end = Math.max(end, offsets[j] + align(lifetimes.get(j).bytes()));
        }
        return best >= 0 ? best : end;
    }

    /**
     * How much memory these tensors take.
     *
     * @param lifetimes size and lifetime of each tensor
     * @param offsets as {@link #place} returned them
     * @return bytes from 0 to the end of the last one, a multiple of {@link #ALIGNMENT}
     */
    public static long extent(List<Lifetime> lifetimes, long[] offsets) {
        long extent = 0;
        for (int i = 0; i < offsets.length; i++) {
            extent = Math.max(extent, offsets[i] + align(lifetimes.get(i).bytes()));
        }
        return extent;
    }

    private static long align(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
