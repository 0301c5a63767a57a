package org.lamella.cuda;

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

/**
 * Loads NVIDIA's libraries, then the bindings over them. A library is found in the usual folders ({@link
 * LibraryFolders}) and loaded by its whole path: the system's loader then takes it for every library that wants its
 * name, whatever paths those have inside. What is in the process already stays (a preloaded stand-in, a library of the
 * program around this one), and so does what a jar of the build brings along.
 */
final class CudaLibraries {

    /** The library that lies beside NVRTC and has its version in its name: it is taken as it is found there. */
    static final String COMPILER_PARTS = "nvrtc-builtins";
    /** Where containers and Windows' Linux have the driver's library, besides the system's own folders. */
    private static final List<Path> DRIVER_FOLDERS = List.of(Path.of("/usr/local/nvidia/lib64"),
            Path.of("/usr/lib/wsl/lib"));

    /** One for the process, as its libraries are. */
    private static final class Process {
        static final CudaLibraries LIBRARIES = new CudaLibraries();
    }

    private final List<LibraryFolders.Family> families;
    private final LibrarySearch search;
    /** What was loaded from where; the folders of these are those that the others are taken from. */
    private final Map<String, Path> chosen = new LinkedHashMap<>();
    /** Why a library's file did not load. */
    private final Map<String, String> failures = new HashMap<>();
    /** How the loading of bindings ended: only the first try says why. */
    private final Map<Class<?>, String> tried = new HashMap<>();

    private CudaLibraries() {
        List<NeededLibrary> together = NeededLibrary.of(cublas.class);
        families = LibraryFolders.of(System.getenv(), Path.of("/"),
                LibraryFolders.path(System.getProperty("user.home", "/")), BundleFolder.find(), Bindings.cudaVersion());
        search = new LibrarySearch(families, together.stream().map(NeededLibrary::file).toList());
    }

    static CudaLibraries ofProcess() {
        return Process.LIBRARIES;
    }

    /**
     * Loads bindings with the libraries that they want. May be called again, at no cost.
     *
     * @param bindings for example {@code cudnn.class}
     * @throws UnsatisfiedLinkError if one is missing or does not load, with the loader's own reason
     */
    static void load(Class<?> bindings) {
        String failure = ofProcess().tryToLoad(bindings);
        if (failure != null) {
            throw new UnsatisfiedLinkError(failure);
        }
    }

    /** Why bindings do not load, or null if they do. */
    synchronized String tryToLoad(Class<?> bindings) {
        if (!tried.containsKey(bindings)) {
            tried.put(bindings, loadOnce(bindings));
        }
        return tried.get(bindings);
    }

    private String loadOnce(Class<?> bindings) {
        loadDriver();
        NeededLibrary.of(bindings).forEach(library -> prepare(library, bindings));
        try {
            Path file = unpacked(bindings);
            if (file != null) {
                System.load(file.toString());  // Loader would forget why it does not load
            }
            Loader.load(bindings);
            return null;
        } catch (LinkageError e) {
            return Bindings.reason(e);
        }
    }

    /** The bindings' file in a folder of java.library.path, as in a bundle; null if it is in a jar. */
    private static Path unpacked(Class<?> bindings) {
        String name = NeededLibrary.bindingsFile(bindings);
        for (String folder : System.getProperty("java.library.path", "").split(File.pathSeparator)) {
            Path path = folder.isEmpty() ? null : LibraryFolders.path(folder);
            if (path != null && Files.isRegularFile(path.resolve(name))) {
                return path.resolve(name).toAbsolutePath();
            }
        }
        return null;
    }

    private static void loadDriver() {
        if (!MappedLibraries.now().of("cuda", "1").isEmpty()) {
            return;
        }
        for (Path folder : DRIVER_FOLDERS) {
            Path file = folder.resolve(NeededLibrary.DRIVER);
            if (Files.isRegularFile(file) && load(file) == null) {
                return;
            }
        }
    }

    /** Loads a library where nothing else has; a failure is noted and comes out when the bindings are loaded. */
    private void prepare(NeededLibrary library, Class<?> bindings) {
        List<Path> mapped = MappedLibraries.now().of(library.name(), library.major());
        if (!mapped.isEmpty()) {
            chosen.putIfAbsent(library.name(), mapped.get(0));
            return;
        }
        if (bindings.getResource("/org/bytedeco/cuda/" + Loader.getPlatform() + "/" + library.file()) != null) {
            return;
        }
        Path mate = chosen.entrySet().stream().filter(e -> NeededLibrary.familyOf(e.getKey()).equals(library.family()))
                .map(Map.Entry::getValue).findFirst().orElse(null);
        List<Path> candidates = library.name().equals(COMPILER_PARTS) ? beside(mate, library)
                : search.candidates(library.file(), mate);
        for (Path file : candidates) {
            String failure = load(file);
            if (failure == null) {
                chosen.put(library.name(), file);
                register(library, file, bindings);
                return;
            }
            failures.putIfAbsent(library.name(), file + ": " + failure);
        }
    }

    /** NVRTC's parts of whichever minor version lies beside it; none if there are several. */
    private static List<Path> beside(Path mate, NeededLibrary library) {
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

    /** Why a file does not load, or null if it does. */
    private static String load(Path file) {
        try {
            System.load(file.toString());
            return null;
        } catch (UnsatisfiedLinkError e) {
            return Bindings.reason(e);
        }
    }

    /** Tells the bindings' loader, which would else load what it finds in folders of its own, as a second copy. */
    private static void register(NeededLibrary library, Path file, Class<?> bindings) {
        try {
            Loader.loadLibrary(bindings, new URL[] {file.toUri().toURL()}, library.link());
        } catch (MalformedURLException | LinkageError e) {
            throw new IllegalStateException(file + " was loaded, and cannot be loaded again", e);
        }
    }

    List<LibraryFolders.Family> families() {
        return families;
    }

    /** What the search loaded, or found loaded; null if neither. */
    synchronized Path chosen(NeededLibrary library) {
        return chosen.get(library.name());
    }

    /** Why the file that was found did not load; null if none was found or one did. */
    synchronized String failure(NeededLibrary library) {
        return failures.get(library.name());
    }
}
