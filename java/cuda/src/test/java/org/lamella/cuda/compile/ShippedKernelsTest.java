package org.lamella.cuda.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.cuda.library.CudaException;

/** Kernels that came along: what is used of them, and what happens where they cannot be. */
class ShippedKernelsTest {

    private static final KernelVariant FIVE =
            new KernelVariant("convolution_forward.cu", Map.of("KERNEL_H", 5, "KERNEL_W", 5));
    private static final KernelVariant PLAIN = new KernelVariant("pool.cu", Map.of());
    private static final int INVALID_IMAGE = 200;
    private static final int OUT_OF_MEMORY = 2;

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();
    private Path file;

    @BeforeEach
    void ship() throws IOException {
        String name = ShippedKernels.file(new KernelSources(), FIVE, "sm_37");
        file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "five for sm_37");
        String sum = HexFormat.of().formatHex(Sha256.of("five for sm_37".getBytes(StandardCharsets.UTF_8)));
        Files.writeString(folder.resolve("SHA256SUMS"), sum + "  " + name + "\n");
    }

    private ShippedKernels shipped() {
        return new ShippedKernels(folder, notes::add);
    }

    private static String text(byte[] code) {
        return code == null ? null : new String(code, StandardCharsets.UTF_8);
    }

    /** A cache over what was shipped, whose compiler is not there. */
    private KernelCache withoutCompiler() {
        return new KernelCache(
                this::shipped,
                folder.resolve("kept"),
                () -> {
                    throw new UnsatisfiedLinkError("libnvrtc.so.11.2: cannot open shared object file");
                },
                notes::add);
    }

    private KernelCache withCompiler() {
        return new KernelCache(
                this::shipped,
                folder.resolve("kept"),
                () -> new KernelCache.Source() {
                    @Override
                    public String version() {
                        return "11.8";
                    }

                    @Override
                    public byte[] compile(KernelVariant variant, String architecture) {
                        return "compiled here".getBytes(StandardCharsets.UTF_8);
                    }
                },
                notes::add);
    }

    @Test
    void aFileHasTheNameOfItsVariantAndTheKeyOfWhatItIsMadeOf() {
        assertThat(ShippedKernels.file(new KernelSources(), FIVE, "sm_37"))
                .matches("sm_37/convolution_forward_KERNEL_H_5_KERNEL_W_5-[0-9a-f]{16}\\.cubin");
        assertThat(ShippedKernels.file(new KernelSources(), FIVE, "sm_90").replaceFirst(".*-", ""))
                .isNotEqualTo(file.getFileName().toString().replaceFirst(".*-", ""));
    }

    @Test
    void whatCameAlongIsUsedAndNoCompilerLoaded() {
        assertThat(withoutCompiler().<String>load(FIVE, "sm_37", ShippedKernelsTest::text))
                .isEqualTo("five for sm_37");
        assertThat(shipped().architectures()).containsExactly("sm_37");
        assertThat(notes).isEmpty();
    }

    @Test
    void whatDidNotComeAlongIsCompiledOrSaysWhatWouldHelp() {
        assertThat(withCompiler().<String>load(PLAIN, "sm_61", ShippedKernelsTest::text))
                .isEqualTo("compiled here");
        assertThatThrownBy(() -> withoutCompiler().load(PLAIN, "sm_61", ShippedKernelsTest::text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("sm_61", "pool.cu", "libnvrtc.so.11.2", "LAMELLA_CUDA_LIBRARIES=FOLDER");
    }

    @Test
    void theFirstVariantThatCameAlongOrCanBeCompiledIsTaken() {
        KernelVariant three = new KernelVariant("convolution_forward.cu", Map.of("KERNEL_H", 3, "KERNEL_W", 3));
        KernelCache without = withoutCompiler();
        assertThat(without.firstOf(List.of(three, FIVE), "sm_37")).isEqualTo(FIVE);
        assertThat(notes).isEmpty();
        assertThat(without.firstOf(List.of(three), "sm_37")).isNull();
        assertThat(without.firstOf(List.of(FIVE), "sm_90")).isNull();
        assertThat(notes)
                .singleElement()
                .asString()
                .contains("slower kernels", "sm_37", three.toString(), "libnvrtc.so.11.2", "LAMELLA_CUDA_LIBRARIES=");
        assertThat(withCompiler().firstOf(List.of(three, FIVE), "sm_37")).isEqualTo(three);
    }

    @Test
    void theNameDependsOnTheHeadersThatAFileIncludes() {
        KernelSources sources = new KernelSources();
        assertThat(sources.headers("convolution_backward_data.cu")).containsExactly("device.cuh", "convolution.cuh");
        assertThat(sources.headers("pool.cu")).containsExactly("elements.cuh", "device.cuh");
        assertThat(sources.headers("dense.cu")).containsExactly("device.cuh");
    }

    @Test
    void aDamagedFileIsNotUsedAndIsNamed() throws IOException {
        Files.writeString(file, "five for sm_38");
        assertThat(withCompiler().<String>load(FIVE, "sm_37", ShippedKernelsTest::text))
                .isEqualTo("compiled here");
        assertThat(notes).singleElement().asString().contains(file.toString(), "damaged", "SHA256SUMS");
        notes.clear();
        Files.delete(file);
        assertThat(withCompiler().<String>load(FIVE, "sm_37", ShippedKernelsTest::text))
                .isEqualTo("compiled here");
        assertThat(notes).singleElement().asString().contains(file.toString(), "cannot be read");
        notes.clear();
        Files.delete(folder.resolve("SHA256SUMS"));
        assertThat(shipped().find(FIVE, "sm_37")).isNull();
        assertThat(notes).singleElement().asString().contains("SHA256SUMS is missing");
    }

    @Test
    void whatTheDriverRefusesIsCompiledAndOtherFailuresAreNot() {
        assertThat(withCompiler().<String>load(FIVE, "sm_37", code -> {
                    if (text(code).startsWith("five")) {
                        throw new CudaException(
                                "cuModuleLoadData(five)", INVALID_IMAGE, "device kernel image is invalid");
                    }
                    return text(code);
                }))
                .isEqualTo("compiled here");
        assertThatThrownBy(() -> withCompiler().load(FIVE, "sm_37", code -> {
                    throw new CudaException("cuModuleLoadData(five)", OUT_OF_MEMORY, "out of memory");
                }))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("out of memory");
    }
}
