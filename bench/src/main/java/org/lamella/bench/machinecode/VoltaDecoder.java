package org.lamella.bench.machinecode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The encoding of Volta to Hopper (sm_70 to sm_90): 128 bits per instruction. The lowest 9 bits are the operation of
 * arithmetic, the 3 bits above them the form of its operands; other instructions use all 12 bits as their opcode.
 * Predicate in bits 12 to 15, destination in 16 to 23, sources from 24, 32 and 64, scheduling in the topmost bits.
 */
final class VoltaDecoder implements Decoder {

    private static final int BYTES = 16;
    private static final int NO_REGISTER = 255;
    /** Bits of the upper half. */
    private static final int CARRY = 10;

    private static final int LEA_HIGH = 16;
    private static final int EXTENDED_COMPARISON = 8;
    private static final int WIDTH = 9;
    private static final int FUNCTION = 10;

    private static final String[] FUNCTIONS = {
        "COS", "SIN", "EX2", "LG2", "RCP", "RSQ", "RCP64H", "RSQ64H", "SQRT", "TANH"
    };
    private static final int[] WIDTHS = {1, 1, 2, 2, 4, 8, 16, 16};

    private static final Map<Integer, Instruction> ARITHMETIC = new HashMap<>();
    private static final Map<Integer, Instruction> OTHERS = new HashMap<>();

    static {
        kind(ARITHMETIC, Kind.FFMA, "023 FFMA");
        kind(
                ARITHMETIC,
                Kind.FLOAT,
                "020 FMUL, 021 FADD, 008 FSEL, 009 FMNMX, 00a FSET, 00b FSETP, 102 FCHK, 107 FRND");
        kind(ARITHMETIC, Kind.FLOAT, "030 HADD2, 031 HFMA2, 032 HMUL2, 035 HFMA2.MMA");
        kind(ARITHMETIC, Kind.DOUBLE, "028 DMUL, 029 DADD, 02a DSETP, 02b DFMA, 10f FRND.64, 110 F2F.64");
        kind(
                ARITHMETIC,
                Kind.INTEGER,
                "002 MOV, 007 SEL, 00c ISETP, 010 IADD3, 011 LEA, 012 LOP3, 013 IABS, 016 PRMT, 017 IMNMX, 01a BMSK, "
                        + "01b SGXT, 01c PLOP3, 036 VIADD, 046 VIADDMNMX, 048 VIMNMX, 100 FLO, 101 BREV, 109 POPC");
        kind(ARITHMETIC, Kind.INTEGER_MULTIPLY, "024 IMAD, 025 IMAD.WIDE, 026 IDP, 027 IMAD.HI");
        kind(ARITHMETIC, Kind.SHIFT, "019 SHF");
        kind(ARITHMETIC, Kind.CONVERSION, "104 F2F, 105 F2I, 106 I2F, 111 F2I.64, 112 I2F.64, 045 I2FP, 03e F2FP");
        kind(ARITHMETIC, Kind.SPECIAL, "108 MUFU");
        kind(
                OTHERS,
                Kind.INTEGER,
                "082 UMOV, 087 USEL, 08c UISETP, 090 UIADD3, 091 ULEA, 092 ULOP3, 09c UPLOP3, 0ca R2UR");
        kind(OTHERS, Kind.INTEGER_MULTIPLY, "0a4 UIMAD, 0a5 UIMAD.WIDE");
        kind(OTHERS, Kind.SHIFT, "099 USHF");
        kind(OTHERS, Kind.INTEGER, "1c2 R2UR, 1c3 S2UR, 003 P2R, 004 R2P, 005 CS2R, 006 VOTE, 086 VOTEU, 00f ISETP");
        kind(OTHERS, Kind.LOAD_CONSTANT, "182 LDC, 0b9 ULDC");
        kind(OTHERS, Kind.LOAD_GLOBAL, "181 LDG, 180 LD, 1ae LDGSTS");
        kind(OTHERS, Kind.STORE_GLOBAL, "186 STG, 185 ST, 18a ATOM, 1a8 ATOMG, 18e RED");
        kind(OTHERS, Kind.LOAD_SHARED, "184 LDS, 18c ATOMS, 03b LDSM");
        kind(OTHERS, Kind.STORE_SHARED, "188 STS");
        kind(OTHERS, Kind.LOAD_LOCAL, "183 LDL");
        kind(OTHERS, Kind.STORE_LOCAL, "187 STL");
        kind(OTHERS, Kind.SHUFFLE, "189 SHFL");
        kind(OTHERS, Kind.BARRIER, "11d BAR");
        kind(OTHERS, Kind.BRANCH, "147 BRA, 149 BRX, 14a JMP, 14d EXIT, 150 RET, 142 BREAK");
        kind(OTHERS, Kind.CALL, "143 CALL.ABS, 144 CALL");
        kind(
                OTHERS,
                Kind.OTHER,
                "118 NOP, 119 S2R, 11a DEPBAR, 11b ELECT, 11c B2R, 141 BSYNC, 145 BSSY, 146 YIELD, 148 WARPSYNC, "
                        + "155 BMOV, 156 BMOV, 18f CCTL, 192 MEMBAR, 1ab ERRBAR, 1af LDGDEPBAR");
    }

    private final boolean splitTarget;

    /**
     * For one architecture.
     *
     * @param sm the number in its name; Hopper has the lowest bits of a branch's target elsewhere
     */
    VoltaDecoder(int sm) {
        this.splitTarget = sm >= 90;
    }

    /** Enters opcodes, 9 bits each, with their names. */
    private static void kind(Map<Integer, Instruction> table, Kind kind, String list) {
        for (String each : list.split(", ")) {
            String[] words = each.split(" ");
            table.put(Integer.parseInt(words[0], 16), Instruction.of(0, words[1], kind));
        }
    }

    @Override
    public List<Instruction> decode(byte[] code) {
        ByteBuffer words = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        List<Instruction> all = new ArrayList<>(code.length / BYTES);
        for (int at = 0; at + BYTES <= code.length; at += BYTES) {
            all.add(decode(at, words.getLong(at), words.getLong(at + 8)));
        }
        return all;
    }

    private Instruction decode(int at, long low, long high) {
        int opcode = (int) (low & 0xfff);
        int operation = opcode & 0x1ff;
        Instruction found = ARITHMETIC.get(operation);
        if (found == null) {
            found = OTHERS.get(operation);
        }
        if (found == null) {
            return Instruction.of(at, String.format("?%03x", opcode), Kind.OTHER);
        }
        Kind kind = found.kind();
        String name = found.name();
        int width = 0;
        if (kind.global() || kind.shared() || kind.local() || kind == Kind.LOAD_CONSTANT) {
            width = WIDTHS[(int) (high >>> WIDTH & 7)];
        }
        if (kind == Kind.SPECIAL) {
            int function = (int) (high >>> FUNCTION & 0xf);
            name += function < FUNCTIONS.length ? "." + FUNCTIONS[function] : "";
        }
        int target = name.equals("BRA") ? target(at, low, high) : Instruction.NO_TARGET;
        return new Instruction(at, name, kind, width, target, wide(name, low, high));
    }

    /** The offset is relative to the next instruction and counts 4 bytes. */
    private int target(int at, long low, long high) {
        long offset = low >>> 34 | (high & 0x3ffff) << 30;
        offset = offset << 16 >> 16; // 48 bits with a sign
        if (splitTarget) {
            offset = offset << 8 | (low >>> 16 & 0xff);
        }
        return (int) (at + BYTES + 4 * offset);
    }

    /** Additions with carry, which make 64 bits of two registers. */
    private static boolean wide(String name, long low, long high) {
        boolean carry = switch (name) {
            case "IADD3", "UIADD3", "IMAD", "UIMAD" -> (high >>> CARRY & 1) != 0;
            case "LEA", "ULEA" -> (high >>> LEA_HIGH & 1) != 0 && (high >>> CARRY & 1) != 0;
            case "ISETP", "UISETP" -> (high >>> EXTENDED_COMPARISON & 1) != 0;
            default -> false;
        };
        return carry && (name.endsWith("SETP") || !inPlace(low, high));
    }

    private static boolean inPlace(long low, long high) {
        long to = low >>> 16 & 0xff;
        return to != NO_REGISTER && (to == (low >>> 24 & 0xff) || to == (low >>> 32 & 0xff) || to == (high & 0xff));
    }
}
