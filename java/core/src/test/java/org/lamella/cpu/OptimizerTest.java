package org.lamella.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.StepInput;
import org.lamella.device.Weights;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** Every optimizer over several steps against its formula in double precision, fed with the engine's own gradients. */
class OptimizerTest {

    @ParameterizedTest
    @EnumSource(OptimizerRule.Kind.class)
    void followsItsFormula(OptimizerRule.Kind kind) {
        Random random = new Random(3);
        Network network = Network.builder(Shape.vector(17)).dense(9).build();
        int n = (int) network.parameterCount();
        double[] w = LayerTest.gaussian(random, n, 0.5);
        double[] first = new double[n];
        double[] second = new double[n];
        OptimizerRule rule = OptimizerRule.of(kind, 0.9, 0.01);
        Parameter bias = network.parameters().get(1);
        CpuDevice device = new CpuDevice();
        try (Weights weights = device.allocate(network, rule.moments());
             Program program = device.compile(Plan.of(network, PlanOptions.training(5, rule).unfused()), weights,
                     ProgramSettings.threads(1))) {
            weights.write(Weights.Kind.PARAMETERS, 0, LayerTest.floats(w));
            for (int step = 1; step <= 4; step++) {
                double[] targets = new double[45];
                for (int i = 0; i < targets.length; i++) {
                    targets[i] = random.nextInt(2);
                }
                program.step(new StepInput(5, LayerTest.buffer(LayerTest.gaussian(random, 85, 1)),
                        LayerTest.buffer(targets), null, null, 1, 0.05, step, 0));
                float[] gradient = weights.read(Weights.Kind.GRADIENTS);
                for (int i = 0; i < n; i++) {
                    double decay = i >= bias.offset() ? 0 : 0.01;
                    w[i] = apply(kind, w[i], gradient[i], decay, first, second, i, step);
                }
                float[] actual = weights.read(Weights.Kind.PARAMETERS);
                for (int i = 0; i < n; i++) {
                    assertThat((double) actual[i]).as("%s, step %d, parameter %d", kind, step, i)
                            .isCloseTo(w[i], within(2e-5));
                }
            }
        }
    }

    private static double apply(OptimizerRule.Kind kind, double w, double g, double decay, double[] m, double[] v, int i,
                                int t) {
        double rate = 0.05;
        switch (kind) {
            case SGD:
            case NESTEROV:
                g += decay * w;
                m[i] = 0.9 * m[i] + g;
                return w - rate * (kind == OptimizerRule.Kind.SGD ? m[i] : g + 0.9 * m[i]);
            default:
                if (kind == OptimizerRule.Kind.ADAM) {
                    g += decay * w;
                } else {
                    w -= rate * decay * w;
                }
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                return w - rate * (m[i] / (1 - Math.pow(0.9, t))) / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8);
        }
    }
}
