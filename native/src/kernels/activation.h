// The activations and their derivatives, on vectors. Derivatives take the activation's own result y, so that the
// value before it need not be kept: tanh' = 1 - y^2, sigmoid' = y (1 - y), ReLU' = [y > 0].
#pragma once

#include "../../include/lamella.h"
#include "math.h"

namespace lamella::LAMELLA_LEVEL {

static inline Vector activate(int activation, float slope, Vector x) {
  switch (activation) {
    case LAMELLA_TANH: return hyperbolic_tangent(x);
    case LAMELLA_SIGMOID: return logistic(x);
    case LAMELLA_RELU: return select(x > 0.0f, x, Vector{});
    case LAMELLA_LEAKY_RELU: return select(x > 0.0f, x, x * slope);
    default: return x;
  }
}

static inline Vector derivative(int activation, float slope, Vector y) {
  switch (activation) {
    case LAMELLA_TANH: return 1.0f - y * y;
    case LAMELLA_SIGMOID: return y * (1.0f - y);
    case LAMELLA_RELU: return select(y > 0.0f, splat(1.0f), Vector{});
    case LAMELLA_LEAKY_RELU: return select(y > 0.0f, splat(1.0f), splat(slope));
    default: return splat(1.0f);
  }
}

// Applies one vector function to n floats; the tail goes through a padded copy, so nothing outside is touched.
template <typename F> static inline void each(int64_t n, const float* x, float* y, F f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) store(y + i, f(load(x + i)));
  if (i < n) {
    float tail[kLanes] = {};
    for (int64_t j = i; j < n; j++) tail[j - i] = x[j];
    store(tail, f(load(tail)));
    for (int64_t j = i; j < n; j++) y[j] = tail[j - i];
  }
}

template <typename F> static inline void each(int64_t n, const float* a, const float* b, float* y, F f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) store(y + i, f(load(a + i), load(b + i)));
  if (i < n) {
    float left[kLanes] = {}, right[kLanes] = {};
    for (int64_t j = i; j < n; j++) left[j - i] = a[j], right[j - i] = b[j];
    store(left, f(load(left), load(right)));
    for (int64_t j = i; j < n; j++) y[j] = left[j - i];
  }
}

}  // namespace lamella::LAMELLA_LEVEL
