package org.lamella.cuda.library;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which file to load for a library. Libraries of different versions must not meet: what one folder family has whole
 * comes from it.
 */
final class LibrarySearch {

    private final List<LibraryFolders.Family> order = new ArrayList<>();

    /**
     * @param families in the order in which they are looked into
     * @param together file names that should come from one family
     */
    LibrarySearch(List<LibraryFolders.Family> families, List<String> together) {
        Set<LibraryFolders.Family> sorted = new LinkedHashSet<>();
        families.stream().filter(LibraryFolders.Family::first).forEach(sorted::add);
        families.stream()
                .filter(family -> together.stream()
                        .allMatch(file -> family.folders().stream().anyMatch(f -> has(f, file))))
                .findFirst()
                .ifPresent(sorted::add);
        sorted.addAll(families);
        order.addAll(sorted);
    }

    private static boolean has(Path folder, String file) {
        return Files.isRegularFile(folder.resolve(file));
    }

    /**
     * The files of a name, best first.
     *
     * @param mate a file of the same library family that is loaded already, whose folder comes first; null if there is
     *     none
     */
    List<Path> candidates(String file, Path mate) {
        Set<Path> found = new LinkedHashSet<>();
        if (mate != null && has(mate.getParent(), file)) {
            found.add(mate.resolveSibling(file));
        }
        for (LibraryFolders.Family family : order) {
            family.folders().stream()
                    .filter(folder -> has(folder, file))
                    .forEach(folder -> found.add(folder.resolve(file)));
        }
        return List.copyOf(found);
    }
}
