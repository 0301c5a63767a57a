package org.lamella.bench.machinecode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoding of Kepler's large chips (sm_35, sm_37): 64 bits per instruction. Of each 8 words the first one holds the
 * scheduling of the 7 instructions after it. The lowest 2 bits are the class: 1 with an immediate operand, 2 with
 * registers or constants, 0 for memory and control. The opcode is at the top; bits 62 and 63 of class 2 say where a
 * constant is, bit 59 of class 1 is the sign of the immediate.
 */
final class KeplerDecoder implements Decoder {

    private static final int BYTES = 8;
    private static final int BUNDLE = 64;

    /** Bits of the upper word. */
    private static final int IMMEDIATE_SIGN = 0x080;

    private static final int SHARED_WIDTH = 19;
    private static final int GLOBAL_WIDTH = 24;
    private static final int TEXTURE_WIDTH = 15;
    private static final int CARRY_OF_ADDITION = 14;
    private static final int CARRY_OF_PRODUCT = 20;

    private static final int[] WIDTHS = {1, 1, 2, 2, 4, 8, 16, 16};
    private static final String[] FUNCTIONS = {"COS", "SIN", "EX2", "LG2", "RCP", "RSQ", "RCP64H", "RSQ64H"};

    @Override
    public List<Instruction> decode(byte[] code) {
        ByteBuffer words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        List<Instruction> all = new ArrayList<>(code.length / BYTES);
        for (int at = 0; at + BYTES <= code.length; at += BYTES) {
            if (at % BUNDLE != 0) { // scheduling is no instruction
                all.add(decode(at, words.getInt(at), words.getInt(at + 4)));
            }
        }
        return all;
    }

    private static Instruction decode(int at, int low, int high) {
        int opcode = high >>> 20;
        return switch (low & 3) {
            case 0 -> control(at, low, high);
            case 1 -> immediate(at, low, high, opcode & ~IMMEDIATE_SIGN);
            case 2 -> registers(at, low, high, opcode & 0x3ff);
            default -> unknown(at, low, opcode);
        };
    }

    private static Instruction control(int at, int low, int high) {
        switch (high >>> 28) {
            case 0xc -> {
                return memory(at, "LD", Kind.LOAD_GLOBAL, high, GLOBAL_WIDTH);
            }
            case 0xe -> {
                return memory(at, "ST", Kind.STORE_GLOBAL, high, GLOBAL_WIDTH);
            }
            case 0x2 -> {
                return Instruction.of(at, "LOP32I", Kind.INTEGER);
            }
            case 0x4 -> {
                return Instruction.of(at, "FADD32I", Kind.FLOAT);
            }
            default -> {}
        }
        int target = target(at, low, high);
        return switch (high >>> 23) {
            case 0x24 -> new Instruction(at, "BRA", Kind.BRANCH, 0, target, false);
            case 0x25, 0x28 -> Instruction.of(at, "BRX", Kind.BRANCH);
            case 0x26, 0x22 -> new Instruction(at, "CAL", Kind.CALL, 0, target, false);
            case 0x29 -> Instruction.of(at, "SSY", Kind.OTHER);
            case 0x2a -> Instruction.of(at, "PBK", Kind.OTHER);
            case 0x2b -> Instruction.of(at, "PCNT", Kind.OTHER);
            case 0x30 -> Instruction.of(at, "EXIT", Kind.BRANCH);
            case 0x32 -> Instruction.of(at, "RET", Kind.BRANCH);
            case 0x34 -> Instruction.of(at, "BRK", Kind.BRANCH);
            case 0x36 -> Instruction.of(at, "CONT", Kind.BRANCH);
            default -> unknown(at, low, high >>> 20);
        };
    }

    /** Relative to the next word; 24 bits with a sign. */
    private static int target(int at, int low, int high) {
        int offset = (high & 0x7fff) << 9 | low >>> 23;
        return at + BYTES + (offset << 8 >> 8);
    }

    private static Instruction immediate(int at, int low, int high, int opcode) {
        if (high >>> 24 == 0x60 || high >>> 24 == 0x61) {
            return new Instruction(
                    at, "LDG", Kind.LOAD_GLOBAL, WIDTHS[high >>> TEXTURE_WIDTH & 7], Instruction.NO_TARGET, false);
        }
        if (opcode >>> 6 == 0x400 >>> 6) {
            return Instruction.of(at, "IADD32I", Kind.INTEGER);
        }
        // The immediate forms of the arithmetic are numbered as the others plus 0x880, 0x980 or 0xa00.
        return switch (opcode & 0xf70) {
            case 0x940 -> Instruction.of(at, "FFMA", Kind.FFMA);
            case 0xa00, 0xa10, 0xa20, 0xa30 -> product(at, high);
            default ->
                switch (opcode & 0xf7c) {
                    case 0xc2c -> Instruction.of(at, "FADD", Kind.FLOAT);
                    case 0xc34 -> Instruction.of(at, "FMUL", Kind.FLOAT);
                    case 0xc30 -> Instruction.of(at, "FMNMX", Kind.FLOAT);
                    case 0xb58, 0xb5c, 0xb54, 0xb50 -> Instruction.of(at, "FSETP", Kind.FLOAT);
                    case 0xc38 -> Instruction.of(at, "DADD", Kind.DOUBLE);
                    case 0xc40, 0xb38, 0xb3c -> Instruction.of(at, "DFMA", Kind.DOUBLE);
                    case 0xc08 -> addition(at, low, high);
                    case 0xc0c -> Instruction.of(at, "ISCADD", Kind.SHIFT);
                    case 0xc1c -> Instruction.of(at, "IMUL", Kind.INTEGER_MULTIPLY);
                    case 0xc14 -> Instruction.of(at, "SHR", Kind.SHIFT);
                    case 0xc24 -> Instruction.of(at, "SHL", Kind.SHIFT);
                    case 0xb7c, 0xc7c -> Instruction.of(at, "SHF", Kind.SHIFT);
                    case 0xc10 -> Instruction.of(at, "IMNMX", Kind.INTEGER);
                    case 0xc20, 0xc00, 0xc50, 0xc64, 0xb78, 0xb60 -> Instruction.of(at, "LOP", Kind.INTEGER);
                    case 0xb30, 0xb34, 0xb20, 0xb24, 0xb28, 0xb2c -> Instruction.of(at, "ISETP", Kind.INTEGER);
                    default -> unknown(at, low, opcode);
                };
        };
    }

    private static Instruction registers(int at, int low, int high, int opcode) {
        switch (high >>> 22) {
            case 0x7a4 >>> 2 -> {
                return memory(at, "LDS", Kind.LOAD_SHARED, high, SHARED_WIDTH);
            }
            case 0x7ac >>> 2 -> {
                return memory(at, "STS", Kind.STORE_SHARED, high, SHARED_WIDTH);
            }
            case 0x7a0 >>> 2 -> {
                return memory(at, "LDL", Kind.LOAD_LOCAL, high, SHARED_WIDTH);
            }
            case 0x7a8 >>> 2 -> {
                return memory(at, "STL", Kind.STORE_LOCAL, high, SHARED_WIDTH);
            }
            case 0x7c8 >>> 2 -> {
                return memory(at, "LDC", Kind.LOAD_CONSTANT, high, SHARED_WIDTH);
            }
            default -> {}
        }
        if (high >>> 28 == 2) { // a 32-bit immediate fills the bits below
            return Instruction.of(
                    at,
                    opcode >>> 7 == 0x200 >>> 7 ? "FMUL32I" : "IMUL32I",
                    opcode >>> 7 == 0x200 >>> 7 ? Kind.FLOAT : Kind.INTEGER_MULTIPLY);
        }
        if (high >>> 23 == 0x740 >>> 3) {
            return Instruction.of(at, "MOV32I", Kind.INTEGER);
        }
        if (high >>> 20 == 0x840) {
            int function = low >>> 23 & 7;
            return Instruction.of(at, "MUFU." + FUNCTIONS[function], Kind.SPECIAL);
        }
        if ((opcode & 0x3f0) == 0x0c0) {
            return Instruction.of(at, "FFMA", Kind.FFMA);
        }
        if ((opcode & 0x3c0) == 0x100) {
            return product(at, high);
        }
        return arithmetic(at, low, high, opcode & 0x3fc);
    }

    private static Instruction arithmetic(int at, int low, int high, int opcode) {
        return switch (opcode) {
            case 0x22c -> Instruction.of(at, "FADD", Kind.FLOAT);
            case 0x234 -> Instruction.of(at, "FMUL", Kind.FLOAT);
            case 0x230 -> Instruction.of(at, "FMNMX", Kind.FLOAT);
            case 0x1d8, 0x1dc, 0x1d0, 0x1d4, 0x000, 0x248 -> Instruction.of(at, "FSETP", Kind.FLOAT);
            case 0x1b8, 0x1bc, 0x228, 0x238, 0x240, 0x244, 0x1c0, 0x1c4 -> Instruction.of(at, "DFMA", Kind.DOUBLE);
            case 0x208 -> addition(at, low, high);
            case 0x20c -> Instruction.of(at, "ISCADD", Kind.SHIFT);
            case 0x21c -> Instruction.of(at, "IMUL", Kind.INTEGER_MULTIPLY);
            case 0x214 -> Instruction.of(at, "SHR", Kind.SHIFT);
            case 0x224 -> Instruction.of(at, "SHL", Kind.SHIFT);
            case 0x1fc, 0x27c -> Instruction.of(at, "SHF", Kind.SHIFT);
            case 0x210 -> Instruction.of(at, "IMNMX", Kind.INTEGER);
            case 0x24c -> Instruction.of(at, "MOV", Kind.INTEGER);
            case 0x204 -> Instruction.of(at, "POPC", Kind.SHIFT);
            case 0x250, 0x220, 0x1a0, 0x1a4, 0x1a8, 0x1ac, 0x1b0, 0x1b4, 0x1e0, 0x1f4, 0x1f8, 0x200 ->
                Instruction.of(at, "ISETP", Kind.INTEGER);
            case 0x044, 0x048 -> Instruction.of(at, "PSETP", Kind.INTEGER);
            case 0x254 -> Instruction.of(at, "F2F", Kind.CONVERSION);
            case 0x258 -> Instruction.of(at, "F2I", Kind.CONVERSION);
            case 0x25c -> Instruction.of(at, "I2F", Kind.CONVERSION);
            case 0x260 -> Instruction.of(at, "I2I", Kind.CONVERSION);
            case 0x388 -> Instruction.of(at, "SHFL", Kind.SHUFFLE);
            case 0x054 -> Instruction.of(at, "BAR", Kind.BARRIER);
            case 0x058 -> Instruction.of(at, "NOP", Kind.OTHER);
            case 0x064 -> Instruction.of(at, "S2R", Kind.OTHER);
            case 0x370 -> Instruction.of(at, "TEXDEPBAR", Kind.OTHER);
            default -> unknown(at, low, opcode);
        };
    }

    private static Instruction addition(int at, int low, int high) {
        boolean wide = (high >>> CARRY_OF_ADDITION & 1) != 0 && (low >>> 2 & 0xff) != (low >>> 10 & 0xff);
        return new Instruction(at, wide ? "IADD.X" : "IADD", Kind.INTEGER, 0, Instruction.NO_TARGET, wide);
    }

    /** One that continues with a carry is the upper half of an address or of a 64-bit product. */
    private static Instruction product(int at, int high) {
        boolean carry = (high >>> CARRY_OF_PRODUCT & 1) != 0;
        return Instruction.of(at, carry ? "IMAD.X" : "IMAD", Kind.INTEGER_MULTIPLY);
    }

    private static Instruction memory(int at, String name, Kind kind, int high, int bit) {
        return new Instruction(at, name, kind, WIDTHS[high >>> bit & 7], Instruction.NO_TARGET, false);
    }

    private static Instruction unknown(int at, int low, int opcode) {
        return Instruction.of(at, String.format("?%d:%03x", low & 3, opcode), Kind.OTHER);
    }
}
