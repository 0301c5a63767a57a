package org.lamella.bench.machinecode;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's machine code.
 *
 * @param name of the kernel
 * @param registers per thread
 * @param sharedBytes of shared memory per block
 * @param frameBytes of local memory per thread
 * @param code its instructions
 */
public record KernelCode(String name, int registers, int sharedBytes, int frameBytes, List<Instruction> code) {

    /** A loop with fewer multiply-adds is part of an epilogue, such as an activation. */
    private static final int LEAST_FFMA = 8;
    /** Loops with at most this share of the main loop's multiply-adds are remainders of unrolling. */
    private static final double REMAINDER = 0.25;

    /** Copies the instructions. */
    public KernelCode {
        code = List.copyOf(code);
    }

    /** {@return its loops, an outer one before those inside it} */
    public List<Loop> loops() {
        return Loop.of(code);
    }

    /** {@return all instructions} */
    public Mix mix() {
        return Mix.of(code);
    }

    /**
     * The loops with multiply-adds in which a convolution or a matrix product spends its time. Instructions of loops
     * inside them count for those alone.
     *
     * @return the one with most multiply-adds, and all with more than a quarter of its number; none for other kernels
     */
    public List<Loop> multiplyLoops() {
        List<Loop> loops = loops();
        int most = loops.stream().mapToInt(l -> l.own().count(Kind.FFMA)).max().orElse(0);
        return most < LEAST_FFMA
                ? List.of()
                : loops.stream()
                        .filter(l -> l.own().count(Kind.FFMA) > REMAINDER * most)
                        .toList();
    }

    /**
     * The loop that most of the time goes into: with the most multiply-adds, or without any the one with the most
     * memory accesses of the innermost ones. Loops with barriers or shuffles come last: the code of shuffles in
     * divergent warps is behind the kernel's end and jumps back, which looks like a loop.
     *
     * @return null if the kernel has no loop
     */
    public @Nullable Loop mainLoop() {
        Comparator<Loop> order = Comparator.comparingInt(l -> l.own().count(Kind.FFMA));
        if (multiplyLoops().isEmpty()) {
            order = Comparator.comparing((Loop l) -> !synchronises(l))
                    .thenComparingInt(Loop::depth)
                    .thenComparingInt(l -> l.own().globalBytes() + l.own().sharedBytes());
        }
        return loops().stream().max(order).orElse(null);
    }

    private static boolean synchronises(Loop loop) {
        return loop.own().count(Kind.BARRIER) + loop.own().count(Kind.SHUFFLE) > 0;
    }

    /** {@return the instructions that are in no loop} */
    public Mix outsideLoops() {
        List<Loop> loops = loops();
        return Mix.of(code.stream()
                .filter(i -> loops.stream().noneMatch(l -> i.offset() >= l.begin() && i.offset() <= l.end()))
                .toList());
    }

    /** {@return the loops with memory accesses and without many multiply-adds, which fill shared memory} */
    public Mix fillLoops() {
        List<Loop> multiply = multiplyLoops();
        List<Loop> fill = loops().stream()
                .filter(l -> !multiply.contains(l) && l.own().count(Kind.FFMA) < LEAST_FFMA)
                .filter(l -> l.own().globalBytes() + l.own().sharedBytes() > 0)
                .toList();
        return Mix.of(code.stream()
                .filter(i -> fill.stream().anyMatch(l -> i.offset() >= l.begin() && i.offset() <= l.end()))
                .filter(i -> multiply.stream().noneMatch(l -> i.offset() >= l.begin() && i.offset() <= l.end()))
                .toList());
    }

    /** {@return whether registers are spilled, or an array lies in local memory} */
    public boolean spills() {
        return frameBytes > 0 || mix().local() > 0;
    }
}
