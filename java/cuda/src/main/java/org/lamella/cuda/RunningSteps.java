package org.lamella.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.StepInput;
import org.lamella.backend.Tally;
import org.lamella.cuda.operator.Replica;
import org.lamella.cuda.team.Team;

/**
 * The steps that the GPUs have begun: the current one, and the next one if it was announced, so that the GPUs do not
 * wait until the host has read the results of the current one.
 */
final class RunningSteps {

    /**
     * A step on the GPUs.
     *
     * @param upload its input
     * @param times of its operators; null if they are not measured
     */
    private record Running(
            StepUploads.Uploaded upload, @Nullable StepTimes times) {}

    private final Team team;
    private final List<Replica> replicas;
    private final StepUploads uploads;
    private final CompiledSteps compiled;
    private final StepResults results;
    private final StepProgress progress;
    private final boolean ahead;
    /** The events after a step of all ranks, by slot. */
    private final List<List<CUevent_st>> done = new ArrayList<>();

    private final Deque<Running> running = new ArrayDeque<>(); // in the order of their launches
    private StepUploads.@Nullable Uploaded last;

    /**
     * For a program.
     *
     * @param ahead whether the next announced step may begin before the results of the current one are read
     */
    RunningSteps(
            Team team,
            List<Replica> replicas,
            StepUploads uploads,
            CompiledSteps compiled,
            StepResults results,
            StepProgress progress,
            boolean ahead) {
        this.team = team;
        this.replicas = replicas;
        this.uploads = uploads;
        this.compiled = compiled;
        this.results = results;
        this.progress = progress;
        this.ahead = ahead;
        for (int i = 0; i < Replica.SLOTS; i++) {
            int slot = i;
            done.add(replicas.stream().map(r -> r.done(slot)).toList());
        }
    }

    /** The number of steps that the GPUs have begun, and whose results were not read. */
    int count() {
        return running.size();
    }

    /** Samples of the last step, on all GPUs; 0 before the first one. */
    int lastSamples() {
        return last == null ? 0 : last.input().samples();
    }

    /** Adds the counts of the predictions of the last step. */
    void tally(Tally to) {
        if (last != null) {
            results.addTo(to, last.input().samples(), last.slot());
        }
    }

    /**
     * Launches a step, unless it runs already, and the next one. Waits for the first.
     *
     * @param times to measure the operators; null if they are not measured
     * @return its scaled loss
     * @throws IllegalArgumentException if another step was announced
     */
    double run(StepInput in, @Nullable StepTimes times) {
        if (running.isEmpty()) {
            launch(uploads.next(in), times);
        } else {
            StepUploads.requireSame(running.getFirst().upload.input(), in);
        }
        uploads.proceed(); // while the GPUs work
        if (ahead && times == null && running.size() == 1) {
            StepUploads.Uploaded next = uploads.poll();
            if (next != null) {
                launch(next, null);
            }
        }
        Running now = running.getFirst();
        team.await(done.get(now.upload.slot()), "a step");
        running.removeFirst();
        if (running.isEmpty()) {
            progress.ended();
        }
        if (now.times != null) {
            now.times.add();
        }
        last = now.upload;
        return results.loss(now.upload.slot()) * in.gradientScale();
    }

    private void launch(StepUploads.Uploaded next, @Nullable StepTimes times) {
        StepInput in = next.input();
        running.addLast(new Running(next, times));
        for (Replica r : replicas) {
            r.gpu().use();
            r.gpu().wait(r.gpu().compute(), r.uploaded(next.slot()));
        }
        CompiledStep step = compiled.of(in.samples(), next.slot());
        if (times == null) {
            step.run();
        } else {
            step.run(times.marks(), replicas.get(0).gpu());
        }
        for (Replica r : replicas) {
            results.fetch(r, in, next.slot());
        }
    }

    /** Waits for the steps that the GPUs have begun, unless a GPU has failed: their memory is in use. */
    void settle() {
        if (!running.isEmpty() && replicas.stream().noneMatch(r -> r.gpu().failed())) {
            team.await(done.get(running.getLast().upload.slot()), "a step");
        }
        running.clear();
    }
}
