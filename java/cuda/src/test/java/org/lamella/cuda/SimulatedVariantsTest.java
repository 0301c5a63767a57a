package org.lamella.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.cuda.compile.KernelCache;
import org.lamella.cuda.compile.KernelCompiler;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.compile.ShippedKernels;
import org.lamella.cuda.gpu.Gpu;
import org.lamella.data.batches.Batch;
import org.lamella.device.Kernels;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.PlanOptions;

/** Every kernel that the zoo's networks use is in the list of variants that is checked and that bundles bring along. */
class SimulatedVariantsTest {

    private static final Path SCRIPT = Path.of("..", "..", "bench", "cuda", "kernels.sh");
    private static final Path SOURCES = Path.of("..", "..", "cuda-kernels");
    private static final int LABELS = 3;
    private static final int BATCH = 2;

    @TempDir
    Path folder;

    @Test
    void whatTheNetworksUseIsListed() throws Exception {
        SimulatedDeviceTest.Outcome outcome = SimulatedDeviceTest.run(
                SimulatedVariantsTest.class, "all", "devices=2,memory=2g,links=wrong,checks=off");
        assertThat(outcome.exit()).as(outcome.text()).isZero();
        List<String> used = outcome.text()
                .lines()
                .filter(line -> line.startsWith("used: "))
                .map(line -> line.substring("used: ".length()))
                .toList();
        assertThat(used).hasSizeGreaterThan(10).contains("peak.cu", "progress.cu", "update.cu");
        assertThat(listed()).doesNotHaveDuplicates().containsAll(used);
    }

    @Test
    void everyFileIsListedWithoutConstants() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(listed())
                    .containsAll(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".cu"))
                            .toList());
        }
    }

    private List<String> listed() throws IOException {
        Path list = folder.resolve("kernels.txt");
        Process process = new ProcessBuilder("sh", SCRIPT.toString())
                .redirectOutput(list.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.onExit().join().exitValue()).isZero();
        return ShippedKernels.variants(list).stream()
                .map(KernelVariant::toString)
                .toList();
    }

    /** The process that is run by itself: only there the compiler is a stand-in too. */
    public static void main(String[] arguments) {
        Set<String> used = new TreeSet<>();
        KernelCache.Layer recorder = (variant, architecture) -> {
            used.add(variant.toString());
            return null;
        };
        List<Gpu> gpus = new CudaDeviceProvider().devices().isEmpty() ? List.of() : Gpu.all();
        ComputeDevice device = new CudaDevice(
                        gpus,
                        new KernelCache(
                                () -> recorder, KernelCache.defaultFolder(), KernelCompiler::new, System.out::println))
                .with(Kernels.OWN);
        device.measurePeak();
        for (String name : Zoo.NAMES) {
            Shape input = name.startsWith("seqcnn")
                    ? new Shape(4, 1, 120)
                    : name.equals("cifarnet") ? new Shape(3, 8, 8) : new Shape(1, 34, 34);
            for (OptimizerConfig.Kind kind : name.equals("linear")
                    ? OptimizerConfig.Kind.values()
                    : new OptimizerConfig.Kind[] {OptimizerConfig.Kind.SGD}) {
                step(device, Zoo.create(name, input, LABELS), OptimizerConfig.of(kind, 0.9, 1e-4));
            }
        }
        used.forEach(variant -> System.out.println("used: " + variant));
    }

    private static void step(ComputeDevice device, Network network, OptimizerConfig rule) {
        try (Weights weights = device.allocate(network, WeightState.of(rule));
                Program training = device.compile(
                        device.plan(network, PlanOptions.training(BATCH, rule)),
                        weights,
                        new ProgramSettings(null, true));
                Program inference = device.compile(
                        device.plan(network, PlanOptions.probabilities(BATCH)),
                        weights,
                        new ProgramSettings(null, true))) {
            long values = (long) BATCH * network.input().elements();
            training.step(new StepInput(
                    BATCH,
                    Batch.floats(values),
                    Batch.floats((long) BATCH * LABELS),
                    null,
                    null,
                    1.0 / (BATCH * LABELS),
                    0.01,
                    1,
                    11));
            inference.step(StepInput.inference(BATCH, Batch.floats(values), Batch.floats((long) BATCH * LABELS)));
        }
    }
}
