package org.lamella.bench.machinecode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Compiles CUDA kernels to machine code, without a GPU, by the compilers of this machine (bench/cuda/cubins.sh). What
 * was compiled is kept there, by the gates too; the name of its file depends on everything that determines it.
 */
public final class KernelBuild {

    private static final long LIMIT_MINUTES = 15;
    private static final int NO_COMPILER = 3;

    private final Path project;
    private final Path kernels;
    private final Path kept;

    /**
     * For a source tree.
     *
     * @param project its folder
     * @param kernels the folder with the kernel files
     */
    public KernelBuild(Path project, Path kernels) {
        this.project = project;
        this.kernels = kernels;
        this.kept = project.resolve(Path.of("bench", "target", "cubins"));
    }

    /**
     * Compiles and reads variants.
     *
     * @param architecture for example {@code sm_37}
     * @param variants each a file and its options, for example {@code pool.cu} or {@code dense.cu -DTILE=64}
     * @return the kernels of each variant; null if no compiler here makes this machine code, which was printed
     * @throws IOException if files cannot be read or written
     * @throws IllegalStateException if a kernel does not compile; the compiler's messages were printed
     * @throws InterruptedException if the thread is interrupted
     */
    public @Nullable Map<String, List<KernelCode>> compile(String architecture, List<String> variants)
            throws IOException, InterruptedException {
        Map<String, Path> files = files(architecture, variants);
        if (files == null) {
            return null;
        }
        int sm = Integer.parseInt(architecture.substring("sm_".length()));
        Map<String, List<KernelCode>> read = new LinkedHashMap<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            read.put(file.getKey(), Cubin.read(Files.readAllBytes(file.getValue()), sm));
        }
        return read;
    }

    /**
     * The files with the machine code of variants, compiled where there are none yet; null if no compiler makes them.
     */
    @Nullable
    Map<String, Path> files(String architecture, List<String> variants) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(kept.resolve(architecture));
        Path input = Files.createTempFile(folder, "variants", ".txt");
        Path output = Files.createTempFile(folder, "files", ".txt");
        try {
            Files.write(input, variants);
            int code = run(architecture, input, output);
            if (code == NO_COMPILER) {
                return null;
            }
            List<String> lines = Files.readAllLines(output);
            if (code != 0 || lines.size() != variants.size()) {
                throw new IllegalStateException("kernels do not compile for " + architecture + "; see above");
            }
            Map<String, Path> files = new LinkedHashMap<>();
            for (int i = 0; i < lines.size(); i++) {
                String name = lines.get(i).substring(0, lines.get(i).indexOf(' '));
                files.put(variants.get(i), folder.resolve(name));
            }
            return files;
        } finally {
            Files.delete(input);
            Files.delete(output);
        }
    }

    private int run(String architecture, Path input, Path output) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        project.resolve(Path.of("bench", "cuda", "cubins.sh")).toString(),
                        architecture,
                        kernels.toAbsolutePath().toString())
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("LD_PRELOAD"); // tests preload stand-ins for NVIDIA's libraries
        Process process = builder.start();
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("the kernels were not compiled within " + LIMIT_MINUTES + " minutes");
        }
        return process.exitValue();
    }
}
