package org.lamella.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives every tensor its place: greedy best fit, largest first, in the smallest gap that is free for the tensor's whole
 * life (Pisarchyk and Lee 2020, "Efficient memory management for deep neural net inference", greedy by size).
 */
public final class MemoryPlanner {

    /** Every place is a multiple of this many bytes: a cache line, and the widest vector. */
    public static final long ALIGNMENT = 64;

    /**
     * A tensor's size and life.
     *
     * @param bytes size, 0 or more
     * @param first time at which it is first written
     * @param last time at which it is last read; at least {@code first}
     */
    public record Life(long bytes, int first, int last) {
        boolean meets(Life other) {
            return first <= other.last && other.first <= last;
        }
    }

    /**
     * Bytes of a plan.
     *
     * @param arenaBytes shared by all threads
     * @param localBytes of each thread
     * @param naiveBytes of all tensors without any sharing
     */
    public record Result(long arenaBytes, long localBytes, long naiveBytes) {}

    private MemoryPlanner() {}

    /**
     * Places lives so that two that meet never overlap.
     *
     * @param lives size and life of each tensor
     * @return offset of each in bytes, a multiple of {@link #ALIGNMENT}, in the order of {@code lives}
     */
    public static long[] place(List<Life> lives) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < lives.size(); i++) {
            order.add(i);
        }
        order.sort(
                Comparator.comparingLong((Integer i) -> -lives.get(i).bytes()).thenComparing(i -> i));
        long[] offsets = new long[lives.size()];
        List<Integer> placed = new ArrayList<>();
        for (int i : order) {
            Life life = lives.get(i);
            List<Integer> neighbours = new ArrayList<>();
            for (int j : placed) {
                if (lives.get(j).meets(life)) {
                    neighbours.add(j);
                }
            }
            neighbours.sort(Comparator.comparingLong(j -> offsets[j]));
            offsets[i] = bestGap(lives, offsets, neighbours, align(life.bytes()));
            placed.add(i);
        }
        return offsets;
    }

    private static long bestGap(List<Life> lives, long[] offsets, List<Integer> neighbours, long bytes) {
        long end = 0;
        long best = -1;
        long smallest = Long.MAX_VALUE;
        for (int j : neighbours) {
            long gap = offsets[j] - end;
            if (gap >= bytes && gap < smallest) {
                best = end;
                smallest = gap;
            }
            end = Math.max(end, offsets[j] + align(lives.get(j).bytes()));
        }
        return best >= 0 ? best : end;
    }

    /**
     * How much memory these places take.
     *
     * @param lives size and life of each tensor
     * @param offsets as {@link #place} returned them
     * @return bytes from 0 to the end of the last one, a multiple of {@link #ALIGNMENT}
     */
    public static long extent(List<Life> lives, long[] offsets) {
        long extent = 0;
        for (int i = 0; i < offsets.length; i++) {
            extent = Math.max(extent, offsets[i] + align(lives.get(i).bytes()));
        }
        return extent;
    }

    private static long align(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
