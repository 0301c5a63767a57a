package org.lamella.bench;

import java.nio.FloatBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Batch;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.StepInput;
import org.lamella.device.Weights;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The layers of the zoo one by one, forward and forward + backward, one thread, a batch of 32. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerBenchmark {

    private static final int BATCH = 32;

    /** Which layer. */
    @Param({"lenet conv1", "lenet conv2", "dense 1250-500", "seqcnn conv2", "conv 3x3", "conv 1x1"})
    public String layer;

    private Weights weights;
    private Program forward;
    private Program backward;
    private FloatBuffer x;
    private FloatBuffer y;
    private FloatBuffer gradient;

    private static Network network(String layer) {
        return switch (layer) {
            case "lenet conv1" -> Network.builder(new Shape(1, 34, 34)).convolution(20, 5).tanh().maxPool(2).build();
            case "lenet conv2" -> Network.builder(new Shape(20, 15, 15)).convolution(50, 5).tanh().maxPool(2).build();
            case "dense 1250-500" -> Network.builder(Shape.vector(1250)).dense(500).tanh().build();
            case "seqcnn conv2" -> Network.builder(new Shape(64, 1, 497)).convolution(128, 1, 7, 1, 1, 0, 0).relu()
                    .maxPool(1, 4).build();
            case "conv 3x3" -> Network.builder(new Shape(80, 14, 14)).convolution(80, 3, 3, 1, 1, 1, 1).build();
            default -> Network.builder(new Shape(160, 14, 14)).convolution(112, 1).build();
        };
    }

    /** Compiles both programs and fills the buffers. */
    @Setup
    public void open() {
        Network network = network(layer);
        CpuDevice device = new CpuDevice();
        weights = device.allocate(network, 0);
        forward = device.compile(Plan.of(network, PlanOptions.values(BATCH, null)), weights, ProgramSettings.threads(1));
        backward = device.compile(Plan.of(network, PlanOptions.gradients(BATCH)), weights, ProgramSettings.threads(1));
        Random random = new Random(1);
        float[] parameters = new float[(int) network.parameterCount()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (0.1 * random.nextGaussian());
        }
        weights.write(Weights.Kind.PARAMETERS, 0, parameters);
        x = random(random, BATCH * network.input().elements());
        y = random(random, BATCH * network.outputs());
        gradient = random(random, BATCH * network.outputs());
    }

    private static FloatBuffer random(Random random, int n) {
        FloatBuffer b = Batch.floats(n);
        for (int i = 0; i < n; i++) {
            b.put(i, (float) random.nextGaussian());
        }
        return b;
    }

    /** Frees the native memory. */
    @TearDown
    public void close() {
        forward.close();
        backward.close();
        weights.close();
    }

    /** Forward only. */
    @Benchmark
    public double forward() {
        return forward.step(StepInput.inference(BATCH, x, y));
    }

    /** Forward, then the gradients of parameters and input. */
    @Benchmark
    public double forwardAndBackward() {
        return backward.step(new StepInput(BATCH, x, gradient, null, y, 1, 0, 1, 0));
    }
}
