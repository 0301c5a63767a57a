package org.lamella.backend;

import org.jspecify.annotations.Nullable;

/**
 * A native library that a backend uses, or would use if it were present.
 *
 * @param name short name, for example {@code cublas}
 * @param file the file name that is searched, for example {@code libcublas.so.13}
 * @param path the file that is loaded into this process; null if none is
 * @param version the version that the library reports, else that of its file name; null if both are unknown
 * @param optional whether the backend works without it
 * @param use its purpose, in a few words
 * @param problem why it is missing or cannot be used, in one line; null if it is in use
 */
public record DeviceLibrary(
        String name,
        String file,
        @Nullable String path,
        @Nullable String version,
        boolean optional,
        String use,
        @Nullable String problem) {

    /** {@return one line for reports: file, version, path, problem} */
    public String line() {
        if (path == null) {
            return file + ": " + (optional ? "missing, optional" : "missing") + " (" + use + "): " + problem;
        }
        return file + " " + (version == null ? "version unknown" : version) + ": " + path
                + (problem == null ? "" : ", " + problem);
    }
}
