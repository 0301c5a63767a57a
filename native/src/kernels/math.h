// Vectorised exp, tanh, sigmoid, log and log(1 + e). Coefficients of exp and of tanh near zero: Moshier, Cephes
// Mathematical Library, expf and tanhf. Bounds, measured against long double over all binades by the native tests: exp
// 1 ulp on [-87, 88], tanh 1.5 ulp, log and log(1 + e) 2 ulp, sigmoid 2.5 ulp on [-87, 88]: 1 from exp and 1/2 each
// from sum and quotient; a relative error is more ulps where the result is just above a power of two.
#pragma once

#include "vector.h"

namespace lamella::LAMELLA_ISA {

static inline Vector exponential(Vector x) {
  x = select(x > 88.0f, splat(88.0f), x);
  x = select(x < -87.0f, splat(-87.0f), x);
  const Vector magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to the nearest integer
  Vector shifted = x * 1.44269504088896341f + magic;
  IntVector n = bits(shifted) - bits(magic);
  Vector whole = shifted - magic;
  Vector r = x - whole * 0.693359375f;
  r = r - whole * -2.12194440e-4f;
  Vector p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  return p * from_bits((n + 127) << 23);
}

static inline Vector magnitude(Vector x) { return from_bits(bits(x) & 0x7fffffff); }

static inline Vector hyperbolic_tangent(Vector x) {
  Vector size = magnitude(x);
  Vector square = x * x;
  Vector p = splat(-5.70498872745e-3f);
  p = p * square + 2.06390887954e-2f;
  p = p * square + -5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square + -3.33332819422e-1f;
  Vector small = p * square * x + x;
  Vector large = 1.0f - 2.0f / (exponential(size + size) + 1.0f);
  large = from_bits(bits(large) | (bits(x) & static_cast<int32_t>(0x80000000)));
  return select(size < 0.625f, small, large);
}

// e^x / (1 + e^x) for x < 0: then the sum contributes less to the error.
static inline Vector logistic(Vector x) {
  Vector e = exponential(-magnitude(x));
  return select(x < 0.0f, e, splat(1.0f)) / (1.0f + e);
}

// log(1 + e) for e in [0, 1]: 2 atanh(e / (2 + e)) as a series; the first term left out is below 1e-9 of the result.
static inline Vector log_one_plus(Vector e) {
  Vector s = e / (e + 2.0f);
  Vector q = s * s;
  Vector p = splat(1.0f / 17);
  p = p * q + 1.0f / 15;
  p = p * q + 1.0f / 13;
  p = p * q + 1.0f / 11;
  p = p * q + 1.0f / 9;
  p = p * q + 1.0f / 7;
  p = p * q + 1.0f / 5;
  p = p * q + 1.0f / 3;
  return 2.0f * (p * q * s + s);
}

// log(x) for normal x > 0: exponent * log(2) + 2 atanh((m - 1) / (m + 1)), with the mantissa m between sqrt(1/2) and
// sqrt(2).
static inline Vector logarithm(Vector x) {
  const int32_t root = 0x3f3504f3;  // the bits of sqrt(1/2)
  IntVector n = (bits(x) - root) >> 23;
  Vector m = from_bits(bits(x) - (n << 23));
  Vector whole = __builtin_convertvector(n, Vector);
  Vector s = (m - 1.0f) / (m + 1.0f);
  Vector q = s * s;
  Vector p = splat(1.0f / 11);
  p = p * q + 1.0f / 9;
  p = p * q + 1.0f / 7;
  p = p * q + 1.0f / 5;
  p = p * q + 1.0f / 3;
  return whole * 0.693359375f + (whole * -2.12194440e-4f + 2.0f * (p * q * s + s));
}

}  // namespace lamella::LAMELLA_ISA
