package org.lamella.cli;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.lamella.data.Batch;
import org.lamella.device.Device;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.StepInput;
import org.lamella.device.Weights;
import org.lamella.network.Network;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** A network with random weights on a batch of random data, ready to be measured: training steps with momentum, and inference. */
final class RandomStep implements AutoCloseable {

    private final OptimizerRule rule = OptimizerRule.of(OptimizerRule.Kind.SGD, 0.9, 1e-4);
    private final int batch;
    private final Weights weights;
    private final Program training;
    private final Program inference;
    private final StepInput train;
    private final StepInput infer;

    RandomStep(Network network, int batch, Device device, int threads) {
        this.batch = batch;
        int labels = network.outputs();
        SplittableRandom random = new SplittableRandom(1);
        FloatBuffer x = filled(random, (long) batch * network.input().elements(), false);
        FloatBuffer t = filled(random, (long) batch * labels, true);
        train = new StepInput(batch, x, t, null, null, 1.0 / ((double) batch * labels), 1e-4, 1, 1);
        infer = StepInput.inference(batch, x, Batch.floats((long) batch * labels));
        weights = device.allocate(network, rule.moments());
        training = device.compile(device.plan(network, PlanOptions.training(batch, rule)), weights, ProgramSettings.threads(threads));
        inference = device.compile(device.plan(network, PlanOptions.probabilities(batch)), weights, ProgramSettings.threads(threads));
        float[] parameters = new float[Math.toIntExact(network.parameterCount())];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (0.1 * random.nextDouble() - 0.05);
        }
        weights.write(Weights.Kind.PARAMETERS, 0, parameters);
    }

    private static FloatBuffer filled(SplittableRandom random, long n, boolean binary) {
        FloatBuffer b = Batch.floats(n);
        for (int i = 0; i < n; i++) {
            b.put(i, binary ? random.nextInt(2) : (float) (4 * random.nextDouble() - 2));
        }
        return b;
    }

    void train() {
        training.step(train);
    }

    void infer() {
        inference.step(infer);
    }

    Program training() {
        return training;
    }

    Program inference() {
        return inference;
    }

    Plan plan() {
        return training.plan();
    }

    int batch() {
        return batch;
    }

    /** Bytes of a training program with weights, gradients and optimizer state. */
    long nativeBytes() {
        return training.bytes() + weights.network().parameterCount() * Float.BYTES * (2L + rule.moments());
    }

    @Override
    public void close() {
        training.close();
        inference.close();
        weights.close();
    }
}
