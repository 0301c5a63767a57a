// The vectorised functions of one ISA, element by element, for math_test.
#include "kernels/math.h"

namespace lamella::LAMELLA_ISA {

float exponential_of(float x) { return exponential(splat(x))[0]; }
float tangent_of(float x) { return hyperbolic_tangent(splat(x))[0]; }
float logistic_of(float x) { return logistic(splat(x))[0]; }
float log_plus_of(float x) { return log_one_plus(splat(x))[0]; }
float log_of(float x) { return logarithm(splat(x))[0]; }

}  // namespace lamella::LAMELLA_ISA
