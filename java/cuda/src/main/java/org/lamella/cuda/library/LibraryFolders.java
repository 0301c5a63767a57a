package org.lamella.cuda.library;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The usual folders of CUDA's libraries, in the order in which they are searched. Only those that exist. */
public final class LibraryFolders {

    private static final String LIBRARY_PATH = "LD_LIBRARY_PATH";
    /** The environment variable with the user's folders. */
    public static final String SETTING = "LAMELLA_CUDA_LIBRARIES";

    /**
     * Folders of one installation.
     *
     * @param name for messages
     * @param folders in order
     * @param first whether it is searched before others even if it lacks a library
     */
    public record Family(String name, List<Path> folders, boolean first) {
        /** Whether the system's loader searches them too, before its own folders. */
        boolean loaders() {
            return name.equals(LIBRARY_PATH);
        }
    }

    private final Map<String, String> environment;
    private final Path root;
    private final @Nullable Path home;
    private final List<Family> families = new ArrayList<>();
    private final Set<Path> seen = new LinkedHashSet<>();

    private LibraryFolders(Map<String, String> environment, Path root, @Nullable Path home) {
        this.environment = environment;
        this.root = root;
        this.home = home;
    }

    /**
     * Looks for the folders.
     *
     * @param environment of the process
     * @param root {@code /}, or another folder in a test
     * @param home the user's home folder; need not exist; null if Java cannot read it
     * @param bundle the folder of a bundle; null outside one
     * @param version of the bindings' CUDA, for example {@code 11.8}
     */
    static List<Family> of(
            Map<String, String> environment, Path root, @Nullable Path home, @Nullable Path bundle, String version) {
        LibraryFolders search = new LibraryFolders(environment, root, home);
        search.add(SETTING, search.listed(SETTING), true);
        if (bundle != null) {
            search.add("this bundle", List.of(bundle.resolve("cuda")), true);
        }
        search.add(LIBRARY_PATH, search.listed(LIBRARY_PATH), false);
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            search.listed(variable).forEach(toolkit -> search.toolkit(variable, toolkit));
        }
        search.toolkit("the toolkit " + version, search.absolute("usr/local/cuda-" + version));
        search.toolkit("the toolkit", search.absolute("usr/local/cuda"));
        search.add(
                "the system",
                List.of(
                        search.absolute("usr/lib64"),
                        search.absolute("usr/lib/x86_64-linux-gnu"),
                        search.absolute("usr/lib")),
                false);
        search.listed("CONDA_PREFIX")
                .forEach(conda -> search.add("CONDA_PREFIX", List.of(conda.resolve("lib")), false));
        search.python();
        return List.copyOf(search.families);
    }

    private Path absolute(String path) {
        return root.resolve(path);
    }

    /** The folders that a variable names, separated by colons. */
    private List<Path> listed(String variable) {
        List<Path> folders = new ArrayList<>();
        for (String part : environment.getOrDefault(variable, "").split(":")) {
            Path folder = part.isBlank() ? null : LibraryPaths.of(part);
            if (folder != null) {
                folders.add(folder);
            }
        }
        return folders;
    }

    private void toolkit(String name, Path toolkit) {
        add(
                name,
                List.of(toolkit.resolve("lib64"), toolkit.resolve("lib"), toolkit.resolve("targets/x86_64-linux/lib")),
                false);
    }

    private void add(String name, List<Path> folders, boolean first) {
        List<Path> there = new ArrayList<>();
        for (Path folder : folders) {
            Path real = LibraryPaths.real(folder);
            if (Files.isDirectory(real) && seen.add(real)) {
                there.add(folder.toAbsolutePath().normalize());
            }
        }
        if (!there.isEmpty()) {
            families.add(new Family(name, List.copyOf(there), first));
        }
    }

    /** NVIDIA's wheels: {@code site-packages/nvidia/NAME/lib}; those of one Python belong together. */
    private void python() {
        List<Path> prefixes = new ArrayList<>(listed("VIRTUAL_ENV"));
        prefixes.addAll(listed("CONDA_PREFIX"));
        prefixes.addAll(interpreters());
        if (home != null) {
            prefixes.add(home.resolve(".local"));
        }
        for (Path prefix : prefixes) {
            packages(prefix);
        }
        packages(absolute("usr"));
        packages(absolute("usr/local"));
    }

    /** The prefixes of the Python on the path: of its link (a virtual environment), and of the link's target. */
    private List<Path> interpreters() {
        List<Path> prefixes = new ArrayList<>();
        for (Path folder : listed("PATH")) {
            Path python = folder.resolve("python3");
            if (!Files.isExecutable(python)) {
                continue;
            }
            if (folder.endsWith("shims")
                    && folder.getParent() != null) { // pyenv's: scripts that start one of its versions
                prefixes.addAll(matching(folder.getParent().resolve("versions"), "*"));
            }
            for (Path file : new Path[] {python.toAbsolutePath(), LibraryPaths.real(python)}) {
                if (file.getParent() != null && file.getParent().getParent() != null) {
                    prefixes.add(file.getParent().getParent());
                }
            }
            break;
        }
        return prefixes;
    }

    private void packages(Path prefix) {
        for (Path version : matching(prefix.resolve("lib"), "python3*")) {
            for (String folder : List.of("site-packages", "dist-packages")) {
                List<Path> wheels = matching(version.resolve(folder).resolve("nvidia"), "*").stream()
                        .map(wheel -> wheel.resolve("lib"))
                        .toList();
                add("Python's packages in " + version.resolve(folder), wheels, false);
            }
        }
    }

    /** The entries of a folder that match, versions from new to old; none if there is no such folder. */
    private static List<Path> matching(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            entries.forEach(found::add);
        } catch (IOException | SecurityException e) {
            return List.of();
        }
        found.sort(Comparator.comparingInt(LibraryFolders::number).reversed().thenComparing(Path::compareTo));
        return found;
    }

    /** 12 of {@code python3.12}, 13 of {@code cu13}, 0 of a name that ends in no number. */
    private static int number(Path path) {
        String digits = path.getFileName().toString().replaceFirst("^.*?(\\d{1,6})$", "$1");
        return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 0;
    }
}
