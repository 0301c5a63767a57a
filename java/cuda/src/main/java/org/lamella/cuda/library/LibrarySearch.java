package org.lamella.cuda.library;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the file to load for a library. Libraries of different versions must not be mixed, so a folder family that
 * has all libraries is preferred.
 */
final class LibrarySearch {

    private final List<LibraryFolders.Family> order = new ArrayList<>();

    /**
     * @param families in the order in which they are searched
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
     * @param mate a loaded file of the same library family, whose folder comes first; null if there is none
     */
    List<Path> candidates(String file, @Nullable Path mate) {
        Set<Path> found = new LinkedHashSet<>();
        if (mate != null && Files.isRegularFile(mate.resolveSibling(file))) {
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
