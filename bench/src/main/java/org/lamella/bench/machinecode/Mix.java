package org.lamella.bench.machinecode;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How many instructions of each kind a stretch of code has.
 *
 * @param counts per kind; a kind that does not occur is absent
 * @param globalBytes that a lane reads or writes in global memory, once through
 * @param sharedBytes the same in shared memory
 * @param globalWidth widest access to global memory, bytes; 0 without any
 * @param divisions integer divisions, each by a reciprocal and two conversions
 * @param wide instructions of 64-bit index arithmetic
 */
public record Mix(
        Map<Kind, Integer> counts, int globalBytes, int sharedBytes, int globalWidth, int divisions, int wide) {

    /**
     * Counts.
     *
     * @param code instructions
     * @return their numbers
     */
    static Mix of(List<Instruction> code) {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        int globalBytes = 0;
        int sharedBytes = 0;
        int globalWidth = 0;
        int reciprocals = 0;
        int toInteger = 0;
        int wide = 0;
        for (Instruction i : code) {
            counts.merge(i.kind(), 1, Integer::sum);
            if (i.kind().global()) {
                globalBytes += i.width();
                globalWidth = Math.max(globalWidth, i.width());
            } else if (i.kind().shared()) {
                sharedBytes += i.width();
            }
            reciprocals += i.reciprocal() ? 1 : 0;
            toInteger += i.name().startsWith("F2I") ? 1 : 0;
            wide += i.wide() ? 1 : 0;
        }
        return new Mix(
                Map.copyOf(counts), globalBytes, sharedBytes, globalWidth, Math.min(reciprocals, toInteger), wide);
    }

    /**
     * The number of a kind.
     *
     * @param kind of instructions
     * @return 0 or more
     */
    public int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** {@return all instructions: each takes a slot of issue} */
    public int instructions() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** {@return multiply-adds per instruction, from 0 to 1; 0 without instructions} */
    public double ffmaShare() {
        return instructions() == 0 ? 0 : (double) count(Kind.FFMA) / instructions();
    }

    /** {@return loads from and stores into local memory, which are spilled registers or arrays} */
    public int local() {
        return count(Kind.LOAD_LOCAL) + count(Kind.STORE_LOCAL);
    }
}
