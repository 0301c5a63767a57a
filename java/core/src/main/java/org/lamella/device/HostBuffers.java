package org.lamella.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Makes direct buffers in memory that a device likes to read. They are gone when it is closed. */
public interface HostBuffers extends AutoCloseable {

    /** Plain memory, which the garbage collector frees. */
    HostBuffers PLAIN = count -> ByteBuffer.allocateDirect((int) Math.max(1, count) * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();

    /**
     * Floats in native order.
     *
     * @param count 0 to 2^29 - 1
     * @return a direct buffer of at least one float, at position 0
     */
    FloatBuffer floats(long count);

    @Override
    default void close() {}
}
