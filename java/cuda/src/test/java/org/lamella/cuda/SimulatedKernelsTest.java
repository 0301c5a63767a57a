package org.lamella.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.lamella.cuda.compile.KernelCompiler;
import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.cuda.gpu.Gpu;
import org.lamella.cuda.gpu.KernelModule;
import org.lamella.cuda.library.Checks;

/**
 * Kernels from the jar through compiler, module and launch, all by the unmodified bindings, on the simulated device.
 */
@Execution(ExecutionMode.SAME_THREAD) // the devices of this process
class SimulatedKernelsTest {

    @Test
    void aConvolutionGivesWhatItsFormulaSays() throws Exception {
        SimulatedDeviceTest.Outcome outcome =
                SimulatedDeviceTest.run(SimulatedKernelsTest.class, "convolution", "devices=1");
        assertThat(outcome.text()).contains("argmax right: true", "values right: true");
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void anUpdateRunsOnItsOwnStreamAndDevice() throws Exception {
        SimulatedDeviceTest.Outcome outcome =
                SimulatedDeviceTest.run(SimulatedKernelsTest.class, "update", "devices=2");
        assertThat(outcome.text()).contains("w: 0.5 1.5 2.5");
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void faultsNameTheKernel() throws Exception {
        String text = SimulatedDeviceTest.run(SimulatedKernelsTest.class, "faults", "devices=2")
                .text();
        assertThat(text)
                .contains(
                        "kernel sum_tally <<<1 x 1 x 1, 40>>>: block (0,0,0): thread",
                        "waits at a shuffle that not all lanes of its mask reach",
                        "synchronize: 719",
                        "cuModuleGetFunction(nothing) of loss.cu failed: named symbol not found (error 500)",
                        "kernel sum_tally is loaded on device 0, its stream belongs to device 1",
                        "cuModuleLoadData(rubbish) failed: device kernel image is invalid (error 200)",
                        "cuLaunchKernel(sum_tally, grid 0x1x1, block 32) of loss.cu failed: invalid argument (error 1)",
                        "the module of loss.cu is closed");
    }

    @Test
    void aKernelThatDoesNotCompileShowsTheLog() throws Exception {
        assertThat(SimulatedDeviceTest.run(SimulatedKernelsTest.class, "log", "devices=1")
                        .text())
                .contains(
                        "nvrtcCompileProgram(convolution_forward.cu -DTILE_K=-1 for sm_37) failed: "
                                + "NVRTC_ERROR_COMPILATION",
                        "error:");
    }

    @Test
    void aStructureOfAnotherSizeThanInJavaDoesNotCompile() throws Exception {
        assertThat(SimulatedDeviceTest.run(SimulatedKernelsTest.class, "sizes", "devices=1")
                        .text())
                .contains(
                        "ConvolutionShape has another size in Java",
                        "StepState has another size in Java",
                        "Mark has another size in Java",
                        "NormShape has another size in Java",
                        "PoolShape has another size in Java",
                        "Slices has another size in Java",
                        "Focus has another size in Java",
                        "Tally has another size in Java");
    }

    /** The processes that are run by themselves: only there the compiler is a stand-in too. */
    public static void main(String[] arguments) {
        switch (arguments[0]) {
            case "convolution" -> convolution();
            case "update" -> update();
            case "faults" -> faults();
            case "sizes" -> sizes();
            default ->
                System.out.println(thrown(() -> new KernelCompiler()
                        .compile(new KernelVariant("convolution_forward.cu", Map.of("TILE_K", -1)), "sm_37")));
        }
    }

    /** 2 samples of 3 x 9 x 8, 5 filters of 3 x 2, 2 x 2 pools: every shape odd or uneven. */
    private static void convolution() {
        int samples = 2;
        int channels = 3;
        int height = 9;
        int width = 8;
        int filters = 5;
        int pooledH = 3;
        int pooledW = 3;
        float[] x = random(1, samples * channels * height * width);
        float[] w = random(2, filters * channels * 6);
        float[] y = new float[samples * filters * pooledH * pooledW];
        byte[] places = new byte[y.length];
        Map<String, Integer> constants = new HashMap<>(Map.of("KERNEL_H", 3, "KERNEL_W", 2, "ACTIVATION", 0));
        constants.putAll(Map.of("STRIDE_H", 1, "STRIDE_W", 1, "PAD_H", 0, "PAD_W", 0, "POOL_H", 2, "POOL_W", 2));
        KernelModule module = load(new KernelVariant("convolution_rows_forward.cu", constants));
        Pointer deviceX = upload(x);
        Pointer deviceW = upload(w);
        Pointer deviceY = upload(new float[y.length]);
        Pointer devicePlaces = upload(new float[y.length]);
        launch(
                module,
                "convolution_rows_forward",
                1,
                128,
                null,
                new Arguments()
                        .structure(
                                KernelStructure.CONVOLUTION_SHAPE,
                                samples,
                                channels,
                                height,
                                width,
                                filters,
                                3,
                                2,
                                1,
                                1,
                                0,
                                0,
                                7,
                                7,
                                2,
                                2,
                                pooledH,
                                pooledW,
                                filters * pooledH * pooledW)
                        .number(0f)
                        .address(deviceX.address())
                        .address(deviceW.address())
                        .address(0)
                        .address(deviceY.address())
                        .address(devicePlaces.address()));
        try (FloatPointer host = new FloatPointer(y.length);
                org.bytedeco.javacpp.BytePointer bytes = new org.bytedeco.javacpp.BytePointer(y.length)) {
            Checks.runtime(
                    cudart.cudaMemcpy(host, deviceY, 4L * y.length, cudart.cudaMemcpyDeviceToHost), "cudaMemcpy");
            Checks.runtime(
                    cudart.cudaMemcpy(bytes, devicePlaces, y.length, cudart.cudaMemcpyDeviceToHost), "cudaMemcpy");
            host.get(y);
            bytes.get(places);
        }
        boolean argmax = true;
        double error = 0;
        for (int i = 0; i < y.length; i++) {
            int n = i / (filters * 9);
            int k = i / 9 % filters;
            int top = i % 9 / 3 * 2;
            int left = i % 3 * 2;
            double[] sums = IntStream.range(0, 4)
                    .mapToDouble(place -> sum(x, w, n, k, top + place / 2, left + place % 2))
                    .toArray();
            int best = IntStream.range(0, 4).reduce(0, (a, b) -> sums[b] > sums[a] ? b : a);
            argmax &= places[i] == best;
            error = Math.max(error, Math.abs(y[i] - sums[best]));
        }
        System.out.println("argmax right: " + argmax);
        System.out.println("values right: " + (error < 1e-5));
        free(deviceX, deviceW, deviceY, devicePlaces);
        module.close();
    }

    private static double sum(float[] x, float[] w, int n, int k, int p, int q) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            for (int r = 0; r < 3; r++) {
                for (int s = 0; s < 2; s++) {
                    sum += (double) x[((n * 3 + c) * 9 + p + r) * 8 + q + s] * w[(k * 3 + c) * 6 + r * 2 + s];
                }
            }
        }
        return sum;
    }

    private static void update() {
        Checks.runtime(cudart.cudaSetDevice(Gpu.all().size() - 1), "cudaSetDevice");
        KernelModule module = load(new KernelVariant("update.cu", Map.of()));
        CUstream_st stream = new CUstream_st();
        Checks.runtime(cudart.cudaStreamCreate(stream), "cudaStreamCreate");
        Pointer w = upload(1, 2, 3);
        Pointer gradient = upload(1, 1, 1);
        Pointer now = upload(0.5f, 0, 0, 0, 0, 0, 0, 0, 0, 0); // struct StepState: the rate comes first
        launch(
                module,
                "update_sgd",
                1,
                256,
                stream,
                new Arguments()
                        .whole(3)
                        .integer(0)
                        .address(now.address())
                        .number(0.9f)
                        .number(0f)
                        .address(0)
                        .address(w.address())
                        .address(gradient.address())
                        .address(0));
        Checks.runtime(cudart.cudaStreamSynchronize(stream), "cudaStreamSynchronize");
        try (FloatPointer host = new FloatPointer(3)) {
            Checks.runtime(cudart.cudaMemcpy(host, w, 12, cudart.cudaMemcpyDeviceToHost), "cudaMemcpy");
            System.out.println("w: " + host.get(0) + " " + host.get(1) + " " + host.get(2));
        }
        free(w, gradient, now);
        Checks.runtime(cudart.cudaStreamDestroy(stream), "cudaStreamDestroy");
        module.close();
    }

    private static void faults() {
        KernelModule module = load(new KernelVariant("loss.cu", Map.of()));
        Pointer tallies = upload(new float[48]);
        CUstream_st other = new CUstream_st();
        Checks.runtime(cudart.cudaSetDevice(1), "cudaSetDevice(1)");
        Checks.runtime(cudart.cudaStreamCreate(other), "cudaStreamCreate");
        Checks.runtime(cudart.cudaSetDevice(0), "cudaSetDevice(0)");
        System.out.println(thrown(() -> launch(module, "nothing", 1, 32, null, tally(tallies))));
        System.out.println(thrown(() -> launch(module, "sum_tally", 1, 32, other, tally(tallies))));
        System.out.println(thrown(() -> launch(module, "sum_tally", 0, 32, null, tally(tallies))));
        System.out.println(thrown(() -> new KernelModule("rubbish", new byte[64])));
        CUstream_st own = new CUstream_st();
        Checks.runtime(cudart.cudaStreamCreate(own), "cudaStreamCreate");
        launch(module, "sum_tally", 1, 40, own, tally(tallies)); // not whole warps
        System.out.println("synchronize: " + cudart.cudaStreamSynchronize(own));
        System.out.println(thrown(module::close)); // the failure stays
        System.out.println(thrown(() -> launch(module, "sum_tally", 1, 32, null, tally(tallies))));
    }

    /** Each with four bytes more than it has. */
    private static void sizes() {
        Map<KernelStructure, String> files = Map.of(
                KernelStructure.NORM_SHAPE, "layer_norm.cu",
                KernelStructure.POOL_SHAPE, "pool.cu",
                KernelStructure.SLICES, "elementwise.cu",
                KernelStructure.FOCUS, "loss.cu",
                KernelStructure.TALLY, "loss.cu");
        for (KernelStructure structure : KernelStructure.values()) {
            KernelVariant wrong = new KernelVariant(
                    files.getOrDefault(structure, "update.cu"),
                    Map.of(structure.constant(), structure.bytes() + Float.BYTES));
            System.out.println(thrown(() -> new KernelCompiler().compile(wrong, "sm_37")));
        }
    }

    private static String thrown(Runnable what) {
        try {
            what.run();
            return "nothing thrown";
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }

    private static Arguments tally(Pointer tallies) {
        return new Arguments().integer(4).address(tallies.address()).address(tallies.address());
    }

    private static void launch(
            KernelModule module, String kernel, int grid, int block, CUstream_st stream, Arguments arguments) {
        try (arguments) {
            arguments.structure(KernelStructure.MARK, 0L, 0, 0);
            module.prepare(kernel, grid, 1, 1, block, stream, arguments).run();
        }
    }

    private static KernelModule load(KernelVariant variant) {
        return new KernelModule(
                variant.toString(),
                new KernelCompiler().compile(variant, Gpu.all().get(0).architecture()));
    }

    private static float[] random(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Pointer upload(float... values) {
        try (PointerPointer<Pointer> place = new PointerPointer<>(1);
                FloatPointer host = new FloatPointer(values)) {
            Checks.runtime(cudart.cudaMalloc(place, 4L * values.length), "cudaMalloc");
            Pointer device = place.get(0);
            Checks.runtime(
                    cudart.cudaMemcpy(device, host, 4L * values.length, cudart.cudaMemcpyHostToDevice), "cudaMemcpy");
            return device;
        }
    }

    private static void free(Pointer... pointers) {
        for (Pointer p : pointers) {
            Checks.runtime(cudart.cudaFree(p), "cudaFree");
        }
    }
}
