package org.lamella.plan;

import org.jspecify.annotations.Nullable;

/**
 * A block of memory of a plan. {@link MemoryPlanner} sets where it lies. Not thread-safe; fixed once the plan is built.
 */
public final class Tensor {

    /** Where a tensor lives. */
    public enum Space {
        /** The program's arena. */
        ARENA,
        /** A thread's own memory: the tensor never leaves its stage, so one sample of it at a time is enough. */
        LOCAL,
        /** The caller's buffers. */
        INPUT,
        TARGET,
        OUTPUT,
        /** The flat arrays of the weights. */
        PARAMETERS,
        GRADIENTS,
        FIRST_MOMENTS,
        SECOND_MOMENTS,
        RUNNING_STATISTICS
    }

    private final String name;
    private final long stride;
    private final long parts;
    private @Nullable Space space;
    private long offset;
    private boolean kept;

    private Tensor(String name, @Nullable Space space, long offset, long stride, long parts) {
        this.name = name;
        this.space = space;
        this.offset = offset;
        this.stride = stride;
        this.parts = parts;
    }

    /** A tensor of {@code parts} parts (samples or chunks) of {@code bytes} bytes each, not yet placed. */
    static Tensor planned(String name, long bytes, long parts) {
        return new Tensor(name, null, -1, bytes, parts);
    }

    /** A tensor whose place is given: a parameter or a caller's buffer. */
    static Tensor fixed(String name, Space space, long offset, long stride) {
        return new Tensor(name, space, offset, stride, 1);
    }

    /** {@return what it holds, for example {@code conv1} or {@code gradient of pool2}} */
    public String name() {
        return name;
    }

    /** {@return bytes from one sample (or chunk) to the next; 0 for a parameter} */
    public long stride() {
        return stride;
    }

    /** {@return bytes of the whole tensor in the arena} */
    public long bytes() {
        return stride * parts;
    }

    /** {@return where it lives; null if no operator of its plan uses it, so that it takes no memory} */
    public @Nullable Space space() {
        return space;
    }

    /** {@return bytes from the start of its space; -1 where that is null} */
    public long offset() {
        return offset;
    }

    /** True if the planner decides where it lies. */
    boolean planned() {
        return space == null || space == Space.ARENA || space == Space.LOCAL;
    }

    /** Keeps the tensor in the arena to the end of the step, so that it can be read. */
    void keep() {
        kept = true;
    }

    boolean kept() {
        return kept;
    }

    boolean oneASample(int batch) {
        return parts == batch;
    }

    void place(Space where, long at) {
        space = where;
        offset = at;
    }
}
