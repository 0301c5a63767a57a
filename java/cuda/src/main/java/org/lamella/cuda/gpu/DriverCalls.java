package org.lamella.cuda.gpu;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bytedeco.cuda.global.cudart;
import org.lamella.cuda.library.CudaException;

/**
 * Calls of the driver that may not return, because they wait for a GPU that hangs or for another thread's launch. Each
 * is made on a separate thread, which is abandoned after a time limit. Also records whether a call has failed. Shared
 * by all GPUs of a device, as they share the driver.
 */
public final class DriverCalls {

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "lamella-gpu-call");
        thread.setDaemon(true);
        return thread;
    });

    private volatile boolean anyStuck;
    private volatile boolean anyFailed;

    /**
     * Whether a call was abandoned: the driver may hold locks for it, so that any other call may never return.
     *
     * @return true since then
     */
    public boolean anyStuck() {
        return anyStuck;
    }

    /** Whether any GPU has failed: calls that wait for GPUs may then wait for ever. */
    boolean anyFailed() {
        return anyFailed;
    }

    /** Records that a GPU has failed. */
    void fail() {
        anyFailed = true;
    }

    /**
     * Makes a call and waits for it.
     *
     * @param what for messages: call and GPU
     * @param call makes its GPU current first
     * @throws CudaException the call's exception, or if it has not returned in time
     */
    void run(String what, Runnable call) {
        await(threads.submit(call), what, Patience.SECONDS, System.nanoTime());
    }

    /**
     * Waits for a started call.
     *
     * @param call the call
     * @param what for messages: call and GPU
     * @param seconds time limit, from {@code start} on
     * @param start of {@link System#nanoTime}
     * @throws CudaException the call's exception, or if it has not returned in time
     * @throws IllegalStateException if the call ended with an {@link Error}
     */
    public void await(Future<?> call, String what, long seconds, long start) {
        try {
            call.get(Math.max(0, start + TimeUnit.SECONDS.toNanos(seconds) - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException own) {
                throw own;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            anyStuck = true;
            fail();
            throw new CudaException(
                    what, cudart.cudaErrorNotReady, "the call has not returned after " + seconds + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CudaException(what, cudart.cudaErrorNotReady, "interrupted", e);
        }
    }
}
