package org.lamella.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.Tally;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.device.OutOfMemoryException;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** Dropout, batch norm in inference, closed objects, invalid arguments. */
class ModesTest {

    private final CpuDevice device = new CpuDevice(2);

    @Test
    void dropoutDropsItsRateAndTheBackwardPassDropsTheSameUnits() {
        Network network = Network.builder(Shape.vector(10_000)).dropout(0.3).build();
        double[] ones = new double[20_000];
        Arrays.fill(ones, 1);
        Plan plan = Plan.of(network, PlanOptions.gradients(2));
        try (Weights weights = device.allocate(network, WeightState.GRADIENTS);
                Program program = device.compile(plan, weights, new ProgramSettings(null, true))) {
            FloatBuffer y = Buffers.buffer(new double[20_000]);
            program.step(new StepInput(2, Buffers.buffer(ones), Buffers.buffer(ones), null, y, 1, 0, 1, 5));
            float[] first = Buffers.array(y);
            assertThat(program.read(plan.inputGradient())).isEqualTo(first);
            int dropped = 0;
            for (float v : first) {
                dropped += v == 0 ? 1 : 0;
                assertThat(v == 0 || Math.abs(v - 1 / 0.7) < 1e-5).isTrue();
            }
            assertThat(dropped / 20_000.0).isCloseTo(0.3, within(0.015));
            assertThat(Arrays.copyOf(first, 10_000))
                    .as("samples differ")
                    .isNotEqualTo(Arrays.copyOfRange(first, 10_000, 20_000));
            program.step(new StepInput(2, Buffers.buffer(ones), Buffers.buffer(ones), null, y, 1, 0, 2, 5));
            assertThat(Buffers.array(y)).as("steps differ").isNotEqualTo(first);
        }
        try (Weights weights = device.allocate(network, WeightState.INFERENCE);
                Program program = device.compile(
                        Plan.of(network, PlanOptions.values(2, null)), weights, new ProgramSettings(null, true))) {
            FloatBuffer y = Buffers.buffer(new double[20_000]);
            program.step(StepInput.inference(2, Buffers.buffer(ones), y));
            assertThat(Buffers.array(y)).as("inference drops nothing").containsOnly(1f);
        }
    }

    @Test
    void batchNormUpdatesItsRunningStatisticsAndUsesThemInInference() {
        Network network = Network.builder(new Shape(3, 5, 7)).batchNorm().build();
        Random random = new Random(5);
        double[] x = Buffers.gaussian(random, 4 * 105, 2);
        try (Weights weights = device.allocate(network, WeightState.GRADIENTS);
                Program program = device.compile(
                        Plan.of(network, PlanOptions.gradients(4)), weights, new ProgramSettings(null, true));
                Program inference = device.compile(
                        Plan.of(network, PlanOptions.values(4, null)), weights, new ProgramSettings(null, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, new float[] {1, 2, 3, 0.5f, 0, -1});
            weights.write(Weights.Kind.RUNNING_STATISTICS, 0, new float[] {0, 0, 0, 1, 1, 1});
            FloatBuffer y = Buffers.buffer(new double[x.length]);
            program.step(new StepInput(4, Buffers.buffer(x), Buffers.buffer(x), null, y, 1, 0, 1, 0));
            float[] running = weights.read(Weights.Kind.RUNNING_STATISTICS);
            for (int c = 0; c < 3; c++) {
                double sum = 0;
                double squares = 0;
                for (int i = 0; i < x.length; i++) {
                    if (i / 35 % 3 == c) {
                        sum += x[i];
                        squares += x[i] * x[i];
                    }
                }
                double variance = (squares - sum * sum / 140) / 139;
                assertThat((double) running[c]).isCloseTo(0.1 * sum / 140, within(1e-5));
                assertThat((double) running[3 + c]).isCloseTo(0.9 + 0.1 * variance, within(1e-5));
            }
            inference.step(StepInput.inference(4, Buffers.buffer(x), y));
            float[] gamma = {1, 2, 3};
            float[] beta = {0.5f, 0, -1};
            for (int i = 0; i < x.length; i++) {
                int c = i / 35 % 3;
                assertThat((double) y.get(i))
                        .isCloseTo(
                                gamma[c] * (x[i] - running[c]) / Math.sqrt(running[3 + c] + 1e-5) + beta[c],
                                within(1e-4));
            }
        }
    }

    @Test
    void closedObjectsThrow() {
        Network network = Zoo.linear(Shape.vector(3), 2);
        Weights weights = device.allocate(network, WeightState.GRADIENTS);
        Program program =
                device.compile(Plan.of(network, PlanOptions.probabilities(1)), weights, ProgramSettings.DEFAULTS);
        FloatBuffer x = Buffers.buffer(new double[3]);
        FloatBuffer y = Buffers.buffer(new double[2]);
        weights.close();
        program.step(StepInput.inference(1, x, y)); // the program still uses the memory
        assertThatThrownBy(() -> weights.read(Weights.Kind.PARAMETERS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        program.close();
        program.close();
        weights.close();
        assertThatThrownBy(() -> program.step(StepInput.inference(1, x, y)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void refusesInvalidArguments() {
        Network network = Zoo.linear(Shape.vector(3), 2);
        FloatBuffer x = Buffers.buffer(new double[6]);
        FloatBuffer y = Buffers.buffer(new double[4]);
        try (Weights weights = device.allocate(network, WeightState.INFERENCE);
                Program p = device.compile(
                        Plan.of(network, PlanOptions.probabilities(2)), weights, ProgramSettings.DEFAULTS)) {
            refused(() -> p.step(StepInput.inference(3, x, y)), "samples");
            refused(() -> p.step(StepInput.inference(0, x, y)), "samples");
            refused(() -> p.step(StepInput.inference(2, null, y)), "input");
            refused(() -> p.step(StepInput.inference(2, x, Buffers.buffer(new double[3]))), "output");
            refused(() -> p.step(StepInput.inference(2, FloatBuffer.allocate(6), y)), "direct");
            refused(
                    () -> p.step(
                            StepInput.inference(2, ByteBuffer.allocateDirect(24).asFloatBuffer(), y)),
                    "byte order");
            refused(
                    () -> p.step(
                            StepInput.inference(2, Buffers.buffer(new double[9]).position(3), y)),
                    "position");
            refused(
                    () -> device.compile(Plan.of(network, PlanOptions.gradients(2)), weights, ProgramSettings.DEFAULTS),
                    "gradients");
            refused(
                    () -> device.compile(
                            Plan.of(Zoo.linear(Shape.vector(4), 2), PlanOptions.probabilities(2)),
                            weights,
                            ProgramSettings.DEFAULTS),
                    "another network");
            refused(() -> new CpuDevice(5000), "threads must be 1 to 1024, got 5000");
            refused(() -> device.withThreads(-1), "threads must be 1 to 1024, got -1");
            assertThatThrownBy(() -> weights.read(Weights.Kind.PARAMETERS, 5, new float[4]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> weights.write(Weights.Kind.PARAMETERS, -1, new float[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void refusesABatchThatDoesNotFitAndNamesTheLargest() {
        Network network = Zoo.lenet(new Shape(1, 100, 100), 42);
        Plan plan =
                Plan.of(network, PlanOptions.training(50_000_000, OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0, 0)));
        try (Weights weights = device.allocate(network, WeightState.GRADIENTS)) {
            assertThatThrownBy(() -> device.compile(plan, weights, ProgramSettings.DEFAULTS))
                    .isInstanceOf(OutOfMemoryException.class)
                    .hasMessageMatching(
                            "a batch of 50000000 needs .*GiB, .* are available; the largest batch that fits is "
                                    + "[1-9]\\d*");
        }
    }

    @Test
    void aStepAllocatesNothingOnTheJavaHeap() {
        Network network = Network.builder(new Shape(1, 9, 9))
                .convolution(4, 3)
                .tanh()
                .maxPool(2)
                .dense(3)
                .build();
        OptimizerConfig rule = OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0.9, 0);
        FloatBuffer x = Buffers.buffer(Buffers.gaussian(new Random(1), 4 * 81, 1));
        FloatBuffer t = Buffers.buffer(new double[12]);
        Tally tally = new Tally();
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        try (Weights weights = device.allocate(network, WeightState.FIRST_MOMENT);
                Program program = device.compile(
                        Plan.of(network, PlanOptions.training(4, rule)), weights, ProgramSettings.DEFAULTS)) {
            StepInput input = new StepInput(4, x, t, null, null, 1.0 / 12, 0.01, 1, 1);
            program.step(input);
            program.tally(tally);
            long before = threads.getThreadAllocatedBytes(self);
            for (int i = 0; i < 1000; i++) {
                program.step(input);
                program.tally(tally);
            }
            // The measurement itself allocates some hundred bytes; one object per step would be 16 000.
            assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(2_000);
            assertThat(tally.known()).isEqualTo(1001 * 12);
            assertThat(tally.samples()).isEqualTo(1001 * 4);
            assertThat(tally.hammingLoss()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void residentMemoryStaysFlatOverTenThousandSteps() throws Exception {
        Network network = Network.builder(new Shape(1, 9, 9))
                .convolution(4, 3)
                .tanh()
                .maxPool(2)
                .dense(3)
                .build();
        OptimizerConfig rule = OptimizerConfig.of(OptimizerConfig.Kind.ADAM, 0.9, 0);
        FloatBuffer x = Buffers.buffer(Buffers.gaussian(new Random(1), 4 * 81, 1));
        FloatBuffer t = Buffers.buffer(new double[12]);
        try (Weights weights = device.allocate(network, WeightState.BOTH_MOMENTS);
                Program program = device.compile(
                        Plan.of(network, PlanOptions.training(4, rule)), weights, ProgramSettings.DEFAULTS)) {
            steps(program, x, t, 1, 2_000);
            System.gc();
            long before = residentKilobytes();
            steps(program, x, t, 2_001, 12_000);
            System.gc();
            assertThat(residentKilobytes() - before)
                    .as("kB grown over 10 000 steps")
                    .isLessThan(8_000);
        }
    }

    private static void steps(Program program, FloatBuffer x, FloatBuffer t, int first, int last) {
        for (int step = first; step <= last; step++) {
            program.step(new StepInput(4, x, t, null, null, 1 / 12.0, 1e-3, step, 1));
        }
    }

    private static long residentKilobytes() throws java.io.IOException {
        for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new AssertionError("no VmRSS in /proc/self/status");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String why) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }
}
