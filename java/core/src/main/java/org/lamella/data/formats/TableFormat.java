package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * A format of tables: its name and endings for help and messages, and its reader.
 *
 * @param name its usual name
 * @param endings of its files' names, in lower case, each with its point
 * @param text whether files are text, which may be compressed, with {@code .gz} or {@code .zst} behind the ending
 * @param place which of files and folders are read
 * @param reader reads them
 */
@NullMarked
record TableFormat(String name, List<String> endings, boolean text, Place place, TableReader reader) {

    /** Which of files and folders are read. */
    enum Place {
        FILE(""),
        FOLDER("a folder"),
        FILE_OR_FOLDER("or a folder, one file per label");

        private final String text;

        Place(String text) {
            this.text = text;
        }
    }

    /** A format of single text files. */
    static TableFormat of(String name, TableReader reader, String... endings) {
        return new TableFormat(name, List.of(endings), true, Place.FILE, reader);
    }

    /** Whether a name is that of a file of this format. */
    boolean matches(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String plain = text ? TextFiles.withoutCompression(name) : name;
        return endings.stream().anyMatch(plain::endsWith);
    }

    /** Whether this is a file, or a folder with files, of this format. */
    boolean reads(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return place != Place.FOLDER && matches(path);
        }
        if (place == Place.FILE) {
            return false;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.anyMatch(this::matches);
        }
    }

    /** The files of this format in a folder, by name. */
    List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(this::matches).sorted().toList();
        }
    }

    /** Name and endings, for help and messages. */
    String description() {
        String all = String.join(", ", endings);
        return name + " (" + all + (place == Place.FILE ? "" : "; " + place.text) + ")";
    }
}
