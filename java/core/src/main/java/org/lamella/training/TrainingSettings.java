package org.lamella.training;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.data.FeatureScaling;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metric;
import org.lamella.optimization.LossConfig;
import org.lamella.optimization.OptimizerConfig;

/** Everything that decides what a training run computes. Setters return this object. */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY, getterVisibility = JsonAutoDetect.Visibility.NONE)
public final class TrainingSettings {

    int epochs = 50;
    int batch = 32;
    double learningRate = Double.NaN;
    double momentum = 0.9;
    double weightDecay = 1e-4;
    OptimizerConfig.Kind optimizer = OptimizerConfig.Kind.ADAMW;
    Schedule schedule = Schedule.COSINE;
    int warmup = 0;
    int earlyStopping = 0;

    @Nullable
    Metric bestBy = null;

    FeatureScaling.Method scale = FeatureScaling.Method.STANDARD;
    boolean positiveWeightAuto = false;
    float @Nullable [] positiveWeights = null;
    LossConfig loss = LossConfig.CROSS_ENTROPY;
    Sampling sampling = Sampling.EVERY;
    DecisionMethod decisions = DecisionMethod.DEFAULT;
    EmptyRows rankingOfEmptyRows = EmptyRows.SKIP;
    long seed = 1;

    private TrainingSettings() {}

    /** {@return the defaults: 50 epochs, batch 32, AdamW at 0.0003, cosine schedule, standard scaling, seed 1} */
    public static TrainingSettings defaults() {
        return new TrainingSettings();
    }

    /** {@return new settings with the values of these} */
    public TrainingSettings copy() {
        TrainingSettings other = new TrainingSettings();
        other.epochs = epochs;
        other.batch = batch;
        other.learningRate = learningRate;
        other.momentum = momentum;
        other.weightDecay = weightDecay;
        other.optimizer = optimizer;
        other.schedule = schedule;
        other.warmup = warmup;
        other.earlyStopping = earlyStopping;
        other.bestBy = bestBy;
        other.scale = scale;
        other.positiveWeightAuto = positiveWeightAuto;
        other.positiveWeights = positiveWeights;
        other.loss = loss;
        other.sampling = sampling;
        other.decisions = decisions;
        other.rankingOfEmptyRows = rankingOfEmptyRows;
        other.seed = seed;
        return other;
    }

    /**
     * Sets the number of epochs.
     *
     * @param n 1 or more
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public TrainingSettings epochs(int n) {
        epochs = atLeast("epochs", n, 1);
        return this;
    }

    /**
     * Sets the batch: samples per step.
     *
     * @param n 1 or more
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public TrainingSettings batch(int n) {
        batch = atLeast("batch", n, 1);
        return this;
    }

    /**
     * Sets the step size of the optimizer.
     *
     * @param rate above 0; NaN for the default of the optimizer (0.0003 for Adam and AdamW, 0.05 for SGD and Nesterov)
     * @return this
     * @throws IllegalArgumentException if it is 0, negative or infinite
     */
    public TrainingSettings learningRate(double rate) {
        if (rate <= 0 || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("the learning rate must be above 0, got " + rate);
        }
        learningRate = rate;
        return this;
    }

    /**
     * Sets the momentum of SGD and Nesterov, and beta1 of Adam and AdamW.
     *
     * @param share 0 to below 1
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public TrainingSettings momentum(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("momentum must be 0 to below 1, got " + share);
        }
        momentum = share;
        return this;
    }

    /**
     * Sets the weight decay; biases and the parameters of batch norm have none.
     *
     * @param decay 0 or more
     * @return this
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public TrainingSettings weightDecay(double decay) {
        if (!(decay >= 0) || Double.isInfinite(decay)) {
            throw new IllegalArgumentException("the weight decay must be 0 or more, got " + decay);
        }
        weightDecay = decay;
        return this;
    }

    /**
     * Sets the optimizer.
     *
     * @param kind the optimizer
     * @return this
     */
    public TrainingSettings optimizer(OptimizerConfig.Kind kind) {
        optimizer = Objects.requireNonNull(kind, "kind");
        return this;
    }

    /**
     * Sets how the learning rate changes over the run.
     *
     * @param s the schedule
     * @return this
     */
    public TrainingSettings schedule(Schedule s) {
        schedule = Objects.requireNonNull(s, "s");
        return this;
    }

    /**
     * Sets the warm-up, in which the learning rate grows from near zero.
     *
     * @param steps 0 or more
     * @return this
     * @throws IllegalArgumentException if it is below 0
     */
    public TrainingSettings warmup(int steps) {
        warmup = atLeast("warmup", steps, 0);
        return this;
    }

    /**
     * Sets early stopping: training ends when the validation loss, or the metric of {@link #bestBy}, does not improve.
     *
     * @param patience epochs without an improvement; 0 never stops early
     * @return this
     * @throws IllegalArgumentException if it is below 0
     */
    public TrainingSettings earlyStopping(int patience) {
        earlyStopping = atLeast("early stopping", patience, 0);
        return this;
    }

    /**
     * Sets by which value of the validation rows the epoch is chosen whose weights are kept; of equal values the first
     * epoch is.
     *
     * @param metric decided at the threshold 0.5; null for the validation loss
     * @return this
     */
    public TrainingSettings bestBy(@Nullable Metric metric) {
        bestBy = metric;
        return this;
    }

    /**
     * Sets how features are scaled.
     *
     * @param method the method
     * @return this
     */
    public TrainingSettings scale(FeatureScaling.Method method) {
        scale = Objects.requireNonNull(method, "method");
        return this;
    }

    /**
     * Sets the weight of each label's positives to negatives / positives of the training rows, 1 to 20.
     *
     * @param on true takes precedence over {@link #positiveWeights}
     * @return this
     */
    public TrainingSettings positiveWeightAuto(boolean on) {
        positiveWeightAuto = on;
        return this;
    }

    /**
     * Sets the weights of positives in the loss, against class imbalance.
     *
     * @param weights one per label, above 0; null for 1; copied
     * @return this
     * @throws IllegalArgumentException if a weight is 0, negative, NaN or infinite
     */
    public TrainingSettings positiveWeights(float @Nullable [] weights) {
        for (int l = 0; weights != null && l < weights.length; l++) {
            if (!(weights[l] > 0) || Float.isInfinite(weights[l])) {
                throw new IllegalArgumentException(
                        "the weight of positives of label " + (l + 1) + " must be above 0, got " + weights[l]);
            }
        }
        positiveWeights = weights == null ? null : weights.clone();
        return this;
    }

    /**
     * Sets the loss.
     *
     * @param rule the loss
     * @return this
     */
    public TrainingSettings loss(LossConfig rule) {
        loss = Objects.requireNonNull(rule, "rule");
        return this;
    }

    /**
     * Sets which rows an epoch uses, and how often.
     *
     * @param which the method
     * @return this
     */
    public TrainingSettings sampling(Sampling which) {
        sampling = Objects.requireNonNull(which, "which");
        return this;
    }

    /**
     * Sets how probabilities become decisions.
     *
     * @param method the method; thresholds and counts are tuned on the validation rows
     * @return this
     */
    public TrainingSettings decisions(DecisionMethod method) {
        decisions = Objects.requireNonNull(method, "method");
        return this;
    }

    /**
     * Sets the seed of initial weights, the order of rows, dropout and the split.
     *
     * @param value any number
     * @return this
     */
    public TrainingSettings seed(long value) {
        seed = value;
        return this;
    }

    /** {@return the loss} */
    public LossConfig loss() {
        return loss;
    }

    /**
     * Sets how rows without a label enter the ranking metrics of results; training does not depend on it.
     *
     * @param how left out, the default, or counted as ranked perfectly
     * @return this
     */
    public TrainingSettings rankingOfEmptyRows(EmptyRows how) {
        rankingOfEmptyRows = Objects.requireNonNull(how, "how");
        return this;
    }

    /** {@return how rows without a label enter the ranking metrics} */
    public EmptyRows rankingOfEmptyRows() {
        return rankingOfEmptyRows;
    }

    /** {@return whether positives have weights in the loss} */
    public boolean weightsPositives() {
        return positiveWeightAuto || positiveWeights != null;
    }

    /** {@return how probabilities become decisions} */
    public DecisionMethod decisions() {
        return decisions;
    }

    /** {@return the seed} */
    public long seed() {
        return seed;
    }

    /** {@return the learning rate, or the default of the optimizer} */
    public double learningRate() {
        return Double.isNaN(learningRate) ? optimizer.isAdam() ? 0.0003 : 0.05 : learningRate;
    }

    /** {@return epochs without an improvement after which training ends; 0: never} */
    public int earlyStopping() {
        return earlyStopping;
    }

    /** {@return the metric by which the epoch is chosen; null: the validation loss} */
    public @Nullable Metric bestBy() {
        return bestBy;
    }

    /** {@return passes over the training rows} */
    public int epochs() {
        return epochs;
    }

    /** {@return samples per step} */
    public int batch() {
        return batch;
    }

    /** {@return the optimizer with its values} */
    public OptimizerConfig rule() {
        return OptimizerConfig.of(optimizer, momentum, weightDecay);
    }

    private static int atLeast(String what, int n, int least) {
        if (n < least) {
            throw new IllegalArgumentException(what + " must be " + least + " or more, got " + n);
        }
        return n;
    }
}
