package org.lamella.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.StepQueue;
import org.lamella.backend.Tally;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.data.batches.Batch;
import org.lamella.device.Kernels;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.PlanOptions;

/** Announced training steps begin before the results of the step before are read, and give the same results. */
class SimulatedAheadTest {

    private static final int STEPS = 11;
    private static final int BATCH = 3;
    private static final int LABELS = 5;
    private static final Network NETWORK = Network.builder(new Shape(2, 9, 9))
            .convolution(4, 3)
            .batchNorm()
            .dense(7)
            .dropout(0.3f)
            .dense(LABELS)
            .build();

    @ParameterizedTest
    @CsvSource({
        "devices=1, 0, true",
        "'devices=1,graphs=off', 0, true",
        "devices=2, '0,1', true",
        "'devices=2,links=wrong', '0,1', false"
    })
    void stepsAheadGiveTheSameWeights(String settings, String gpus, boolean ahead) throws Exception {
        SimulatedDeviceTest.Outcome outcome =
                SimulatedDeviceTest.run(SimulatedAheadTest.class, gpus, settings + ",memory=1g");
        assertThat(outcome.text())
                .contains("same losses: true", "same tallies: true", "same weights: true", "begun ahead: " + ahead)
                .doesNotContain("race");
        assertThat(outcome.exit()).isZero();
    }

    /** What a run leaves behind. */
    private record Result(List<Double> losses, List<Long> known, float[] weights, boolean ahead) {}

    /** The process that is run by itself: only there the compiler is a stand-in too. */
    public static void main(String[] arguments) {
        ComputeDevice device = new CudaDeviceProvider().choose(arguments[0]).with(Kernels.OWN);
        Result one = run(device, false);
        Result queued = run(device, true);
        System.out.println("same losses: " + one.losses.equals(queued.losses));
        System.out.println("same tallies: " + one.known.equals(queued.known));
        System.out.println("same weights: " + Arrays.equals(one.weights, queued.weights));
        System.out.println("begun ahead: " + queued.ahead);
    }

    private static Result run(ComputeDevice device, boolean announced) {
        OptimizerConfig rule = OptimizerConfig.of(OptimizerConfig.Kind.ADAM, 0.9, 0.01);
        List<Double> losses = new ArrayList<>();
        List<Long> known = new ArrayList<>();
        boolean ahead = false;
        try (Weights weights = device.allocate(NETWORK, WeightState.of(rule));
                Program program = device.compile(
                        device.plan(NETWORK, PlanOptions.training(BATCH, rule)),
                        weights,
                        new ProgramSettings(null, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, random(1, (int) NETWORK.parameterCount()));
            StepQueue<Integer> coming = new StepQueue<>(program);
            int added = 0;
            for (int done = 0; done < STEPS; done++) {
                while (announced && coming.canAdd() && added < STEPS) {
                    coming.add(added, input(added++));
                }
                losses.add(announced ? coming.run().loss() : program.step(input(done)));
                ahead |= ((CudaProgram) program).begun() > 0;
                Tally tally = new Tally();
                program.tally(tally);
                known.add(tally.known());
                known.add(Double.doubleToLongBits(tally.hammingLoss()));
            }
            return new Result(losses, known, weights.read(Weights.Kind.PARAMETERS), ahead);
        }
    }

    /** Steps of different sizes: the last ones of epochs. */
    private static StepInput input(int step) {
        int samples = step % 4 == 3 ? 2 : BATCH;
        FloatBuffer targets = Batch.floats((long) samples * LABELS);
        FloatBuffer mask = Batch.floats((long) samples * LABELS);
        Random random = new Random(step);
        for (int i = 0; i < samples * LABELS; i++) {
            targets.put(i, random.nextInt(2));
            mask.put(i, random.nextInt(4) == 0 ? 0 : 1);
        }
        FloatBuffer x = Batch.floats((long) samples * NETWORK.input().elements());
        x.put(0, random(step + 100, x.capacity()));
        return new StepInput(samples, x, targets, mask, null, 1.0 / LABELS, 0.01, step + 1, 7);
    }

    private static float[] random(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.3 * random.nextGaussian());
        }
        return values;
    }
}
