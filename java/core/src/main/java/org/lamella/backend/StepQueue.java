package org.lamella.backend;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.lamella.device.DeviceException;

/**
 * A queue of steps of a program. A step is announced when it is added, so that its input is copied to the device while
 * earlier steps run. Not thread-safe.
 *
 * @param <T> an object that the caller attaches to a step, for example its batch
 */
public final class StepQueue<T> {

    /**
     * A step that has run.
     *
     * @param <T> type of the attached object
     * @param owner the attached object
     * @param loss the loss that {@link Program#step} returned; 0 for an entry without a step
     */
    public record Done<T>(T owner, double loss) {}

    private record Pending<T>(T owner, @Nullable StepInput step) {}

    private final Program program;
    private final int capacity;
    private final Deque<Pending<T>> pending = new ArrayDeque<>();

    /**
     * An empty queue.
     *
     * @param program runs the steps; its caller closes it
     */
    public StepQueue(Program program) {
        this.program = program;
        this.capacity = capacity(program);
    }

    /**
     * The maximum number of pending steps; each needs its own buffers.
     *
     * @param program runs the steps
     * @return 1 or more
     */
    public static int capacity(Program program) {
        return Math.max(1, program.ahead());
    }

    /** {@return whether another step can be added} */
    public boolean canAdd() {
        return pending.size() < capacity;
    }

    /** {@return whether no step is pending} */
    public boolean isEmpty() {
        return pending.isEmpty();
    }

    /**
     * Adds a step at the end and announces it to the program. Its buffers must not change until it has run.
     *
     * @param owner returned by {@link #run}
     * @param step the step
     * @throws IllegalStateException if the queue is full
     */
    public void add(T owner, StepInput step) {
        append(new Pending<>(owner, step));
        program.prepare(step);
    }

    /**
     * Adds an entry without a step: {@link #run} returns its owner in order with the others.
     *
     * @param owner returned by {@link #run}
     * @throws IllegalStateException if the queue is full
     */
    public void skip(T owner) {
        append(new Pending<>(owner, null));
    }

    private void append(Pending<T> last) {
        if (!canAdd()) {
            throw new IllegalStateException("at most " + capacity + " steps can be pending");
        }
        pending.add(last);
    }

    /**
     * Removes the first step and runs it.
     *
     * @return its owner and its loss
     * @throws java.util.NoSuchElementException if no step is pending
     * @throws DeviceException if the device fails; the other steps cannot run either
     */
    public Done<T> run() {
        Pending<T> first = pending.remove();
        return new Done<>(first.owner, first.step == null ? 0 : program.step(first.step));
    }

    /**
     * Runs all pending steps. A program requires that announced steps run.
     *
     * @throws DeviceException if the device fails
     */
    public void finish() {
        while (!pending.isEmpty()) {
            run();
        }
    }

    /** Removes the pending steps without running them, after the device has failed. */
    public void abandon() {
        pending.clear();
    }
}
