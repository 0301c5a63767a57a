package org.lamella.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * The file or folder that a command will write, tested before its work: hours of training must not be lost because the
 * output cannot be written. Closing removes created folders that are still empty, and unlocks a locked folder.
 */
public final class OutputPlace implements AutoCloseable {

    private static final String ELSEWHERE = "; fix this or name another place";

    /** The innermost first. */
    private final Deque<Path> created = new ArrayDeque<>();

    private @Nullable FolderLock lock;

    private OutputPlace() {}

    /**
     * Tests a file in an existing folder.
     *
     * @param file the file
     * @throws InputException if it cannot be written
     */
    public static void file(Path file) {
        requireFile(file);
        Path folder = AtomicFiles.folderOf(file);
        if (Files.notExists(folder)) {
            throw new InputException(file + ": there is no folder " + folder + "; create it or name another place");
        }
        requireFolder(file, folder);
        probe(file, file);
    }

    /**
     * Tests a file whose missing folders are created when it is written, by writing to the innermost existing one.
     *
     * @param file the file
     * @throws InputException if it cannot be written
     */
    public static void newFile(Path file) {
        requireFile(file);
        Path folder = AtomicFiles.folderOf(file);
        while (Files.notExists(folder) && !folder.equals(folder.getRoot())) {
            folder = AtomicFiles.folderOf(folder);
        }
        requireFolder(file, folder);
        probe(folder.resolve(file.getFileName()), file);
    }

    private static void requireFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException(file + ": is a folder; name a file, for example one in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new InputException(file + ": is a device or a pipe, which no file may replace; name a file");
        }
    }

    private static void requireFolder(Path file, Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException(file + ": " + folder + " is a file, no folder; name another place");
        }
    }

    /**
     * Creates a folder with its missing parents.
     *
     * @param folder the folder; it may be there
     * @return removes the created folders on closing, if they are still empty
     * @throws InputException if it cannot be created, or files cannot be written in it
     */
    public static OutputPlace folder(Path folder) {
        OutputPlace place = new OutputPlace();
        try {
            place.create(folder.toAbsolutePath(), folder);
            probe(folder.resolve("file"), folder);
            return place;
        } catch (IOException e) {
            place.close();
            throw new InputException(
                    folder + ": the folder cannot be created: " + FileFailure.reason(e) + ELSEWHERE, e);
        } catch (InputException e) {
            place.close();
            throw e;
        }
    }

    /**
     * Creates a folder as {@link #folder} does, and locks it until the place is closed: no second run can write into
     * it. The lock of a process that has ended is no obstacle.
     *
     * @param folder the folder; it may be there
     * @return the place
     * @throws InputException if it cannot be created, files cannot be written in it, or another run has locked it
     */
    public static OutputPlace lockedFolder(Path folder) {
        OutputPlace place = folder(folder);
        try {
            place.lock = FolderLock.take(folder);
            return place;
        } catch (IOException e) {
            place.close();
            throw new InputException(folder + ": cannot be locked: " + FileFailure.reason(e) + ELSEWHERE, e);
        } catch (InputException e) {
            place.close();
            throw e;
        }
    }

    /** {@return whether the folder is locked; false on a file system without locks} */
    public boolean locked() {
        return lock != null;
    }

    /**
     * Refuses to write over what the same command reads.
     *
     * @param out a file to write
     * @param inputs files that the command reads; missing ones are ignored
     * @throws InputException if {@code out} is one of them, by whatever path
     */
    public static void notAnInput(Path out, Collection<Path> inputs) {
        for (Path input : inputs) {
            try {
                if (Files.exists(out) && Files.exists(input) && Files.isSameFile(out, input)) {
                    throw new InputException(Phrase.format(
                            "%s: is an input of the same command, which would be lost; name another %s",
                            out, Setting.OUTPUT));
                }
            } catch (IOException e) {
                throw new InputException(out + ": cannot be compared with " + input + ": " + FileFailure.reason(e), e);
            }
        }
    }

    private static void probe(Path file, Path place) {
        try {
            AtomicFiles.probe(file);
        } catch (IOException e) {
            throw new InputException(place + ": cannot be written: " + FileFailure.reason(e) + ELSEWHERE, e);
        }
    }

    private void create(Path folder, Path wanted) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (Files.exists(folder)) {
            throw new InputException(
                    wanted + ": " + (folder.equals(wanted.toAbsolutePath()) ? "is a file" : folder + " is a file")
                            + " where a folder is needed; name another place");
        }
        create(AtomicFiles.folderOf(folder), wanted); // the root is a folder
        try {
            Files.createDirectory(folder);
            created.addFirst(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) { // a folder: another process was faster
                throw e;
            }
        }
    }

    /** Releases the lock, and removes the folders that were created and are still empty. */
    @Override
    public void close() {
        if (lock != null) {
            lock.close();
            lock = null;
        }
        for (Path folder : created) {
            try {
                Files.delete(folder);
            } catch (IOException e) {
                return; // not empty: it stays, with its parents
            }
        }
    }
}
