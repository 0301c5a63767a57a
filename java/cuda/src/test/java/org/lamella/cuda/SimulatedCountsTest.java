package org.lamella.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.cudart;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.bench.launch.LaunchCounts;
import org.lamella.cuda.compile.KernelCompiler;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.cuda.gpu.DevicePointer;
import org.lamella.cuda.gpu.KernelModule;
import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.library.Checks;

/** What the simulator counts in kernels with planted faults (planted.cu): the faults, in their very size. */
class SimulatedCountsTest {

    private static final int BLOCKS = 12;
    private static final int COUNTED = 3;
    private static final int ROUNDS = 64;
    private static final long FLOATS = 1 << 16;

    @TempDir
    static Path folder;

    private static final Map<String, LaunchCounts> OF_KERNEL = new HashMap<>();

    @BeforeAll
    static void count() throws Exception {
        Path counts = folder.resolve("counts");
        SimulatedDeviceTest.Outcome outcome = SimulatedDeviceTest.run(
                SimulatedCountsTest.class,
                "all",
                "devices=1,memory=1g,graphs=off,fill=2,blocks=" + COUNTED + ",counts=" + counts);
        assertThat(outcome.exit()).as(outcome.text()).isZero();
        for (String line : Files.readAllLines(counts)) {
            if (line.contains("\"kernel\"")) {
                LaunchCounts launch = new ObjectMapper().readValue(line, LaunchCounts.class);
                OF_KERNEL.put(launch.kernel(), launch);
            }
        }
    }

    private static LaunchCounts of(String kernel) {
        return OF_KERNEL.get(kernel);
    }

    @Test
    void blocksAreSpreadOverTheGrid() {
        LaunchCounts c = of("coalesced");
        assertThat(c.allBlocks()).isEqualTo(BLOCKS);
        assertThat(c.blocks()).isEqualTo(COUNTED);
        assertThat(c.scale()).isEqualTo(BLOCKS / COUNTED);
        assertThat(c.variant()).startsWith("planted.cu -D").contains("-DTALLY_BYTES=");
    }

    @Test
    void sectorsPerRequest() {
        assertThat(of("coalesced").globalLoads().each()).isEqualTo(4);
        assertThat(of("coalesced").sectorExcess()).isEqualTo(1);
        assertThat(of("uncoalesced").globalLoads().each()).isEqualTo(32);
        assertThat(of("uncoalesced").globalLoads().units())
                .isEqualTo(8 * of("uncoalesced").globalLoads().least());
        assertThat(of("uncoalesced").globalStores().each()).isEqualTo(4);
        // 128 threads of each block, 4 warps: one request each, of 512 bytes
        assertThat(of("vectorized").globalLoads().requests()).isEqualTo(4 * COUNTED);
        assertThat(of("vectorized").globalLoads().each()).isEqualTo(16);
        assertThat(of("vectorized").sectorExcess()).isEqualTo(1);
        assertThat(of("vectorized").blockSectors()).isEqualTo(COUNTED * (4 * 16 + 4 * 4));
    }

    @Test
    void bankConflicts() {
        LaunchCounts.Requests reads = of("conflicting").sharedLoads();
        assertThat(reads.each()).isEqualTo(32);
        assertThat(of("conflicting").sharedStores().each()).isEqualTo(1);
        assertThat(of("conflicting").bankConflicts()).isEqualTo((32 + 1) / 2.0);
        assertThat(of("padded").sharedLoads().each()).isEqualTo(1);
        assertThat(of("padded").bankConflicts()).isEqualTo(1);
        // all lanes read the same 16 bytes
        assertThat(of("dense").sharedLoads().each()).isEqualTo(1);
        assertThat(of("dense").sharedLoads().requests()).isEqualTo((long) COUNTED * ROUNDS * 32 / 4);
    }

    @Test
    void divergence() {
        assertThat(of("uniform").activeLanes()).isCloseTo(1, within(0.01));
        assertThat(of("divergent").activeLanes()).isLessThan(0.65);
        assertThat(of("divergent").multiplyAdds())
                .as("each way runs for itself: four times the uniform one's")
                .isEqualTo(4 * of("uniform").multiplyAdds());
        assertThat(of("divergent").laneMultiplyAdds()).isEqualTo(of("uniform").laneMultiplyAdds());
    }

    @Test
    void multiplyAdds() {
        assertThat(of("dense").multiplyAdds()).isEqualTo((long) COUNTED * ROUNDS * 32 * 8);
        assertThat(of("dense").laneMultiplyAdds()).isEqualTo(32L * COUNTED * ROUNDS * 32 * 8);
        assertThat(of("coalesced").multiplyAdds()).isZero();
    }

    /** The process that is run by itself, on simulated GPUs that count. */
    public static void main(String[] arguments) {
        Checks.runtime(cudart.cudaSetDevice(0), "cudaSetDevice");
        DevicePointer x = new DevicePointer(0);
        DevicePointer y = new DevicePointer(0);
        Checks.runtime(cudart.cudaMalloc(x, FLOATS * Float.BYTES), "cudaMalloc");
        Checks.runtime(cudart.cudaMalloc(y, FLOATS * Float.BYTES), "cudaMalloc");
        byte[] code = new KernelCompiler().compile(new KernelVariant("planted.cu", Map.of()), "sm_37");
        try (KernelModule module = new KernelModule("planted.cu", code)) {
            for (String kernel : List.of("coalesced", "uncoalesced", "vectorized")) {
                launch(module, kernel, 128, operands(x, y));
            }
            for (String kernel : List.of("conflicting", "padded")) {
                launch(module, kernel, 32, operands(x, y));
            }
            launch(module, "dense", 32, operands(x, y).integer(ROUNDS));
            launch(module, "divergent", 128, operands(x, y).integer(ROUNDS));
            launch(module, "uniform", 128, operands(x, y).integer(ROUNDS));
            Checks.runtime(cudart.cudaDeviceSynchronize(), "cudaDeviceSynchronize");
        }
        Checks.runtime(cudart.cudaFree(x), "cudaFree");
        Checks.runtime(cudart.cudaFree(y), "cudaFree");
    }

    private static Arguments operands(DevicePointer x, DevicePointer y) {
        return new Arguments().address(x.address()).address(y.address());
    }

    private static void launch(KernelModule module, String kernel, int threads, Arguments arguments) {
        try (Launch launch = module.prepare(kernel, BLOCKS, 1, 1, threads, null, arguments)) {
            launch.run();
        }
    }
}
