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

/** Replaces files so that a reader, or a crash at any moment, finds the old one or the new one, whole. */
public final class AtomicFiles {

    /** Writes a file. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes the whole content.
         *
         * @param path where to
         * @throws IOException if that fails
         */
        void write(Path path) throws IOException;
    }

    private static final int BLOCK = 4096;

    private AtomicFiles() {}

    /**
     * Writes beside the target, forces it to disk, and renames it over the target. Missing folders are created.
     *
     * @param target the file to replace; it need not be there
     * @param writer writes the new content
     * @throws IOException naming the target and the reason
     */
    public static void replace(Path target, Writer writer) throws IOException {
        Path directory = folderOf(target);
        Path temporary = beside(target, "part");
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
            force(directory); // the rename itself
        } catch (IOException e) {
            throw FileFailure.of(target, e);
        } catch (UncheckedIOException e) { // of writers that cannot throw another
            throw FileFailure.of(target, Objects.requireNonNull(e.getCause(), "UncheckedIOException has a cause"));
        }
    }

    /**
     * Tries whether {@link #replace} could write this file now, by writing a block beside it; leaves nothing behind. To
     * ask for permissions would not do: they say nothing to root, and nothing of read-only mounts and full disks.
     *
     * @param target the file, in a folder that is there
     * @throws IOException naming the target and the reason
     */
    public static void probe(Path target) throws IOException {
        // A name as long as the temporary one, which is not in use.
        Path trial =
                beside(target, String.format("%04x", ThreadLocalRandom.current().nextInt(1 << 16)));
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

    /** The root is its own. */
    static Path folderOf(Path file) {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    private static Path beside(Path target, String ending) {
        return target.toAbsolutePath().resolveSibling("." + target.getFileName() + "." + ending);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
