package org.lamella.cuda.library;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.cuda.global.nccl;
import org.bytedeco.cuda.global.nvrtc;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.DeviceLibrary;
import org.lamella.finding.Phrase;

/**
 * Every NVIDIA library that is used or could be: the mapped file, its version, the reason if it is missing, and
 * conflicts.
 */
public final class LibraryReport {

    /**
     * Bindings and their purpose.
     *
     * @param bindings for example {@code cudnn.class}
     * @param purpose for the report
     */
    private record Use(Class<?> bindings, String purpose) {}

    /** In the order of the report. */
    private static final List<Use> USES = List.of(
            new Use(cudart.class, "memory, streams, graphs"),
            new Use(cublas.class, "dense layers, faster than by a kernel of ours"),
            new Use(nvrtc.class, "compiles kernels that did not come along"),
            new Use(cudnn.class, "other kernels for convolutions"),
            new Use(nccl.class, "sums over several GPUs"));

    private static final List<Class<?>> OPTIONAL = List.of(cublas.class, nvrtc.class, cudnn.class, nccl.class);

    private final CudaLibraries libraries;
    private final List<DeviceLibrary> rows = new ArrayList<>();
    private final List<LibraryNotes.Loaded> loaded = new ArrayList<>();
    private int driver;
    private int runtime;
    private long dnnRuntime;

    /**
     * Loads all that can be loaded.
     *
     * @param libraries of this process
     */
    public LibraryReport(CudaLibraries libraries) {
        this.libraries = libraries;
        Map<Class<?>, @Nullable String> failures = new LinkedHashMap<>();
        USES.forEach(use -> failures.put(use.bindings, libraries.tryToLoad(use.bindings)));
        if (failures.get(cudart.class) == null) {
            driver = number(version -> cudart.cuDriverGetVersion(version));
            runtime = number(version -> cudart.cudaRuntimeGetVersion(version));
        }
        if (failures.get(cudnn.class) == null) {
            dnnRuntime = cudnn.cudnnGetCudartVersion();
        }
        rows.add(driverRow());
        List<String> seen = new ArrayList<>();
        failures.forEach((bindings, failure) -> NeededLibrary.of(bindings).stream()
                .filter(library -> !seen.contains(library.name()))
                .filter(library -> library.family().equals(family(bindings)))
                .forEach(library -> {
                    seen.add(library.name());
                    if (!library.name().equals(CudaLibraries.COMPILER_PARTS)) {
                        row(library, bindings, failure);
                    }
                }));
    }

    private static String family(Class<?> bindings) {
        return bindings.getSimpleName();
    }

    private static String purpose(Class<?> bindings) {
        return USES.stream()
                .filter(use -> use.bindings == bindings)
                .map(Use::purpose)
                .findFirst()
                .orElseThrow();
    }

    private DeviceLibrary driverRow() {
        List<Path> mapped = MappedLibraries.now().of("cuda", "1");
        String version = mapped.isEmpty() ? null : LibraryVersion.ofDriver(mapped.get(0));
        String problem = libraries.driverProblem() != null
                ? libraries.driverProblem()
                : "NVIDIA's driver is not installed here, or not to be seen in this container";
        return new DeviceLibrary(
                "driver",
                NeededLibrary.DRIVER,
                mapped.isEmpty() ? null : mapped.get(0).toString(),
                driver == 0 ? version : "for CUDA " + LibraryVersion.ofCuda(driver),
                false,
                "NVIDIA's driver",
                mapped.isEmpty() ? problem : null);
    }

    private void row(NeededLibrary library, Class<?> bindings, @Nullable String failure) {
        boolean part = !library.name().equals(family(bindings));
        List<Path> mapped = MappedLibraries.now().of(library.name(), library.major());
        String version = mapped.isEmpty() ? null : LibraryVersion.of(mapped.get(0), library);
        boolean first = loaded.stream().noneMatch(l -> l.library().family().equals(library.family()));
        // With two copies in the process either may answer, so the answer may be of the other file.
        if (failure == null && mapped.size() == 1 && (!part || (first && bindings == cudnn.class))) {
            version = version(bindings);
        }
        String problem = null;
        if (mapped.isEmpty()) {
            String found = libraries.skipped(library).stream()
                    .map(CudaLibraries.Skipped::line)
                    .collect(Collectors.collectingAndThen(Collectors.joining("; "), s -> s.isEmpty() ? null : s));
            boolean said = part
                    && found == null
                    && OPTIONAL.contains(bindings)
                    && rows.get(rows.size() - 1).path() == null;
            if (failure == null || said) {
                return; // not needed after all, or the whole library is missing, which is reported already
            }
            problem = found != null ? found : "in none of the folders that were looked into";
        } else {
            loaded.add(new LibraryNotes.Loaded(library, mapped, libraries.chosen(library), version));
            if (failure != null && !part && !failure.contains(NeededLibrary.DRIVER)) {
                problem = "the bindings over it do not load: " + failure;
            }
        }
        rows.add(new DeviceLibrary(
                library.name(),
                library.file(),
                mapped.isEmpty() ? null : mapped.get(0).toString(),
                version,
                OPTIONAL.contains(bindings),
                purpose(bindings),
                problem));
    }

    /** The version that a library returns. */
    private @Nullable String version(Class<?> bindings) {
        if (bindings == cudart.class) {
            return LibraryVersion.ofCuda(runtime);
        }
        if (bindings == cublas.class) {
            return List.of(0, 1, 2).stream()
                    .map(part -> Integer.toString(number(value -> cublas.cublasGetProperty(part, value))))
                    .collect(Collectors.joining("."));
        }
        if (bindings == nvrtc.class) {
            int[] major = new int[1];
            int[] minor = new int[1];
            return nvrtc.nvrtcVersion(major, minor) == nvrtc.NVRTC_SUCCESS ? major[0] + "." + minor[0] : null;
        }
        if (bindings == cudnn.class) {
            return LibraryVersion.ofDnn(cudnn.cudnnGetVersion());
        }
        return LibraryVersion.ofNccl(number(version -> nccl.ncclGetVersion(version)));
    }

    /** A function that writes a number and returns 0. */
    private interface Question {
        int ask(int[] answer);
    }

    private static int number(Question question) {
        int[] answer = new int[1];
        return question.ask(answer) == 0 ? answer[0] : 0;
    }

    /**
     * Present and missing libraries.
     *
     * @return a row for each library
     */
    public List<DeviceLibrary> rows() {
        return List.copyOf(rows);
    }

    /**
     * Conflicts between the libraries.
     *
     * @return one line each
     */
    public List<Phrase> notes() {
        List<String> files =
                new ArrayList<>(loaded.stream().map(l -> l.file().toString()).toList());
        libraries.skipped().forEach(skip -> files.add(skip.file().toString())); // have their own notes
        List<Phrase> notes = new ArrayList<>();
        named(System.getenv(LibraryFolders.SETTING), files).forEach(line -> notes.add(Phrase.of(line)));
        for (LibraryNotes.Loaded library : loaded) {
            libraries.skipped(library.library()).forEach(skip -> notes.add(Phrase.of(skipped(skip, library.file()))));
        }
        notes.addAll(new LibraryNotes(
                        Bindings.cudaVersion(),
                        System.getenv("LD_BIND_NOW"),
                        driver,
                        runtime,
                        dnnRuntime,
                        loaded,
                        libraries.families())
                .lines());
        return notes;
    }

    /** The note on a file that was found before the one that is used. */
    static String skipped(CudaLibraries.Skipped skip, Path used) {
        return skip.line() + ": it was skipped, " + used + " is used; take the first away, or put a good one there";
    }

    /** Folders that the user has named without effect, one line each. */
    static List<String> named(@Nullable String setting, List<String> files) {
        List<String> lines = new ArrayList<>();
        for (String folder : setting == null ? new String[0] : setting.split(":")) {
            Path path = LibraryPaths.of(folder);
            if (path == null) {
                lines.add(LibraryFolders.SETTING + " names " + folder + ", which has letters that are not in the "
                        + "locale's character set; set LC_ALL=C.UTF-8, or another UTF-8 locale");
            } else if (!folder.isBlank()
                    && files.stream()
                            .noneMatch(file -> LibraryPaths.real(Path.of(file)).startsWith(LibraryPaths.real(path)))) {
                lines.add(LibraryFolders.SETTING + " names " + folder + ", "
                        + (Files.isDirectory(path)
                                ? "and no library came from there: it has none of those wanted, or they were in "
                                        + "the process before"
                                : "which is no folder"));
            }
        }
        return lines;
    }
}
