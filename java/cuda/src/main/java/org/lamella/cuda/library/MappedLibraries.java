package org.lamella.cuda.library;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The files that are mapped into this process, as the kernel lists them. */
final class MappedLibraries {

    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final int PATH_FIELD = 6;

    private final Set<Path> files = new LinkedHashSet<>();

    /** @param lines of {@code /proc/self/maps} */
    MappedLibraries(List<String> lines) {
        for (String line : lines) {
            String[] fields = line.split("\\s+", PATH_FIELD);
            if (fields.length == PATH_FIELD && fields[PATH_FIELD - 1].startsWith("/")) {
                try {
                    files.add(Path.of(fields[PATH_FIELD - 1]));
                } catch (InvalidPathException e) {
                    // not a file that Java could have loaded: the locale's character set lacks its letters
                }
            }
        }
    }

    /** The current files; empty if they are unknown. */
    static MappedLibraries now() {
        try {
            Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
            return new MappedLibraries(
                    new String(Files.readAllBytes(MAPS), names).lines().toList());
        } catch (IOException e) {
            return new MappedLibraries(List.of());
        }
    }

    /** The files of a library of this major version: {@code libcudart.so.11.8.89} for {@code cudart} and {@code 11}. */
    List<Path> of(String name, String major) {
        String start = "lib" + name + ".so." + major;
        return files.stream()
                .filter(file -> {
                    String mapped = file.getFileName().toString();
                    return mapped.equals(start) || mapped.startsWith(start + ".");
                })
                .toList();
    }
}
