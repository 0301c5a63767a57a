package org.lamella.cuda.library;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Loads NVIDIA's libraries, then the bindings to them. A library is searched in the usual folders
 * ({@link LibraryFolders}) and loaded by its full path: the system's loader then uses it for every library that needs
 * this name, whatever paths (RPATH) those contain. Libraries that are already in the process stay in use (a preloaded
 * stand-in, a library of the embedding program), and so do libraries in a jar of the build.
 */
public final class CudaLibraries {

    /** The library in NVRTC's folder that has NVRTC's version in its name: it is taken from there. */
    static final String COMPILER_PARTS = "nvrtc-builtins";
    /** Folders of the driver's library in containers and in WSL, in addition to the system's own folders. */
    private static final List<Path> DRIVER_FOLDERS =
            List.of(Path.of("/usr/local/nvidia/lib64"), Path.of("/usr/lib/wsl/lib"));

    /** One instance per process, because libraries are loaded once per process. */
    private static final class Loaded {
        static final CudaLibraries LIBRARIES = new CudaLibraries();
    }

    /**
     * A skipped file.
     *
     * @param library the library for which it was found
     * @param file its path
     * @param reason follows the file's name in messages
     * @param damaged whether the system's loader would load it, and crash the process
     */
    record Skipped(NeededLibrary library, Path file, String reason, boolean damaged) {
        String line() {
            return file + " " + reason;
        }
    }

    private final List<LibraryFolders.Family> families;
    private final LibrarySearch search;
    /** The files that were loaded, by name of library; other libraries are taken from the same folders. */
    private final Map<String, Path> chosen = new LinkedHashMap<>();
    /** Skipped files, in the order in which they were found. */
    private final List<Skipped> skipped = new ArrayList<>();
    /** The reason why the driver's library must not be loaded; null if it may. */
    private @Nullable String driverProblem;
    /** Results of loading bindings: only the first try returns the reason of a failure. */
    private final Map<Class<?>, @Nullable String> tried = new HashMap<>();

    private CudaLibraries() {
        List<NeededLibrary> together = NeededLibrary.of(cublas.class);
        families = LibraryFolders.of(
                System.getenv(),
                Path.of("/"),
                LibraryPaths.of(System.getProperty("user.home", "/")),
                BundleFolder.find(),
                Bindings.cudaVersion());
        search = new LibrarySearch(
                families, together.stream().map(NeededLibrary::file).toList());
    }

    /**
     * The libraries of this process.
     *
     * @return the same at each call
     */
    public static CudaLibraries ofProcess() {
        return Loaded.LIBRARIES;
    }

    /**
     * Loads bindings with the libraries that they need. Further calls cost nothing.
     *
     * @param bindings for example {@code cudnn.class}
     * @throws UnsatisfiedLinkError if a library is missing or does not load, with the loader's reason
     */
    public static void load(Class<?> bindings) {
        String failure = ofProcess().tryToLoad(bindings);
        if (failure != null) {
            throw new UnsatisfiedLinkError(failure);
        }
    }

    /**
     * Loads bindings with the libraries that they need. Further calls cost nothing.
     *
     * @param bindings for example {@code cudnn.class}
     * @return the reason why they do not load; null if they do
     */
    public synchronized @Nullable String tryToLoad(Class<?> bindings) {
        if (!tried.containsKey(bindings)) {
            tried.put(bindings, loadOnce(bindings));
        }
        return tried.get(bindings);
    }

    private @Nullable String loadOnce(Class<?> bindings) {
        driverProblem = loadDriver();
        if (driverProblem != null) {
            return driverProblem;
        }
        for (NeededLibrary library : NeededLibrary.of(bindings)) {
            prepare(library, bindings);
            String unfit = dangerous(library);
            if (unfit != null) {
                return unfit;
            }
        }
        try {
            Path file = unpacked(bindings);
            if (file != null) {
                String problem = ElfFile.of(file).problem();
                if (problem != null) {
                    return file + " " + problem + "; unpack the bundle again";
                }
                System.load(file.toString()); // Loader would lose the reason of a failure
            }
            Loader.load(bindings);
            return null;
        } catch (LinkageError e) {
            return Bindings.reason(e);
        }
    }

    /** The file of the bindings in a folder of java.library.path, as in a bundle; null if it is in a jar. */
    private static @Nullable Path unpacked(Class<?> bindings) {
        String name = NeededLibrary.bindingsFile(bindings);
        for (String folder : System.getProperty("java.library.path", "").split(File.pathSeparator)) {
            Path path = folder.isEmpty() ? null : LibraryPaths.of(folder);
            if (path != null && Files.isRegularFile(path.resolve(name))) {
                return path.resolve(name).toAbsolutePath();
            }
        }
        return null;
    }

    /** The reason why the system's loader must not search for the driver's library; null if it may, or need not. */
    private @Nullable String loadDriver() {
        if (!MappedLibraries.now().of("cuda", "1").isEmpty()) {
            return null;
        }
        for (Path folder : DRIVER_FOLDERS) {
            Path file = folder.resolve(NeededLibrary.DRIVER);
            if (Files.isRegularFile(file) && ElfFile.of(file).problem() == null && load(file) == null) {
                return null;
            }
        }
        for (LibraryFolders.Family family : families) {
            for (Path folder : family.loaders() ? family.folders() : List.<Path>of()) {
                Path file = folder.resolve(NeededLibrary.DRIVER);
                if (Files.isRegularFile(file)) {
                    ElfFile driver = ElfFile.of(file);
                    return driver.damaged() ? file + " " + driver.problem() + "; take it away" : null;
                }
            }
        }
        return null;
    }

    /**
     * A file that the system's loader would load, and crash the process, because no better one was found; else null.
     */
    private @Nullable String dangerous(NeededLibrary library) {
        return MappedLibraries.now().of(library.name(), library.major()).isEmpty()
                ? skipped(library).stream()
                        .filter(Skipped::damaged)
                        .map(Skipped::line)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /** Loads a library that is not in the process yet. Failures are recorded and reported when the bindings load. */
    private void prepare(NeededLibrary library, Class<?> bindings) {
        List<Path> mapped = MappedLibraries.now().of(library.name(), library.major());
        if (!mapped.isEmpty()) {
            if (chosen.putIfAbsent(library.name(), mapped.get(0)) == null && Files.isRegularFile(mapped.get(0))) {
                register(library, mapped.get(0), bindings); // else a second copy would be loaded from its folder
            }
            return;
        }
        if (bindings.getResource("/org/bytedeco/cuda/" + Loader.getPlatform() + "/" + library.file()) != null) {
            return;
        }
        Path mate = chosen.entrySet().stream()
                .filter(e -> NeededLibrary.familyOf(e.getKey()).equals(library.family()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        List<Path> candidates = library.name().equals(COMPILER_PARTS)
                ? inFolderOf(mate, library)
                : search.candidates(library.file(), mate);
        for (Path file : candidates) {
            ElfFile elf = ElfFile.of(file);
            String unfit = elf.problemAs(library);
            String failure = unfit == null ? load(file) : unfit;
            if (failure == null) {
                chosen.put(library.name(), file);
                register(library, file, bindings);
                return;
            }
            // A library with another name inside would be mapped too, and its first missing function crashes the
            // process.
            Skipped skip = new Skipped(
                    library,
                    file,
                    unfit == null ? "does not load: " + failure : unfit,
                    elf.damaged() || (elf.problem() == null && unfit != null));
            if (!skipped.contains(skip)) {
                skipped.add(skip);
            }
        }
    }

    /** NVRTC's parts in its folder, of any minor version; none if there are several. */
    private static List<Path> inFolderOf(@Nullable Path mate, NeededLibrary library) {
        if (mate == null) {
            return List.of();
        }
        String pattern = "lib" + library.name() + ".so." + library.major() + ".[0-9]";
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(mate.getParent(), pattern)) {
            List<Path> found = new ArrayList<>();
            parts.forEach(found::add);
            return found.size() == 1 ? found : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The reason why a file does not load; null if it does. */
    private static @Nullable String load(Path file) {
        try {
            System.load(file.toString());
            return null;
        } catch (UnsatisfiedLinkError e) {
            return withoutItsName(Bindings.reason(e), file);
        }
    }

    /** Removes the file's name, which both the loader and Java put before the reason. */
    static String withoutItsName(String reason, Path file) {
        return reason.replace(file + ": ", "").replace(LibraryPaths.real(file) + ": ", "");
    }

    /** Registers a file with the bindings' loader, which would otherwise load a second copy from its own folders. */
    private static void register(NeededLibrary library, Path file, Class<?> bindings) {
        try {
            Loader.loadLibrary(bindings, new URL[] {file.toUri().toURL()}, library.link());
        } catch (MalformedURLException | LinkageError e) {
            throw new IllegalStateException(file + " was loaded, and cannot be loaded again", e);
        }
    }

    /**
     * The folders that are searched.
     *
     * @return in order
     */
    public List<LibraryFolders.Family> families() {
        return families;
    }

    /** The file that the search loaded, or found loaded; null if there is none. */
    synchronized @Nullable Path chosen(NeededLibrary library) {
        return chosen.get(library.name());
    }

    /** The skipped files of a library, best first. */
    synchronized List<Skipped> skipped(NeededLibrary library) {
        return skipped.stream()
                .filter(skip -> skip.library().name().equals(library.name()))
                .toList();
    }

    /** The reason why the driver's library cannot be used; null if it can, or none was found. */
    synchronized @Nullable String driverProblem() {
        return driverProblem;
    }

    /** The skipped files of all libraries. */
    synchronized List<Skipped> skipped() {
        return List.copyOf(skipped);
    }
}
