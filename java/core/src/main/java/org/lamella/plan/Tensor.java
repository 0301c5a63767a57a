package org.lamella.plan;

import org.jspecify.annotations.Nullable;

/**
 * A block of memory of a plan. {@link MemoryPlanner} assigns its offset. Not thread-safe while the plan is built,
 * unchanged after that.
 */
public final class Tensor {

    /** The memory that a tensor is in. */
    public enum Space {
        /** The program's arena. */
        ARENA,
        /** Thread-local memory: the tensor is used in one stage only, so one group of samples at a time is enough. */
        LOCAL,
        /** The caller's buffer of inputs. */
        INPUT,
        /** The caller's buffer of targets, or of the given gradient of the output. */
        TARGET,
        /** The caller's buffer of outputs. */
        OUTPUT,
        /** The flat array of parameters. */
        PARAMETERS,
        /** The flat array of gradients. */
        GRADIENTS,
        /** The flat array of first moments. */
        FIRST_MOMENTS,
        /** The flat array of second moments. */
        SECOND_MOMENTS,
        /** The flat array of running statistics. */
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

    /** A tensor at a given offset: a parameter or a caller's buffer. */
    static Tensor fixed(String name, Space space, long offset, long stride) {
        return new Tensor(name, space, offset, stride, 1);
    }

    /** {@return a description of its content, for example {@code conv1} or {@code gradient of pool2}} */
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

    /** {@return the memory that it is in; null if no operator uses it, so that it takes no memory} */
    public @Nullable Space space() {
        return space;
    }

    /** {@return bytes from the start of its space; -1 if that is null} */
    public long offset() {
        return offset;
    }

    /** True if the planner assigns its offset. */
    boolean planned() {
        return space == null || space == Space.ARENA || space == Space.LOCAL;
    }

    /** Keeps the tensor in the arena until the end of the step, so that it can be read. */
    void keep() {
        kept = true;
    }

    boolean kept() {
        return kept;
    }

    boolean isPerSample(int batch) {
        return parts == batch;
    }

    void place(Space where, long at) {
        space = where;
        offset = at;
    }
}
