package org.lamella.network;

/**
 * The activation functions. The order is a contract: the native engine and the CUDA kernels number them the same way,
 * from 1 on.
 */
public enum ActivationKind {
    /** Hyperbolic tangent. */
    TANH("tanh", SlopeSource.OUTPUT) {
        @Override
        public double value(double x, double slope) {
            return Math.tanh(x);
        }

        @Override
        public double derivative(double x, double slope) {
            double y = Math.tanh(x);
            return 1 - y * y;
        }

        @Override
        public boolean saturated(double y) {
            return Math.abs(y) > SATURATION;
        }
    },
    /** Logistic sigmoid, 1 / (1 + e^-x). */
    SIGMOID("sigmoid", SlopeSource.OUTPUT) {
        @Override
        public double value(double x, double slope) {
            return 1 / (1 + Math.exp(-x));
        }

        @Override
        public double derivative(double x, double slope) {
            double y = value(x, slope);
            return y * (1 - y);
        }

        @Override
        public boolean saturated(double y) {
            return y < 1 - SATURATION || y > SATURATION;
        }
    },
    /** max(x, 0). */
    RELU("ReLU", SlopeSource.EITHER) {
        @Override
        public double value(double x, double slope) {
            return Math.max(x, 0);
        }

        @Override
        public double derivative(double x, double slope) {
            return x > 0 ? 1 : 0;
        }
    },
    /** x above zero, slope * x below. */
    LEAKY_RELU("leaky ReLU", SlopeSource.EITHER) {
        @Override
        public double value(double x, double slope) {
            return x > 0 ? x : slope * x;
        }

        @Override
        public double derivative(double x, double slope) {
            return x > 0 ? 1 : slope;
        }
    },
    /**
     * Gaussian error linear unit (Hendrycks and Gimpel 2016) in its form with tanh: x / 2 (1 + tanh(sqrt(2 / pi) (x +
     * 0.044715 x^3))).
     */
    GELU("GELU", SlopeSource.INPUT) {
        private static final double SCALE = 2 * Math.sqrt(2 / Math.PI);
        private static final double CUBIC = 0.044715;

        @Override
        public double value(double x, double slope) {
            return x * gate(x);
        }

        @Override
        public double derivative(double x, double slope) {
            return gate(x) * (1 + x * gate(-x) * SCALE * (1 + 3 * CUBIC * x * x));
        }

        /** (1 + tanh(u)) / 2, as the logistic sigmoid of 2 u. */
        private static double gate(double x) {
            return 1 / (1 + Math.exp(-SCALE * x * (1 + CUBIC * x * x)));
        }

        @Override
        public boolean monotone() {
            return false;
        }
    };

    /** What the derivative of an activation can be computed from. */
    public enum SlopeSource {
        /** The output of the activation. */
        OUTPUT,
        /** The output or the input: both have the same sign, and the derivative depends on the sign only. */
        EITHER,
        /** The input only, which must then be kept for the backward pass. */
        INPUT
    }

    /** An output is saturated above this absolute value; a sigmoid also below 1 minus this value. */
    private static final double SATURATION = 0.99;

    private final String title;
    private final SlopeSource slopeSource;

    ActivationKind(String title, SlopeSource slopeSource) {
        this.title = title;
        this.slopeSource = slopeSource;
    }

    /**
     * The function, in double precision.
     *
     * @param x the input
     * @param slope slope of leaky ReLU below zero, 0 to 1; ignored by the others
     * @return its value
     */
    public abstract double value(double x, double slope);

    /**
     * Its derivative, in double precision.
     *
     * @param x the input
     * @param slope slope of leaky ReLU below zero, 0 to 1; ignored by the others
     * @return the derivative with respect to {@code x}; at a kink the derivative from the left
     */
    public abstract double derivative(double x, double slope);

    /**
     * The name for reports.
     *
     * @return for example {@code ReLU}
     */
    public String title() {
        return title;
    }

    /**
     * What the derivative can be computed from.
     *
     * @return the output, the input, or either
     */
    public SlopeSource slopeSource() {
        return slopeSource;
    }

    /**
     * Whether the function never decreases. Max pooling may then run before it: the maximum of the outputs is the
     * output of the maximum.
     *
     * @return true for all but GELU
     */
    public boolean monotone() {
        return true;
    }

    /**
     * Whether the function keeps positive values and suppresses negative ones. The layer before it then needs the
     * larger initial weights of He et al. 2015.
     *
     * @return true for ReLU and its relatives
     */
    public boolean rectifies() {
        return slopeSource != SlopeSource.OUTPUT;
    }

    /**
     * Whether it can saturate.
     *
     * @return true if it approaches a limit at both ends
     */
    public boolean saturates() {
        return slopeSource == SlopeSource.OUTPUT;
    }

    /**
     * Whether an output is in the range where the function is nearly flat.
     *
     * @param y an output
     * @return false for functions that do not saturate
     */
    public boolean saturated(double y) {
        return false;
    }

    /**
     * Whether a unit can die: its output is exactly 0 for every sample, and it stops learning.
     *
     * @return true for ReLU only
     */
    public boolean canDie() {
        return this == RELU;
    }
}
