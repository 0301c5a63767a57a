package org.lamella.training;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import org.lamella.data.batches.FeatureScaling;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.plan.LossRule;
import org.lamella.plan.OptimizerRule;

/** Everything that decides what a training run computes. Setters return this object. */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY, getterVisibility = JsonAutoDetect.Visibility.NONE)
public final class TrainingSettings {

    int epochs = 50;
    int batch = 32;
    double learningRate = Double.NaN;
    double momentum = 0.9;
    double weightDecay = 1e-4;
    OptimizerRule.Kind optimizer = OptimizerRule.Kind.ADAMW;
    Schedule schedule = Schedule.COSINE;
    int warmup = 0;
    int earlyStopping = 0;
    FeatureScaling.Method scale = FeatureScaling.Method.STANDARD;
    boolean positiveWeightAuto = false;
    float[] positiveWeights = null;
    LossRule loss = LossRule.CROSS_ENTROPY;
    Sampling sampling = Sampling.EVERY;
    DecisionMethod decisions = DecisionMethod.DEFAULT;
    long seed = 1;

    /** The defaults: 50 epochs, batch 32, AdamW at 0.0003, cosine schedule, standard scaling, seed 1. */
    public static TrainingSettings defaults() {
        return new TrainingSettings();
    }

    /** Passes over the training rows, 1 or more. */
    public TrainingSettings epochs(int n) {
        epochs = atLeast("epochs", n, 1);
        return this;
    }

    /** Samples per step, 1 or more. */
    public TrainingSettings batch(int n) {
        batch = atLeast("batch", n, 1);
        return this;
    }

    /** Step size, above 0; NaN for the optimizer's usual one (0.0003 for Adam and AdamW, 0.05 for SGD and Nesterov). */
    public TrainingSettings learningRate(double rate) {
        if (rate <= 0 || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("the learning rate must be above 0, got " + rate);
        }
        learningRate = rate;
        return this;
    }

    /** Share of the last step kept by SGD and Nesterov, beta1 of Adam; 0 to below 1. */
    public TrainingSettings momentum(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("momentum must be 0 to below 1, got " + share);
        }
        momentum = share;
        return this;
    }

    /** Decay of weights (not of biases or batch norm), 0 or more. */
    public TrainingSettings weightDecay(double decay) {
        if (!(decay >= 0) || Double.isInfinite(decay)) {
            throw new IllegalArgumentException("the weight decay must be 0 or more, got " + decay);
        }
        weightDecay = decay;
        return this;
    }

    /** The optimizer. */
    public TrainingSettings optimizer(OptimizerRule.Kind kind) {
        optimizer = kind;
        return this;
    }

    /** How the rate changes. */
    public TrainingSettings schedule(Schedule s) {
        schedule = s;
        return this;
    }

    /** Steps in which the rate grows from near zero, 0 or more. */
    public TrainingSettings warmup(int steps) {
        warmup = atLeast("warmup", steps, 0);
        return this;
    }

    /** Stops after this many epochs without a better validation loss; 0 never stops. */
    public TrainingSettings earlyStopping(int patience) {
        earlyStopping = atLeast("early stopping", patience, 0);
        return this;
    }

    /** How features are scaled. */
    public TrainingSettings scale(FeatureScaling.Method method) {
        scale = method;
        return this;
    }

    /** Weighs each label's positives by negatives / positives of the training rows, 1 to 20. */
    public TrainingSettings positiveWeightAuto(boolean on) {
        positiveWeightAuto = on;
        return this;
    }

    /** Weights of positives, one a label, above 0; null for 1. */
    public TrainingSettings positiveWeights(float[] weights) {
        positiveWeights = weights == null ? null : weights.clone();
        return this;
    }

    /** The loss. */
    public TrainingSettings loss(LossRule rule) {
        loss = rule;
        return this;
    }

    /** Which rows an epoch has. */
    public TrainingSettings sampling(Sampling which) {
        sampling = which;
        return this;
    }

    /** How labels are decided on; what is to be tuned is tuned on the validation rows. */
    public TrainingSettings decisions(DecisionMethod method) {
        decisions = method;
        return this;
    }

    /** Decides initial weights, the order of rows, dropout and the split. */
    public TrainingSettings seed(long value) {
        seed = value;
        return this;
    }

    double rate() {
        if (!Double.isNaN(learningRate)) {
            return learningRate;
        }
        return optimizer == OptimizerRule.Kind.ADAM || optimizer == OptimizerRule.Kind.ADAMW ? 0.0003 : 0.05;
    }

    OptimizerRule rule() {
        return OptimizerRule.of(optimizer, momentum, weightDecay);
    }

    private static int atLeast(String what, int n, int least) {
        if (n < least) {
            throw new IllegalArgumentException(what + " must be " + least + " or more, got " + n);
        }
        return n;
    }
}
