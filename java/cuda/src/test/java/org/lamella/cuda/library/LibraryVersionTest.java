package org.lamella.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file's version follows from its real name, its toolkit or its Python package; nothing is guessed. */
class LibraryVersionTest {

    private static final NeededLibrary CUDART = new NeededLibrary("cudart@.11.0", "cudart", "11.0");
    private static final NeededLibrary BLAS_LT = new NeededLibrary("cublasLt@.11", "cublasLt", "11");
    private static final NeededLibrary DNN = new NeededLibrary("cudnn_ops@.9", "cudnn_ops", "9");

    @TempDir
    Path root;

    private Path file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.exists(file) ? file : Files.createFile(file);
    }

    @Test
    void theNameTellsWhereLinksAreResolved() throws IOException {
        Path real = file("lib/libcudart.so.11.8.89");
        Path link = Files.createSymbolicLink(root.resolve("lib/libcudart.so.11.0"), real.getFileName());
        assertThat(LibraryVersion.of(link, CUDART)).isEqualTo("11.8.89");
        assertThat(LibraryVersion.ofName(Path.of("/x/libcublas.so.11.11.3.6"))).isEqualTo("11.11.3.6");
        assertThat(LibraryVersion.ofName(Path.of("/x/libcublas.so.11"))).isNull();
        assertThat(LibraryVersion.ofName(Path.of("/x/libcudart.so.11.0")))
                .as("the name of every 11.x")
                .isNull();
        assertThat(LibraryVersion.ofDriver(Path.of("/x/libcuda.so.520.61.05"))).isEqualTo("520.61.05");
        assertThat(LibraryVersion.ofDriver(Path.of("/x/libcuda.so.1"))).isNull();
    }

    @Test
    void aToolkitTellsIt() throws IOException {
        Files.writeString(file("cuda/version.json"), """
                { "cuda" : { "name" : "CUDA SDK", "version" : "11.8.0" },
                  "cuda_cudart" : { "name" : "CUDA Runtime (cudart)", "version" : "11.8.89" },
                  "libcublas" : { "name" : "CUDA cuBLAS", "version" : "11.11.3.6" } }
                """);
        assertThat(LibraryVersion.of(file("cuda/targets/x86_64-linux/lib/libcudart.so.11.0"), CUDART))
                .isEqualTo("11.8.89");
        assertThat(LibraryVersion.of(file("cuda/lib64/libcublasLt.so.11"), BLAS_LT))
                .isEqualTo("11.11.3.6");
        assertThat(LibraryVersion.of(file("cuda/lib64/libcudnn_ops.so.9"), DNN)).isNull();
    }

    @Test
    void aPythonPackageTellsIt() throws IOException {
        file("site-packages/nvidia_cuda_runtime_cu11-11.8.89.dist-info/METADATA");
        file("site-packages/nvidia_cuda_runtime-13.0.96.dist-info/METADATA");
        file("site-packages/nvidia_cudnn_cu12-9.19.0.56.dist-info/METADATA");
        assertThat(LibraryVersion.of(file("site-packages/nvidia/cuda_runtime/lib/libcudart.so.11.0"), CUDART))
                .as("of the same major version")
                .isEqualTo("11.8.89");
        assertThat(LibraryVersion.of(file("site-packages/nvidia/cudnn/lib/libcudnn_ops.so.9"), DNN))
                .isEqualTo("9.19.0.56");
        file("cuda-11/dist-info/nvidia_cuda_runtime-11.7.60.dist-info/METADATA");
        assertThat(LibraryVersion.of(file("cuda-11/lib/libcudart.so.11.0"), CUDART))
                .isEqualTo("11.7.60");
    }

    @Test
    void whatIsNotToldIsUnknown() throws IOException {
        assertThat(LibraryVersion.of(file("lib/libcudart.so.11.0"), CUDART)).isNull();
        file("p/nvidia_cudnn_cu11-9.1.0.dist-info/METADATA");
        file("p/nvidia_cudnn_cu12-9.2.0.dist-info/METADATA");
        assertThat(LibraryVersion.of(file("p/nvidia/cudnn/lib/libcudnn_ops.so.9"), DNN))
                .as("one of two")
                .isNull();
    }
}
