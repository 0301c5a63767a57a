package org.lamella.cuda.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.lamella.cuda.library.CudaException;

/**
 * The kernels inside the jar through the unmodified bindings and NVIDIA's own compiler; skipped where that is not
 * installed.
 */
@Execution(ExecutionMode.SAME_THREAD) // one compiler
class KernelCompilerTest {

    private static KernelCompiler compiler;

    @BeforeAll
    static void load() {
        try {
            compiler = new KernelCompiler();
        } catch (LinkageError e) {
            System.out.println(
                    "skipped: no NVRTC library on the library path; the gates of ./lamella test say how to get it");
            assumeTrue(false, "no NVRTC library");
        }
    }

    /** What the compiler of this version knows: the K80 until 11.8. */
    private static String architecture() {
        return compiler.version().startsWith("11.") ? "sm_37" : "sm_75";
    }

    @Test
    void everyFileBecomesMachineCodeWithItsKernels() {
        Map<String, List<String>> kernels = Map.ofEntries(
                Map.entry("convolution_forward.cu", List.of("convolution_forward", "convolution_pool_forward")),
                Map.entry("convolution_backward_data.cu", List.of("convolution_backward_data")),
                Map.entry("convolution_backward_filter.cu", List.of("convolution_backward_filter")),
                Map.entry("convolution_pool_backward_data.cu", List.of("convolution_pool_backward_data")),
                Map.entry("convolution_pool_backward_filter.cu", List.of("convolution_pool_backward_filter")),
                Map.entry("convolution_pool_backward_filter_few.cu", List.of("convolution_pool_backward_filter_few")),
                Map.entry("batch_norm.cu", List.of("norm_statistics", "norm_backward")),
                Map.entry("convolution_gemm_forward.cu", List.of("convolution_gemm_forward")),
                Map.entry("convolution_gemm_backward_data.cu", List.of("convolution_gemm_backward_data")),
                Map.entry("convolution_gemm_backward_filter.cu", List.of("convolution_gemm_backward_filter")),
                Map.entry("dense.cu", List.of("matrix_product")),
                Map.entry("elementwise.cu", List.of("copy_map", "dropout", "sum_slices")),
                Map.entry("activation.cu", List.of("bias_activation", "activation_backward")),
                Map.entry("layer_norm.cu", List.of("layer_norm_backward")),
                Map.entry("loss.cu", List.of("cross_entropy", "sum_tally")),
                Map.entry("peak.cu", List.of("multiply_add_peak")),
                Map.entry("pool.cu", List.of("pool_max_forward", "pool_backward")),
                Map.entry("progress.cu", List.of("reach")),
                Map.entry("update.cu", List.of("update_sgd", "update_adam")));
        kernels.forEach((file, names) -> {
            byte[] code = compiler.compile(new KernelVariant(file, Map.of()), architecture());
            assertThat(code).as(file).startsWith(0x7f, 'E', 'L', 'F');
            assertThat(new String(code, StandardCharsets.ISO_8859_1)).contains(names);
        });
    }

    @Test
    void constantsReachTheCompiler() {
        byte[] any = compiler.compile(new KernelVariant("convolution_forward.cu", Map.of()), architecture());
        byte[] four =
                compiler.compile(new KernelVariant("convolution_forward.cu", Map.of("TILE_K", 4)), architecture());
        assertThat(four).isNotEqualTo(any);
    }

    @Test
    void anErrorShowsTheCompilersLog() {
        KernelVariant wrong = new KernelVariant("convolution_forward.cu", Map.of("TILE_K", -1));
        assertThatThrownBy(() -> compiler.compile(wrong, architecture()))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("nvrtcCompileProgram(convolution_forward.cu -DTILE_K=-1 for " + architecture()
                        + ") failed: NVRTC_ERROR_COMPILATION")
                .hasMessageContaining("error:");
        assertThatThrownBy(() -> compiler.compile(new KernelVariant("pool.cu", Map.of()), "sm_1"))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("sm_1");
    }
}
