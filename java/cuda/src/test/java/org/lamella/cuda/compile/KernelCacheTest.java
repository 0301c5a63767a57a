package org.lamella.cuda.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel cache, with a compiler that counts. */
class KernelCacheTest {

    private static final KernelVariant PLAIN = new KernelVariant("convolution_forward.cu", Map.of());
    private static final KernelVariant FIVE =
            new KernelVariant("convolution_forward.cu", Map.of("KERNEL_H", 5, "KERNEL_W", 5));

    @TempDir
    Path folder;

    private static final class Counting implements KernelCache.Source {
        private final String version;
        private int compiled;

        Counting(String version) {
            this.version = version;
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public byte[] compile(KernelVariant variant, String architecture) {
            compiled++;
            return (variant + " " + architecture + " " + version).getBytes(StandardCharsets.UTF_8);
        }
    }

    @Test
    void aVariantIsCompiledOnceForEachArchitectureAndCompiler() {
        Counting compiler = new Counting("11.8");
        for (int i = 0; i < 2; i++) {
            KernelCache cache = cache(folder.resolve("new"), compiler);
            assertThat(cache.get(PLAIN, "sm_37")).asString().isEqualTo("convolution_forward.cu sm_37 11.8");
            assertThat(cache.get(FIVE, "sm_37"))
                    .asString()
                    .isEqualTo("convolution_forward.cu -DKERNEL_H=5 -DKERNEL_W=5 sm_37 11.8");
            assertThat(cache.get(PLAIN, "sm_80")).asString().endsWith("sm_80 11.8");
            assertThat(compiler.compiled).isEqualTo(3);
        }
        Counting newer = new Counting("13.1");
        assertThat(cache(folder.resolve("new"), newer).get(PLAIN, "sm_37"))
                .asString()
                .endsWith("13.1");
        assertThat(newer.compiled).isEqualTo(1);
    }

    @Test
    void damagedFilesAreCompiledAgain() throws IOException {
        Counting compiler = new Counting("11.8");
        KernelCache cache = cache(folder, compiler);
        byte[] code = cache.get(PLAIN, "sm_37");
        Path file = files().get(0);
        byte[] good = Files.readAllBytes(file);
        byte[] flipped = good.clone();
        flipped[3] ^= 1;
        int expected = 1;
        for (byte[] bad : List.of(flipped, new byte[0], new byte[31], java.util.Arrays.copyOf(good, good.length - 1))) {
            Files.write(file, bad);
            assertThat(cache.get(PLAIN, "sm_37")).isEqualTo(code);
            assertThat(compiler.compiled).isEqualTo(++expected);
            assertThat(Files.readAllBytes(file)).isEqualTo(good);
        }
        assertThat(files()).as("nothing half-written is left").containsExactly(file);
    }

    @Test
    void aFolderThatCannotBeWrittenCostsTimeOnly() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Counting compiler = new Counting("11.8");
        KernelCache cache = cache(file.resolve("below"), compiler);
        assertThat(cache.get(PLAIN, "sm_37")).isEqualTo(cache.get(PLAIN, "sm_37"));
        assertThat(compiler.compiled).isEqualTo(2);
    }

    @Test
    void anUnknownFileIsNamed() {
        KernelCache cache = cache(folder, new Counting("11.8"));
        assertThatThrownBy(() -> cache.get(new KernelVariant("nothing.cu", Map.of()), "sm_37"))
                .hasMessageContaining("nothing.cu");
    }

    private static KernelCache cache(Path folder, Counting compiler) {
        return new KernelCache(() -> null, folder, () -> compiler, line -> {});
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
