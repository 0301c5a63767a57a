package org.lamella.cuda.library;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * Conflicts between NVIDIA's libraries, each with its remedy.
 *
 * @param bindings CUDA version of the bindings, for example {@code 13.1}
 * @param bindNow the variable LD_BIND_NOW; null if it is not set
 * @param driver the CUDA version that the driver supports, 11040 for CUDA 11.4; 0 if unknown
 * @param runtime version of the run-time library, as above
 * @param dnnRuntime version of the run-time library that cuDNN was built with, as above
 * @param loaded the libraries in the process
 * @param families the folders that were searched
 */
record LibraryNotes(
        String bindings,
        @Nullable String bindNow,
        int driver,
        int runtime,
        long dnnRuntime,
        List<Loaded> loaded,
        List<LibraryFolders.Family> families) {

    private static final int MAJOR = 1000;
    private static final String TOGETHER = "name one folder that has them all: " + LibraryFolders.SETTING + "=FOLDER";

    /**
     * A library in the process.
     *
     * @param library the library that the bindings need
     * @param mapped all mapped files of it; the first one is used
     * @param chosen the file that the search chose; null if the system's loader chose
     * @param version null if unknown
     */
    record Loaded(
            NeededLibrary library,
            List<Path> mapped,
            @Nullable Path chosen,
            @Nullable String version) {
        Path file() {
            return mapped.get(0);
        }
    }

    /** One line each. */
    List<Phrase> lines() {
        List<Phrase> lines = new ArrayList<>();
        if (bindNow != null && !bindNow.isEmpty()) {
            lines.add(Phrase.of("LD_BIND_NOW is set: every function that the bindings of CUDA " + bindings
                    + " name must then be there, also those that are never "
                    + "called, and an older library of the same major version does not load; run with: "
                    + "env -u LD_BIND_NOW"));
        }
        if (driver > 0 && driver / MAJOR < runtime / MAJOR) {
            lines.add(Phrase.of("the driver serves CUDA " + LibraryVersion.ofCuda(driver)
                    + ", the run-time library is of CUDA "
                    + LibraryVersion.ofCuda(runtime) + ": it needs a driver for CUDA " + runtime / MAJOR
                    + "; install one, or take the "
                    + "build for CUDA " + (driver / MAJOR <= 11 ? "11.8" : "of that version")));
        }
        if (dnnRuntime > 0 && runtime > 0 && dnnRuntime / MAJOR != runtime / MAJOR) {
            lines.add(Phrase.format(
                    "cuDNN was built for CUDA %s, the run-time library is of CUDA %s; install cuDNN for CUDA %d, or "
                            + "use %s own",
                    LibraryVersion.ofCuda(dnnRuntime),
                    LibraryVersion.ofCuda(runtime),
                    runtime / MAJOR,
                    Setting.KERNELS));
        }
        loaded.forEach(library -> alone(library, lines));
        mixed(lines);
        return lines;
    }

    private static void alone(Loaded library, List<Phrase> lines) {
        if (library.chosen() != null && library.mapped().stream().noneMatch(file -> same(file, library.chosen()))) {
            lines.add(Phrase.of(library.library().file() + " is " + library.file() + ", and not " + library.chosen()
                    + " which was found first: a path inside "
                    + "another library (RPATH) or a preloaded library comes first; remove that file, or preload the "
                    + "other: LD_PRELOAD="
                    + library.chosen()));
        }
        if (library.mapped().size() > 1) {
            lines.add(Phrase.of(library.library().file() + " is in the process "
                    + library.mapped().size() + " times: "
                    + library.mapped()
                    + "; which of them is called is not known, so the version is the file's own; "
                    + "remove all but one"));
        }
    }

    /** All libraries of one family of names, and all of CUDA's own libraries, should be of one installation. */
    private void mixed(List<Phrase> lines) {
        for (Loaded part : loaded) {
            Loaded first = loaded.stream()
                    .filter(l -> l.library().family().equals(part.library().family()))
                    .findFirst()
                    .orElse(part);
            if (!Objects.equals(folder(first.file()), folder(part.file()))) {
                lines.add(Phrase.of("a mix of versions: " + first.file() + " and " + part.file()
                        + " lie in different folders and must be of one version; "
                        + TOGETHER));
            }
        }
        List<Loaded> toolkit = loaded.stream()
                .filter(l -> List.of("cudart", "cublas", "nvrtc")
                        .contains(l.library().name()))
                .toList();
        if (toolkit.stream().map(this::installation).distinct().count() > 1) {
            lines.add(Phrase.of("perhaps a mix of versions: "
                    + toolkit.stream().map(l -> l.file() + described(l)).collect(Collectors.joining(", "))
                    + " are of different installations; if calls fail, " + TOGETHER));
        }
    }

    private static String described(Loaded library) {
        return library.version() == null ? "" : " (" + library.version() + ")";
    }

    /** The installation of a library: its folder family, or its folder. */
    private String installation(Loaded library) {
        Path folder = folder(library.file());
        return families.stream()
                .filter(family -> family.folders().stream().anyMatch(f -> Objects.equals(LibraryPaths.real(f), folder)))
                .map(LibraryFolders.Family::name)
                .findFirst()
                .orElse(String.valueOf(folder));
    }

    private static boolean same(Path a, Path b) {
        return Objects.equals(LibraryPaths.real(a), LibraryPaths.real(b));
    }

    private static @Nullable Path folder(Path file) {
        return LibraryPaths.real(file).getParent();
    }
}
