package org.lamella.optimization;

/**
 * The optimizer: how gradients change the weights.
 *
 * @param kind which optimizer
 * @param momentum momentum of SGD and Nesterov, beta1 of Adam; 0 to below 1
 * @param beta2 beta2 of Adam; 0 to below 1
 * @param epsilon epsilon of Adam; above 0
 * @param weightDecay 0 or more; applies to weights, not to biases or batch norm
 */
public record OptimizerConfig(Kind kind, float momentum, float beta2, float epsilon, float weightDecay) {

    /** The optimizers. */
    public enum Kind {
        /** Stochastic gradient descent, with or without momentum. */
        SGD,
        /** Stochastic gradient descent with Nesterov momentum. */
        NESTEROV,
        /** Adam; weight decay is a part of the gradient. */
        ADAM,
        /** Adam with decoupled weight decay. */
        ADAMW;

        /** {@return whether it is Adam or AdamW} */
        public boolean isAdam() {
            return this == ADAM || this == ADAMW;
        }
    }

    /**
     * Checks the ranges.
     *
     * @param kind which optimizer
     * @param momentum 0 to below 1
     * @param beta2 0 to below 1
     * @param epsilon above 0
     * @param weightDecay 0 or more
     * @throws IllegalArgumentException if a number is out of its range
     */
    public OptimizerConfig {
        if (!(momentum >= 0 && momentum < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon > 0) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException(
                    "optimizer: momentum and beta2 are 0 to below 1, epsilon above 0, weight decay 0 or more; got "
                            + momentum + ", " + beta2 + ", " + epsilon + ", " + weightDecay);
        }
    }

    /**
     * An optimizer with the usual beta2 of 0.999 and epsilon of 1e-8.
     *
     * @param kind which optimizer
     * @param momentum momentum of SGD and Nesterov, beta1 of Adam; 0 to below 1
     * @param weightDecay 0 or more
     * @return the optimizer
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static OptimizerConfig of(Kind kind, double momentum, double weightDecay) {
        return new OptimizerConfig(kind, (float) momentum, 0.999f, 1e-8f, (float) weightDecay);
    }

    /** {@return number of moments per weight that the optimizer keeps: 0, 1 or 2} */
    public int moments() {
        return switch (kind) {
            case SGD -> momentum == 0 ? 0 : 1;
            case NESTEROV -> 1;
            case ADAM, ADAMW -> 2;
        };
    }
}
