package org.lamella.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.lamella.cuda.gpu.Gpu;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/**
 * The stand-ins for NVIDIA's libraries under the unmodified bindings: what they simulate, and that planted faults are
 * caught.
 */
@Execution(ExecutionMode.SAME_THREAD) // the devices of this process
class SimulatedDeviceTest {

    private static final long GIB = 1L << 30;
    /** Only what hangs takes as long: a busy machine needs several minutes for a large network. */
    private static final long PATIENCE_SECONDS = 1200;

    @BeforeAll
    static void theStandInsAreThere() {
        assertThat(System.getenv("LAMELLA_SIM"))
                .as("set by the build, like the library path")
                .isEqualTo("devices=2,memory=12g");
    }

    @Test
    void theDriverDescribesEveryGpu() {
        assertThat(Gpu.all())
                .containsExactly(
                        new Gpu(0, "simulated device", 3, 7, 12 * GIB, 13),
                        new Gpu(1, "simulated device", 3, 7, 12 * GIB, 13));
        assertThat(Gpu.driverVersion()).isEqualTo("11.4");
    }

    @Test
    void devicesAreReportedWithMemoryArchitectureAndDriver() throws Exception {
        assertThat(run("report", "devices=2,memory=12g").text())
                .contains("cuda:1: simulated device, 12.0 GiB, sm_37, 13 multiprocessors, driver for CUDA 11.4");
    }

    @Test
    void anErrorNamesTheCallAndTheLibrarysText() {
        assertThatThrownBy(() -> Checks.runtime(cudart.cudaSetDevice(2), "cudaSetDevice(2)"))
                .isInstanceOf(CudaException.class)
                .hasMessage("cudaSetDevice(2) failed: invalid device ordinal (error 101)");
        assertThatThrownBy(() -> Checks.driver(cudart.cuDeviceGet(new int[1], 7), "cuDeviceGet of cuda:7"))
                .hasMessage("cuDeviceGet of cuda:7 failed: invalid device ordinal (error 101)");
        assertThatThrownBy(() -> Checks.driver(12345, "cuSomething"))
                .hasMessage("cuSomething failed: unknown error (error 12345)");
    }

    @Test
    void whatIsNotSimulatedSaysSoAndTheJvmLives() {
        assertThat(cudart.cuCtxSynchronize()).isEqualTo(cudart.CUDA_ERROR_NOT_SUPPORTED);
        assertThat(cudart.cudaDeviceReset()).isEqualTo(cudart.cudaErrorNotSupported);
    }

    @Test
    void memoryIsCopiedAndCounted() {
        long before = free();
        try (FloatPointer host = new FloatPointer(1, 2, 3, 4);
                FloatPointer back = new FloatPointer(4)) {
            Pointer device = allocate(16);
            assertThat(before - free()).isEqualTo(16);
            Checks.runtime(cudart.cudaMemcpy(back, device, 16, cudart.cudaMemcpyDeviceToHost), "cudaMemcpy");
            assertThat(back.get(0)).as("memory that nobody wrote").isNaN();
            Checks.runtime(cudart.cudaMemcpy(device, host, 16, cudart.cudaMemcpyHostToDevice), "cudaMemcpy");
            Checks.runtime(cudart.cudaMemcpy(back, device, 16, cudart.cudaMemcpyDeviceToHost), "cudaMemcpy");
            assertThat(back.get(3)).isEqualTo(4);
            Checks.runtime(cudart.cudaFree(device), "cudaFree");
        }
        assertThat(free()).isEqualTo(before);
    }

    @Test
    void eachDeviceHasItsOwnMemory() {
        Pointer most = allocate(11 * GIB / 4096); // it is host memory: small sizes here, the limit itself below
        Checks.runtime(cudart.cudaSetDevice(1), "cudaSetDevice(1)");
        assertThat(free()).isEqualTo(12 * GIB);
        Checks.runtime(cudart.cudaSetDevice(0), "cudaSetDevice(0)");
        assertThatThrownBy(() -> allocate(12 * GIB)).hasMessageContaining("out of memory");
        Checks.runtime(cudart.cudaFree(most), "cudaFree");
    }

    @Test
    void faultsOfMemoryAreErrors() {
        Pointer device = allocate(16);
        try (FloatPointer host = new FloatPointer(8)) {
            assertThat(cudart.cudaMemcpy(device, host, 32, cudart.cudaMemcpyHostToDevice))
                    .as("too long")
                    .isEqualTo(1);
            assertThat(cudart.cudaMemcpy(host, host, 32, cudart.cudaMemcpyDeviceToHost))
                    .as("not a device's")
                    .isEqualTo(1);
            assertThat(cudart.cudaFree(host)).as("never allocated").isEqualTo(1);
        }
        assertThat(cudart.cudaMemset(device, 0, 17)).as("one byte too many").isEqualTo(1);
        Checks.runtime(cudart.cudaFree(device), "cudaFree");
        assertThat(cudart.cudaFree(device)).as("double free").isEqualTo(1);
        assertThat(cudart.cudaMemset(device, 0, 16)).as("use after free").isEqualTo(1);
        assertThat(cudart.cudaGetLastError()).isEqualTo(1);
        assertThat(cudart.cudaGetLastError()).as("taken").isZero();
    }

    @Test
    void aLeakEndsTheProcessWithAnError() throws Exception {
        assertThat(run("leak", "devices=1").exit).isEqualTo(99);
        assertThat(run("leak", "devices=1").text).contains("1 allocations, 48 bytes, were never freed");
        assertThat(run("clean", "devices=1").exit).isZero();
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() throws Exception {
        for (String settings : List.of(
                "devices=x",
                "memory=0",
                "memory=12q",
                "nonsense",
                "devices=",
                "devices=-1",
                "fail=1",
                "hang=@2",
                "links=no",
                "arch=9")) {
            Outcome outcome = run("clean", settings);
            assertThat(outcome.exit).as(settings).isEqualTo(2);
            assertThat(outcome.text).contains("LAMELLA_SIM=" + settings, "for example devices=2,memory=12g");
        }
        assertThat(run("clean", "devices=1,memory=512m").text).contains("536870912 bytes");
    }

    @Test
    void noDeviceIsSaidInOneLine() throws Exception {
        assertThat(run("report", "devices=0").text)
                .contains("the CUDA libraries are there, but find no GPU: cuInit failed: no CUDA-capable device is "
                        + "detected (error 100)");
    }

    private static Pointer allocate(long bytes) {
        try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
            Checks.runtime(cudart.cudaMalloc(place, bytes), "cudaMalloc(" + bytes + " bytes)");
            return place.get(0);
        }
    }

    private static long free() {
        try (org.bytedeco.javacpp.SizeTPointer free = new org.bytedeco.javacpp.SizeTPointer(1);
                org.bytedeco.javacpp.SizeTPointer total = new org.bytedeco.javacpp.SizeTPointer(1)) {
            Checks.runtime(cudart.cudaMemGetInfo(free, total), "cudaMemGetInfo");
            return free.get();
        }
    }

    /** Else these tests run on real GPUs, as far as they can. */
    static boolean simulated() {
        String settings = System.getenv("LAMELLA_SIM");
        return settings != null && !settings.isEmpty();
    }

    record Outcome(int exit, String text) {}

    private static Outcome run(String what, String settings) throws IOException, InterruptedException {
        return run(SimulatedDeviceTest.class, what, settings);
    }

    /** Runs a main method in a JVM of its own: what happens at the end of a process. */
    static Outcome run(Class<?> program, String what, String settings) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // most processes end before the optimizing compiler has paid off
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                what);
        if (simulated()) {
            builder.environment().put("LAMELLA_SIM", settings);
        }
        // The compiler's stand-in too, which tests in this JVM must not meet.
        builder.environment()
                .computeIfPresent("LD_PRELOAD", (name, library) -> library.replace("simulated_devices", "simulated"));
        builder.environment().put("LAMELLA_CUDA_PATIENCE", settings.contains("hang") ? "2" : "60");
        File output = File.createTempFile("simulated", ".txt");
        try {
            Process process =
                    builder.redirectErrorStream(true).redirectOutput(output).start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            String text = Files.readString(output.toPath());
            assertThat(ended).as("ended in time: %s", text).isTrue();
            return new Outcome(process.exitValue(), text);
        } finally {
            Files.delete(output.toPath());
        }
    }

    /** The processes that {@link #run} starts. */
    public static void main(String[] arguments) {
        switch (arguments[0]) {
            case "leak" -> allocate(48);
            case "report" -> new CudaDeviceProvider().report().forEach(System.out::println);
            default -> {
                Checks.runtime(cudart.cudaFree(allocate(48)), "cudaFree");
                System.out.println(Gpu.all().get(0).memory() + " bytes");
            }
        }
    }
}
