package org.lamella.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.Requirements;
import org.lamella.backend.StepInput;
import org.lamella.backend.Tally;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.operator.ConvolutionChoice;
import org.lamella.cuda.operator.Replica;
import org.lamella.cuda.team.AllReduce;
import org.lamella.cuda.team.Communicator;
import org.lamella.cuda.team.HostAllReduce;
import org.lamella.cuda.team.NcclAllReduce;
import org.lamella.cuda.team.Team;
import org.lamella.device.KernelChoice;
import org.lamella.device.Kernels;
import org.lamella.plan.OpKind;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.lamella.plan.Tensor;

/**
 * A plan on a team of GPUs: each has a replica and works on its part of every batch. The inputs of a step are uploaded
 * on a separate stream, while earlier steps run.
 */
final class CudaProgram implements Program {

    private final Plan plan;
    private final CudaWeights weights;
    private final Team team;
    private final List<Replica> replicas = new ArrayList<>();
    private final @Nullable AllReduce allReduce;
    private final StepUploads uploads;
    private final StepProgress progress;
    private final HostPointers pointers = new HostPointers();
    private final List<ConvolutionChoice> convolutions = new ArrayList<>();
    private final CompiledSteps compiled;
    private final RunningSteps running;
    private final Deque<AutoCloseable> taken = new ArrayDeque<>(); // last first
    private @Nullable StepTimes times;
    private boolean closed;

    CudaProgram(Plan plan, CudaWeights weights, ProgramSettings settings, Kernels kernels) {
        Requirements.fit(plan, weights.network(), weights.state(), settings);
        this.plan = plan;
        this.weights = weights;
        weights.acquire();
        this.team = weights.team();
        try {
            for (int r = 0; r < team.size(); r++) {
                Plan part = team.size() == 1
                        ? plan
                        : part(plan, team.share(plan.options().batch()));
                int rank = r;
                replicas.add(new Replica(
                        team.gpus().get(r),
                        r,
                        part,
                        kind -> weights.address(rank, kind),
                        settings.poison(),
                        settings.positiveWeights()));
            }
            for (Replica r : replicas) {
                convolutions.add(new ConvolutionChoice(kernels, r, team.graphsRefusal() == null));
            }
            uploads = take(new StepUploads(plan, team, replicas, pointers, backward()));
            progress = take(new StepProgress(team.gpus(), plan.ops()));
            allReduce = team.size() > 1 && backward() ? take(allReduce(team)) : null;
            compiled = new CompiledSteps((samples, slot) ->
                    new CompiledStep(replicas, team, allReduce, progress, samples, slot, convolutions, captures()));
            StepResults results = new StepResults(plan, team, replicas, pointers);
            running = new RunningSteps(team, replicas, uploads, compiled, results, progress, runsAhead());
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, this::release);
        }
    }

    private <T extends AutoCloseable> T take(T made) {
        taken.push(made);
        return made;
    }

    /** NCCL if it works, else host memory. */
    private static AllReduce allReduce(Team team) {
        Communicator communicator = team.communicator();
        return communicator == null ? new HostAllReduce(team) : new NcclAllReduce(team, communicator);
    }

    /** The plan of one of several GPUs, for its part of the batch. */
    static Plan part(Plan plan, int batch) {
        return Plan.of(plan.network(), plan.options().withBatch(batch), GpuTraits.PLAN);
    }

    private boolean backward() {
        return plan.options().mode() == PlanOptions.Mode.TRAINING
                || plan.options().mode() == PlanOptions.Mode.GRADIENTS;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public long bytes() {
        return replicas.stream().mapToLong(Replica::bytes).sum();
    }

    @Override
    public int ahead() {
        return Replica.SLOTS;
    }

    private boolean captures() {
        return team.graphsRefusal() == null && (allReduce == null || allReduce.capturable());
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (allReduce != null) {
            notes.add(allReduce.description());
        }
        if (team.graphsRefusal() != null) {
            notes.add("no CUDA graphs (" + team.graphsRefusal() + "): every kernel of a step is launched by itself");
        }
        convolutions.forEach(c -> notes.addAll(c.notes()));
        if (plan.ops().stream().anyMatch(op -> op.kind() == OpKind.DENSE)) {
            team.gpus().stream()
                    .filter(gpu -> gpu.blas().refusal() != null)
                    .forEach(gpu -> notes.add("dense layers on " + gpu.name()
                            + " run on a kernel of ours, slower than cuBLAS where there is one ("
                            + gpu.blas().refusal()
                            + ")"));
        }
        return notes;
    }

    @Override
    public List<KernelChoice> kernels() {
        return convolutions.stream().flatMap(c -> c.choices().stream()).toList();
    }

    // ---- Steps.

    @Override
    public synchronized void prepare(StepInput in) {
        open();
        Requirements.step(plan, in);
        uploads.announce(in, running.count());
    }

    @Override
    public synchronized double step(StepInput in) {
        open();
        Requirements.step(plan, in);
        try {
            return running.run(in, times);
        } catch (CudaException e) {
            throw failed(e);
        }
    }

    /** The failing call need not be the cause of the error, so the progress of all GPUs is added. */
    private CudaException failed(CudaException e) {
        team.fail();
        return e.advised(progress.description());
    }

    /**
     * Whether the next announced step may begin before the last one's results are read. Steps with an output do not: it
     * has one place on the GPU, and its reader may use one buffer for all steps. Sums through host memory do not
     * either: a GPU may still read there what another one writes in the next step.
     */
    private boolean runsAhead() {
        return plan.options().mode() == PlanOptions.Mode.TRAINING && (allReduce == null || allReduce.capturable());
    }

    @Override
    public synchronized void tally(Tally to) {
        open();
        running.tally(to);
    }

    @Override
    public synchronized float[] read(Tensor tensor) {
        open();
        if (!plan.tensors().contains(tensor) || tensor.space() != Tensor.Space.ARENA) {
            throw new IllegalArgumentException(tensor.name() + " is not kept in this program's memory");
        }
        if (running.count() > 0) {
            throw new IllegalStateException("the next step has begun: read before it is announced");
        }
        int lastSamples = running.lastSamples();
        int width = Math.toIntExact(tensor.stride() / Float.BYTES);
        float[] values = new float[Math.toIntExact(tensor.bytes() / Float.BYTES)];
        for (Replica r : replicas) {
            Tensor own = r.plan().tensors().get(plan.tensors().indexOf(tensor));
            int from = team.firstSample(lastSamples, r.rank());
            int count = replicas.size() == 1 ? values.length : team.samples(lastSamples, r.rank()) * width;
            if (count == 0) {
                continue;
            }
            try (FloatPointer host = new FloatPointer(count)) {
                r.gpu().read(host, r.arena() + own.offset(), (long) count * Float.BYTES, tensor.name());
                host.get(values, from * width, count);
            }
        }
        return values;
    }

    /** The number of announced steps that the GPUs have begun. */
    synchronized int begun() {
        return running.count();
    }

    // ---- Times.

    @Override
    public synchronized void startProfile() {
        open();
        times = new StepTimes(replicas.get(0), plan.ops().size());
    }

    @Override
    public synchronized double[] profile() {
        open();
        return times == null ? new double[plan.ops().size()] : times.seconds();
    }

    // ---- The end.

    private void open() {
        if (closed) {
            throw new IllegalStateException("this program is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            release();
        }
    }

    /** The steps are null if the constructor has failed before. */
    private static void settle(@Nullable RunningSteps running) {
        if (running != null) {
            running.settle();
        }
    }

    /** Frees everything. */
    private void release() {
        closed = true;
        CloseHelper.closeAll(
                () -> settle(running),
                compiled,
                () -> CloseHelper.closeAll(replicas),
                () -> CloseHelper.closeAll(taken),
                weights::release);
    }
}
