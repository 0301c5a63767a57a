package org.lamella.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.lamella.cuda.library.Checks;

/** Streams and events of the simulated devices: late, in random order, and never against what orders them. */
@Execution(ExecutionMode.SAME_THREAD) // the devices of this process
class SimulatedStreamsTest {

    private static final int TRIALS = 64;
    private static final long BYTES = Float.BYTES;

    @Test
    void aStreamDoesItsWorkInOrder() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= TRIALS; i++) {
                rig.source.put(i);
                rig.send(rig.first);
                rig.receive(rig.first);
                check(cudart.cudaStreamSynchronize(rig.first));
                assertThat(rig.target.get()).isEqualTo(i);
            }
        }
    }

    @Test
    void anEventOrdersTwoStreams() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= TRIALS; i++) {
                rig.source.put(i);
                rig.send(rig.first);
                check(cudart.cudaEventRecord(rig.event, rig.first));
                check(cudart.cudaStreamWaitEvent(rig.second, rig.event, 0));
                rig.receive(rig.second);
                check(cudart.cudaDeviceSynchronize());
                assertThat(rig.target.get()).isEqualTo(i);
            }
        }
    }

    @Test
    void aMissingSynchronisationShows() {
        int wrong = 0;
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= TRIALS; i++) {
                rig.source.put(i);
                rig.send(rig.first);
                rig.receive(rig.first);
                wrong += rig.target.get() == i ? 0 : 1;
                check(cudart.cudaEventRecord(rig.event, rig.first));
                while (cudart.cudaEventQuery(rig.event) == cudart.cudaErrorNotReady) {
                    Thread.onSpinWait(); // time passes with every call
                }
                assertThat(rig.target.get()).isEqualTo(i);
            }
        }
        assertThat(wrong).isPositive();
    }

    @Test
    void pinnedMemoryIsReadWhenTheCopyIsDone() {
        int changed = 0;
        try (Rig rig = new Rig();
                FloatPointer pageable = new FloatPointer(1)) {
            for (int i = 1; i <= TRIALS; i++) {
                rig.source.put(i);
                rig.send(rig.first);
                rig.source.put(-1);
                rig.receive(rig.first);
                check(cudart.cudaStreamSynchronize(rig.first));
                changed += rig.target.get() == -1 ? 1 : 0;
                pageable.put(i);
                check(cudart.cudaMemcpyAsync(rig.device, pageable, BYTES, cudart.cudaMemcpyHostToDevice, rig.first));
                pageable.put(-1);
                check(cudart.cudaMemcpy(rig.target, rig.device, BYTES, cudart.cudaMemcpyDeviceToHost));
                assertThat(rig.target.get())
                        .as("the default stream waits for all")
                        .isEqualTo(i);
            }
        }
        assertThat(changed).as("buffers that were used again too early").isPositive();
    }

    @Test
    void whatIsGoneOrLeftBehindIsAnError() throws Exception {
        assertThat(SimulatedDeviceTest.run(SimulatedStreamsTest.class, "late", "devices=1")
                        .text())
                .contains(
                        "a copy to a device of 4 bytes",
                        "which lies in no device's memory",
                        "synchronize: 1",
                        "again: 1");
        assertThat(SimulatedDeviceTest.run(SimulatedStreamsTest.class, "destroyed", "devices=1")
                        .text())
                .contains("stream: 400", "event: 400");
        SimulatedDeviceTest.Outcome leak = SimulatedDeviceTest.run(SimulatedStreamsTest.class, "leak", "devices=1");
        assertThat(leak.exit()).isEqualTo(99);
        assertThat(leak.text()).contains("1 streams, 0 events and 0 graphs were never destroyed");
    }

    @Test
    void aSeedRepeatsARun() throws Exception {
        String one = SimulatedDeviceTest.run(SimulatedStreamsTest.class, "order", "devices=1,seed=5")
                .text();
        assertThat(one).contains("order of streams from seed=5");
        assertThat(SimulatedDeviceTest.run(SimulatedStreamsTest.class, "order", "devices=1,seed=5")
                        .text())
                .isEqualTo(one);
        assertThat(SimulatedDeviceTest.run(SimulatedStreamsTest.class, "order", "devices=1,seed=6")
                        .text()
                        .replace("seed=6", "seed=5"))
                .isNotEqualTo(one);
    }

    /** The processes that are run by themselves. */
    public static void main(String[] arguments) {
        switch (arguments[0]) {
            case "late" -> {
                Rig rig = new Rig();
                check(cudart.cudaFree(rig.device));
                cudart.cudaMemcpyAsync(rig.device, rig.source, BYTES, cudart.cudaMemcpyHostToDevice, rig.first);
                System.out.println("synchronize: " + cudart.cudaStreamSynchronize(rig.first));
                System.out.println("again: " + cudart.cudaDeviceSynchronize());
            }
            case "destroyed" -> {
                Rig rig = new Rig();
                rig.close();
                System.out.println("stream: " + cudart.cudaStreamSynchronize(rig.first));
                System.out.println("event: " + cudart.cudaEventRecord(rig.event, rig.first));
            }
            case "leak" -> cudart.cudaStreamCreate(new CUstream_st());
            default -> {
                try (Rig rig = new Rig()) {
                    System.out.println(IntStream.range(0, TRIALS)
                            .mapToObj(i -> {
                                rig.send(rig.first);
                                check(cudart.cudaEventRecord(rig.event, rig.first));
                                int asked = 0;
                                while (cudart.cudaEventQuery(rig.event) == cudart.cudaErrorNotReady) {
                                    asked++;
                                }
                                return Integer.toString(asked);
                            })
                            .collect(Collectors.joining(" ")));
                }
            }
        }
    }

    private static void check(int result) {
        Checks.runtime(result, "a call of this test");
    }

    /** Two streams, an event, a float on the device and two in pinned memory. */
    private static final class Rig implements AutoCloseable {
        private final CUstream_st first = new CUstream_st();
        private final CUstream_st second = new CUstream_st();
        private final CUevent_st event = new CUevent_st();
        private final Pointer device;
        private final FloatPointer source;
        private final FloatPointer target;

        Rig() {
            check(cudart.cudaStreamCreate(first));
            check(cudart.cudaStreamCreate(second));
            check(cudart.cudaEventCreate(event));
            try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
                check(cudart.cudaMalloc(place, BYTES));
                device = place.get(0);
                check(cudart.cudaMallocHost(place, BYTES));
                source = new FloatPointer(place.get(0));
                check(cudart.cudaMallocHost(place, BYTES));
                target = new FloatPointer(place.get(0));
            }
            check(cudart.cudaMemset(device, 0, BYTES));
        }

        void send(CUstream_st stream) {
            check(cudart.cudaMemcpyAsync(device, source, BYTES, cudart.cudaMemcpyHostToDevice, stream));
        }

        void receive(CUstream_st stream) {
            check(cudart.cudaMemcpyAsync(target, device, BYTES, cudart.cudaMemcpyDeviceToHost, stream));
        }

        @Override
        public void close() {
            check(cudart.cudaStreamDestroy(first));
            check(cudart.cudaStreamDestroy(second));
            check(cudart.cudaEventDestroy(event));
            check(cudart.cudaFree(device));
            check(cudart.cudaFreeHost(source));
            check(cudart.cudaFreeHost(target));
        }
    }
}
