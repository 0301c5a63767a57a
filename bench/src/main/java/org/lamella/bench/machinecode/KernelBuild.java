package org.lamella.bench.machinecode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles CUDA kernels to machine code, without a GPU, by the compilers of this machine (bench/cuda/cubins.sh). What
 * was compiled is kept; the name of its file depends on all sources and on the options.
 */
public final class KernelBuild {

    private static final long LIMIT_MINUTES = 15;
    private static final int NO_COMPILER = 3;
    private static final int KEY_DIGITS = 16;

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
        Path folder = Files.createDirectories(kept.resolve(architecture));
        String sources = sources();
        Map<String, String> files = new LinkedHashMap<>();
        StringBuilder list = new StringBuilder();
        for (String variant : variants) {
            String name = variant.replaceFirst("\\.cu.*", "") + "-"
                    + digest(sources + architecture + " " + variant).substring(0, KEY_DIGITS) + ".cubin";
            if (files.put(variant, name) == null) {
                list.append(name).append(' ').append(variant).append('\n');
            }
        }
        Path input = Files.writeString(Files.createTempFile(folder, "list", ".txt"), list);
        try {
            int code = run(architecture, folder, input);
            if (code == NO_COMPILER) {
                return null;
            }
            if (code != 0) {
                throw new IllegalStateException("kernels do not compile for " + architecture + "; see above");
            }
        } finally {
            Files.delete(input);
        }
        int sm = Integer.parseInt(architecture.substring("sm_".length()));
        Map<String, List<KernelCode>> read = new LinkedHashMap<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            read.put(file.getKey(), Cubin.read(Files.readAllBytes(folder.resolve(file.getValue())), sm));
        }
        return read;
    }

    private int run(String architecture, Path folder, Path input) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        project.resolve(Path.of("bench", "cuda", "cubins.sh")).toString(),
                        architecture,
                        kernels.toAbsolutePath().toString(),
                        folder.toAbsolutePath().toString())
                .redirectInput(input.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("LD_PRELOAD"); // tests preload stand-ins for NVIDIA's libraries
        Process process = builder.start();
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("the kernels were not compiled within " + LIMIT_MINUTES + " minutes");
        }
        return process.exitValue();
    }

    private String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(kernels)) {
            files.filter(file -> file.toString().matches(".*\\.cuh?"))
                    .sorted()
                    .forEach(file -> all.append(file.getFileName()).append('\n').append(text(file)));
        }
        return digest(all.toString());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JRE has it
        }
    }
}
