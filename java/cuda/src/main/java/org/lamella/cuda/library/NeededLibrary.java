package org.lamella.cuda.library;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;

/**
 * An NVIDIA library that the bindings need.
 *
 * @param link as the bindings name it, for example {@code cudart@.11.0}
 * @param name for example {@code cudart}
 * @param version of its binary interface, for example {@code 11.0}
 */
public record NeededLibrary(String link, String name, String version) {

    /** The file name of the driver's library. */
    public static final String DRIVER = "libcuda.so.1";

    /** The libraries that a class of the bindings needs, without the driver; dependencies come first. */
    static List<NeededLibrary> of(Class<?> bindings) {
        ClassProperties properties = Loader.loadProperties(bindings, Loader.loadProperties(), true);
        List<String> communicator = new ArrayList<>(properties.get("platform.link"));
        communicator.addAll(
                properties.get("platform.preload")); // last: NVRTC's own parts, which are found in NVRTC's folder
        return communicator.stream()
                .filter(link -> link.matches("[\\w-]+@\\.[\\d.]+"))
                .map(NeededLibrary::of)
                .toList();
    }

    private static NeededLibrary of(String link) {
        int at = link.indexOf("@.");
        return new NeededLibrary(link, link.substring(0, at), link.substring(at + 2));
    }

    /** The file name for which the system's loader searches: the SONAME. */
    String file() {
        return "lib" + name + ".so." + version;
    }

    /** The major version, before the dot. */
    String major() {
        return version.replaceFirst("\\..*", "");
    }

    /**
     * The family whose parts must be of one version: {@code cudnn} of {@code cudnn_ops}, {@code cublas} of
     * {@code cublasLt}.
     */
    String family() {
        return familyOf(name);
    }

    /** The family of a library's name. */
    static String familyOf(String name) {
        return name.replaceFirst("[_-].*|Lt$", "");
    }

    /** The file of the bindings themselves, for example {@code libjnicudart.so}. */
    static String bindingsFile(Class<?> bindings) {
        return "lib"
                + Loader.loadProperties(bindings, Loader.loadProperties(), true).getProperty("platform.library")
                + ".so";
    }
}
