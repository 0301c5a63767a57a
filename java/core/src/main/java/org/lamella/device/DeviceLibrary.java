package org.lamella.device;

import org.jspecify.annotations.Nullable;

/**
 * A native library that a backend uses or would use.
 *
 * @param name what it is called in short, for example {@code cublas}
 * @param file the file name that is wanted, for example {@code libcublas.so.13}
 * @param path the file that is mapped into this process; null if none is
 * @param version what the library says of itself, else what its file name says; null if neither is known
 * @param optional whether the backend works without it
 * @param use what it is for, in a few words
 * @param problem why there is none or why it cannot be used, in one line; null if it is in use
 */
public record DeviceLibrary(
        String name,
        String file,
        @Nullable String path,
        @Nullable String version,
        boolean optional,
        String use,
        @Nullable String problem) {

    /** {@return one line for people: file, version, path, and what is wrong} */
    public String line() {
        if (path == null) {
            return file + ": " + (optional ? "missing, optional" : "missing") + " (" + use + "): " + problem;
        }
        return file + " " + (version == null ? "version unknown" : version) + ": " + path
                + (problem == null ? "" : ", " + problem);
    }
}
