package org.lamella.device;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Coming steps of a program, in order. Each is announced when it is added, so that its input is brought to the device
 * while the steps before it run. Not thread-safe.
 *
 * @param <T> what the caller wants back with a step that has run, for example its batch
 */
public final class StepQueue<T> {

    /**
     * A step that has run.
     *
     * @param <T> as of the queue
     * @param owner what it was added with
     * @param loss as {@link Program#step} returned it; 0 for a turn without a step
     */
    public record Done<T>(T owner, double loss) {}

    private record Coming<T>(T owner, @Nullable StepInput step) {}

    private final Program program;
    private final int capacity;
    private final Deque<Coming<T>> coming = new ArrayDeque<>();

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
     * How many steps wait at most, each with buffers of its own.
     *
     * @param program runs the steps
     * @return 1 or more
     */
    public static int capacity(Program program) {
        return Math.max(1, program.ahead());
    }

    /** {@return whether another step may be added} */
    public boolean hasRoom() {
        return coming.size() < capacity;
    }

    /** {@return whether no step waits} */
    public boolean isEmpty() {
        return coming.isEmpty();
    }

    /**
     * Adds a step behind the others and announces it to the program. Its buffers must stay as they are until it has
     * run.
     *
     * @param owner given back by {@link #run}
     * @param step what to run
     * @throws IllegalStateException if there is no room
     */
    public void add(T owner, StepInput step) {
        append(new Coming<>(owner, step));
        program.prepare(step);
    }

    /**
     * Adds a turn in which nothing runs: its owner comes back in order with those of the steps.
     *
     * @param owner given back by {@link #run}
     * @throws IllegalStateException if there is no room
     */
    public void skip(T owner) {
        append(new Coming<>(owner, null));
    }

    private void append(Coming<T> last) {
        if (!hasRoom()) {
            throw new IllegalStateException("at most " + capacity + " steps can wait");
        }
        coming.add(last);
    }

    /**
     * Runs the first step and takes it out, also if it fails.
     *
     * @return its owner and its loss
     * @throws java.util.NoSuchElementException if no step waits
     * @throws DeviceException if the device fails; nothing of the queue can be run any more
     */
    public Done<T> run() {
        Coming<T> first = coming.remove();
        return new Done<>(first.owner, first.step == null ? 0 : program.step(first.step));
    }

    /**
     * Runs all steps that wait, for a caller that wants no more of them: the program would expect them next time.
     *
     * @throws DeviceException if the device fails
     */
    public void finish() {
        while (!coming.isEmpty()) {
            run();
        }
    }

    /** Forgets the steps that wait, because the device has failed and runs none any more. */
    public void abandon() {
        coming.clear();
    }
}
