package org.lamella.bench.machinecode;

/**
 * One instruction.
 *
 * @param offset bytes from the beginning of the kernel
 * @param name its mnemonic, without most modifiers; {@code ?} and its opcode if it is not known
 * @param kind what it does
 * @param width bytes that a lane reads or writes in memory; 0 if it accesses none
 * @param target of a branch, bytes from the beginning of the kernel; -1 if it is no branch or its target is not fixed
 * @param wide whether it takes part in 64-bit integer arithmetic other than a single multiply-add that makes an address
 *     of a 32-bit index, or a pointer that advances in place
 */
public record Instruction(int offset, String name, Kind kind, int width, int target, boolean wide) {

    /** No target. */
    static final int NO_TARGET = -1;

    static Instruction of(int offset, String name, Kind kind) {
        return new Instruction(offset, name, kind, 0, NO_TARGET, false);
    }

    /** {@return whether it is the reciprocal from which an integer division begins} */
    boolean reciprocal() {
        return name.equals("MUFU.RCP");
    }
}
