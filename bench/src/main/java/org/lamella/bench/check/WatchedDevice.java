package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lamella.device.Device;
import org.lamella.device.HostBuffers;
import org.lamella.device.KernelChoice;
import org.lamella.device.Kernels;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.WeightState;
import org.lamella.device.Weights;
import org.lamella.network.Network;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/**
 * A device of which is kept what its programs say of themselves: who computes convolutions, and what a person should
 * know.
 */
final class WatchedDevice implements Device {

    private final Device device;
    private final List<KernelChoice> kernels = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();

    WatchedDevice(Device device) {
        this.device = device;
    }

    /** Passes of convolutions in all programs so far. */
    List<KernelChoice> kernels() {
        return kernels;
    }

    /** Each once. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public Program compile(Plan plan, Weights weights, ProgramSettings settings) {
        Program program = device.compile(plan, weights, settings);
        kernels.addAll(program.kernels());
        notes.addAll(program.notes());
        return program;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public String description() {
        return device.description();
    }

    @Override
    public Weights allocate(Network network, WeightState state) {
        return device.allocate(network, state);
    }

    @Override
    public Device with(Kernels whose) {
        return device.with(whose);
    }

    @Override
    public Device withThreads(int threads) {
        return device.withThreads(threads);
    }

    @Override
    public double measurePeak() {
        return device.measurePeak();
    }

    @Override
    public Plan plan(Network network, PlanOptions options) {
        return device.plan(network, options);
    }

    @Override
    public HostBuffers hostBuffers() {
        return device.hostBuffers();
    }
}
