package org.lamella.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cuts operators into stages and decides which tensors never leave theirs. */
final class Staging {

    private final List<Op> ops;
    private final int batch;
    private final int chunk;
    private final Processor processor;
    private final List<Stage> stages = new ArrayList<>();

    Staging(List<Op> ops, int batch, int chunk, Processor processor) {
        this.ops = ops;
        this.batch = batch;
        this.chunk = chunk;
        this.processor = processor;
    }

    List<Stage> stages() {
        for (int i = 0; i < ops.size(); ) {
            int first = i;
            if (processor == Processor.GPU || !ops.get(i).kind().sample()) {
                stages.add(new Stage(Stage.Schedule.UNIT, i++, 1, 1));
                continue;
            }
            boolean chunks = false;
            int group = 1;
            while (i < ops.size() && ops.get(i).kind().sample()) {
                Op op = ops.get(i++);
                chunks |= op.has(Slot.PARTIAL);
                group = Math.max(group, group(op));
            }
            stages.add(new Stage(chunks ? Stage.Schedule.CHUNK : Stage.Schedule.SAMPLE, first, i - first, group));
        }
        return stages;
    }

    /**
     * As many samples as the operator wants together, within a chunk; one keeps a sample's maps in its thread's cache.
     */
    private int group(Op op) {
        return op.work() instanceof ConvolutionWork c && c.algorithm() == Algorithm.WINOGRAD
                ? Math.min(chunk, Algorithm.group(c.layer(), c.map()))
                : 1;
    }

    private record Span(int firstStage, int lastStage, int firstOp, int lastOp) {
        Span join(Span other) {
            return new Span(
                    Math.min(firstStage, other.firstStage),
                    Math.max(lastStage, other.lastStage),
                    Math.min(firstOp, other.firstOp),
                    Math.max(lastOp, other.lastOp));
        }
    }

    /** Places every planned tensor: thread-local if its life is inside one stage of sample operators. */
    MemoryPlanner.Result place(List<Tensor> tensors) {
        Map<Tensor, Span> spans = new HashMap<>();
        Set<Tensor> wholeBatch = new HashSet<>();
        for (int s = 0; s < stages.size(); s++) {
            Stage stage = stages.get(s);
            for (int i = stage.first(); i < stage.first() + stage.count(); i++) {
                for (Op.Operand operand : ops.get(i).operands().values()) {
                    spans.merge(operand.tensor(), new Span(s, s, i, i), Span::join);
                    if (stage.schedule() == Stage.Schedule.UNIT) {
                        wholeBatch.add(operand.tensor());
                    }
                }
            }
        }
        List<Tensor> arena = new ArrayList<>();
        List<Tensor> local = new ArrayList<>();
        List<MemoryPlanner.Life> arenaLives = new ArrayList<>();
        List<MemoryPlanner.Life> localLives = new ArrayList<>();
        long naive = 0;
        for (Tensor t : tensors) {
            Span span = spans.get(t);
            if (span == null) {
                continue;
            }
            naive += t.bytes();
            if (!t.kept() && span.firstStage == span.lastStage && !wholeBatch.contains(t) && t.oneASample(batch)) {
                local.add(t);
                localLives.add(new MemoryPlanner.Life(
                        t.stride() * stages.get(span.firstStage).group(), span.firstOp, span.lastOp));
            } else {
                arena.add(t);
                arenaLives.add(
                        new MemoryPlanner.Life(t.bytes(), span.firstStage, t.kept() ? stages.size() : span.lastStage));
            }
        }
        long[] arenaOffsets = MemoryPlanner.place(arenaLives);
        long[] localOffsets = MemoryPlanner.place(localLives);
        for (int i = 0; i < arenaOffsets.length; i++) {
            arena.get(i).place(Tensor.Space.ARENA, arenaOffsets[i]);
        }
        for (int i = 0; i < localOffsets.length; i++) {
            local.get(i).place(Tensor.Space.LOCAL, localOffsets[i]);
        }
        return new MemoryPlanner.Result(
                MemoryPlanner.extent(arenaLives, arenaOffsets), MemoryPlanner.extent(localLives, localOffsets), naive);
    }
}
