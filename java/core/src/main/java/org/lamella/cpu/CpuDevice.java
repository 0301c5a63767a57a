package org.lamella.cpu;

import java.util.List;
import java.util.Locale;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.device.Device;
import org.lamella.device.OutOfMemoryException;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.Weights;
import org.lamella.network.Network;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** The CPU: native SIMD kernels on all physical cores. */
public final class CpuDevice implements Device {

    private final String isa;

    /**
     * Loads the native library; kernels at the level that {@code LAMELLA_ISA} names, or the best of this machine.
     *
     * @throws IllegalStateException if it cannot be loaded
     */
    public CpuDevice() {
        this(NativeLibrary.isa());
    }

    /**
     * Kernels at one level of {@link #levels()}.
     *
     * @throws IllegalArgumentException if this machine cannot run it
     */
    public CpuDevice(String isa) {
        this.isa = NativeLibrary.checked(isa);
    }

    /** Instruction levels that this machine can run, the best one first. */
    public static List<String> levels() {
        return NativeLibrary.levels();
    }

    /** Name and major version of the compiler that made the kernels, for example {@code gcc 12}. */
    public static String compiler() {
        NativeLibrary.location();
        return NativeEngine.lamella_compiler().getString();
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return Machine.defaultThreads() + " cores, " + isa + " kernels, " + Machine.megabytes(Machine.availableMemory())
                + " of memory available";
    }

    @Override
    public Weights allocate(Network network, int moments) {
        long bytes = network.parameterCount() * Float.BYTES * (2L + moments);
        ensure(
                bytes,
                String.format(
                        Locale.ROOT,
                        "the weights of %,d parameters with %d arrays beside them",
                        network.parameterCount(),
                        1 + moments));
        return new CpuWeights(network, moments);
    }

    @Override
    public Program compile(Plan plan, Weights weights, ProgramSettings settings) {
        if (!(weights instanceof CpuWeights own)) {
            throw new IllegalArgumentException("these weights live on another device");
        }
        int threads = settings.threads() == 0 ? Machine.defaultThreads() : settings.threads();
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads must be 1 to 1024, got " + threads);
        }
        try (ProgramEncoder code = new ProgramEncoder(plan)) {
            long bytes = code.bytes(isa, threads);
            if (bytes > Machine.availableMemory()) {
                throw new OutOfMemoryException(tooLarge(plan, threads, bytes));
            }
            return new CpuProgram(plan, own, settings, threads, isa, code, bytes);
        }
    }

    @Override
    public double measurePeak(int threads) {
        return NativeEngine.lamella_measure_peak(isa, threads, 0.5);
    }

    private static void ensure(long bytes, String what) {
        long free = Machine.availableMemory();
        if (bytes > free) {
            throw new OutOfMemoryException(
                    what + " need " + Machine.megabytes(bytes) + ", " + Machine.megabytes(free) + " are available");
        }
    }

    private String tooLarge(Plan plan, int threads, long bytes) {
        PlanOptions o = plan.options();
        long free = Machine.availableMemory();
        String largest = OutOfMemoryException.largestBatch(o.batch(), batch -> {
            try (ProgramEncoder code = new ProgramEncoder(Plan.of(plan.network(), o.withBatch(batch)))) {
                return code.bytes(isa, threads) <= free;
            }
        });
        return "a batch of " + o.batch() + " needs " + Machine.megabytes(bytes) + ", " + Machine.megabytes(free)
                + " are available; " + largest;
    }
}
