package org.lamella.cuda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bytedeco.cuda.global.cudart;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.DeviceLibrary;
import org.lamella.backend.DeviceProvider;
import org.lamella.backend.UnusableDeviceException;
import org.lamella.cuda.compile.KernelCache;
import org.lamella.cuda.compile.KernelCompiler;
import org.lamella.cuda.compile.ShippedKernels;
import org.lamella.cuda.gpu.Gpu;
import org.lamella.cuda.library.Bindings;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.library.CudaLibraries;
import org.lamella.cuda.library.LibraryFolders;
import org.lamella.cuda.library.LibraryReport;
import org.lamella.cuda.library.NeededLibrary;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/** Finds NVIDIA GPUs through the CUDA libraries. */
public final class CudaDeviceProvider implements DeviceProvider {

    /** Where NVIDIA's kernel module lists each GPU. */
    private static final Path MODULE = Path.of("/proc/driver/nvidia/gpus");

    /** Created by the service loader. */
    public CudaDeviceProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public List<ComputeDevice> devices() {
        if (missing() != null) {
            return List.of();
        }
        try {
            List<ComputeDevice> devices = new ArrayList<>();
            Gpu.all().forEach(gpu -> devices.add(new CudaDevice(List.of(gpu), code())));
            return devices;
        } catch (CudaException e) {
            return List.of();
        }
    }

    @Override
    public @Nullable Phrase unusable() {
        if (!Files.isDirectory(MODULE) || !devices().isEmpty()) {
            return null;
        }
        return Phrase.format("there is an NVIDIA GPU, but it cannot be used: %s", Phrase.join("; ", report()));
    }

    @Override
    public ComputeDevice choose(@Nullable String which) {
        String library = missing();
        if (library != null) {
            throw new UnusableDeviceException(Phrase.format("%s; %s", library, help()));
        }
        List<Gpu> all;
        try {
            all = Gpu.all();
        } catch (CudaException e) {
            throw new UnusableDeviceException(Phrase.join("; ", noGpu(e)), e);
        }
        List<Gpu> chosen = new ArrayList<>();
        for (String part : which == null ? new String[] {"0"} : which.split(",", -1)) {
            int ordinal = part.matches("\\d{1,4}") ? Integer.parseInt(part) : -1;
            if (ordinal < 0 || ordinal >= all.size()) {
                throw new IllegalArgumentException(
                        "there is no GPU '" + part + "'; there are cuda:0 to cuda:" + (all.size() - 1));
            }
            if (chosen.contains(all.get(ordinal))) {
                throw new IllegalArgumentException("GPU " + ordinal + " is named twice");
            }
            chosen.add(all.get(ordinal));
        }
        return new CudaDevice(chosen, code());
    }

    @Override
    public List<Phrase> report() {
        String library = missing();
        if (library != null) {
            return List.of(Phrase.of(library), help());
        }
        List<String> lines = new ArrayList<>();
        try {
            Gpu.all().forEach(gpu -> lines.add("cuda:" + gpu.ordinal() + ": " + gpu.details()));
            lines.addAll(kernels());
        } catch (CudaException e) {
            return noGpu(e);
        }
        return lines.stream().map(Phrase::of).toList();
    }

    @Override
    public List<DeviceLibrary> libraries() {
        return new LibraryReport(CudaLibraries.ofProcess()).rows();
    }

    @Override
    public List<Phrase> libraryNotes() {
        return new LibraryReport(CudaLibraries.ofProcess()).notes();
    }

    /** The advice if a library is missing. */
    private static Phrase help() {
        return Phrase.format(
                "install NVIDIA's driver and the libraries of CUDA %s, or name their folder: %s=FOLDER (%s says where "
                        + "they were looked for); or use %s cpu",
                Bindings.cudaVersion(), LibraryFolders.SETTING, Setting.DEVICE_REPORT, Setting.DEVICE);
    }

    private static List<Phrase> noGpu(CudaException e) {
        return List.of(
                Phrase.format("the CUDA libraries are there, but find no GPU: %s", String.valueOf(e.getMessage())),
                Phrase.format("use %s cpu", Setting.DEVICE));
    }

    /** The missing library, in one line; null if none is missing. */
    private static @Nullable String missing() {
        String why = CudaLibraries.ofProcess().tryToLoad(cudart.class);
        if (why == null) {
            return null;
        }
        return why.contains(NeededLibrary.DRIVER)
                ? "NVIDIA's driver (" + NeededLibrary.DRIVER + ") is missing or does not load"
                : "the CUDA run-time library (libcudart) is missing or does not load (" + why + ")"
                        + (why.contains("undefined symbol") && bindNow()
                                ? "; LD_BIND_NOW is set: run with env -u LD_BIND_NOW"
                                : "");
    }

    private static boolean bindNow() {
        String value = System.getenv("LD_BIND_NOW");
        return value != null && !value.isEmpty();
    }

    @Override
    public String librarySearch() {
        String folders = CudaLibraries.ofProcess().families().stream()
                .map(family -> family.folders().stream().map(Path::toString).collect(Collectors.joining(":")) + " ("
                        + family.name() + ")")
                .collect(Collectors.joining(", "));
        return "CUDA's libraries were looked for where the system's loader does"
                + (folders.isEmpty() ? "; of the other usual folders none is here" : ", and in: " + folders);
    }

    /** The source of the kernels' machine code. */
    private static KernelCache code() {
        return new KernelCache(
                () -> shipped(CudaDeviceProvider::note),
                KernelCache.defaultFolder(),
                KernelCompiler::new,
                CudaDeviceProvider::note);
    }

    private static @Nullable ShippedKernels shipped(Consumer<String> notes) {
        Path folder = ShippedKernels.defaultFolder();
        return folder == null ? null : new ShippedKernels(folder, notes);
    }

    private static void note(String line) {
        System.err.println("note: " + line);
    }

    /** The sources of kernels, one line each. */
    private static List<String> kernels() {
        List<String> lines = new ArrayList<>();
        ShippedKernels shipped = shipped(lines::add);
        if (shipped != null && !shipped.architectures().isEmpty()) {
            lines.add("kernels for " + String.join(", ", shipped.architectures()) + " came along in "
                    + ShippedKernels.defaultFolder());
        }
        lines.add("compiled kernels are kept in " + KernelCache.defaultFolder());
        return lines;
    }
}
