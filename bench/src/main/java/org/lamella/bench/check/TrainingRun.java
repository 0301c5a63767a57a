package org.lamella.bench.check;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.Tally;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.data.batches.Batch;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.lamella.plan.PlanOptions;

/**
 * The results of some training steps.
 *
 * @param start weights before the first step
 * @param parameters weights after the last one
 * @param statistics running statistics after the last step
 * @param loss sum over the steps
 * @param wrong Hamming loss over all steps
 * @param output probabilities of the last step's samples, computed with the weights after it
 */
record TrainingRun(float[] start, float[] parameters, float[] statistics, double loss, double wrong, float[] output) {

    private static final int BATCH = 6;
    private static final int LAST_BATCH = 3;
    private static final int STEPS_AN_EPOCH = 5;
    private static final float[] POSITIVE_WEIGHTS = {1, 2, 1, 3, 1};

    /** Runs the steps; the data depends on the network only. */
    static TrainingRun of(ComputeDevice device, boolean fused, TrainingCheck check, int steps, Consumer<String> notes) {
        Network network = check.network();
        PlanOptions training = PlanOptions.training(BATCH, check.rule());
        PlanOptions inference = PlanOptions.probabilities(BATCH);
        try (Weights weights = device.allocate(network, WeightState.of(check.rule()));
                Program train = device.compile(
                        device.plan(network, fused ? training : training.unfused()),
                        weights,
                        new ProgramSettings(POSITIVE_WEIGHTS, true));
                Program infer = device.compile(
                        device.plan(network, fused ? inference : inference.unfused()),
                        weights,
                        new ProgramSettings(null, true))) {
            train.notes().forEach(notes);
            Random random = new Random(7);
            float[] start = initial(network, random);
            weights.write(Weights.Kind.PARAMETERS, 0, start);
            float[] statistics = new float[(int) weights.count(Weights.Kind.RUNNING_STATISTICS)];
            Arrays.fill(statistics, 0.5f);
            weights.write(Weights.Kind.RUNNING_STATISTICS, 0, statistics);
            FloatBuffer input = Batch.floats((long) BATCH * network.input().elements());
            double loss = 0;
            Tally tally = new Tally();
            for (int step = 1; step <= steps; step++) {
                loss += train.step(next(network, input, random, step, check.rate()));
                train.tally(tally);
            }
            FloatBuffer output = Batch.floats((long) BATCH * network.outputs());
            infer.step(StepInput.inference(BATCH, input, output));
            return new TrainingRun(
                    start,
                    weights.read(Weights.Kind.PARAMETERS),
                    weights.read(Weights.Kind.RUNNING_STATISTICS),
                    loss,
                    tally.hammingLoss(),
                    Values.array(output));
        }
    }

    /** The change of each weight. */
    double[] change() {
        double[] change = new double[start.length];
        for (int i = 0; i < change.length; i++) {
            change[i] = parameters[i] - start[i];
        }
        return change;
    }

    private static float[] initial(Network network, Random random) {
        float[] values = new float[(int) network.parameterCount()];
        network.parameters().forEach(p -> {
            double scale = p.role() == Parameter.Role.WEIGHT ? Math.sqrt(2.0 / p.fanIn()) : 0.02;
            for (long i = p.offset(); i < p.offset() + p.count(); i++) {
                values[(int) i] = (float) (scale * random.nextGaussian()) + (p.role() == Parameter.Role.SCALE ? 1 : 0);
            }
        });
        return values;
    }

    private static StepInput next(Network network, FloatBuffer input, Random random, int step, double rate) {
        int labels = network.outputs();
        for (int i = 0; i < input.capacity(); i++) {
            input.put(i, (float) random.nextGaussian());
        }
        if (network.input().height() == 1 && network.input().width() > 1) {
            pad(input, network.input());
        }
        FloatBuffer targets = Batch.floats((long) BATCH * labels);
        FloatBuffer mask = Batch.floats((long) BATCH * labels);
        for (int i = 0; i < targets.capacity(); i++) {
            targets.put(i, random.nextInt(3) == 0 ? 1 : 0);
            mask.put(i, random.nextInt(8) == 0 ? 0 : 1);
        }
        int samples = step % STEPS_AN_EPOCH == 0 ? LAST_BATCH : BATCH;
        return new StepInput(
                samples, input, targets, step % 2 == 0 ? mask : null, null, 1.0 / (samples * labels), rate, step, 11);
    }

    /** Sequences of different lengths, padded with zeros, as masks expect them. */
    private static void pad(FloatBuffer input, Shape shape) {
        for (int i = 0; i < input.capacity(); i++) {
            int sample = i / shape.elements();
            if (i % shape.width() >= shape.width() - 23 * (sample % 4)) {
                input.put(i, 0);
            }
        }
    }
}
