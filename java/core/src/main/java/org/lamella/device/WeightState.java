package org.lamella.device;

import org.lamella.plan.OptimizerConfig;

/** Which arrays weights have besides parameters and running statistics: what they are used for decides. */
public enum WeightState {
    /** None: for programs that run forward. */
    INFERENCE(false, 0),
    /** Gradients: for programs that run backward, and for optimizers without a state. */
    GRADIENTS(true, 0),
    /** Gradients and a first moment: for SGD with momentum and Nesterov. */
    FIRST_MOMENT(true, 1),
    /** Gradients, a first and a second moment: for Adam and AdamW. */
    BOTH_MOMENTS(true, 2);

    private final boolean gradients;
    private final int moments;

    WeightState(boolean gradients, int moments) {
        this.gradients = gradients;
        this.moments = moments;
    }

    /**
     * What an optimizer needs.
     *
     * @param rule the optimizer
     * @return the state with as many moments as it has
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

    /** {@return arrays of optimizer state, 0 to 2} */
    public int moments() {
        return moments;
    }

    /** {@return arrays as large as the parameters, beside them: 0 to 3} */
    public int arrays() {
        return (gradients ? 1 : 0) + moments;
    }
}
