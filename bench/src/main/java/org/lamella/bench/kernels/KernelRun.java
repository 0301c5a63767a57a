package org.lamella.bench.kernels;

import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.Random;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.bench.operator.OperatorCase;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.batches.Batch;
import org.lamella.network.Network;
import org.lamella.plan.PlanOptions;

/** A kernel on random data, ready to run forward, or forward and backward. */
final class KernelRun implements AutoCloseable {

    final float[] x;
    final float[] parameters;
    final float[] slope;
    private final OperatorCase shape;
    private final Weights weights;
    private final Program forward;
    private final Program backward;
    private final FloatBuffer gradient;
    private final FloatBuffer output;
    private final StepInput forwardStep;
    private final StepInput backwardStep;

    /** On the CPU; an empty {@code isa} means the best of this machine. */
    KernelRun(OperatorCase shape, String isa, int threads) {
        this(shape, isa.isEmpty() ? new CpuDevice(threads) : new CpuDevice(isa, threads));
    }

    KernelRun(OperatorCase shape, ComputeDevice device) {
        this.shape = shape;
        Network network = shape.network();
        Random random = new Random(1);
        x = gaussian(random, shape.batch() * network.input().elements(), 1);
        slope = gaussian(random, shape.batch() * network.outputs(), 1);
        double fan =
                network.parameters().stream().mapToInt(p -> p.fanIn()).max().orElse(1);
        parameters = gaussian(random, (int) network.parameterCount(), 1 / Math.sqrt(fan));
        weights = device.allocate(network, WeightState.GRADIENTS);
        weights.write(Weights.Kind.PARAMETERS, 0, parameters);
        forward = device.compile(
                device.plan(network, PlanOptions.values(shape.batch(), null)),
                weights,
                new ProgramSettings(null, true));
        backward = device.compile(
                device.plan(network, PlanOptions.gradients(shape.batch())), weights, new ProgramSettings(null, true));
        gradient = buffer(slope);
        output = Batch.floats(slope.length);
        forwardStep = StepInput.inference(shape.batch(), buffer(x), output);
        backwardStep = new StepInput(shape.batch(), buffer(x), gradient, null, Batch.floats(slope.length), 1, 0, 1, 0);
    }

    private static float[] gaussian(Random random, int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private static FloatBuffer buffer(float[] values) {
        FloatBuffer b = Batch.floats(values.length);
        b.put(0, values);
        return b;
    }

    /** Makes the values of {@link #slope} the gradient of the output. */
    void setSlope() {
        gradient.put(0, slope);
    }

    double forward() {
        return forward.step(forwardStep);
    }

    double backward() {
        return backward.step(backwardStep);
    }

    /** Output of the last forward pass: samples x elements. */
    float[] output() {
        float[] y = new float[slope.length];
        output.get(0, y);
        return y;
    }

    /** Gradient of the parameters from the last backward pass. */
    float[] parameterGradient() {
        return weights.read(Weights.Kind.GRADIENTS);
    }

    /** Gradient of the input from the last backward pass: samples x elements. */
    float[] inputGradient() {
        return backward.read(Objects.requireNonNull(backward.plan().inputGradient()));
    }

    OperatorCase shape() {
        return shape;
    }

    @Override
    public void close() {
        forward.close();
        backward.close();
        weights.close();
    }
}
