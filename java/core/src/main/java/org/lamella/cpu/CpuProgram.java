package org.lamella.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.Requirements;
import org.lamella.backend.StepInput;
import org.lamella.backend.Tally;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_program;
import org.lamella.device.OutOfMemoryException;
import org.lamella.plan.Plan;
import org.lamella.plan.Tensor;

/** A program in native memory with its threads. All arguments are checked here, before native code uses them. */
final class CpuProgram implements Program {

    private final Plan plan;
    private final CpuWeights weights;
    private final long bytes;
    private final LongBuffer counts = ByteBuffer.allocateDirect(5 * Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .asLongBuffer();
    private int lastSamples;
    private @Nullable lamella_program handle;

    CpuProgram(
            Plan plan,
            CpuWeights weights,
            ProgramSettings settings,
            int threads,
            String isa,
            ProgramEncoder code,
            long bytes) {
        this.plan = plan;
        this.weights = weights;
        this.bytes = bytes;
        Requirements.fit(plan, weights.network(), weights.state(), settings);
        float[] positive = settings.positiveWeights() == null ? new float[0] : settings.positiveWeights();
        weights.acquire();
        handle = NativeEngine.lamella_program_create(
                code.ops(),
                plan.ops().size(),
                code.stages(),
                plan.stages().size(),
                plan.arenaBytes(),
                plan.localBytes(),
                plan.options().batch(),
                plan.chunk(),
                threads,
                isa,
                weights.handle(),
                positive,
                positive.length);
        if (handle == null) {
            weights.release();
            throw new OutOfMemoryException(
                    "the system refused " + Machine.megabytes(bytes) + " of memory or " + threads + " threads");
        }
        if (settings.poison()) {
            NativeEngine.lamella_program_poison(handle);
        }
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public synchronized double step(StepInput in) {
        lamella_program open = open();
        Requirements.step(plan, in);
        int samples = in.samples();
        lastSamples = samples;
        return NativeEngine.lamella_program_step(
                open,
                samples,
                in.input(),
                in.targets(),
                in.mask(),
                in.output(),
                in.gradientScale(),
                in.rate(),
                Requirements.correction1(plan, in),
                Requirements.correction2(plan, in),
                in.step(),
                in.seed());
    }

    @Override
    public synchronized void tally(Tally to) {
        NativeEngine.lamella_program_tally(open(), counts);
        to.add(lastSamples, counts.get(0), counts.get(1), counts.get(2), counts.get(3), counts.get(4));
    }

    @Override
    public synchronized float[] read(Tensor tensor) {
        lamella_program open = open();
        if (!plan.tensors().contains(tensor) || tensor.space() != Tensor.Space.ARENA) {
            throw new IllegalArgumentException(tensor.name() + " is not kept in this program's memory");
        }
        float[] values = new float[Math.toIntExact(tensor.bytes() / Float.BYTES)];
        NativeEngine.lamella_program_read(open, tensor.offset(), values, values.length);
        return values;
    }

    @Override
    public synchronized void startProfile() {
        if (NativeEngine.lamella_program_profile(open(), 1) == 0) {
            throw new OutOfMemoryException(
                    "the system refused memory for the times of " + plan.ops().size() + " operators");
        }
    }

    @Override
    public synchronized double[] profile() {
        double[] seconds = new double[plan.ops().size()];
        NativeEngine.lamella_program_profile_read(open(), seconds);
        return seconds;
    }

    @Override
    public synchronized void close() {
        if (handle != null) {
            NativeEngine.lamella_program_destroy(handle);
            handle = null;
            weights.release();
        }
    }

    private lamella_program open() {
        if (handle == null) {
            throw new IllegalStateException("this program is closed");
        }
        return handle;
    }
}
