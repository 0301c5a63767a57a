package org.lamella.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.cuda.compile.KernelSources;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.cuda.gpu.KernelModule;

/** Planted faults of every kind must be caught by the simulated devices, and what is right must pass. */
class SimulatedFaultsTest {

    private static final long BYTES = 16;
    private static final String SOURCE = """
            #include "device.cuh"
            LAMELLA_KERNEL void put(long long at, float* y) { y[at] = 1; }
            LAMELLA_KERNEL void get(const float* x, float* y) { y[0] = x[0]; }
            LAMELLA_KERNEL void beyond_shared(int at, float* y) {
              __shared__ float values[8];
              __shared__ float others[8];
              values[at] = y[0], others[at / 2] = y[0];
              __syncthreads();
              y[1] = values[at / 2] + others[at / 4];
            }
            LAMELLA_KERNEL void lonely_barrier(float* y) {
              if (threadIdx.x != 3) __syncthreads();
              y[threadIdx.x % 4] = 1;
            }
            """;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "beyond      | kernel put <<<1 x 1 x 1, 1>>>: block (0,0,0): thread (0,0,0) writes 4 bytes at "
                        + "byte 16 of an allocation of 16 on device 0",
                "far         | kernel put <<<1 x 1 x 1, 1>>>: block (0,0,0): thread (0,0,0) writes 4 bytes at 0x",
                "otherdevice | kernel put <<<1 x 1 x 1, 1>>>: block (0,0,0): thread (0,0,0) writes 4 bytes at "
                        + "byte 0 of an allocation of 16 on device 1",
                "shared      | writes 4 bytes at byte 32 of shared array values of 32 bytes",
                "barrier     | waits at a barrier that thread (3,0,0) never reaches",
                "race        | and nothing orders the two",
                "overwrite   | and nothing orders the two",
                "graphrace   | race: a memset of 16 bytes writes byte 0 of an allocation of 16 on device 0, which "
                        + "a memset of 16 bytes wrote",
                "hang        | the host waits for streams that wait for each other, or for a device that hangs"
            })
    void aPlantedFaultIsCaught(String fault, String message) throws Exception {
        String settings = fault.equals("hang") ? "devices=2,hang=0@1" : "devices=2";
        SimulatedDeviceTest.Outcome outcome = SimulatedDeviceTest.run(SimulatedFaultsTest.class, fault, settings);
        assertThat(outcome.text()).contains(message);
        assertThat(outcome.exit() == 98 || outcome.text().contains("synchronize: 719"))
                .isTrue();
    }

    /** Whichever of the two comes first. */
    @Test
    void aRaceNamesBoth() throws Exception {
        String put = "put <<<1 x 1 x 1, 1>>>";
        String get = "get <<<1 x 1 x 1, 1>>>";
        String where = "byte 0 of an allocation of 16 on device 0, which ";
        assertThat(SimulatedDeviceTest.run(SimulatedFaultsTest.class, "race", "devices=1")
                        .text())
                .containsAnyOf(get + " reads " + where + put + " wrote", put + " writes " + where + get + " read");
    }

    @Test
    void whatIsInBoundsAndInOrderPasses() throws Exception {
        for (String right : List.of("inside", "insideshared", "event", "host", "graph")) {
            SimulatedDeviceTest.Outcome outcome =
                    SimulatedDeviceTest.run(SimulatedFaultsTest.class, right, "devices=2");
            assertThat(outcome.text()).as(right).contains("synchronize: 0").doesNotContain("race", "kernel ");
        }
    }

    @Test
    void aCaptureTakesOnlyWhatAGraphCanHold() throws Exception {
        assertThat(SimulatedDeviceTest.run(SimulatedFaultsTest.class, "captures", "devices=1")
                        .text())
                .contains(
                        "unjoined: 904",
                        "isolation: 905",
                        "allocation: 900",
                        "captured event: 907",
                        "synchronisation: 900",
                        "nothing to end: 903");
        assertThat(SimulatedDeviceTest.run(SimulatedFaultsTest.class, "captures", "devices=1,graphs=off")
                        .text())
                .contains("begin: 801");
    }

    /** The processes that are run by themselves; their devices are left as they are. */
    public static void main(String[] arguments) {
        CUstream_st one = stream();
        CUstream_st two = stream();
        CUevent_st event = new CUevent_st();
        check(cudart.cudaEventCreate(event));
        if (arguments[0].equals("captures")) {
            captures(one, two, event);
        } else {
            plant(arguments[0], one, two, event);
            System.out.println("synchronize: " + cudart.cudaDeviceSynchronize());
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void plant(String fault, CUstream_st one, CUstream_st two, CUevent_st event) {
        Pointer memory = memory(0);
        Pointer other = memory(0);
        KernelModule module = new KernelModule("planted kernels", compile());
        switch (fault) {
            case "inside" -> put(module, one, 3, memory);
            case "beyond" -> put(module, one, 4, memory);
            case "far" -> put(module, one, 1L << 32, memory);
            case "otherdevice" -> put(module, one, 0, memory(1));
            case "shared" ->
                launch(
                        module,
                        one,
                        "beyond_shared",
                        1,
                        new Arguments().integer(8).address(memory.address()));
            case "insideshared" ->
                launch(
                        module,
                        one,
                        "beyond_shared",
                        1,
                        new Arguments().integer(7).address(memory.address()));
            case "barrier" -> launch(module, one, "lonely_barrier", 32, new Arguments().address(memory.address()));
            case "hang" -> put(module, one, 0, memory);
            case "race", "event", "host" -> {
                put(module, one, 0, memory);
                check(cudart.cudaEventRecord(event, one));
                if (fault.equals("event")) {
                    check(cudart.cudaStreamWaitEvent(two, event, 0));
                } else if (fault.equals("host")) {
                    check(cudart.cudaEventSynchronize(event));
                }
                get(module, two, memory, other);
            }
            case "overwrite" -> {
                put(module, one, 0, memory);
                check(cudart.cudaStreamSynchronize(one));
                get(module, one, memory, other);
                put(module, two, 0, memory);
            }
            case "graph", "graphrace" -> forks(one, two, event, memory, other, fault.equals("graph"));
            default -> throw new IllegalArgumentException(fault);
        }
    }

    /** A graph of two branches, which write what the host then finds written in any order, or one after the other. */
    private static void forks(
            CUstream_st one, CUstream_st two, CUevent_st event, Pointer memory, Pointer other, boolean apart) {
        CUevent_st joined = new CUevent_st();
        CUgraph_st graph = new CUgraph_st();
        CUgraphExec_st exec = new CUgraphExec_st();
        check(cudart.cudaEventCreate(joined));
        check(cudart.cudaStreamBeginCapture(one, cudart.cudaStreamCaptureModeThreadLocal));
        check(cudart.cudaEventRecord(event, one));
        check(cudart.cudaStreamWaitEvent(two, event, 0));
        check(cudart.cudaMemsetAsync(memory, 1, BYTES, one));
        check(cudart.cudaMemsetAsync(apart ? other : memory, 2, BYTES, two));
        check(cudart.cudaEventRecord(joined, two));
        check(cudart.cudaStreamWaitEvent(one, joined, 0));
        check(cudart.cudaMemsetAsync(other, 3, BYTES, one));
        check(cudart.cudaStreamEndCapture(one, graph));
        check(cudart.cudaGraphInstantiateWithFlags(exec, graph, 0));
        check(cudart.cudaGraphDestroy(graph));
        for (int i = 0; i < 3; i++) {
            check(cudart.cudaGraphLaunch(exec, one));
        }
    }

    private static void captures(CUstream_st one, CUstream_st two, CUevent_st event) {
        CUgraph_st graph = new CUgraph_st();
        CUevent_st outside = new CUevent_st();
        Pointer memory = memory(0);
        check(cudart.cudaEventCreate(outside));
        check(cudart.cudaEventRecord(outside, two));
        int begin = cudart.cudaStreamBeginCapture(one, cudart.cudaStreamCaptureModeThreadLocal);
        System.out.println("begin: " + begin);
        if (begin != cudart.cudaSuccess) {
            return;
        }
        System.out.println("isolation: " + cudart.cudaStreamWaitEvent(one, outside, 0));
        try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
            System.out.println("allocation: " + cudart.cudaMalloc(place, BYTES));
        }
        System.out.println("synchronisation: " + cudart.cudaStreamSynchronize(one));
        check(cudart.cudaEventRecord(event, one));
        check(cudart.cudaStreamWaitEvent(two, event, 0));
        check(cudart.cudaMemsetAsync(memory, 0, BYTES, two));
        System.out.println("unjoined: " + cudart.cudaStreamEndCapture(one, graph));
        System.out.println("captured event: " + cudart.cudaStreamWaitEvent(two, event, 0));
        System.out.println("nothing to end: " + cudart.cudaStreamEndCapture(one, graph));
    }

    private static void put(KernelModule module, CUstream_st stream, long at, Pointer y) {
        launch(module, stream, "put", 1, new Arguments().whole(at).address(y.address()));
    }

    private static void get(KernelModule module, CUstream_st stream, Pointer x, Pointer y) {
        launch(module, stream, "get", 1, new Arguments().address(x.address()).address(y.address()));
    }

    private static void launch(KernelModule module, CUstream_st stream, String kernel, int block, Arguments arguments) {
        module.prepare(kernel, 1, 1, 1, block, stream, arguments).run();
    }

    private static byte[] compile() {
        _nvrtcProgram program = new _nvrtcProgram();
        check(nvrtc.nvrtcCreateProgram(
                program,
                new BytePointer(SOURCE),
                new BytePointer("planted.cu"),
                1,
                new PointerPointer<>(new KernelSources().text(KernelSources.HEADER)),
                new PointerPointer<>(KernelSources.HEADER)));
        check(nvrtc.nvrtcCompileProgram(program, 1, new PointerPointer<>("--gpu-architecture=sm_37")));
        SizeTPointer size = new SizeTPointer(1);
        check(nvrtc.nvrtcGetCUBINSize(program, size));
        byte[] code = new byte[(int) size.get()];
        check(nvrtc.nvrtcGetCUBIN(program, code));
        return code;
    }

    private static CUstream_st stream() {
        CUstream_st stream = new CUstream_st();
        check(cudart.cudaStreamCreateWithFlags(stream, cudart.cudaStreamNonBlocking));
        return stream;
    }

    private static Pointer memory(int device) {
        check(cudart.cudaSetDevice(device));
        try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
            check(cudart.cudaMalloc(place, BYTES));
            return place.get(0);
        } finally {
            check(cudart.cudaSetDevice(0));
        }
    }

    private static void check(int result) {
        if (result != 0) {
            throw new IllegalStateException("a call of this test answered " + result);
        }
    }
}
