package org.lamella.cuda.gpu;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.SizeTPointer;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/**
 * A GPU as the driver describes it. Uses only the driver interface, whose functions are the same in every CUDA version
 * of the bindings.
 *
 * @param ordinal its number, as in {@code cuda:0}
 * @param name the driver's name for it
 * @param major compute capability, before the dot
 * @param minor compute capability, after the dot
 * @param memory device memory, in bytes
 * @param multiprocessors number of multiprocessors
 */
public record Gpu(int ordinal, String name, int major, int minor, long memory, int multiprocessors) {

    private static final int NAME_BYTES = 256;

    /**
     * All GPUs of this machine.
     *
     * @return in the driver's order, at least one
     * @throws CudaException if the driver finds none or fails
     * @throws LinkageError if the CUDA libraries are missing
     */
    public static List<Gpu> all() {
        Checks.driver(cudart.cuInit(0), "cuInit");
        int[] count = new int[1];
        Checks.driver(cudart.cuDeviceGetCount(count), "cuDeviceGetCount");
        List<Gpu> gpus = new ArrayList<>();
        for (int i = 0; i < count[0]; i++) {
            gpus.add(of(i));
        }
        return gpus;
    }

    /**
     * The CUDA version that the driver supports.
     *
     * @return for example {@code 11.4} for branch 470
     * @throws CudaException if the call fails
     */
    public static String driverVersion() {
        int[] version = new int[1];
        Checks.driver(cudart.cuDriverGetVersion(version), "cuDriverGetVersion");
        return version[0] / 1000 + "." + version[0] % 1000 / 10;
    }

    /**
     * The architecture for which its kernels are compiled.
     *
     * @return for example {@code sm_37}
     */
    public String architecture() {
        return "sm_" + major + minor;
    }

    /**
     * A description, for messages.
     *
     * @return text without a line break
     * @throws CudaException if the driver does not return its version
     */
    public String details() {
        return String.format(
                Locale.ROOT,
                "%s, %.1f GiB, %s, %d multiprocessors, driver for CUDA %s",
                name,
                memory / (double) (1L << 30),
                architecture(),
                multiprocessors,
                driverVersion());
    }

    private static Gpu of(int ordinal) {
        String device = " of cuda:" + ordinal;
        int[] handle = new int[1];
        Checks.driver(cudart.cuDeviceGet(handle, ordinal), "cuDeviceGet" + device);
        byte[] name = new byte[NAME_BYTES];
        Checks.driver(cudart.cuDeviceGetName(name, NAME_BYTES, handle[0]), "cuDeviceGetName" + device);
        int length = 0;
        while (length < NAME_BYTES && name[length] != 0) {
            length++;
        }
        try (SizeTPointer memory = new SizeTPointer(1)) {
            Checks.driver(cudart.cuDeviceTotalMem(memory, handle[0]), "cuDeviceTotalMem" + device);
            return new Gpu(
                    ordinal,
                    new String(name, 0, length, StandardCharsets.UTF_8),
                    attribute(handle[0], cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device),
                    attribute(handle[0], cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device),
                    memory.get(),
                    attribute(handle[0], cudart.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device));
        }
    }

    private static int attribute(int handle, int attribute, String device) {
        int[] value = new int[1];
        Checks.driver(
                cudart.cuDeviceGetAttribute(value, attribute, handle),
                "cuDeviceGetAttribute(" + attribute + ")" + device);
        return value[0];
    }
}
