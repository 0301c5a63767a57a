package org.lamella.cuda.library;

import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;

/** What is to be known of the bytedeco bindings without loading a library. */
public final class Bindings {

    private Bindings() {}

    /**
     * The CUDA version that the bindings were made of: the folder that they name has it.
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
     * What the system's loader said of a library, behind the name of the bindings' own file. The bindings' loader wraps
     * it into, or under, words of its own: that it found nothing.
     */
    static String reason(Throwable failure) {
        String said = null;
        for (Throwable e = failure; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage());
            if (said == null || (!message.startsWith("Could not find ") && !message.startsWith("no "))) {
                said = message;
            }
        }
        return said.replaceAll("\\s+", " ")
                .replaceFirst("^.*/libjni[^/:]+\\.so: ", "")
                .replaceFirst(" \\[in thread \"[^\"]*\"\\]$", "");
    }
}
