package org.lamella.cuda.library;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The version of a library: from its file, by the file's name or its installation, without calling it; or from the
 * number that it returns.
 */
final class LibraryVersion {

    private LibraryVersion() {}

    /**
     * The file's version; null if it is unknown.
     *
     * @param file its path; links are resolved
     * @param library which library
     */
    static @Nullable String of(Path file, NeededLibrary library) {
        Path real = LibraryPaths.real(file);
        String version = ofName(real);
        if (version != null) {
            return version;
        }
        List<String> found = installed(real, library).stream()
                .filter(v -> v.equals(library.major()) || v.startsWith(library.major() + "."))
                .distinct()
                .toList();
        return found.size() == 1 ? found.get(0) : null; // of several it is unknown which one applies
    }

    /** 11.11.3.6 of libcublas.so.11.11.3.6; null if the name has only the version of the binary interface. */
    static @Nullable String ofName(Path file) {
        String version = file.getFileName().toString().replaceFirst("^.*\\.so\\.", "");
        return version.matches("\\d+\\.\\d+(\\.\\d+)+") ? version : null;
    }

    /** 520.61.05 of libcuda.so.520.61.05; null if the name has no version. */
    static @Nullable String ofDriver(Path file) {
        String version = LibraryPaths.real(file).getFileName().toString().replaceFirst("^libcuda\\.so\\.", "");
        return version.matches("\\d+(\\.\\d+)+") ? version : null;
    }

    /** 11.8 of 11080. */
    static String ofCuda(long version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /** 8.6.0 of 8600, 9.19.0 of 91900. */
    static String ofDnn(long version) {
        long major = version < 10_000 ? 1_000 : 10_000;
        return version / major + "." + version % major / 100 + "." + version % 100;
    }

    /** 2.15.0 of 21500. */
    static String ofNccl(int version) {
        return version / 10_000 + "." + version % 10_000 / 100 + "." + version % 100;
    }

    /** The versions that the toolkit and the Python packages around the file name. */
    private static List<String> installed(Path file, NeededLibrary library) {
        List<String> versions = new ArrayList<>();
        Path toolkit = ancestor(file, 2); // lib64/..
        for (int height = 0; toolkit != null && height < 3; height++, toolkit = toolkit.getParent()) {
            if (height != 1) { // or targets/x86_64-linux/lib/../../..
                versions.addAll(ofToolkit(toolkit.resolve("version.json"), library));
                versions.addAll(ofPackages(toolkit.resolve("dist-info"), library));
            }
        }
        Path packages = ancestor(file, 4); // site-packages/nvidia/NAME/lib/..
        if (packages != null && file.startsWith(packages.resolve("nvidia"))) {
            versions.addAll(ofPackages(packages, library));
        }
        return versions;
    }

    private static @Nullable Path ancestor(Path file, int generations) {
        Path ancestor = file;
        for (int i = 0; ancestor != null && i < generations; i++) {
            ancestor = ancestor.getParent();
        }
        return ancestor;
    }

    /** The version in a toolkit's {@code version.json}. */
    private static List<String> ofToolkit(Path json, NeededLibrary library) {
        String key = switch (library.family()) {
            case "cudart", "nvrtc" -> "cuda_" + library.family();
            default -> "lib" + library.family();
        };
        try {
            Matcher entry = Pattern.compile("\"" + key + "\"\\s*:\\s*\\{[^{}]*\"version\"\\s*:\\s*\"([\\d.]+)\"")
                    .matcher(Files.isRegularFile(json) ? Files.readString(json) : "");
            return entry.find() ? List.of(entry.group(1)) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The versions in folder names of Python's packages: {@code nvidia_cublas_cu11-11.11.3.6.dist-info}. */
    private static List<String> ofPackages(Path folder, NeededLibrary library) {
        String name = switch (library.family()) {
            case "cudart" -> "cuda_runtime";
            case "nvrtc" -> "cuda_nvrtc";
            default -> library.family();
        };
        Pattern wanted = Pattern.compile("nvidia_" + name + "(?:_cu\\d+)?-([\\d.]+)\\.dist-info");
        List<String> versions = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "nvidia_*.dist-info")) {
            for (Path entry : entries) {
                Matcher match = wanted.matcher(entry.getFileName().toString());
                if (match.matches()) {
                    versions.add(match.group(1));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return versions;
        }
        return versions;
    }
}
