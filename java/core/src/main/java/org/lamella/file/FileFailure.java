package org.lamella.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The reason why a file could not be read or written. The message of the JDK is often only the path. */
public final class FileFailure {

    /** The remedy after a failure from which nothing can be resumed. */
    public static final String REMEDY = "; fix this and run the command again";

    private FileFailure() {}

    /**
     * The reason alone.
     *
     * @param e the failure
     * @return for example {@code permission denied}
     */
    public static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file or folder of that name exists";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /**
     * File and reason.
     *
     * @param e the failure
     * @return {@code FILE: reason}, or the reason alone if the failure does not name its file
     */
    public static String line(IOException e) {
        return e instanceof FileSystemException f && f.getFile() != null ? f.getFile() + ": " + reason(e) : reason(e);
    }

    /** The same failure with the name of its file: a full disk is reported without any name. */
    static FileSystemException of(Path file, IOException e) {
        FileSystemException named = new FileSystemException(file.toString(), null, reason(e));
        named.initCause(e);
        return named;
    }
}
