package org.lamella.cuda;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bytedeco.cuda.global.cudart;

/**
 * Calls that may not return: what waits for a GPU that hangs, what waits for another thread's launch. Each is made on a
 * thread of its own, and given up with it after a time.
 */
final class BlockingCalls {

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "lamella-gpu-call");
        thread.setDaemon(true);
        return thread;
    });

    /** Since a call has been given up: the driver may hold locks for it, so that any other call may never return. */
    private static volatile boolean anyStuck;

    private BlockingCalls() {}

    static boolean anyStuck() {
        return anyStuck;
    }

    /**
     * Makes a call with a GPU current, and waits for it.
     *
     * @param what for messages: call and GPU
     * @throws CudaException what the call threw, or that it has not returned in time
     */
    static void run(GpuContext gpu, String what, Runnable call) {
        Future<?> result = start(THREADS, gpu, call);
        await(result, gpu, what, Team.patience(Long.MAX_VALUE), System.nanoTime());
    }

    /** Makes a call on a thread, with a GPU current. */
    static Future<?> start(ExecutorService thread, GpuContext gpu, Runnable call) {
        return thread.submit(() -> {
            gpu.use();
            call.run();
        });
    }

    /**
     * Waits for a call that was started.
     *
     * @param seconds since {@code start}, of {@link System#nanoTime}
     * @throws CudaException as {@link #run}
     */
    static void await(Future<?> call, GpuContext gpu, String what, long seconds, long start) {
        try {
            call.get(Math.max(0, start + TimeUnit.SECONDS.toNanos(seconds) - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException own) {
                throw own;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            anyStuck = true;
            gpu.fail();
            throw new CudaException(
                    what, cudart.cudaErrorNotReady, "the call has not returned after " + seconds + " seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CudaException(what, cudart.cudaErrorNotReady, "interrupted");
        }
    }
}
