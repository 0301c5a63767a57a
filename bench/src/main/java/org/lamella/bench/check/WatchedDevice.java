package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.Weights;
import org.lamella.device.KernelChoice;
import org.lamella.device.Kernels;
import org.lamella.plan.Plan;

/** Collects the reports of the programs of a device: their kernels for convolutions, and their notes. */
final class WatchedDevice extends ForwardingDevice {

    private final List<KernelChoice> kernels;
    private final Set<String> notes;

    WatchedDevice(ComputeDevice device) {
        this(device, new ArrayList<>(), new LinkedHashSet<>());
    }

    private WatchedDevice(ComputeDevice device, List<KernelChoice> kernels, Set<String> notes) {
        super(device);
        this.kernels = kernels;
        this.notes = notes;
    }

    /** Kernels of convolution passes in all programs so far. */
    List<KernelChoice> kernels() {
        return kernels;
    }

    /** Notes of all programs, each once. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public ComputeDevice with(Kernels whose) {
        return new WatchedDevice(target().with(whose), kernels, notes);
    }

    @Override
    public ComputeDevice withThreads(int threads) {
        return new WatchedDevice(target().withThreads(threads), kernels, notes);
    }

    @Override
    public Program compile(Plan plan, Weights weights, ProgramSettings settings) {
        Program program = super.compile(plan, weights, settings);
        kernels.addAll(program.kernels());
        notes.addAll(program.notes());
        return program;
    }
}
