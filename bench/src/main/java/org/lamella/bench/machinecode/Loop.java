package org.lamella.bench.machinecode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * A loop: the instructions from the target of a backward branch to the branch.
 *
 * @param begin bytes from the beginning of the kernel
 * @param end of its last branch back, bytes from the beginning of the kernel
 * @param depth loops around it
 * @param own its instructions without those of loops inside it
 */
public record Loop(int begin, int end, int depth, Mix own) {

    /**
     * Finds loops.
     *
     * @param code of a kernel
     * @return from the beginning of the kernel on, an outer one before those inside it
     */
    static List<Loop> of(List<Instruction> code) {
        TreeMap<Integer, Integer> ends = new TreeMap<>();
        for (Instruction i : code) {
            boolean back = i.kind() == Kind.BRANCH && i.target() >= 0 && i.target() < i.offset();
            if (back) {
                ends.merge(i.target(), i.offset(), Math::max);
            }
        }
        List<int[]> ranges = new ArrayList<>();
        ends.forEach((begin, end) -> ranges.add(new int[] {begin, end}));
        List<Loop> loops = new ArrayList<>();
        for (int[] range : ranges) {
            List<int[]> inside =
                    ranges.stream().filter(r -> r != range && within(r, range)).toList();
            List<Instruction> own = code.stream()
                    .filter(i -> i.offset() >= range[0] && i.offset() <= range[1])
                    .filter(i -> inside.stream().noneMatch(r -> i.offset() >= r[0] && i.offset() <= r[1]))
                    .toList();
            int depth = (int)
                    ranges.stream().filter(r -> r != range && within(range, r)).count();
            loops.add(new Loop(range[0], range[1], depth, Mix.of(own)));
        }
        loops.sort(Comparator.comparingInt(Loop::begin)
                .thenComparing(Comparator.comparingInt(Loop::end).reversed()));
        return loops;
    }

    private static boolean within(int[] inner, int[] outer) {
        return inner[0] >= outer[0] && inner[1] <= outer[1];
    }
}
