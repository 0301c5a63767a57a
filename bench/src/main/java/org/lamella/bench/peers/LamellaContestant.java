package org.lamella.bench.peers;

import java.io.IOException;
import java.nio.FloatBuffer;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.batches.Batch;
import org.lamella.network.Network;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** Lamella on the CPU. */
public final class LamellaContestant implements Contestant {

    private final Weights weights;
    private final Program training;
    private final Program inference;
    private final FloatBuffer x;
    private final FloatBuffer t;
    private final FloatBuffer y;
    private final int batch;
    private final double scale;
    private long step;

    /**
     * Plans, compiles and fills in the initial weights.
     *
     * @param task network, batch and threads
     */
    public LamellaContestant(PeerTask task) {
        Network network = task.network();
        ComputeDevice device = new CpuDevice(task.threads());
        OptimizerConfig rule = OptimizerConfig.of(OptimizerConfig.Kind.SGD, PeerTask.MOMENTUM, PeerTask.DECAY);
        ProgramSettings settings = ProgramSettings.DEFAULTS;
        weights = device.allocate(network, WeightState.of(rule));
        training = device.compile(Plan.of(network, PlanOptions.training(task.batch(), rule)), weights, settings);
        inference = device.compile(Plan.of(network, PlanOptions.probabilities(task.batch())), weights, settings);
        InitialValues.each(
                task,
                network,
                (p, values) -> weights.write(
                        p.running() ? Weights.Kind.RUNNING_STATISTICS : Weights.Kind.PARAMETERS, p.offset(), values));
        x = task.samples();
        t = task.targets();
        y = Batch.floats((long) task.batch() * task.labels());
        batch = task.batch();
        scale = 1.0 / (task.batch() * task.labels());
    }

    @Override
    public double train() {
        return training.step(new StepInput(batch, x, t, null, null, scale, PeerTask.RATE, ++step, 1));
    }

    @Override
    public void infer() {
        inference.step(StepInput.inference(batch, x, y));
    }

    @Override
    public void close() {
        inference.close();
        training.close();
        weights.close();
    }

    /**
     * The engine's process.
     *
     * @param arguments as {@link PeerTask#arguments()}
     * @throws IOException if standard input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        PeerTask task = PeerTask.parse(arguments);
        try (LamellaContestant contestant = new LamellaContestant(task)) {
            ContestantServer.serve(contestant, task);
        }
    }
}
