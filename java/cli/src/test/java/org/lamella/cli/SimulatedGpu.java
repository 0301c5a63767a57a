package org.lamella.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line on simulated GPUs, in a JVM of its own. */
public final class SimulatedGpu {

    private SimulatedGpu() {}

    /** The libraries that the build of the CUDA module made for the bindings on the class path. */
    private static Path standIns() {
        String jar = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(p -> Path.of(p).getFileName().toString())
                .filter(n -> n.matches("cuda-.*-linux-x86_64\\.jar"))
                .findFirst()
                .orElse("cuda-none-linux-x86_64.jar");
        String version = jar.substring("cuda-".length(), jar.length() - "-linux-x86_64.jar".length());
        return SourceTree.root().resolve(Path.of("java", "cuda", "target", "stand-ins-" + version, "lib"));
    }

    /** Runs it to its end; the test is skipped where the simulated GPUs are not built. */
    public static LamellaProcess.Result run(Path folder, String settings, Map<String, String> more, String... arguments)
            throws Exception {
        Path lib = standIns();
        assumeTrue(
                Files.exists(lib.resolve("libsimulated.so")),
                "skipped: the simulated GPUs are not built (" + lib + ")");
        Map<String, String> environment = new HashMap<>(more);
        environment.put("LAMELLA_SIM", settings);
        environment.put("LD_PRELOAD", lib.resolve("libsimulated.so").toString());
        environment.put("LD_LIBRARY_PATH", lib.toString());
        environment.putIfAbsent("XDG_CACHE_HOME", lib.resolveSibling("cache").toString());
        return LamellaProcess.run(folder, LamellaProcess.java(), List.of(), environment, arguments);
    }
}
