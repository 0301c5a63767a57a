package org.lamella.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * A folder in which only one process writes at a time. The lock is the operating system's, on the file {@value #NAME}:
 * it ends with its process, so a file that a killed process left behind is no obstacle.
 */
final class FolderLock implements AutoCloseable {

    static final String NAME = ".lock";

    /** The locked byte is far behind the text: where locks are mandatory, the text stays readable. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final int ATTEMPTS = 20;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /**
     * The folders that this process has locked. A process must not open a lock file twice: closing either channel
     * releases the lock.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Locks a folder.
     *
     * @param folder an existing folder, in which files can be created
     * @return the lock; null on a file system without locks
     * @throws InputException if another run has locked it
     * @throws IOException if the lock file cannot be written
     */
    static @Nullable FolderLock take(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!OWN.add(real)) {
            throw inUse(folder, "this process");
        }
        @Nullable FolderLock lock = null;
        try {
            lock = take(folder, real);
            return lock;
        } finally {
            if (lock == null) {
                OWN.remove(real);
            }
        }
    }

    private static @Nullable FolderLock take(Path folder, Path real) throws IOException {
        Path file = real.resolve(NAME);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (Files.notExists(file)) {
                create(file);
            }
            @Nullable Object before = key(file);
            boolean taken = false;
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (!lock(channel, folder, file)) {
                    return null;
                }
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(owner().getBytes(StandardCharsets.UTF_8)), 0);
                // A run that ended between opening and locking has removed the file: another one may be there now.
                taken = before != null && before.equals(key(file));
                if (taken) {
                    return new FolderLock(real, channel);
                }
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        }
        throw inUse(folder, firstLine(file));
    }

    /** False on a file system without locks. */
    private static boolean lock(FileChannel channel, Path folder, Path file) {
        try {
            if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                throw inUse(folder, firstLine(file));
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster.
        }
    }

    /** Identifies a file, whatever its name; the name itself where the file system has no such key. */
    private static @Nullable Object key(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static String owner() {
        return "process " + ProcessHandle.current().pid() + ", since "
                + LocalDateTime.now(ZoneId.systemDefault()).format(TIME) + "\n";
    }

    private static InputException inUse(Path folder, String owner) {
        return new InputException(Phrase.format(
                "%s: another run is writing into this folder (%s); wait for its end, or name another %s",
                folder, owner, Setting.OUTPUT));
    }

    /** Must not be called by the owner: closing any channel of the file releases its lock. */
    private static String firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("of another process");
        } catch (IOException e) {
            return "of another process"; // which has just removed the file
        }
    }

    /** Removes the lock file and releases the lock. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder.resolve(NAME)); // while it is locked: later it may be another run's
        } catch (IOException e) {
            // It stays, and is no obstacle.
        } finally {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock ends with the process.
            }
            OWN.remove(folder);
        }
    }
}
