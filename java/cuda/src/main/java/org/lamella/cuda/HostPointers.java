package org.lamella.cuda;

import java.nio.FloatBuffer;
import java.util.IdentityHashMap;
import org.bytedeco.javacpp.FloatPointer;

/** Addresses of host buffers, cached: steps use the same few buffers again and again. */
final class HostPointers {

    private static final int MAX_KEPT = 64;

    private final IdentityHashMap<FloatBuffer, FloatPointer> pointers = new IdentityHashMap<>();

    /**
     * The start of a buffer.
     *
     * @param buffer a direct buffer
     * @return an address of the host
     */
    long address(FloatBuffer buffer) {
        if (pointers.size() > MAX_KEPT) {
            pointers.clear();
        }
        return pointers.computeIfAbsent(buffer, b -> new FloatPointer(b)).address();
    }
}
