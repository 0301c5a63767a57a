package org.lamella.cuda;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.PinnedMemory;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.operator.ConvolutionChoice;
import org.lamella.cuda.operator.Replica;
import org.lamella.cuda.team.Exchange;
import org.lamella.cuda.team.HostExchange;
import org.lamella.cuda.team.NcclExchange;
import org.lamella.cuda.team.Team;
import org.lamella.device.KernelChoice;
import org.lamella.device.Kernels;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.Requirements;
import org.lamella.device.StepInput;
import org.lamella.device.Tally;
import org.lamella.plan.OpKind;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.lamella.plan.Tensor;

/**
 * A plan on a team of GPUs: each has a replica and works on its part of every batch. What a step needs comes from the
 * host on a stream of its own, while the steps before it run.
 */
final class CudaProgram implements Program {

    /**
     * Steps of different sizes or input places that are kept ready: full and last batches in all places, and a few
     * more.
     */
    private static final int MOST_COMPILED = 4 * Replica.SLOTS;

    private static final int MOST_BUFFERS = 64;

    /** A step whose input is on its way to a slot. */
    private record Uploaded(StepInput input, int slot) {}

    private final Plan plan;
    private final CudaWeights weights;
    private final Team team;
    private final List<Replica> replicas = new ArrayList<>();
    private final Exchange exchange;
    private final PinnedMemory states;
    private final PinnedMemory results;
    private final StepProgress progress;
    private final Deque<Uploaded> uploaded = new ArrayDeque<>();
    private final Deque<StepInput> announced = new ArrayDeque<>(); // behind those
    private final IdentityHashMap<FloatBuffer, FloatPointer> pointers = new IdentityHashMap<>();
    private final Map<Long, CompiledStep> compiled = new LinkedHashMap<>(16, 0.75f, true);
    private final List<ConvolutionChoice> convolutions = new ArrayList<>();
    private final List<CUevent_st> done = new ArrayList<>();
    private final List<CUevent_st> marks = new ArrayList<>();
    private final Deque<AutoCloseable> taken = new ArrayDeque<>(); // the last first
    private double[] seconds;
    private int nextSlot;
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
                int member = r;
                replicas.add(new Replica(
                        team.gpus().get(r),
                        r,
                        part,
                        kind -> weights.address(member, kind),
                        settings.poison(),
                        settings.positiveWeights()));
            }
            for (Replica r : replicas) {
                done.add(r.done());
                convolutions.add(new ConvolutionChoice(kernels, r, team.graphsRefusal() == null));
            }
            states = take(new PinnedMemory((long) Replica.SLOTS * KernelStructure.STEP_STATE.bytes(), team.calls()));
            results = take(new PinnedMemory((long) team.size() * KernelStructure.TALLY.bytes(), team.calls()));
            progress = take(new StepProgress(team.gpus(), plan.ops()));
            exchange = team.size() > 1 && backward() ? take(exchange(team)) : null;
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, this::release);
        }
    }

    private <T extends AutoCloseable> T take(T made) {
        taken.push(made);
        return made;
    }

    /** NCCL where it works, else host memory. */
    private static Exchange exchange(Team team) {
        return team.links() == null ? new HostExchange(team) : new NcclExchange(team);
    }

    /** What one of several GPUs runs of a plan. */
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
        return team.graphsRefusal() == null && (exchange == null || exchange.capturable());
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (exchange != null) {
            notes.add(exchange.description());
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
        if (uploaded.size() + announced.size() >= ahead()) {
            throw new IllegalStateException("at most " + ahead() + " steps can be prepared");
        }
        announced.add(in);
    }

    @Override
    public synchronized double step(StepInput in) {
        open();
        Requirements.step(plan, in);
        try {
            return run(next(in));
        } catch (CudaException e) {
            throw failed(e);
        }
    }

    /** The very same: its buffers are what was uploaded. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(StepInput a, StepInput b) {
        return a == b;
    }

    /** The step, its input uploaded. */
    private Uploaded next(StepInput in) {
        StepInput expected = !uploaded.isEmpty() ? uploaded.peek().input : announced.peek();
        if (expected != null && !isSame(expected, in)) {
            throw new IllegalArgumentException("steps run in the order in which they were prepared");
        }
        if (!uploaded.isEmpty()) {
            return uploaded.poll();
        }
        announced.poll();
        return upload(in);
    }

    /** The call that answers with an error need not be the one that made it: where the GPUs are tells. */
    private CudaException failed(CudaException e) {
        team.fail();
        return e.advised(progress.description());
    }

    private double run(Uploaded now) {
        StepInput in = now.input;
        for (Replica r : replicas) {
            r.gpu().use();
            r.gpu().wait(r.gpu().compute(), r.uploaded(now.slot));
        }
        CompiledStep step = compiled(in.samples(), now.slot);
        if (seconds == null) {
            step.run();
        } else {
            step.run(marks, replicas.get(0).gpu());
        }
        for (Replica r : replicas) {
            fetch(r, in);
        }
        while (!announced.isEmpty()) { // the GPUs are at work by now
            uploaded.add(upload(announced.poll()));
        }
        team.await(done, "a step");
        if (seconds != null) {
            addTimes();
        }
        lastSamples = in.samples();
        double loss = 0;
        if (plan.options().mode() == PlanOptions.Mode.TRAINING) {
            for (int r = 0; r < team.size(); r++) {
                loss += results.bytes().getDouble(r * KernelStructure.TALLY.bytes());
            }
        }
        return loss * in.gradientScale();
    }

    /** Puts a step's results on their way to the host. */
    private void fetch(Replica r, StepInput in) {
        r.gpu().use();
        if (plan.options().mode() == PlanOptions.Mode.TRAINING) {
            receive(
                    r,
                    results.address() + (long) r.member() * KernelStructure.TALLY.bytes(),
                    r.result(),
                    KernelStructure.TALLY.bytes(),
                    "the loss");
        } else {
            int from = team.firstSample(in.samples(), r.member());
            int count = team.samples(in.samples(), r.member());
            long row = (long) plan.outputElements() * Float.BYTES;
            if (count > 0) {
                receive(r, pointer(in.output()).address() + from * row, r.output(), count * row, "the output");
            }
        }
        r.gpu().record(r.done(), r.gpu().compute());
    }

    private static void send(Replica r, long to, long from, long bytes, String what) {
        r.gpu().copy(to, from, bytes, cudart.cudaMemcpyHostToDevice, r.gpu().transfer(), what);
    }

    private static void receive(Replica r, long to, long from, long bytes, String what) {
        r.gpu().copy(to, from, bytes, cudart.cudaMemcpyDeviceToHost, r.gpu().compute(), what);
    }

    private Uploaded upload(StepInput in) {
        int slot = nextSlot;
        nextSlot = (nextSlot + 1) % Replica.SLOTS;
        writeState(in, slot);
        for (Replica r : replicas) {
            int from = team.firstSample(in.samples(), r.member());
            int count = team.samples(in.samples(), r.member());
            r.gpu().use();
            send(
                    r,
                    r.state(slot),
                    states.address() + (long) slot * KernelStructure.STEP_STATE.bytes(),
                    KernelStructure.STEP_STATE.bytes(),
                    "the step's numbers");
            send(in.input(), from, count, plan.network().input().elements(), r.input(slot), r, "the input");
            if (backward()) {
                send(in.targets(), from, count, plan.network().outputs(), r.targets(slot), r, "the targets");
                send(in.mask(), from, count, plan.network().outputs(), r.mask(slot), r, "the mask");
            }
            r.gpu().record(r.uploaded(slot), r.gpu().transfer());
        }
        return new Uploaded(in, slot);
    }

    private void send(FloatBuffer values, int first, int count, int width, long to, Replica r, String what) {
        if (values != null && count > 0) {
            long row = (long) width * Float.BYTES;
            send(r, to, pointer(values).address() + first * row, count * row, what);
        }
    }

    /** As struct StepState of device.cuh. */
    private void writeState(StepInput in, int slot) {
        ByteBuffer b = states.bytes();
        int at = slot * KernelStructure.STEP_STATE.bytes();
        b.putFloat(at, (float) in.rate());
        b.putFloat(at + 4, (float) Requirements.correction1(plan, in));
        b.putFloat(at + 8, (float) Requirements.correction2(plan, in));
        b.putFloat(at + 12, (float) in.gradientScale());
        b.putLong(at + 16, in.step());
        b.putLong(at + 24, in.seed());
        b.putInt(at + 32, in.mask() == null ? 0 : 1);
    }

    private FloatPointer pointer(FloatBuffer buffer) {
        if (pointers.size() > MOST_BUFFERS) {
            pointers.clear();
        }
        return pointers.computeIfAbsent(buffer, b -> new FloatPointer(b));
    }

    private CompiledStep compiled(int samples, int slot) {
        long key = (long) samples * Replica.SLOTS + slot;
        CompiledStep step = compiled.get(key);
        if (step == null) {
            if (compiled.size() >= MOST_COMPILED) {
                Long eldest = compiled.keySet().iterator().next();
                compiled.remove(eldest).close();
            }
            step = new CompiledStep(replicas, team, exchange, progress, samples, slot, convolutions, captures());
            compiled.put(key, step);
        }
        return step;
    }

    @Override
    public synchronized void tally(Tally to) {
        open();
        for (int r = 0; r < team.size(); r++) {
            int at = r * KernelStructure.TALLY.bytes();
            ByteBuffer b = results.bytes();
            to.add(
                    team.samples(lastSamples, r),
                    b.getLong(at + 8),
                    b.getLong(at + 16),
                    b.getLong(at + 24),
                    b.getLong(at + 32),
                    b.getLong(at + 40));
        }
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
            int from = team.firstSample(lastSamples, r.member());
            int count = replicas.size() == 1 ? values.length : team.samples(lastSamples, r.member()) * width;
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
        while (marks.size() <= plan.ops().size()) {
            marks.add(replicas.get(0).event());
        }
        seconds = new double[plan.ops().size()];
    }

    private void addTimes() {
        float[] milliseconds = new float[1];
        for (int i = 0; i < seconds.length; i++) {
            Checks.runtime(
                    cudart.cudaEventElapsedTime(milliseconds, marks.get(i), marks.get(i + 1)), "cudaEventElapsedTime");
            seconds[i] += milliseconds[0] / 1e3;
        }
    }

    @Override
    public synchronized double[] profile() {
        open();
        return seconds == null ? new double[plan.ops().size()] : Arrays.copyOf(seconds, seconds.length);
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

    /** Gives everything back. */
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
