package org.lamella.cuda;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;
import org.lamella.device.Device;
import org.lamella.device.DeviceProvider;

/**
 * Finds NVIDIA GPUs through the CUDA run-time library. This version reports them; it has no kernels for them yet, so it
 * offers no device and {@code --device auto} takes the CPU.
 */
public final class CudaDeviceProvider implements DeviceProvider {

    /** Created by the service loader. */
    public CudaDeviceProvider() {
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public List<Device> devices() {
        return List.of();
    }

    @Override
    public List<String> report() {
        List<String> lines = new ArrayList<>();
        try {
            Loader.load(cudart.class);
        } catch (LinkageError e) {
            return List.of("looked for the CUDA run-time library (libcudart) on the library path ("
                    + System.getProperty("java.library.path") + ") and found none that loads",
                    "install NVIDIA's driver and the CUDA run-time library, or use --device cpu");
        }
        try {
            Gpu.all().forEach(gpu -> lines.add(gpu.description()));
            lines.add("driver for CUDA " + Gpu.driverVersion());
        } catch (CudaException e) {
            return List.of("the CUDA libraries are there, but find no GPU: " + e.getMessage(), "use --device cpu");
        }
        lines.add("this version finds GPUs but cannot compute on them; use --device cpu");
        return lines;
    }
}
