package org.lamella.cli;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.lamella.data.batches.Batch;
import org.lamella.device.Device;
import org.lamella.device.HostBuffers;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.StepInput;
import org.lamella.device.WeightState;
import org.lamella.device.Weights;
import org.lamella.network.Network;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/**
 * A network with random weights on batches of random data, ready to be measured: training steps with momentum, and
 * inference. Input takes the way that it takes in training: from memory that the device likes to read, announced as
 * many steps ahead as the device wants. What is left out is the filling of the batches.
 */
final class RandomStep implements AutoCloseable {

    private final OptimizerRule rule = OptimizerRule.of(OptimizerRule.Kind.SGD, 0.9, 1e-4);
    private final int batch;
    private final Weights weights;
    private final HostBuffers memory;
    private Turns training;
    private Turns inference;

    /** Steps of a program one after the other, each with buffers of its own, again and again. */
    private static final class Turns {

        private final Program program;
        private final StepInput[] steps;
        private final int ahead;
        private int next;
        private int announced; // of those from the next on

        Turns(Program program, Supplier<StepInput> make) {
            this.program = program;
            this.ahead = program.ahead();
            this.steps = new StepInput[Math.max(1, ahead)];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = make.get();
            }
        }

        void run() {
            for (; announced < ahead; announced++) {
                program.prepare(steps[(next + announced) % steps.length]);
            }
            program.step(steps[next]);
            next = (next + 1) % steps.length;
            announced = Math.max(0, announced - 1);
        }
    }

    RandomStep(Network network, int batch, Device device) {
        this.batch = batch;
        SplittableRandom random = new SplittableRandom(1);
        weights = device.allocate(network, WeightState.of(rule));
        memory = device.hostBuffers();
        try {
            prepare(network, device, ProgramSettings.DEFAULTS, random);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void prepare(Network network, Device device, ProgramSettings settings, SplittableRandom random) {
        int labels = network.outputs();
        long elements = (long) batch * network.input().elements();
        training = new Turns(
                device.compile(device.plan(network, PlanOptions.training(batch, rule)), weights, settings),
                () -> new StepInput(
                        batch,
                        filled(random, elements, false),
                        filled(random, (long) batch * labels, true),
                        null,
                        null,
                        1.0 / ((double) batch * labels),
                        1e-4,
                        1,
                        1));
        FloatBuffer output = Batch.floats(memory, (long) batch * labels);
        inference = new Turns(
                device.compile(device.plan(network, PlanOptions.probabilities(batch)), weights, settings),
                () -> StepInput.inference(batch, filled(random, elements, false), output));
        float[] parameters = new float[Math.toIntExact(network.parameterCount())];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (0.1 * random.nextDouble() - 0.05);
        }
        weights.write(Weights.Kind.PARAMETERS, 0, parameters);
    }

    private FloatBuffer filled(SplittableRandom random, long n, boolean binary) {
        FloatBuffer b = Batch.floats(memory, n);
        for (int i = 0; i < n; i++) {
            b.put(i, binary ? random.nextInt(2) : (float) (4 * random.nextDouble() - 2));
        }
        return b;
    }

    void train() {
        training.run();
    }

    void infer() {
        inference.run();
    }

    Program training() {
        return training.program;
    }

    Program inference() {
        return inference.program;
    }

    Plan plan() {
        return training.program.plan();
    }

    int batch() {
        return batch;
    }

    /** Bytes of a training program with weights, gradients and optimizer state. */
    long nativeBytes() {
        return training.program.bytes() + weights.network().parameterCount() * Float.BYTES * (2L + rule.moments());
    }

    @Override
    public void close() {
        for (Turns turns : new Turns[] {training, inference}) {
            if (turns != null) {
                turns.program.close();
            }
        }
        memory.close();
        weights.close();
    }
}
