package org.lamella.cuda.team;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Launch;

/** Sums arrays over the GPUs of a team, while they go on computing. */
public abstract class AllReduce implements AutoCloseable {

    private final Team team;
    private final List<CUevent_st> events = new ArrayList<>();
    private final List<CUevent_st> turns = new ArrayList<>();

    AllReduce(Team team) {
        this.team = team;
        for (GpuContext gpu : team.gpus()) {
            turns.add(event(gpu));
        }
    }

    /**
     * Work that replaces, on every rank, an array by the sum of all ranks' arrays. It begins when the compute streams
     * of all ranks have computed them; {@link #finish} makes the compute streams wait for it.
     *
     * @param place a number unique to this sum within a step; the same in all steps
     * @param addresses of the array on each rank
     * @param count elements, 1 or more
     * @param doubles doubles, else floats
     * @return the work; the caller's to close
     */
    public abstract Launch sum(int place, long[] addresses, long count, boolean doubles);

    /**
     * Whether its work can be captured into a graph of each GPU.
     *
     * @return false if it waits between GPUs by events
     */
    public abstract boolean capturable();

    /**
     * A description of the connection, for messages.
     *
     * @return one line without an end
     */
    public abstract String description();

    /**
     * Work that makes every compute stream wait for the sums so far.
     *
     * @return the work
     */
    public final Launch finish() {
        return () -> {
            for (int r = 0; r < team.size(); r++) {
                GpuContext gpu = team.gpus().get(r);
                gpu.use();
                gpu.record(turns.get(r), gpu.communication());
                gpu.wait(gpu.compute(), turns.get(r));
            }
        };
    }

    /**
     * Makes a rank's communication stream wait for the work on its compute stream so far. Its GPU must be the current
     * one.
     */
    final void begin(int rank) {
        GpuContext gpu = team.gpus().get(rank);
        gpu.record(turns.get(rank), gpu.compute());
        gpu.wait(gpu.communication(), turns.get(rank));
    }

    final Team team() {
        return team;
    }

    /** An event that is valid until this is closed. */
    final CUevent_st event(GpuContext gpu) {
        CUevent_st event = gpu.event();
        events.add(event);
        return event;
    }

    @Override
    public void close() {
        events.forEach(team.gpus().get(0)::destroy);
        events.clear();
        turns.clear();
    }
}
