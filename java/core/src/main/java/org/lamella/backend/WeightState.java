package org.lamella.backend;

import org.lamella.optimization.OptimizerConfig;

/** Which arrays weights have in addition to parameters and running statistics. Their use decides. */
public enum WeightState {
    /** None: for programs that only run forward. */
    INFERENCE(false, 0),
    /** Gradients: for programs that run backward, and for optimizers without state. */
    GRADIENTS(true, 0),
    /** Gradients and a first moment: for SGD with momentum and Nesterov. */
    FIRST_MOMENT(true, 1),
    /** Gradients, first moment and second moment: for Adam and AdamW. */
    BOTH_MOMENTS(true, 2);

    private final boolean gradients;
    private final int moments;

    WeightState(boolean gradients, int moments) {
        this.gradients = gradients;
        this.moments = moments;
    }

    /**
     * The state for an optimizer.
     *
     * @param rule the optimizer
     * @return the state with its number of moments
     */
    public static WeightState of(OptimizerConfig rule) {
        return switch (rule.moments()) {
            case 0 -> GRADIENTS;
            case 1 -> FIRST_MOMENT;
            default -> BOTH_MOMENTS;
        };
    }

    /** {@return whether there are gradients} */
    public boolean gradients() {
        return gradients;
    }

    /** {@return number of arrays of optimizer state, 0 to 2} */
    public int moments() {
        return moments;
    }

    /** {@return number of additional arrays of the size of the parameters, 0 to 3} */
    public int arrays() {
        return (gradients ? 1 : 0) + moments;
    }
}
