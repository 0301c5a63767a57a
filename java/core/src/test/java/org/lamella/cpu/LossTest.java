package org.lamella.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.StepInput;
import org.lamella.device.Weights;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.plan.LossRule;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** The loss of a whole program, its gradient through a dense layer, masks and positive weights, in double precision. */
class LossTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 0, 0, 0", "3, 17, 1, 0, 0, 0", "17, 42, 5, 0, 0, 0", "34, 3, 1000, 0, 0, 0", "100, 1, 5, 0, 0, 0",
        "3, 17, 1, 2, 2, 0", "17, 42, 2, 0, 4, 0.05", "34, 3, 2, 1, 3, 0.2", "5, 16, 1, 0.5, 0, 0"})
    void agreesWithDoublePrecision(int samples, int labels, double scale, double gammaPositive, double gammaNegative, double margin) {
        LossRule rule = LossRule.asymmetric(gammaPositive, gammaNegative, margin);
        Random random = new Random(samples * 31L + labels);
        Network network = Network.builder(Shape.vector(3)).dense(labels).build();
        double[] parameters = LayerTest.gaussian(random, (int) network.parameterCount(), scale);
        double[] x = LayerTest.gaussian(random, samples * 3, 1);
        double[] targets = new double[samples * labels];
        double[] mask = new double[samples * labels];
        float[] positive = new float[labels];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextInt(2);
            mask[i] = i == 0 || random.nextInt(4) > 0 ? 1 : 0;
        }
        for (int l = 0; l < labels; l++) {
            positive[l] = 0.5f + 5 * random.nextFloat();
        }
        ReferenceNetwork reference = new ReferenceNetwork(network, samples, parameters, x);
        double loss = 0;
        double known = 0;
        double[] slope = new double[targets.length];
        for (int i = 0; i < targets.length; i++) {
            known += mask[i];
        }
        for (int i = 0; i < targets.length; i++) {
            double z = reference.output()[i];
            loss += mask[i] * defined(rule, z, targets[i], positive[i % labels]) / known;
            double h = 1e-5 * Math.max(1, Math.abs(z));
            slope[i] = mask[i] * (defined(rule, z + h, targets[i], positive[i % labels]) - defined(rule, z - h, targets[i], positive[i % labels]))
                    / (2 * h) / known;
            assertThat(rule.value(z, (int) targets[i], positive[i % labels])).isCloseTo(defined(rule, z, targets[i], positive[i % labels]),
                    within(1e-9 * Math.max(1, Math.abs(z))));
            if (mask[i] == 1) {
                assertThat(rule.slope(z, (int) targets[i], positive[i % labels]) / known).isCloseTo(slope[i], within(1e-6));
            }
        }
        double[] expected = reference.backward(slope);
        CpuDevice device = new CpuDevice();
        OptimizerRule plain = OptimizerRule.of(OptimizerRule.Kind.SGD, 0, 0);
        try (Weights weights = device.allocate(network, 0);
             Program program = device.compile(Plan.of(network, PlanOptions.training(samples, plain).withLoss(rule).unfused()), weights,
                     new ProgramSettings(2, positive, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, LayerTest.floats(parameters));
            FloatBuffer hidden = LayerTest.buffer(targets);
            for (int i = 0; i < targets.length; i++) {
                if (mask[i] == 0) {
                    hidden.put(i, Float.NaN);  // what stands behind a mask must not matter
                }
            }
            double actual = program.step(new StepInput(samples, LayerTest.buffer(x), hidden, LayerTest.buffer(mask), null,
                    1 / known, 0, 1, 0));
            assertThat(actual).isCloseTo(loss, within(1e-5 * Math.max(loss, 1e-3)));
            LayerTest.assertClose("gradient", expected, weights.read(Weights.Kind.GRADIENTS));
            assertThat(weights.read(Weights.Kind.PARAMETERS)).as("a rate of 0 changes nothing")
                    .isEqualTo(LayerTest.floats(parameters));
        }
    }

    /** By its definition: -w (1 - p)^g log p, and -r^g log(1 - r) with r = max(p - m, 0). */
    private static double defined(LossRule rule, double z, double target, double weight) {
        double logP = -Math.log1p(Math.exp(-Math.abs(z))) - Math.max(-z, 0);
        double logQ = -Math.log1p(Math.exp(-Math.abs(z))) - Math.max(z, 0);
        if (target == 1) {
            return -weight * Math.exp(rule.gammaPositive() * logQ) * logP;
        }
        double r = Math.max(Math.exp(logP) - rule.margin(), 0);
        return rule.margin() == 0 ? -Math.exp(rule.gammaNegative() * logP) * logQ
                : r == 0 ? 0 : -Math.pow(r, rule.gammaNegative()) * Math.log(Math.exp(logQ) + rule.margin());
    }
}
