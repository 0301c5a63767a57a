// Every activation, once. Included with ACTIVATION(NAME, SLOPE, VALUE, DERIVATIVE) defined.
//   VALUE       of the vector x, with the float `slope` as an option
//   SLOPE       the value from which DERIVATIVE is computed: OUTPUT, INPUT, or EITHER, where only the sign counts and
//               both have the same
//   DERIVATIVE  of the vector v, the output or the input
// clang-format off
ACTIVATION(TANH, OUTPUT, hyperbolic_tangent(x), 1.0f - v * v)
ACTIVATION(SIGMOID, OUTPUT, logistic(x), v * (1.0f - v))
ACTIVATION(RELU, EITHER, select(x <= 0.0f, Vector{}, x), select(v > 0.0f, splat(1.0f), Vector{}))  // NaN stays NaN
ACTIVATION(LEAKY_RELU, EITHER, select(x > 0.0f, x, x * slope), select(v > 0.0f, splat(1.0f), splat(slope)))
// x times the logistic sigmoid of 2 sqrt(2 / pi) (x + 0.044715 x^3). For large |x| the polynomial would overflow, so
// the slope is set to 1 or 0 there. NaN stays NaN.
ACTIVATION(GELU, INPUT, x * logistic(1.59576912f * x * (1.0f + 0.044715f * x * x)),
           select(v * v > 400.0f, select(v > 0.0f, splat(1.0f), Vector{}),
                  logistic(1.59576912f * v * (1.0f + 0.044715f * v * v)) *
                      (1.0f + v * logistic(-1.59576912f * v * (1.0f + 0.044715f * v * v)) * 1.59576912f *
                                  (1.0f + 0.134145f * v * v))))
// clang-format on
