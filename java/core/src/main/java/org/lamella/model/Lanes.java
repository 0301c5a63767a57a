package org.lamella.model;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamella.device.OutOfMemoryException;

/**
 * The lanes of a predictor. A lane is a program with buffers of its own, for one caller at a time; all lanes share the
 * weights. Lanes are made when callers need them, up to a limit, and used again.
 */
final class Lanes implements AutoCloseable {

    private final Supplier<Lane> maker;
    private final Semaphore free;
    private final Deque<Lane> idle = new ConcurrentLinkedDeque<>();
    private final List<Lane> all = new ArrayList<>();

    /** Lanes of which none is made yet. */
    Lanes(int most, Supplier<Lane> maker) {
        this.maker = maker;
        this.free = new Semaphore(most);
    }

    /** Makes the first lane, so that a model that does not fit into memory is refused early. */
    void makeOne() {
        giveBack(take());
    }

    /**
     * Waits until a lane is free. The caller gives it back.
     *
     * @throws OutOfMemoryException if memory has no room for a first lane
     */
    Lane take() {
        while (true) {
            free.acquireUninterruptibly();
            Lane lane = idle.poll();
            lane = lane == null ? another() : lane;
            if (lane != null) {
                return lane;
            }
        }
    }

    void giveBack(Lane lane) {
        idle.push(lane);
        free.release();
    }

    /** Null if memory has no room for another lane: its permit is then kept, and the lanes that are there suffice. */
    private @Nullable Lane another() {
        try {
            return make();
        } catch (OutOfMemoryException e) {
            synchronized (all) {
                if (!all.isEmpty()) {
                    return null;
                }
            }
            free.release();
            throw e;
        } catch (RuntimeException | Error e) {
            free.release();
            throw e;
        }
    }

    private Lane make() {
        Lane made = maker.get();
        synchronized (all) {
            all.add(made);
        }
        return made;
    }

    /** Called when no lane is in use. */
    @Override
    public void close() {
        synchronized (all) {
            all.forEach(Lane::close);
            all.clear();
        }
    }
}
