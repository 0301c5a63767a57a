package org.lamella.cuda.library;

import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;

/** Properties of the bytedeco bindings, read without loading a library. */
public final class Bindings {

    private Bindings() {}

    /**
     * The CUDA version of the bindings, from the folder that they name.
     *
     * @return for example {@code 11.8}
     */
    public static String cudaVersion() {
        ClassProperties properties = Loader.loadProperties(cudart.class, Loader.loadProperties(), true);
        return properties.get("platform.linkpath").stream()
                .map(path -> path.replaceFirst("^.*/cuda-([\\d.]+)/.*$", "$1"))
                .filter(version -> version.matches("[\\d.]+"))
                .findFirst()
                .orElse("unknown");
    }

    /**
     * The message of the system's loader about a library, without the name of the bindings' own file. The bindings'
     * loader wraps it into its own message that it found nothing.
     */
    static String reason(Throwable failure) {
        String said = String.valueOf(failure.getMessage());
        for (Throwable e = failure.getCause(); e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage());
            if (!message.startsWith("Could not find ") && !message.startsWith("no ")) {
                said = message;
            }
        }
        return said.replaceAll("\\s+", " ")
                .replaceFirst("^.*/libjni[^/:]+\\.so: ", "")
                .replaceFirst(" \\[in thread \"[^\"]*\"\\]$", "");
    }
}
