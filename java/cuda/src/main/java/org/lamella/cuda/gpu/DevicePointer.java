package org.lamella.cuda.gpu;

import org.bytedeco.javacpp.FloatPointer;

/** An address on a device, in the type that the bindings need. Owns nothing. */
public final class DevicePointer extends FloatPointer {

    /**
     * A pointer to an address.
     *
     * @param address on a device; 0 is null
     */
    public DevicePointer(long address) {
        this.address = address;
    }
}
