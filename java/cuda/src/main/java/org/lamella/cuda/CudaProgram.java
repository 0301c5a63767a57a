package org.lamella.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUevent_st;
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

    /**
     * Compiled steps to keep, for different sizes and input slots: full and last batches in all slots, and a few more.
     */
    private static final int MAX_COMPILED = 4 * Replica.SLOTS;

    private final Plan plan;
    private final CudaWeights weights;
    private final Team team;
    private final List<Replica> replicas = new ArrayList<>();
    private final @Nullable AllReduce allReduce;
    private final StepUploads uploads;
    private final StepResults results;
    private final StepProgress progress;
    private final HostPointers pointers = new HostPointers();
    private final Map<Long, CompiledStep> compiled = new LinkedHashMap<>(16, 0.75f, true);
    private final List<ConvolutionChoice> convolutions = new ArrayList<>();
    private final List<CUevent_st> done = new ArrayList<>();
    private final Deque<AutoCloseable> taken = new ArrayDeque<>(); // last first
    private @Nullable StepTimes times;
    private int lastSamples;
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
                done.add(r.done());
                convolutions.add(new ConvolutionChoice(kernels, r, team.graphsRefusal() == null));
            }
            uploads = take(new StepUploads(plan, team, replicas, pointers, backward()));
            results = take(new StepResults(plan, team, pointers));
            progress = take(new StepProgress(team.gpus(), plan.ops()));
            allReduce = team.size() > 1 && backward() ? take(allReduce(team)) : null;
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
        uploads.announce(in);
    }

    @Override
    public synchronized double step(StepInput in) {
        open();
        Requirements.step(plan, in);
        try {
            return run(uploads.next(in));
        } catch (CudaException e) {
            throw failed(e);
        }
    }

    /** The failing call need not be the cause of the error, so the progress of all GPUs is added. */
    private CudaException failed(CudaException e) {
        team.fail();
        return e.advised(progress.description());
    }

    private double run(StepUploads.Uploaded now) {
        StepInput in = now.input();
        for (Replica r : replicas) {
            r.gpu().use();
            r.gpu().wait(r.gpu().compute(), r.uploaded(now.slot()));
        }
        CompiledStep step = compiled(in.samples(), now.slot());
        if (times == null) {
            step.run();
        } else {
            step.run(times.marks(), replicas.get(0).gpu());
        }
        for (Replica r : replicas) {
            results.fetch(r, in);
        }
        uploads.proceed(); // while the GPUs work
        team.await(done, "a step");
        if (times != null) {
            times.add();
        }
        lastSamples = in.samples();
        return results.loss() * in.gradientScale();
    }

    private CompiledStep compiled(int samples, int slot) {
        long key = (long) samples * Replica.SLOTS + slot;
        CompiledStep step = compiled.get(key);
        if (step == null) {
            if (compiled.size() >= MAX_COMPILED) {
                Long eldest = compiled.keySet().iterator().next();
                compiled.remove(eldest).close();
            }
            step = new CompiledStep(replicas, team, allReduce, progress, samples, slot, convolutions, captures());
            compiled.put(key, step);
        }
        return step;
    }

    @Override
    public synchronized void tally(Tally to) {
        open();
        results.addTo(to, lastSamples);
    }

    @Override
    public synchronized float[] read(Tensor tensor) {
        open();
        if (!plan.tensors().contains(tensor) || tensor.space() != Tensor.Space.ARENA) {
            throw new IllegalArgumentException(tensor.name() + " is not kept in this program's memory");
        }
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

    /** Frees everything. */
    private void release() {
        closed = true;
        CloseHelper.closeAll(
                () -> CloseHelper.closeAll(compiled.values()),
                compiled::clear,
                () -> CloseHelper.closeAll(replicas),
                () -> CloseHelper.closeAll(taken),
                weights::release);
    }
}
