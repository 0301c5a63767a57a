package org.lamella.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.lamella.InterruptedWorkException;
import org.lamella.work.Work;

/** Independent tasks on several threads. Each has its own place for its result: no result depends on the threads. */
public final class Tasks {

    private Tasks() {}

    /**
     * Runs tasks.
     *
     * @param count of the tasks
     * @param threads 1 or more
     * @param work counts one unit per task, on the calling thread
     * @param task runs the task of a number, from 0; what it throws is thrown here, and the other tasks are cancelled
     * @throws InterruptedWorkException if the thread is interrupted
     */
    public static void run(int count, int threads, Work work, IntConsumer task) {
        if (threads == 1 || count < 2) {
            for (int i = 0; i < count; i++) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedWorkException("interrupted: " + work.name(), null);
                }
                task.accept(i);
                work.add(1);
            }
            return;
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, count), run -> {
            Thread thread = new Thread(run, "lamella-task");
            thread.setDaemon(true);
            return thread;
        });
        List<Future<Integer>> all = new ArrayList<>();
        try {
            ExecutorCompletionService<Integer> done = new ExecutorCompletionService<>(pool);
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(done.submit(() -> task.accept(number), number));
            }
            for (int i = 0; i < count; i++) {
                done.take().get();
                work.add(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWorkException("interrupted: " + work.name(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw (Error) e.getCause(); // a task throws nothing else
        } finally {
            all.forEach(f -> f.cancel(true));
            pool.shutdownNow();
        }
    }
}
