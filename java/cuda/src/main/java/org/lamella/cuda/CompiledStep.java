package org.lamella.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.Weights;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.gpu.StepGraph;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.operator.ConvolutionChoice;
import org.lamella.cuda.operator.Launches;
import org.lamella.cuda.operator.OperatorLaunches;
import org.lamella.cuda.operator.Replica;
import org.lamella.cuda.team.AllReduce;
import org.lamella.cuda.team.Team;
import org.lamella.plan.NormWork;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Slot;

/** All launches of a step for one number of samples and one input slot, on all GPUs of a team. */
final class CompiledStep implements AutoCloseable {

    /** A launch for an operator, or between two; without a GPU it serves all of them. */
    private record Item(int op, String what, @Nullable GpuContext gpu, Launch launch) {}

    private static final System.Logger LOG = System.getLogger(CompiledStep.class.getName());

    private final List<Item> items = new ArrayList<>();
    private final Team team;
    private final int ops;
    private boolean capture;
    private boolean ran;
    private @Nullable StepGraph graph;

    /**
     * Prepares all launches; compiles kernels that are not in the cache.
     *
     * @param allReduce null for a single GPU
     * @param progress records the start of every operator
     * @param samples of all GPUs together
     * @param kernels by rank: the passes of convolutions that cuDNN computes
     * @param capture whether the step is captured into one graph per GPU
     */
    CompiledStep(
            List<Replica> replicas,
            Team team,
            @Nullable AllReduce allReduce,
            StepProgress progress,
            int samples,
            int slot,
            List<ConvolutionChoice> kernels,
            boolean capture) {
        this.team = team;
        this.capture = capture;
        List<Op> first = replicas.get(0).plan().ops();
        this.ops = first.size();
        Map<Integer, GradientBuckets.Bucket> buckets = new HashMap<>();
        if (allReduce != null) {
            GradientBuckets.of(replicas.get(0).plan(), GradientBuckets.FLOATS)
                    .forEach(b -> buckets.put(b.afterOp(), b));
        }
        try {
            for (int i = 0; i < ops; i++) {
                for (Replica replica : replicas) {
                    int from = team.firstSample(samples, replica.rank());
                    Op op = replica.plan().ops().get(i);
                    Launches launches = new Launches(
                                    replica, team.samples(samples, replica.rank()), from, samples, slot)
                            .marked(progress.mark(replica.rank(), i));
                    for (Launch launch : new OperatorLaunches(
                                    launches, kernels.get(replica.rank()).of(i))
                            .of(op)) {
                        items.add(new Item(i, op.toString(), replica.gpu(), launch));
                    }
                }
                if (allReduce != null) {
                    addAllReduce(replicas, allReduce, i, buckets.get(i));
                }
            }
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, this);
        }
    }

    private void addAllReduce(
            List<Replica> replicas, AllReduce allReduce, int index, GradientBuckets.@Nullable Bucket bucket) {
        Op op = replicas.get(0).plan().ops().get(index);
        if (op.kind() == OpKind.NORM_MOMENTS || op.kind() == OpKind.NORM_GRADIENT_SUMS) {
            long[] sums = replicas.stream()
                    .mapToLong(r -> r.address(r.plan().ops().get(index), Slot.PARTIAL, 0))
                    .toArray();
            add(
                    index,
                    "sums of " + op,
                    allReduce.sum(
                            2 * index,
                            sums,
                            2L * op.work(NormWork.class).input().channels(),
                            true));
            add(index, "sums of " + op, allReduce.finish());
        }
        if (bucket != null) {
            long[] gradients = replicas.stream()
                    .mapToLong(r -> r.weights(Weights.Kind.GRADIENTS) + bucket.first() * Float.BYTES)
                    .toArray();
            add(index, "gradients behind " + op, allReduce.sum(2 * index + 1, gradients, bucket.count(), false));
            if (bucket.first() == 0) {
                add(index, "gradients behind " + op, allReduce.finish());
            }
        }
    }

    private void add(int op, String what, Launch launch) {
        items.add(new Item(op, what, null, launch));
    }

    /**
     * Launches the step, with one call per GPU if it can be captured. The first run is not captured, because libraries
     * initialise themselves in it in ways that a capture does not permit.
     *
     * @throws CudaException if a launch is refused, naming operator and GPU
     */
    void run() {
        if (capture && ran && graph == null) {
            try {
                graph = new StepGraph(team.gpus(), () -> items.forEach(CompiledStep::run));
            } catch (CudaException e) {
                capture = false; // the launches themselves may work; if not, they throw below
                LOG.log(System.Logger.Level.WARNING, "steps go on without CUDA graphs: " + e.getMessage());
            }
        }
        if (graph != null) {
            team.launch(graph);
        } else {
            items.forEach(CompiledStep::run);
        }
        ran = true;
    }

    private static void run(Item item) {
        try {
            if (item.gpu != null) {
                item.gpu.use();
            }
            item.launch.run();
        } catch (CudaException e) {
            throw e.during(item.what);
        }
    }

    /**
     * The same, with an event of the first GPU before each operator's launches and one at the end.
     *
     * @param marks one more than operators
     * @param gpu the first GPU
     */
    void run(List<CUevent_st> marks, GpuContext gpu) {
        int next = 0;
        for (int i = 0; i <= ops; i++) {
            gpu.use();
            gpu.record(marks.get(i), gpu.compute());
            while (next < items.size() && items.get(next).op == i) {
                run(items.get(next++));
            }
        }
    }

    @Override
    public void close() {
        StepGraph closed = graph;
        graph = null;
        CloseHelper.closeAll(
                closed,
                () -> CloseHelper.closeAll(items.stream().map(Item::launch).toList()),
                items::clear);
    }
}
