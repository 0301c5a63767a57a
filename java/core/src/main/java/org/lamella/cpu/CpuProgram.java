package org.lamella.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_program;
import org.lamella.device.OutOfMemoryException;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.StepInput;
import org.lamella.device.Tally;
import org.lamella.network.Network;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.lamella.plan.Tensor;

/** A program in native memory with its threads. All that crosses the boundary is checked here. */
final class CpuProgram implements Program {

    private final Plan plan;
    private final CpuWeights weights;
    private final long bytes;
    private final LongBuffer counts = ByteBuffer.allocateDirect(5 * Long.BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
    private int lastSamples;
    private lamella_program handle;

    CpuProgram(Plan plan, CpuWeights weights, ProgramSettings settings, int threads, String isa, ProgramEncoder code,
               long bytes) {
        this.plan = plan;
        this.weights = weights;
        this.bytes = bytes;
        check(plan, weights, settings);
        float[] positive = settings.positiveWeights() == null ? new float[0] : settings.positiveWeights();
        var native_ = weights.acquire();
        handle = NativeEngine.lamella_program_create(code.ops(), plan.ops().size(), code.stages(),
                plan.stages().size(), plan.arenaBytes(), plan.localBytes(), plan.options().batch(), plan.chunk(),
                threads, isa, native_, positive, positive.length);
        if (handle == null) {
            weights.release();
            throw new OutOfMemoryException("the system refused " + Machine.megabytes(bytes) + " of memory or " + threads
                    + " threads");
        }
        if (settings.poison()) {
            NativeEngine.lamella_program_poison(handle);
        }
    }

    private static void check(Plan plan, CpuWeights weights, ProgramSettings settings) {
        Network own = weights.network();
        Network network = plan.network();
        if (own.parameterCount() != network.parameterCount() || own.statisticCount() != network.statisticCount()) {
            throw new IllegalArgumentException("these weights belong to another network: " + own.parameterCount()
                    + " parameters, the plan has " + network.parameterCount());
        }
        OptimizerRule rule = plan.options().rule();
        boolean backward = rule != null || plan.options().mode() == PlanOptions.Mode.GRADIENTS;
        int needed = rule == null ? 0 : rule.moments();
        if (backward && weights.moments() < needed) {
            throw new IllegalArgumentException("this plan needs gradients and " + needed
                    + " arrays of optimizer state; the weights were allocated without");
        }
        float[] positive = settings.positiveWeights();
        if (positive != null && positive.length != network.outputs()) {
            throw new IllegalArgumentException("expected " + network.outputs() + " positive weights, got "
                    + positive.length);
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
        PlanOptions options = plan.options();
        int samples = in.samples();
        if (samples < 1 || samples > options.batch()) {
            throw new IllegalArgumentException("samples must be 1 to " + options.batch() + ", got " + samples);
        }
        boolean training = options.mode() == PlanOptions.Mode.TRAINING;
        boolean backward = training || options.mode() == PlanOptions.Mode.GRADIENTS;
        int labels = plan.network().outputs();
        require("input", in.input(), (long) samples * plan.network().input().elements(), true);
        require("targets", in.targets(), (long) samples * labels, backward);
        require("mask", in.mask(), (long) samples * labels, false);
        require("output", in.output(), (long) samples * plan.outputElements(), !training);
        double correction1 = 1;
        double correction2 = 1;
        if (options.rule() != null) {
            if (in.step() < 1) {
                throw new IllegalArgumentException("steps are numbered from 1, got " + in.step());
            }
            correction1 = 1 - Math.pow(options.rule().momentum(), in.step());
            correction2 = 1 - Math.pow(options.rule().beta2(), in.step());
        }
        lastSamples = samples;
        return NativeEngine.lamella_program_step(open, samples, in.input(), in.targets(), in.mask(), in.output(),
                in.gradientScale(), in.rate(), correction1, correction2, in.step(), in.seed());
    }

    @Override
    public synchronized void tally(Tally to) {
        NativeEngine.lamella_program_tally(open(), counts);
        to.add(lastSamples, counts.get(0), counts.get(1), counts.get(2), counts.get(3), counts.get(4));
    }

    private static void require(String what, FloatBuffer buffer, long count, boolean needed) {
        if (buffer == null) {
            if (needed) {
                throw new IllegalArgumentException("this step needs " + what);
            }
            return;
        }
        if (!buffer.isDirect() || buffer.order() != ByteOrder.nativeOrder() || buffer.position() != 0) {
            throw new IllegalArgumentException(what + " must be a direct buffer in native byte order at position 0");
        }
        if (buffer.limit() < count) {
            throw new IllegalArgumentException(what + " holds " + buffer.limit() + " floats, the step needs " + count);
        }
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
            throw new OutOfMemoryException("the system refused memory for the times of " + plan.ops().size() + " operators");
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
