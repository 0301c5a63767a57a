package org.lamella.bench.machinecode;

/** What an instruction does, as far as the speed of a kernel depends on it. */
public enum Kind {
    /** A multiply-add of 32-bit floats: the only instruction that a convolution is about. */
    FFMA,
    /** Other arithmetic on 32-bit floats, and comparisons. */
    FLOAT,
    /** Arithmetic on 64-bit floats. */
    DOUBLE,
    /** Integer additions, logic, comparisons, selections, moves. */
    INTEGER,
    /** Integer multiplications, with or without an addition. */
    INTEGER_MULTIPLY,
    /** Integer shifts. */
    SHIFT,
    /** Conversions between integers and floats. */
    CONVERSION,
    /** Reciprocals, exponentials and others of the special-function unit. */
    SPECIAL,
    /** A load from global memory, read-only cache included. */
    LOAD_GLOBAL,
    /** A store into global memory. */
    STORE_GLOBAL,
    /** A load from shared memory. */
    LOAD_SHARED,
    /** A store into shared memory. */
    STORE_SHARED,
    /** A load from local memory: registers that were spilled, or an array that does not fit into registers. */
    LOAD_LOCAL,
    /** A store into local memory. */
    STORE_LOCAL,
    /** A load from constant memory. */
    LOAD_CONSTANT,
    /** A value moved between the lanes of a warp. */
    SHUFFLE,
    /** A jump, conditional or not. */
    BRANCH,
    /** A call of a subroutine, such as a 64-bit division. */
    CALL,
    /** A barrier of the block. */
    BARRIER,
    /** Everything else: reading special registers, reconvergence, padding. */
    OTHER;

    /** {@return whether it reads or writes global memory} */
    public boolean global() {
        return this == LOAD_GLOBAL || this == STORE_GLOBAL;
    }

    /** {@return whether it reads or writes shared memory} */
    public boolean shared() {
        return this == LOAD_SHARED || this == STORE_SHARED;
    }

    /** {@return whether it reads or writes local memory} */
    public boolean local() {
        return this == LOAD_LOCAL || this == STORE_LOCAL;
    }
}
