package org.lamella.bench.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine code of every kernel, as the backend compiles it, against bench/cuda/floors.txt. */
class MachineCodeGateTest {

    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path CUDA = PROJECT.resolve(Path.of("bench", "cuda"));

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

    @Test
    void aWrongLineOfTheListIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("floors.txt"), "# kernels\nmatrix_product 75 soon 0 -\n");
        assertThatThrownBy(() -> KernelFloor.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("matrix_product 75 soon 0 -");
    }
}
