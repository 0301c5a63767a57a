package org.lamella.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Replaces files atomically: readers see the complete old file or the complete new one, even after a crash. */
public final class AtomicFiles {

    /** Writes a file. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes the whole content.
         *
         * @param path the file to write
         * @throws IOException if it cannot be written
         */
        void write(Path path) throws IOException;
    }

    private static final int BLOCK = 4096;

    private AtomicFiles() {}

    /**
     * Writes a temporary file in the same folder, forces it to disk, and renames it to the target. Missing folders are
     * created.
     *
     * @param target the file to replace; it may be missing
     * @param writer writes the new content
     * @throws IOException naming the target and the reason
     */
    public static void replace(Path target, Writer writer) throws IOException {
        Path directory = folderOf(target);
        Path temporary = sibling(target, "part");
        try {
            Files.createDirectories(directory);
            try {
                writer.write(temporary);
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            force(directory); // makes the rename durable
        } catch (IOException e) {
            throw FileFailure.of(target, e);
        } catch (UncheckedIOException e) { // of writers whose interface allows no IOException
            throw FileFailure.of(target, Objects.requireNonNull(e.getCause(), "UncheckedIOException has a cause"));
        }
    }

    /**
     * Tests whether {@link #replace} could write this file now: writes a block to a temporary file in the same folder.
     * A test of permissions is not enough: root passes it always, and it does not see read-only mounts and full disks.
     *
     * @param target the file, in an existing folder
     * @throws IOException naming the target and the reason
     */
    public static void probe(Path target) throws IOException {
        // An unused name of the same length as the temporary one: names have a maximum length.
        Path trial = sibling(
                target, String.format("%04x", ThreadLocalRandom.current().nextInt(1 << 16)));
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (FileChannel channel = FileChannel.open(
                trial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            while (block.hasRemaining()) {
                channel.write(block);
            }
            channel.force(true);
            force(folderOf(trial));
        } catch (IOException e) {
            throw FileFailure.of(target, e);
        }
    }

    /** The folder of a file; the root for the root itself. */
    static Path folderOf(Path file) {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    private static Path sibling(Path target, String ending) {
        return target.toAbsolutePath().resolveSibling("." + target.getFileName() + "." + ending);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
