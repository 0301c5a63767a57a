// Every activation, once. Included with ACTIVATION(NAME, SLOPE, VALUE, DERIVATIVE) defined.
//   VALUE       of the vector x, with the float `slope` as an option
//   SLOPE       from what DERIVATIVE follows: OUTPUT, INPUT, or EITHER of the two (they have the same sign, which
//               decides)
//   DERIVATIVE  of the vector v, the output or the input
ACTIVATION(TANH, OUTPUT, hyperbolic_tangent(x), 1.0f - v * v)
ACTIVATION(SIGMOID, OUTPUT, logistic(x), v * (1.0f - v))
ACTIVATION(RELU, EITHER, select(x <= 0.0f, Vector{}, x), select(v > 0.0f, splat(1.0f), Vector{}))  // NaN stays NaN
ACTIVATION(LEAKY_RELU, EITHER, select(x > 0.0f, x, x* slope), select(v > 0.0f, splat(1.0f), splat(slope)))
