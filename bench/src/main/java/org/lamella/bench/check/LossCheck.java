package org.lamella.bench.check;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.bench.operator.ReferenceNetwork;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.optimization.LossConfig;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.PlanOptions;

/**
 * Compares the loss of a whole program, and its gradient through a dense layer, with double precision; some targets are
 * missing, and positives are weighted.
 *
 * @param scale of the weights, which determines the size of the logits
 */
record LossCheck(String name, int samples, int labels, double scale, LossConfig rule) {

    private static final double MIN_LOSS = 1e-3;
    private static final double LIMIT = 1e-5;

    static final List<LossCheck> ALL = List.of(
            new LossCheck("cross entropy of one target", 1, 1, 1, LossConfig.CROSS_ENTROPY),
            new LossCheck("cross entropy", 3, 17, 1, LossConfig.CROSS_ENTROPY),
            new LossCheck("cross entropy, larger logits", 17, 42, 5, LossConfig.CROSS_ENTROPY),
            new LossCheck("cross entropy, saturated", 34, 3, 1000, LossConfig.CROSS_ENTROPY),
            new LossCheck("cross entropy of one label", 100, 1, 5, LossConfig.CROSS_ENTROPY),
            new LossCheck("focal 2", 3, 17, 1, LossConfig.asymmetric(2, 2, 0)),
            new LossCheck("asymmetric 0:4:0.05", 17, 42, 2, LossConfig.asymmetric(0, 4, 0.05)),
            new LossCheck("asymmetric 1:3:0.2", 34, 3, 2, LossConfig.asymmetric(1, 3, 0.2)),
            new LossCheck("asymmetric 0.5:0:0", 5, 16, 1, LossConfig.asymmetric(0.5, 0, 0)));

    /** The usual name of the loss. */
    String kind() {
        if (rule.equals(LossConfig.CROSS_ENTROPY)) {
            return "sigmoid cross-entropy";
        }
        return rule.gammaPositive() == rule.gammaNegative() && rule.margin() == 0 ? "focal" : "asymmetric";
    }

    CheckCase checkCase() {
        return new CheckCase("losses", toString(), this::run);
    }

    @Override
    public String toString() {
        return name + ", " + samples + "x" + labels;
    }

    /**
     * Inputs and expected outputs.
     *
     * @param mask 1 where a target is known
     * @param slope gradient of the logits
     */
    record Problem(
            Network network,
            double[] parameters,
            double[] x,
            double[] targets,
            double[] mask,
            float[] positive,
            double[] logits,
            double known,
            double loss,
            double[] slope,
            double[] gradients) {}

    Problem problem() {
        Random random = new Random(samples * 31L + labels);
        Network network = Network.builder(Shape.vector(3)).dense(labels).build();
        double[] parameters = Values.gaussian(random, (int) network.parameterCount(), scale);
        double[] x = Values.gaussian(random, samples * 3, 1);
        double[] targets = new double[samples * labels];
        double[] mask = new double[samples * labels];
        float[] positive = new float[labels];
        double known = 0;
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextInt(2);
            mask[i] = i == 0 || random.nextInt(4) > 0 ? 1 : 0;
            known += mask[i];
        }
        for (int l = 0; l < labels; l++) {
            positive[l] = 0.5f + 5 * random.nextFloat();
        }
        ReferenceNetwork reference = new ReferenceNetwork(network, samples, parameters, x);
        double loss = 0;
        double[] slope = new double[targets.length];
        for (int i = 0; i < targets.length; i++) {
            double z = reference.output()[i];
            float weight = positive[i % labels];
            loss += mask[i] * defined(z, targets[i], weight) / known;
            double h = 1e-5 * Math.max(1, Math.abs(z));
            double rise = defined(z + h, targets[i], weight) - defined(z - h, targets[i], weight);
            slope[i] = mask[i] * rise / (2 * h) / known;
        }
        return new Problem(
                network,
                parameters,
                x,
                targets,
                mask,
                positive,
                reference.output(),
                known,
                loss,
                slope,
                reference.backward(slope));
    }

    List<Comparison> run(ComputeDevice device) {
        Problem p = problem();
        OptimizerConfig plain = OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0, 0);
        PlanOptions options =
                PlanOptions.training(samples, plain).withLoss(rule).unfused();
        try (Weights weights = device.allocate(p.network, WeightState.GRADIENTS);
                Program program = device.compile(
                        device.plan(p.network, options), weights, new ProgramSettings(p.positive, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, Values.floats(p.parameters));
            FloatBuffer hidden = Values.buffer(p.targets);
            for (int i = 0; i < p.targets.length; i++) {
                if (p.mask[i] == 0) {
                    hidden.put(i, Float.NaN); // masked values must have no effect
                }
            }
            double loss = program.step(new StepInput(
                    samples, Values.buffer(p.x), hidden, Values.buffer(p.mask), null, 1 / p.known, 0, 1, 0));
            return List.of(
                    Comparison.ofNumber("loss", p.loss, loss, MIN_LOSS, LIMIT),
                    Comparison.ofTensor("gradient", p.gradients, weights.read(Weights.Kind.GRADIENTS), LIMIT),
                    Comparison.ofTensor(
                            "weights at a rate of 0", p.parameters, weights.read(Weights.Kind.PARAMETERS), 0));
        }
    }

    /** The definition: -w (1 - p)^g log p, and -r^g log(1 - r) with r = max(p - m, 0). */
    double defined(double z, double target, double weight) {
        double logP = -Math.log1p(Math.exp(-Math.abs(z))) - Math.max(-z, 0);
        double logQ = -Math.log1p(Math.exp(-Math.abs(z))) - Math.max(z, 0);
        if (target == 1) {
            return -weight * Math.exp(rule.gammaPositive() * logQ) * logP;
        }
        double r = Math.max(Math.exp(logP) - rule.margin(), 0);
        return rule.margin() == 0
                ? -Math.exp(rule.gammaNegative() * logP) * logQ
                : r == 0 ? 0 : -Math.pow(r, rule.gammaNegative()) * Math.log(Math.exp(logQ) + rule.margin());
    }
}
