package org.lamella.cuda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.javacpp.Loader;
import org.lamella.device.Device;
import org.lamella.device.DeviceProvider;

/** Finds NVIDIA GPUs through the CUDA libraries. */
public final class CudaDeviceProvider implements DeviceProvider {

    private static final String HELP = "install NVIDIA's driver and the CUDA libraries of these bindings' version, or let the build bring "
            + "them: LAMELLA_MAVEN_OPTIONS=-Predist ./lamella devices (2 GB); or use --device cpu";
    private static final String DRIVER = "libcuda.so.1";
    /** Where NVIDIA's kernel module shows each GPU. */
    private static final Path MODULE = Path.of("/proc/driver/nvidia/gpus");

    /** Created by the service loader. */
    public CudaDeviceProvider() {
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public List<Device> devices() {
        if (missing() != null) {
            return List.of();
        }
        try {
            List<Device> devices = new ArrayList<>();
            Gpu.all().forEach(gpu -> devices.add(new CudaDevice(List.of(gpu))));
            return devices;
        } catch (CudaException e) {
            return List.of();
        }
    }

    @Override
    public String idle() {
        if (!Files.isDirectory(MODULE) || !devices().isEmpty()) {
            return null;
        }
        return "there is an NVIDIA GPU, but it cannot be used: " + String.join("; ", report());
    }

    @Override
    public Device choose(String which) {
        String library = missing();
        if (library != null) {
            throw new IllegalArgumentException(library + "; " + HELP);
        }
        List<Gpu> all;
        try {
            all = Gpu.all();
        } catch (CudaException e) {
            throw new IllegalArgumentException("the CUDA libraries are there, but find no GPU: " + e.getMessage() + "; use --device cpu");
        }
        List<Gpu> chosen = new ArrayList<>();
        for (String part : which == null ? new String[] {"0"} : which.split(",", -1)) {
            int ordinal = part.matches("\\d{1,4}") ? Integer.parseInt(part) : -1;
            if (ordinal < 0 || ordinal >= all.size()) {
                throw new IllegalArgumentException("there is no GPU '" + part + "'; there are cuda:0 to cuda:" + (all.size() - 1));
            }
            if (chosen.contains(all.get(ordinal))) {
                throw new IllegalArgumentException("GPU " + ordinal + " is named twice");
            }
            chosen.add(all.get(ordinal));
        }
        return new CudaDevice(chosen);
    }

    @Override
    public List<String> report() {
        String library = missing();
        if (library != null) {
            return List.of(library, HELP);
        }
        List<String> lines = new ArrayList<>();
        try {
            Gpu.all().forEach(gpu -> lines.add("cuda:" + gpu.ordinal() + ": " + gpu.details()));
            lines.add("compiled kernels are kept in " + KernelCache.defaultFolder());
        } catch (CudaException e) {
            return List.of("the CUDA libraries are there, but find no GPU: " + e.getMessage(), "use --device cpu");
        }
        return lines;
    }

    /** Which library is missing, in one line, or null. Looked for once: only the first failure says why. */
    private static final class Libraries {
        static final String MISSING = look();
    }

    private static String missing() {
        return Libraries.MISSING;
    }

    private static String look() {
        String name = "run-time library (libcudart)";
        try {
            Loader.load(cudart.class);
            name = "kernel compiler (libnvrtc)";
            Loader.load(nvrtc.class);
            name = "library for dense layers (libcublas)";
            Loader.load(cublas.class);
            return null;
        } catch (LinkageError e) {
            String why = reason(e);
            return why.contains(DRIVER) ? "NVIDIA's driver (" + DRIVER + ") is missing or does not load"
                    : "looked for the CUDA " + name + " on the library path (" + System.getProperty("java.library.path")
                    + ") and found none that loads (" + why + ")";
        }
    }

    /** What the system's loader said: the deepest cause, behind the name of the bindings' own library. */
    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage()).replaceAll("\\s+", " ").replaceFirst("^.*/[^/:]+\\.so: ", "");
    }
}
