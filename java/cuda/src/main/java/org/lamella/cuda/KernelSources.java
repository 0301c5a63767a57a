package org.lamella.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The texts of {@code cuda-kernels}, which travel inside the jar. */
final class KernelSources {

    /** What every kernel file includes. */
    static final String HEADER = "device.cuh";

    private KernelSources() {}

    /**
     * The text of a file.
     *
     * @throws IllegalArgumentException if there is no such file
     */
    static String read(String file) {
        try (InputStream in = KernelSources.class.getResourceAsStream("kernels/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no kernel file " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read kernel file " + file, e);
        }
    }
}
