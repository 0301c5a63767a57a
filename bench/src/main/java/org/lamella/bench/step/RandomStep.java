package org.lamella.bench.step;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.StepQueue;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.data.batches.Batch;
import org.lamella.network.Network;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/**
 * A network with random weights on batches of random data, ready to be measured: training steps with momentum, and
 * inference. Input is passed as in training: in host buffers of the device, announced as many steps ahead as the device
 * asks for. Only the filling of the batches is not included.
 */
public final class RandomStep implements AutoCloseable {

    private final OptimizerConfig rule = OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0.9, 1e-4);
    private final Weights weights;
    private final HostBuffers memory;
    private final Turns training;
    private final Turns inference;
    private final List<Program> programs = new ArrayList<>();

    /** Repeated steps of a program, with enough buffers to announce steps ahead. */
    private static final class Turns {

        private final Program program;
        private final StepInput[] steps;
        private final StepQueue<StepInput> coming;
        private int next;

        Turns(Program program, Supplier<StepInput> make) {
            this.program = program;
            this.coming = new StepQueue<>(program);
            this.steps = new StepInput[StepQueue.capacity(program)];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = make.get();
            }
        }

        void run() {
            while (coming.canAdd()) {
                coming.add(steps[next], steps[next]);
                next = (next + 1) % steps.length;
            }
            coming.run();
        }
    }

    /**
     * Allocates weights and compiles both programs.
     *
     * @param network the network
     * @param batch samples of a step, 1 or more
     * @param device where it runs
     */
    public RandomStep(Network network, int batch, ComputeDevice device) {
        weights = device.allocate(network, WeightState.of(rule));
        memory = device.hostBuffers();
        SplittableRandom random = new SplittableRandom(1);
        try {
            training = training(network, batch, device, random);
            inference = inference(network, batch, device, random);
            weights.write(Weights.Kind.PARAMETERS, 0, parameters(network, random));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Turns training(Network network, int batch, ComputeDevice device, SplittableRandom random) {
        long values = (long) batch * network.input().elements();
        long targets = (long) batch * network.outputs();
        return new Turns(
                compiled(device, device.plan(network, PlanOptions.training(batch, rule))),
                () -> new StepInput(
                        batch,
                        filled(random, values, false),
                        filled(random, targets, true),
                        null,
                        null,
                        1.0 / targets,
                        1e-4,
                        1,
                        1));
    }

    private Turns inference(Network network, int batch, ComputeDevice device, SplittableRandom random) {
        long values = (long) batch * network.input().elements();
        FloatBuffer output = Batch.floats(memory, (long) batch * network.outputs());
        return new Turns(
                compiled(device, device.plan(network, PlanOptions.probabilities(batch))),
                () -> StepInput.inference(batch, filled(random, values, false), output));
    }

    private Program compiled(ComputeDevice device, Plan plan) {
        Program program = device.compile(plan, weights, ProgramSettings.DEFAULTS);
        programs.add(program);
        return program;
    }

    private static float[] parameters(Network network, SplittableRandom random) {
        float[] parameters = new float[Math.toIntExact(network.parameterCount())];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (0.1 * random.nextDouble() - 0.05);
        }
        return parameters;
    }

    private FloatBuffer filled(SplittableRandom random, long n, boolean binary) {
        FloatBuffer b = Batch.floats(memory, n);
        for (int i = 0; i < n; i++) {
            b.put(i, binary ? random.nextInt(2) : (float) (4 * random.nextDouble() - 2));
        }
        return b;
    }

    /** Runs a training step. */
    public void train() {
        training.run();
    }

    /** Runs an inference step. */
    public void infer() {
        inference.run();
    }

    /** {@return the program of training} */
    public Program training() {
        return training.program;
    }

    /** {@return the program of inference} */
    public Program inference() {
        return inference.program;
    }

    /** {@return the plan of training} */
    public Plan plan() {
        return training.program.plan();
    }

    /** {@return bytes of the training program with weights, gradients and optimizer state} */
    public long nativeBytes() {
        return training.program.bytes() + weights.network().parameterCount() * Float.BYTES * (2L + rule.moments());
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        memory.close();
        weights.close();
    }
}
