package org.lamella.bench.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels with planted faults (planted.cu), compiled: the decoders see each of them. */
class PlantedKernelsTest {

    private static final Path PLANTED = MachineCodeGateTest.PROJECT.resolve(
            Path.of("java", "cuda", "src", "test", "resources", "org", "lamella", "cuda", "kernels"));
    private static final KernelBuild BUILD = new KernelBuild(MachineCodeGateTest.PROJECT, PLANTED);
    private static final String VARIANT = "planted.cu -I" + MachineCodeGateTest.PROJECT.resolve("cuda-kernels");

    @TempDir
    Path folder;

    private static List<KernelCode> kernels(String architecture) throws IOException, InterruptedException {
        Map<String, List<KernelCode>> compiled = BUILD.compile(architecture, List.of(VARIANT));
        assumeTrue(compiled != null, "skipped: no compiler here makes machine code for " + architecture);
        return compiled.get(VARIANT);
    }

    private static KernelCode kernel(List<KernelCode> kernels, String name) {
        return kernels.stream().filter(k -> k.name().equals(name)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_37", "sm_75", "sm_90"})
    void faultsAreSeen(String architecture) throws Exception {
        int sm = Integer.parseInt(architecture.substring("sm_".length()));
        List<KernelCode> kernels = kernels(architecture);
        for (KernelCode k : kernels) {
            assertThat(k.registers()).as(k.name()).isBetween(2, 255);
            assertThat(k.code().stream().map(Instruction::name).filter(n -> n.startsWith("?")))
                    .as(k.name())
                    .isEmpty();
            assertThat(k.spills()).as(k.name()).isEqualTo(k.name().equals("spilling"));
        }
        assertThat(kernel(kernels, "spilling").mix().local()).isPositive();
        assertThat(kernel(kernels, "vectorized").mix().globalWidth()).isEqualTo(16);
        assertThat(kernel(kernels, "uncoalesced").mix().globalWidth()).isEqualTo(4);
        assertThat(kernel(kernels, "conflicting").sharedBytes()).isBetween(4096, 4096 + 1024);

        Loop dividing = kernel(kernels, "dividing").mainLoop();
        assertThat(dividing.own().divisions()).isEqualTo(1);
        Loop wide = kernel(kernels, "wide_index").mainLoop();
        assertThat(wide.own().divisions()).isZero();
        if (sm > 37) { // on Kepler every address takes two multiplications
            assertThat(wide.own().wide()).isPositive();
        }

        KernelCode dense = kernel(kernels, "dense");
        Loop main = dense.mainLoop();
        assertThat(main.own().count(Kind.FFMA)).isEqualTo(256);
        assertThat(main.own().sharedBytes()).isEqualTo(32 * Float.BYTES);
        assertThat(main.own().ffmaShare()).isBetween(0.85, 1.0);
        KernelFloor floor = new KernelFloor("dense", 75, true, 0, "");
        assertThat(floor.faults(dense, sm)).isEmpty();
        assertThat(new KernelFloor("dense", 100, true, 0, "").faults(dense, sm))
                .singleElement()
                .asString()
                .startsWith("256 of ");
        assertThat(floor.faults(kernel(kernels, "coalesced"), sm)).containsExactly("no loop with multiply-adds");
        assertThat(floor.faults(kernel(kernels, "spilling"), sm)).contains("registers are spilled");
    }

    /** NVIDIA's own disassembler counts the same multiply-adds, where there is one that knows the architecture. */
    @ParameterizedTest
    @ValueSource(strings = {"sm_37", "sm_90"})
    void asNvidiasDisassemblerSays(String architecture) throws Exception {
        long own = kernels(architecture).stream()
                .mapToLong(k -> k.mix().count(Kind.FFMA))
                .sum();
        Path cubin = BUILD.files(architecture, List.of(VARIANT)).get(VARIANT);
        String text = disassembled(cubin);
        assumeTrue(text != null, "skipped: there is no nvdisasm or cuobjdump that knows " + architecture);
        assertThat(Pattern.compile("\\bFFMA(32I)?\\b").matcher(text).results().count())
                .isEqualTo(own);
    }

    private String disassembled(Path cubin) throws IOException, InterruptedException {
        Path out = folder.resolve("disassembly");
        for (List<String> tool : List.of(List.of("nvdisasm"), List.of("cuobjdump", "-sass"))) {
            try {
                ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(tool));
                builder.command().add(cubin.toString());
                Process process = builder.redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0) {
                    return Files.readString(out, StandardCharsets.UTF_8);
                }
            } catch (IOException e) {
                // the tool is not installed
            }
        }
        return null;
    }
}
