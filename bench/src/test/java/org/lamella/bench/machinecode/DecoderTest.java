package org.lamella.bench.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single instructions, as ptxas has written them for kernels with one operation. */
class DecoderTest {

    /** A word of Kepler, upper half first. */
    private static Instruction kepler(String high, String low) {
        ByteBuffer code = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        code.putLong(0x0880a0a0a0a0a0a0L); // scheduling
        code.putInt(Integer.parseUnsignedInt(low, 16)).putInt(Integer.parseUnsignedInt(high, 16));
        List<Instruction> all = new KeplerDecoder().decode(code.array());
        assertThat(all).as("scheduling is no instruction").hasSize(1);
        return all.get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "cc008000, 231c1082, FFMA, FFMA, 0",
        "9403fefc, 00001c15, FFMA, FFMA, 0",
        "9c002a00, 001c2425, FFMA, FFMA, 0",
        "e2c00000, 041c1416, FADD, FLOAT, 0",
        "c34001f8, 00200001, FMUL, FLOAT, 0",
        "84000000, 021c0012, MUFU.RCP, SPECIAL, 0",
        "84000000, 011c0012, MUFU.EX2, SPECIAL, 0",
        "a1080000, 011c4c39, IMAD, INTEGER_MULTIPLY, 0",
        "92101400, 289c000e, IMAD.X, INTEGER_MULTIPLY, 0",
        "61c01800, 2a9c1c1a, IMUL, INTEGER_MULTIPLY, 0",
        "60c40800, 281c000a, ISCADD, SHIFT, 0",
        "40000000, 009c1819, IADD32I, INTEGER, 0",
        "c4800000, 001c0808, LD, LOAD_GLOBAL, 4",
        "c6800000, 001c0820, LD, LOAD_GLOBAL, 16",
        "60021086, 7f9c0811, LDG, LOAD_GLOBAL, 4",
        "6002908e, 7f9c0811, LDG, LOAD_GLOBAL, 8",
        "600310be, 7f9c0811, LDG, LOAD_GLOBAL, 16",
        "60001086, 7f9c0811, LDG, LOAD_GLOBAL, 1",
        "e4800000, 001c1008, ST, STORE_GLOBAL, 4",
        "e5800000, 001c1040, ST, STORE_GLOBAL, 8",
        "e0800000, 001c0810, ST, STORE_GLOBAL, 1",
        "7a700000, 001d1412, LDS, LOAD_SHARED, 16",
        "7ae00000, 001c1022, STS, STORE_SHARED, 4",
        "8540dc00, 001c0002, BAR, BARRIER, 0",
        "18000000, 001c003c, EXIT, BRANCH, 0"
    })
    void aWordOfKepler(String high, String low, String name, Kind kind, int width) {
        Instruction i = kepler(high, low);
        assertThat(i.name()).isEqualTo(name);
        assertThat(i.kind()).isEqualTo(kind);
        assertThat(i.width()).isEqualTo(width);
    }

    @Test
    void branchesOfKeplerAreRelativeToTheNextWord() {
        assertThat(kepler("12000000", "4020003c").target()).isEqualTo(16 + 0x80);
        assertThat(kepler("12007fff", "dc20003c").target()).isEqualTo(16 - 0x48);
    }

    @Test
    void anAdditionWithCarryIsWideUnlessItAdvancesAPointer() {
        assertThat(kepler("e0804000", "031c2c36").wide()).isTrue();
        assertThat(kepler("e0804000", "041c1c1e").wide()).as("in place").isFalse();
        assertThat(kepler("e0840000", "039c2832").wide()).as("the lower half").isFalse();
    }

    /** An instruction of Volta or later, all 32 digits. */
    private static Instruction volta(int sm, String digits) {
        ByteBuffer code = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        code.putLong(Long.parseUnsignedLong(digits.substring(16), 16));
        code.putLong(Long.parseUnsignedLong(digits.substring(0, 16), 16));
        return new VoltaDecoder(sm).decode(code.array()).get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "061fe200000000090000004d1c097223, FFMA, FFMA, 0",
        "000fc800000021003f00000013007423, FFMA, FFMA, 0",
        "000fe200000001ff00000000ff3e7435, HFMA2.MMA, FLOAT, 0",
        "000fc6000f8e02ff0000000403037c24, IMAD, INTEGER_MULTIPLY, 0",
        "000fc800078e00ff0000000502347225, IMAD.WIDE, INTEGER_MULTIPLY, 0",
        "001e2400000010000000000000007308, MUFU.RCP, SPECIAL, 0",
        "000064000021f0000000000800097305, F2I, CONVERSION, 0",
        "000ea2000c1e9900000000081c1e9981, LDG, LOAD_GLOBAL, 4",
        "003e280000000c00000000004f1c7984, LDS, LOAD_SHARED, 16",
        "0001e8000c101908000000091e009986, STG, STORE_GLOBAL, 4",
        "000fe800000100000000000000007b1d, BAR, BARRIER, 0",
        "000fea0003800000000000000000094d, EXIT, BRANCH, 0"
    })
    void anInstructionOfVoltaAndLater(String digits, String name, Kind kind, int width) {
        Instruction i = volta(90, digits);
        assertThat(i.name()).isEqualTo(name);
        assertThat(i.kind()).isEqualTo(kind);
        assertThat(i.width()).isEqualTo(width);
    }

    @Test
    void branchesCountFourBytesFromTheNextInstruction() {
        // the lowest byte of the offset is elsewhere in Hopper: 0x8c here
        assertThat(volta(90, "000fea000380000000000000008c0947").target()).isEqualTo(16 + 4 * 0x8c);
        assertThat(volta(75, "000fea0003800000000000a000000947").target()).isEqualTo(16 + 4 * 0x28);
        assertThat(volta(90, "000fea000383fffffffffffc00f07947").target()).isEqualTo(16 - 4 * 0x10);
    }

    @Test
    void otherArchitecturesAreRefused() {
        assertThatThrownBy(() -> Decoder.of(60))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sm_60");
        assertThatThrownBy(() -> Cubin.read(new byte[100], 90)).hasMessageContaining("no machine code");
    }
}
