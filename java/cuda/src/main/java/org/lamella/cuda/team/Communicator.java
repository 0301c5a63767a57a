package org.lamella.cuda.team;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.nccl;
import org.bytedeco.cuda.nccl.ncclComm;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.lamella.cuda.gpu.DeviceMemory;
import org.lamella.cuda.gpu.DevicePointer;
import org.lamella.cuda.gpu.Events;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.library.CudaLibraries;

/**
 * NCCL between the GPUs of a team, tested with data before it is used: over broken connections its sums hang or are
 * wrong. All of its work is on the GPUs' communication streams.
 */
public final class Communicator implements AutoCloseable {

    private static final int TEST_FLOATS = 1 << 18;
    private static final int TEST_LIMIT = 1000; // of a value: sums over 64 GPUs are exact

    private final List<GpuContext> gpus;
    private final List<ncclComm> communicators = new ArrayList<>();

    private Communicator(List<GpuContext> gpus) {
        this.gpus = gpus;
        CudaLibraries.load(nccl.class);
        try (PointerPointer<ncclComm> made = new PointerPointer<>(gpus.size())) {
            check(
                    nccl.ncclCommInitAll(
                            made,
                            gpus.size(),
                            gpus.stream()
                                    .mapToInt(gpu -> gpu.properties().ordinal())
                                    .toArray()),
                    "ncclCommInitAll(" + gpus.size() + " GPUs)");
            for (int r = 0; r < gpus.size(); r++) {
                communicators.add(made.get(ncclComm.class, r));
            }
        }
    }

    /**
     * Starts NCCL and tests it.
     *
     * @param seconds after which it counts as hanging
     * @throws CudaException if it is missing, fails, hangs, or its sums are wrong
     */
    static Communicator open(List<GpuContext> gpus, long seconds) {
        // On a separate thread: over broken connections even the start may never end.
        FutureTask<Communicator> task = new FutureTask<>(() -> tested(gpus, seconds));
        Thread thread = new Thread(task, "lamella-nccl");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(3 * seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CudaException failure) {
                throw failure;
            }
            throw new CudaException(
                    "the start of NCCL",
                    -1,
                    e.getCause() instanceof LinkageError
                            ? "the library (libnccl) is missing"
                            : String.valueOf(e.getCause()),
                    e.getCause());
        } catch (TimeoutException e) {
            throw new CudaException("the start of NCCL", -1, "not done after " + 3 * seconds + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CudaException("the start of NCCL", -1, "interrupted", e);
        }
    }

    private static Communicator tested(List<GpuContext> gpus, long seconds) {
        Communicator communicator = new Communicator(gpus);
        List<DeviceMemory> memory = new ArrayList<>();
        List<CUevent_st> events = new ArrayList<>();
        boolean ended = false;
        try {
            for (GpuContext gpu : gpus) {
                memory.add(new DeviceMemory(gpu, TEST_FLOATS * (long) Float.BYTES, true, "a test of the links"));
                events.add(gpu.event());
            }
            communicator.test(memory, events, seconds);
            ended = true;
            return communicator;
        } finally {
            if (!ended) {
                communicator.abort();
                ended = settled(gpus, events, seconds);
            }
            for (int r = 0; r < events.size(); r++) {
                gpus.get(r).destroy(events.get(r));
            }
            if (ended) { // else freeing it would wait for ever
                memory.forEach(DeviceMemory::close);
            }
        }
    }

    private void test(List<DeviceMemory> memory, List<CUevent_st> events, long seconds) {
        Random random = new Random(1);
        float[] expected = new float[TEST_FLOATS];
        try (FloatPointer host = new FloatPointer(TEST_FLOATS)) {
            for (int r = 0; r < gpus.size(); r++) {
                float[] values = new float[TEST_FLOATS];
                for (int i = 0; i < TEST_FLOATS; i++) {
                    values[i] = random.nextInt(TEST_LIMIT);
                    expected[i] += values[i];
                }
                host.put(values);
                gpus.get(r).write(memory.get(r).address(), host, memory.get(r).bytes(), "a test of the links");
            }
            sum(memory.stream().mapToLong(DeviceMemory::address).toArray(), TEST_FLOATS, false);
            for (int r = 0; r < gpus.size(); r++) {
                gpus.get(r).use();
                gpus.get(r).record(events.get(r), gpus.get(r).communication());
            }
            Events.await(gpus, events, "a test sum between GPUs", seconds, this::check);
            for (int r = 0; r < gpus.size(); r++) {
                gpus.get(r).read(host, memory.get(r).address(), memory.get(r).bytes(), "a test of the links");
                float[] actual = new float[TEST_FLOATS];
                host.get(actual);
                for (int i = 0; i < TEST_FLOATS; i++) {
                    if (actual[i] != expected[i]) {
                        throw new CudaException(
                                "a test sum between GPUs",
                                -1,
                                "wrong numbers on " + gpus.get(r).name());
                    }
                }
            }
        }
    }

    /** Whether the work on the communication streams ends after all. */
    private static boolean settled(List<GpuContext> gpus, List<CUevent_st> events, long seconds) {
        try {
            Events.await(gpus.subList(0, events.size()), events, "the end of a test sum", seconds, () -> {});
            return true;
        } catch (CudaException e) {
            return false;
        }
    }

    /**
     * Replaces an array on every GPU by the sum of all; on the communication streams.
     *
     * @param addresses of the array on each rank
     * @param count elements, 1 or more
     * @param doubles doubles, else floats
     * @throws CudaException if NCCL refuses
     */
    public void sum(long[] addresses, long count, boolean doubles) {
        group("ncclAllReduce(" + count + (doubles ? " doubles)" : " floats)"), r -> {
            DevicePointer at = new DevicePointer(addresses[r]);
            return nccl.ncclAllReduce(
                    at,
                    at,
                    count,
                    doubles ? nccl.ncclFloat64 : nccl.ncclFloat32,
                    nccl.ncclSum,
                    communicators.get(r),
                    gpus.get(r).communication());
        });
    }

    /**
     * Copies an array of the first GPU to the others; on the communication streams.
     *
     * @param addresses of the array on each rank
     * @param count floats, 1 or more
     * @throws CudaException if NCCL refuses
     */
    public void broadcast(long[] addresses, long count) {
        group("ncclBroadcast(" + count + " floats)", r -> {
            DevicePointer at = new DevicePointer(addresses[r]);
            return nccl.ncclBroadcast(
                    at,
                    at,
                    count,
                    nccl.ncclFloat32,
                    0,
                    communicators.get(r),
                    gpus.get(r).communication());
        });
    }

    private interface Part {
        int put(int rank);
    }

    /** One call for all GPUs: without a group a thread that serves several GPUs would wait for itself. */
    private void group(String call, Part part) {
        check(nccl.ncclGroupStart(), "ncclGroupStart");
        int failure = nccl.ncclSuccess;
        for (int r = 0; r < gpus.size(); r++) {
            gpus.get(r).use();
            int result = part.put(r);
            failure = failure == nccl.ncclSuccess ? result : failure;
        }
        int ended = nccl.ncclGroupEnd();
        check(failure, call);
        check(ended, call);
    }

    /**
     * Checks for errors while NCCL works.
     *
     * @throws CudaException if there is one
     */
    void check() {
        int[] error = new int[1];
        for (int r = 0; r < communicators.size(); r++) {
            check(nccl.ncclCommGetAsyncError(communicators.get(r), error), "ncclCommGetAsyncError");
            check(error[0], "a sum between GPUs, on " + gpus.get(r).name());
        }
    }

    private static void check(int result, String call) {
        if (result != nccl.ncclSuccess) {
            throw new CudaException(
                    call, result, nccl.ncclGetErrorString(result).getString());
        }
    }

    /** Aborts all running sums. */
    void abort() {
        communicators.forEach(nccl::ncclCommAbort);
        communicators.clear();
    }

    @Override
    public void close() {
        for (int r = 0; r < communicators.size(); r++) {
            gpus.get(r).use();
            check(
                    nccl.ncclCommDestroy(communicators.get(r)),
                    "ncclCommDestroy on " + gpus.get(r).name());
        }
        communicators.clear();
    }
}
