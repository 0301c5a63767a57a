package org.lamella.cuda;

import java.nio.FloatBuffer;
import java.util.IdentityHashMap;
import org.bytedeco.javacpp.FloatPointer;

/** Addresses of host buffers: the same few come back step after step. */
final class HostPointers {

    private static final int MAX_KEPT = 64;

    private final IdentityHashMap<FloatBuffer, FloatPointer> pointers = new IdentityHashMap<>();

    /**
     * Where a buffer begins.
     *
     * @param buffer a direct one
     * @return an address of the host
     */
    long address(FloatBuffer buffer) {
        if (pointers.size() > MAX_KEPT) {
            pointers.clear();
        }
        return pointers.computeIfAbsent(buffer, b -> new FloatPointer(b)).address();
    }
}
