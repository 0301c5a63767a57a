package org.lamella.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line on simulated GPUs, in a JVM of its own. */
public final class SimulatedGpu {

    private SimulatedGpu() {}

    /**
     * A folder that the build of the CUDA module made for the bindings on the class path; the name without a version.
     */
    private static Path built(String name) {
        String jar = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(p -> Path.of(p).getFileName().toString())
                .filter(n -> n.matches("cuda-.*-linux-x86_64\\.jar"))
                .findFirst()
                .orElse("cuda-none-linux-x86_64.jar");
        String version = jar.substring("cuda-".length(), jar.length() - "-linux-x86_64.jar".length());
        return SourceTree.root().resolve(Path.of("java", "cuda", "target", name + "-" + version));
    }

    /**
     * The folder of caches, {@code XDG_CACHE_HOME}, with the kernels that the tests of the CUDA module have compiled.
     */
    private static Path cache() {
        return built("cache");
    }

    /**
     * Makes a folder of caches with the compiled kernels of the common one, but without the decisions that it keeps.
     *
     * @param folder created by this
     * @return the folder
     * @throws IOException if it cannot be written
     */
    public static Path cacheWithoutDecisions(Path folder) throws IOException {
        Path inside = Path.of("lamella", "kernels");
        Path common = Files.createDirectories(cache().resolve(inside));
        Path own = Files.createDirectories(folder.resolve(inside));
        try (DirectoryStream<Path> kernels = Files.newDirectoryStream(common, "*.cubin")) {
            for (Path kernel : kernels) {
                Files.copy(kernel, own.resolve(kernel.getFileName()));
            }
        }
        return folder;
    }

    /**
     * The folder of the stand-ins for NVIDIA's libraries; the test is skipped where they are not built.
     *
     * @return with {@code libsimulated.so}
     */
    public static Path libraries() {
        Path lib = built("stand-ins").resolve("lib");
        assumeTrue(
                Files.exists(lib.resolve("libsimulated.so")),
                "skipped: the simulated GPUs are not built (" + lib + ")");
        return lib;
    }

    /** Runs it to its end; the test is skipped where the simulated GPUs are not built. */
    public static LamellaProcess.Result run(Path folder, String settings, Map<String, String> more, String... arguments)
            throws Exception {
        Path lib = libraries();
        Map<String, String> environment = new HashMap<>(more);
        environment.put("LAMELLA_SIM", settings);
        environment.put("LD_PRELOAD", lib.resolve("libsimulated.so").toString());
        environment.put("LD_LIBRARY_PATH", lib.toString());
        environment.putIfAbsent("XDG_CACHE_HOME", cache().toString());
        return LamellaProcess.run(folder, LamellaProcess.java(), List.of(), environment, arguments);
    }
}
