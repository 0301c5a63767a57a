package org.lamella.optimization;

/**
 * The loss per label: sigmoid cross-entropy, or a focal loss, which down-weights examples that are already classified
 * correctly. With the predicted probability p, a positive has the loss -(1 - p)^gammaPositive log p, a negative
 * -r^gammaNegative log(1 - r) with r = max(p - margin, 0).
 *
 * @param gammaPositive focusing parameter of positives, 0 to 20; 0 is cross-entropy
 * @param gammaNegative focusing parameter of negatives, 0 to 20; 0 is cross-entropy
 * @param margin a negative with a lower probability has a loss of 0; 0 to below 1
 */
public record LossConfig(float gammaPositive, float gammaNegative, float margin) {

    /** Sigmoid cross-entropy. */
    public static final LossConfig CROSS_ENTROPY = new LossConfig(0, 0, 0);

    private static final float MAX_GAMMA = 20;

    /**
     * Checks the ranges.
     *
     * @param gammaPositive 0 to 20
     * @param gammaNegative 0 to 20
     * @param margin 0 to below 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public LossConfig {
        if (!(gammaPositive >= 0 && gammaPositive <= MAX_GAMMA)
                || !(gammaNegative >= 0 && gammaNegative <= MAX_GAMMA)
                || !(margin >= 0 && margin < 1)) {
            throw new IllegalArgumentException("loss: gammas are 0 to " + (int) MAX_GAMMA
                    + ", the margin 0 to below 1; got " + gammaPositive + ", " + gammaNegative + ", " + margin);
        }
    }

    /**
     * Focal loss (Lin, Goyal, Girshick, He and Dollar 2017). The paper uses gamma 2; its alpha is the positive weight.
     *
     * @param gamma focusing parameter of positives and negatives, 0 to 20
     * @return the loss
     * @throws IllegalArgumentException if it is out of its range
     */
    public static LossConfig focal(double gamma) {
        return new LossConfig((float) gamma, (float) gamma, 0);
    }

    /**
     * Asymmetric loss (Ridnik et al. 2021). The paper uses 0, 4 and 0.05.
     *
     * @param gammaPositive focusing parameter of positives, 0 to 20
     * @param gammaNegative focusing parameter of negatives, 0 to 20
     * @param margin a negative with a lower probability has a loss of 0; 0 to below 1
     * @return the loss
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static LossConfig asymmetric(double gammaPositive, double gammaNegative, double margin) {
        return new LossConfig((float) gammaPositive, (float) gammaNegative, (float) margin);
    }

    /** {@return its name with its parameters: bce, focal=GAMMA, or asymmetric=POSITIVE:NEGATIVE:MARGIN} */
    public String text() {
        if (equals(CROSS_ENTROPY)) {
            return "bce";
        }
        return margin == 0 && gammaPositive == gammaNegative
                ? "focal=" + text(gammaPositive)
                : "asymmetric=" + text(gammaPositive) + ":" + text(gammaNegative) + ":" + text(margin);
    }

    private static String text(float number) {
        return number == Math.rint(number) ? Integer.toString((int) number) : Float.toString(number);
    }

    /**
     * The loss of one logit.
     *
     * @param z the logit, finite
     * @param target 0 or 1
     * @param positiveWeight weight of a positive, above 0
     * @return 0 or more
     */
    public double value(double z, int target, double positiveWeight) {
        if (target == 1) {
            return positiveWeight * StrictMath.exp(-gammaPositive * softplus(z)) * softplus(-z);
        }
        if (margin == 0) {
            return StrictMath.exp(-gammaNegative * softplus(-z)) * softplus(z);
        }
        double r = 1 / (1 + StrictMath.exp(-z)) - margin;
        return r <= 0 ? 0 : -StrictMath.pow(r, gammaNegative) * StrictMath.log(1 / (1 + StrictMath.exp(z)) + margin);
    }

    /**
     * The derivative of {@link #value} with respect to the logit.
     *
     * @param z the logit, finite
     * @param target 0 or 1
     * @param positiveWeight weight of a positive, above 0
     * @return the derivative
     */
    public double slope(double z, int target, double positiveWeight) {
        double p = 1 / (1 + StrictMath.exp(-z));
        double q = 1 / (1 + StrictMath.exp(z));
        if (target == 1) {
            return -positiveWeight
                    * StrictMath.exp(-gammaPositive * softplus(z))
                    * (q + gammaPositive * p * softplus(-z));
        }
        if (margin == 0) {
            return StrictMath.exp(-gammaNegative * softplus(-z)) * (p + gammaNegative * q * softplus(z));
        }
        double r = p - margin;
        return r <= 0
                ? 0
                : p
                        * q
                        * StrictMath.pow(r, gammaNegative)
                        * (1 / (q + margin) - gammaNegative * StrictMath.log(q + margin) / r);
    }

    /** log(1 + e^z), for any finite z. */
    private static double softplus(double z) {
        return StrictMath.log1p(StrictMath.exp(-Math.abs(z))) + Math.max(z, 0);
    }
}
