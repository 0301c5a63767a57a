package org.lamella.cuda.gpu;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/** Waits for events of GPUs with a time limit, so that a GPU that hangs does not hang the program. */
public final class Events {

    private static final long SPIN_NANOS = 2_000_000;
    private static final long NAP_NANOS = 50_000;

    private Events() {}

    /**
     * Waits for an event of each GPU.
     *
     * @param gpus the GPUs
     * @param events one of each GPU, in the same order
     * @param what the work, for messages
     * @param seconds time limit, 1 or more
     * @param check is called now and then while this waits; throws if something is wrong
     * @throws CudaException naming the GPU whose work has failed, or is not done in time
     */
    public static void await(
            List<? extends GpuStreams> gpus, List<CUevent_st> events, String what, long seconds, Runnable check) {
        long start = System.nanoTime();
        boolean[] done = new boolean[gpus.size()];
        for (int left = gpus.size(); left > 0; ) {
            int late = -1;
            for (int r = 0; r < done.length; r++) { // all of them each time: if one fails, the others may wait for it
                if (done[r]) {
                    continue;
                }
                int result = cudart.cudaEventQuery(events.get(r));
                if (result == cudart.cudaSuccess) {
                    done[r] = true;
                    left--;
                } else if (result == cudart.cudaErrorNotReady) {
                    late = r;
                } else {
                    Checks.runtime(
                            result,
                            "cudaEventQuery behind " + what + " on "
                                    + gpus.get(r).name());
                }
            }
            if (late >= 0) {
                pause(
                        System.nanoTime() - start,
                        seconds,
                        what + " on " + gpus.get(late).name(),
                        check);
            }
        }
    }

    private static void pause(long waited, long seconds, String what, Runnable check) {
        if (waited > seconds * 1_000_000_000L) {
            throw new CudaException(
                    what,
                    cudart.cudaErrorNotReady,
                    "not done after " + seconds + " seconds"
                            + (seconds == Patience.SECONDS
                                    ? " (" + Patience.SETTING + "=SECONDS sets another limit)"
                                    : ""));
        }
        if (waited > SPIN_NANOS) {
            check.run();
            LockSupport.parkNanos(NAP_NANOS);
        } else {
            Thread.onSpinWait();
        }
    }
}
