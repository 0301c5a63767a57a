package org.lamella.backend;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Creates direct buffers in memory that a device reads fast. Closing it frees the buffers. */
public interface HostBuffers extends AutoCloseable {

    /** Ordinary memory, which the garbage collector frees. */
    HostBuffers PLAIN = count -> ByteBuffer.allocateDirect((int) Math.max(1, count) * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();

    /**
     * Creates a buffer of floats in native byte order.
     *
     * @param count 0 to 2^29 - 1
     * @return a direct buffer of at least one float, at position 0
     */
    FloatBuffer floats(long count);

    @Override
    default void close() {}
}
