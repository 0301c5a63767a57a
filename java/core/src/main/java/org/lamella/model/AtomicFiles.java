package org.lamella.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Replaces files so that a reader, or a crash at any moment, finds the old one or the new one, whole. */
public final class AtomicFiles {

    /** Writes a file. */
    @FunctionalInterface
    public interface Writer {
        /** Writes the whole content to this path. */
        void write(Path path) throws IOException;
    }

    private AtomicFiles() {
    }

    /** Writes beside the target, forces it to disk, and renames it over the target. */
    public static void replace(Path target, Writer writer) throws IOException {
        Path directory = target.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path temporary = directory.resolve("." + target.getFileName() + ".part");
        try {
            writer.write(temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);  // the rename itself
        }
    }
}
