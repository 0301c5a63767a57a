package org.lamella.cuda;

import org.bytedeco.javacpp.FloatPointer;

/** An address on a device, as the bindings want it. Owns nothing. */
final class DevicePointer extends FloatPointer {

    DevicePointer(long address) {
        this.address = address;
    }
}
