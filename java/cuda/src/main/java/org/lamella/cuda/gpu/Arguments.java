package org.lamella.cuda.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelStructure;

/** The arguments of a kernel in native memory, as {@code cuLaunchKernel} takes them. */
public final class Arguments implements AutoCloseable {

    private static final int MAX_BYTES = 1024;
    private static final int ALIGNMENT = 16;

    private final BytePointer memory = new BytePointer(MAX_BYTES);
    private final ByteBuffer bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    private final List<Integer> places = new ArrayList<>();
    private @Nullable PointerPointer<BytePointer> pointers;

    /**
     * Adds an int.
     *
     * @param value any
     * @return this
     */
    public Arguments integer(int value) {
        begin().putInt(value);
        return this;
    }

    /**
     * Adds a float.
     *
     * @param value any
     * @return this
     */
    public Arguments number(float value) {
        begin().putFloat(value);
        return this;
    }

    /**
     * Adds a double.
     *
     * @param value any
     * @return this
     */
    public Arguments number(double value) {
        begin().putDouble(value);
        return this;
    }

    /**
     * Adds a long.
     *
     * @param value any
     * @return this
     */
    public Arguments whole(long value) {
        begin().putLong(value);
        return this;
    }

    /**
     * Adds a device address.
     *
     * @param value the address; 0 is a null pointer
     * @return this
     */
    public Arguments address(long value) {
        return whole(value);
    }

    /**
     * Adds a structure.
     *
     * @param structure which one
     * @param fields its ints, floats and longs, in the structure's order, without gaps between them
     * @return this
     * @throws IllegalArgumentException if the fields do not have the size of the structure
     */
    public Arguments structure(KernelStructure structure, Number... fields) {
        int start = begin().position();
        for (Number field : fields) {
            if (field instanceof Integer i) {
                bytes.putInt(i);
            } else if (field instanceof Float f) {
                bytes.putFloat(f);
            } else {
                bytes.putLong(field.longValue());
            }
        }
        if (bytes.position() - start != structure.bytes()) {
            throw new IllegalArgumentException(
                    structure + " has " + structure.bytes() + " bytes, not " + (bytes.position() - start));
        }
        return this;
    }

    /** Pointers to all arguments, valid until this is closed. */
    PointerPointer<BytePointer> pointers() {
        if (pointers == null) {
            pointers = new PointerPointer<>(Math.max(1, places.size()));
            for (int i = 0; i < places.size(); i++) {
                pointers.put(i, new BytePointer(memory).position(places.get(i)));
            }
        }
        return pointers;
    }

    private ByteBuffer begin() {
        bytes.position((bytes.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        places.add(bytes.position());
        return bytes;
    }

    @Override
    public void close() {
        if (pointers != null) {
            pointers.close();
        }
        memory.close();
    }
}
