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

/**
 * Loads NVIDIA's libraries, then the bindings over them. A library is found in the usual folders
 * ({@link LibraryFolders}) and loaded by its whole path: the system's loader then takes it for every library that wants
 * its name, whatever paths those have inside. What is in the process already stays (a preloaded stand-in, a library of
 * the program around this one), and so does what a jar of the build brings along.
 */
public final class CudaLibraries {

    /** The library that lies beside NVRTC and has its version in its name: it is taken as it is found there. */
    static final String COMPILER_PARTS = "nvrtc-builtins";
    /** Where containers and Windows' Linux have the driver's library, besides the system's own folders. */
    private static final List<Path> DRIVER_FOLDERS =
            List.of(Path.of("/usr/local/nvidia/lib64"), Path.of("/usr/lib/wsl/lib"));

    /** One for the process, as its libraries are. */
    private static final class Loaded {
        static final CudaLibraries LIBRARIES = new CudaLibraries();
    }

    /**
     * A file that was not taken.
     *
     * @param library what it was found as
     * @param file where it lies
     * @param reason to be read behind the file's name
     * @param damaged whether the system's loader would take it, and end the process
     */
    record Skipped(NeededLibrary library, Path file, String reason, boolean damaged) {
        String line() {
            return file + " " + reason;
        }
    }

    private final List<LibraryFolders.Family> families;
    private final LibrarySearch search;
    /** What was loaded from where; the folders of these are those that the others are taken from. */
    private final Map<String, Path> chosen = new LinkedHashMap<>();
    /** Files of a wanted name that were not taken, in the order in which they were found. */
    private final List<Skipped> skipped = new ArrayList<>();
    /** Why the driver's library that would be loaded must not be; null if it may. */
    private String driverProblem;
    /** How the loading of bindings ended: only the first try says why. */
    private final Map<Class<?>, String> tried = new HashMap<>();

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
     * Loads bindings with the libraries that they want. May be called again, at no cost.
     *
     * @param bindings for example {@code cudnn.class}
     * @throws UnsatisfiedLinkError if one is missing or does not load, with the loader's own reason
     */
    public static void load(Class<?> bindings) {
        String failure = ofProcess().tryToLoad(bindings);
        if (failure != null) {
            throw new UnsatisfiedLinkError(failure);
        }
    }

    /**
     * Loads bindings with the libraries that they want. May be called again, at no cost.
     *
     * @param bindings for example {@code cudnn.class}
     * @return why they do not load; null if they do
     */
    public synchronized String tryToLoad(Class<?> bindings) {
        if (!tried.containsKey(bindings)) {
            tried.put(bindings, loadOnce(bindings));
        }
        return tried.get(bindings);
    }

    private String loadOnce(Class<?> bindings) {
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
                System.load(file.toString()); // Loader would forget why it does not load
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
            Path path = folder.isEmpty() ? null : LibraryPaths.of(folder);
            if (path != null && Files.isRegularFile(path.resolve(name))) {
                return path.resolve(name).toAbsolutePath();
            }
        }
        return null;
    }

    /** Why the system's loader must not look for the driver's library; null if it may, or need not. */
    private String loadDriver() {
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

    /** A file that the system's loader would take, and end the process over, as nothing better was found; else null. */
    private String dangerous(NeededLibrary library) {
        return MappedLibraries.now().of(library.name(), library.major()).isEmpty()
                ? skipped(library).stream()
                        .filter(Skipped::damaged)
                        .map(Skipped::line)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /** Loads a library where nothing else has; a failure is noted and comes out when the bindings are loaded. */
    private void prepare(NeededLibrary library, Class<?> bindings) {
        List<Path> mapped = MappedLibraries.now().of(library.name(), library.major());
        if (!mapped.isEmpty()) {
            if (chosen.putIfAbsent(library.name(), mapped.get(0)) == null && Files.isRegularFile(mapped.get(0))) {
                register(library, mapped.get(0), bindings); // else its folders' copy comes into the process as well
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
        List<Path> candidates =
                library.name().equals(COMPILER_PARTS) ? beside(mate, library) : search.candidates(library.file(), mate);
        for (Path file : candidates) {
            ElfFile elf = ElfFile.of(file);
            String unfit = elf.problemAs(library);
            String failure = unfit == null ? load(file) : unfit;
            if (failure == null) {
                chosen.put(library.name(), file);
                register(library, file, bindings);
                return;
            }
            // A library of another name would be mapped as well, and its first missing function ends the process.
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
            return withoutItsName(Bindings.reason(e), file);
        }
    }

    /** The loader puts the file's name before its reason, and Java does it again. */
    static String withoutItsName(String reason, Path file) {
        return reason.replace(file + ": ", "").replace(LibraryPaths.real(file) + ": ", "");
    }

    /** Tells the bindings' loader, which would else load what it finds in folders of its own, as a second copy. */
    private static void register(NeededLibrary library, Path file, Class<?> bindings) {
        try {
            Loader.loadLibrary(bindings, new URL[] {file.toUri().toURL()}, library.link());
        } catch (MalformedURLException | LinkageError e) {
            throw new IllegalStateException(file + " was loaded, and cannot be loaded again", e);
        }
    }

    /**
     * The folders that are looked into.
     *
     * @return in order
     */
    public List<LibraryFolders.Family> families() {
        return families;
    }

    /** What the search loaded, or found loaded; null if neither. */
    synchronized Path chosen(NeededLibrary library) {
        return chosen.get(library.name());
    }

    /** The files of a library that were not taken, best first. */
    synchronized List<Skipped> skipped(NeededLibrary library) {
        return skipped.stream()
                .filter(skip -> skip.library().name().equals(library.name()))
                .toList();
    }

    /** Why the driver's library that was found cannot be used; null if none was found or it can. */
    synchronized String driverProblem() {
        return driverProblem;
    }

    /** The files of all libraries that were not taken. */
    synchronized List<Skipped> skipped() {
        return List.copyOf(skipped);
    }
}
