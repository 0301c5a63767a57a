package org.lamella.bench.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine code of every kernel, as the backend compiles it, against bench/cuda/floors.txt. */
class MachineCodeGateTest {

    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path CUDA = PROJECT.resolve(Path.of("bench", "cuda"));

    private static final int VECTOR_BYTES = 16;
    private static final Set<String> VECTORS = Set.of(
            "bias_activation",
            "activation_backward",
            "copy_map",
            "dropout",
            "bias_gradient",
            "norm_moments",
            "normalize",
            "norm_gradient_sums",
            "norm_backward",
            "layer_norm_parameter_gradients",
            "update_sgd",
            "update_adam");
    private static final Set<String> SINGLE = Set.of(
            "bias_gradient_columns",
            "sum_slices",
            "mask_padding",
            "layer_norm",
            "layer_norm_backward",
            "pool_max_forward",
            "pool_average_forward",
            "pool_backward",
            "pool_argmax_forward",
            "pool_argmax_backward");

    @TempDir
    Path folder;

    /** The kernels of all variants; the test is skipped where no compiler makes them. */
    private Map<String, List<KernelCode>> kernels(String architecture) throws IOException, InterruptedException {
        Path list = folder.resolve("kernels.txt");
        Process process = new ProcessBuilder("sh", CUDA.resolve("kernels.sh").toString())
                .redirectOutput(list.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor()).isZero();
        Map<String, List<KernelCode>> kernels = new KernelBuild(PROJECT, PROJECT.resolve("cuda-kernels"))
                .compile(
                        architecture,
                        Files.readAllLines(list).stream().map(String::strip).toList());
        assumeTrue(kernels != null, "skipped: no compiler here makes machine code for " + architecture);
        return kernels;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_37", "sm_90"})
    void everyKernelReachesItsFloor(String architecture) throws Exception {
        int sm = Integer.parseInt(architecture.substring("sm_".length()));
        Map<String, List<KernelCode>> kernels = kernels(architecture);
        List<String> failures = new ArrayList<>();
        for (KernelFloor floor : KernelFloor.read(CUDA.resolve("floors.txt"))) {
            List<String> faults = new ArrayList<>();
            boolean[] found = {false};
            kernels.forEach((variant, codes) -> codes.stream()
                    .filter(code -> floor.concerns(variant, code))
                    .forEach(code -> {
                        found[0] = true;
                        floor.faults(code, sm)
                                .forEach(fault -> faults.add(floor.kernel() + " of " + variant + ": " + fault));
                    }));
            if (!found[0]) {
                failures.add(floor.kernel() + " is in no variant of bench/cuda/variants.txt");
            } else if (floor.gated()) {
                failures.addAll(faults);
            } else if (faults.isEmpty()) {
                failures.add(floor.kernel() + " passes for " + architecture + ": gate it in bench/cuda/floors.txt");
            } else {
                System.out.println("not yet gated, " + architecture + ", at least " + floor.percent() + " % wanted: "
                        + faults.get(0) + (faults.size() == 1 ? "" : " (and " + (faults.size() - 1) + " more)"));
            }
        }
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_37", "sm_90"})
    void noKernelSpills(String architecture) throws Exception {
        List<String> spilling = new ArrayList<>();
        kernels(architecture)
                .forEach((variant, codes) -> codes.stream()
                        .filter(KernelCode::spills)
                        .forEach(code -> spilling.add(code.name() + " of " + variant)));
        assertThat(spilling).isEmpty();
    }

    /**
     * Loops over elements have no integer division; where layouts allow it they move 16 bytes at a time. Loops with
     * barriers are not among them: the code of shuffles in divergent warps looks like one.
     */
    @ParameterizedTest
    @ValueSource(strings = {"sm_37", "sm_90"})
    void elementWiseKernelsDivideOnceAndMoveVectors(String architecture) throws Exception {
        List<String> failures = new ArrayList<>();
        Set<String> found = new HashSet<>();
        kernels(architecture)
                .forEach((variant, codes) -> codes.stream()
                        .filter(code -> VECTORS.contains(code.name()) || SINGLE.contains(code.name()))
                        .forEach(code -> {
                            found.add(code.name());
                            for (Loop loop : code.loops()) {
                                if (loop.own().count(Kind.BARRIER) == 0
                                        && loop.own().divisions() > 0) {
                                    failures.add(code.name() + " of " + variant + " divides in a loop");
                                }
                            }
                            if (VECTORS.contains(code.name()) && code.mix().globalWidth() < VECTOR_BYTES) {
                                failures.add(code.name() + " of " + variant + " moves "
                                        + code.mix().globalWidth() + " bytes at a time");
                            }
                        }));
        assertThat(failures).isEmpty();
        assertThat(found).containsAll(VECTORS).containsAll(SINGLE);
    }

    @Test
    void aFloorIsAboutVariantsWithItsConstant() {
        KernelCode code = new KernelCode("product", 10, 0, 0, List.of());
        String variant = "product.cu -DTILE_K=4 -DTILE_M=96";
        for (String constant : List.of("", "TILE_M", "TILE_M=96", "TILE_K=4")) {
            assertThat(new KernelFloor("product", 75, true, 0, constant).concerns(variant, code))
                    .as(constant)
                    .isTrue();
        }
        for (String constant : List.of("TILE_N", "TILE_M=9", "TILE_M=960", "M=96")) {
            assertThat(new KernelFloor("product", 75, true, 0, constant).concerns(variant, code))
                    .as(constant)
                    .isFalse();
        }
        assertThat(new KernelFloor("sum", 75, true, 0, "").concerns(variant, code))
                .isFalse();
    }

    @Test
    void aWrongLineOfTheListIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("floors.txt"), "# kernels\nmatrix_product 75 soon 0 -\n");
        assertThatThrownBy(() -> KernelFloor.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("matrix_product 75 soon 0 -");
    }
}
