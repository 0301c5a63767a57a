package org.lamella.cpu;

import java.util.List;
import java.util.Locale;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.device.OutOfMemoryException;
import org.lamella.network.Network;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** The CPU: native SIMD kernels on a thread pool. */
public final class CpuDevice implements ComputeDevice {

    private static final int MAX_THREADS = 1024;

    private final String isa;
    private final int threads;

    /**
     * Uses the ISA that {@code LAMELLA_ISA} names, or the best of this machine, and one thread per physical core.
     *
     * @throws IllegalStateException if the native library cannot be loaded
     */
    public CpuDevice() {
        this(0);
    }

    /**
     * Uses the ISA that {@code LAMELLA_ISA} names, or the best of this machine.
     *
     * @param threads 1 to 1024; 0 for the physical cores within the process's quota. Results do not depend on it.
     * @throws IllegalArgumentException if the number is out of its range
     */
    public CpuDevice(int threads) {
        this(NativeLibrary.isa(), threads);
    }

    /**
     * Uses an ISA and one thread per physical core.
     *
     * @param isa one of {@link #isas()}
     * @throws IllegalArgumentException if this machine cannot run it
     */
    public CpuDevice(String isa) {
        this(isa, 0);
    }

    /**
     * Uses an ISA and a number of threads.
     *
     * @param isa one of {@link #isas()}
     * @param threads 1 to 1024; 0 for the physical cores within the process's quota. Results do not depend on it.
     * @throws IllegalArgumentException if this machine cannot run the ISA, or the number is out of its range
     */
    public CpuDevice(String isa, int threads) {
        this.isa = NativeLibrary.checked(isa);
        this.threads = threads == 0 ? Machine.defaultThreads() : threads;
        if (this.threads < 1 || this.threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads must be 1 to " + MAX_THREADS + ", got " + threads);
        }
    }

    /** {@return names of the ISAs that this machine can run and that have kernels, the best one first} */
    public static List<String> isas() {
        return NativeLibrary.isas();
    }

    /** {@return name and major version of the compiler of the kernels, for example {@code gcc 12}} */
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
    public Weights allocate(Network network, WeightState state) {
        long bytes = network.parameterCount() * Float.BYTES * (1L + state.arrays());
        ensure(
                bytes,
                String.format(
                        Locale.ROOT,
                        "the weights of %,d parameters and %d more arrays of this size",
                        network.parameterCount(),
                        state.arrays()));
        return new CpuWeights(network, state);
    }

    @Override
    public Program compile(Plan plan, Weights weights, ProgramSettings settings) {
        if (!(weights instanceof CpuWeights own)) {
            throw new IllegalArgumentException("these weights belong to another device");
        }
        try (ProgramEncoder code = new ProgramEncoder(plan)) {
            long bytes = code.bytes(isa, threads);
            if (bytes > Machine.availableMemory()) {
                throw new OutOfMemoryException(tooLarge(plan, bytes));
            }
            return new CpuProgram(plan, own, settings, threads, isa, code, bytes);
        }
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public ComputeDevice withThreads(int number) {
        return new CpuDevice(isa, number);
    }

    @Override
    public double measurePeak() {
        return NativeEngine.lamella_measure_peak(isa, threads, 0.5);
    }

    private static void ensure(long bytes, String what) {
        long free = Machine.availableMemory();
        if (bytes > free) {
            throw new OutOfMemoryException(
                    what + " need " + Machine.megabytes(bytes) + ", " + Machine.megabytes(free) + " are available");
        }
    }

    private String tooLarge(Plan plan, long bytes) {
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
