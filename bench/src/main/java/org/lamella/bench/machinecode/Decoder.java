package org.lamella.bench.machinecode;

import java.util.List;

/** Turns the bytes of a kernel into instructions. */
interface Decoder {

    /**
     * Decodes a kernel.
     *
     * @param code all of its bytes
     * @return its instructions, in their order
     */
    List<Instruction> decode(byte[] code);

    /**
     * The decoder for an architecture.
     *
     * @param sm the number in its name, for example 37
     * @return a decoder
     * @throws IllegalArgumentException if there is none
     */
    static Decoder of(int sm) {
        if (sm == 35 || sm == 37) {
            return new KeplerDecoder();
        }
        if (sm >= 70 && sm <= 90) {
            return new VoltaDecoder(sm);
        }
        throw new IllegalArgumentException(
                "machine code of sm_" + sm + " cannot be read, only of sm_35, sm_37, and " + "sm_70 to sm_90");
    }
}
