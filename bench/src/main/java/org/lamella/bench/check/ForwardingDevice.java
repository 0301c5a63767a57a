package org.lamella.bench.check;

import org.lamella.backend.ComputeDevice;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.device.Kernels;
import org.lamella.network.Network;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** A device that forwards every call to another one. Sub-classes observe or change its results. */
public abstract class ForwardingDevice implements ComputeDevice {

    private final ComputeDevice device;

    /**
     * Wraps another device.
     *
     * @param device does the work
     */
    protected ForwardingDevice(ComputeDevice device) {
        this.device = device;
    }

    /** {@return the device that does the work} */
    protected final ComputeDevice target() {
        return device;
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

    /** Abstract: the other device would return a device without the changes of the sub-class. */
    @Override
    public abstract ComputeDevice with(Kernels kernels);

    /** Abstract for the same reason. */
    @Override
    public abstract ComputeDevice withThreads(int threads);

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

    @Override
    public Program compile(Plan plan, Weights weights, ProgramSettings settings) {
        return device.compile(plan, weights, settings);
    }
}
