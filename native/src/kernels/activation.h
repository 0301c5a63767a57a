// The activations of activation_list.h and their derivatives, on vectors. Most derivatives are computed from the
// output y, so that the input need not be kept: tanh' = 1 - y^2, sigmoid' = y (1 - y), ReLU' = [y > 0].
#pragma once

#include "kernel_table.h"
#include "math.h"

namespace lamella::LAMELLA_ISA {

template <int VALUE>
struct Constant {
  static constexpr int value = VALUE;
};

static inline Vector activate(int activation, [[maybe_unused]] float slope, Vector x) {
  switch (activation) {
#define ACTIVATION(name, source, value, derivative) \
  case LAMELLA_##name: return value;
#include "activation_list.h"
#undef ACTIVATION
    default: return x;
  }
}

// v: the output or the input of the activation, as slope_source() says.
static inline Vector derivative(int activation, [[maybe_unused]] float slope, Vector v) {
  switch (activation) {
#define ACTIVATION(name, source, value, derivative) \
  case LAMELLA_##name: return derivative;
#include "activation_list.h"
#undef ACTIVATION
    default: return splat(1.0f);
  }
}

// The value from which the derivative is computed.
enum class SlopeSource { OUTPUT, INPUT, EITHER };

static constexpr SlopeSource slope_source(int activation) {
  switch (activation) {
#define ACTIVATION(name, source, ...) \
  case LAMELLA_##name: return SlopeSource::source;
#include "activation_list.h"
#undef ACTIVATION
    default: return SlopeSource::EITHER;
  }
}

// n floats, at most a vector; the other lanes are 0.
static inline Vector load_part(const float* p, int64_t n) {
  if (n >= kLanes) return load(p);
  float part[kLanes] = {};
  for (int64_t j = 0; j < n; j++) part[j] = p[j];
  return load(part);
}

static inline void store_part(float* p, Vector v, int64_t n) {
  if (n >= kLanes) return store(p, v);
  float part[kLanes];
  store(part, v);
  for (int64_t j = 0; j < n; j++) p[j] = part[j];
}

// Applies f to n floats; y may be x. The last vector overlaps the one before it and is loaded before anything is
// stored. Fewer floats than a vector go through a padded copy. Nothing outside is read or written.
template <typename F>
static inline void each(int64_t n, const float* x, float* y, F f) {
  if (n < kLanes) {
    float tail[kLanes] = {};
    for (int64_t j = 0; j < n; j++) tail[j] = x[j];
    store(tail, f(load(tail)));
    for (int64_t j = 0; j < n; j++) y[j] = tail[j];
    return;
  }
  Vector last = load(x + n - kLanes);
  for (int64_t i = 0; i + kLanes < n; i += kLanes) store(y + i, f(load(x + i)));
  store(y + n - kLanes, f(last));
}

// The same for two arguments; y may be a or b.
template <typename F>
static inline void each(int64_t n, const float* a, const float* b, float* y, F f) {
  if (n < kLanes) {
    float left[kLanes] = {}, right[kLanes] = {};
    for (int64_t j = 0; j < n; j++) left[j] = a[j], right[j] = b[j];
    store(left, f(load(left), load(right)));
    for (int64_t j = 0; j < n; j++) y[j] = left[j];
    return;
  }
  Vector last_a = load(a + n - kLanes), last_b = load(b + n - kLanes);
  for (int64_t i = 0; i + kLanes < n; i += kLanes) store(y + i, f(load(a + i), load(b + i)));
  store(y + n - kLanes, f(last_a, last_b));
}

// Calls f with the activation as a compile-time constant, so that loops contain no switch.
template <typename F>
static inline void with_activation(int activation, F f) {
  switch (activation) {
#define ACTIVATION(name, ...) \
  case LAMELLA_##name: return f(Constant<LAMELLA_##name>{});
#include "activation_list.h"
#undef ACTIVATION
    default: return f(Constant<LAMELLA_IDENTITY>{});
  }
}

// y = act(x * scale + shift) over n floats.
static inline void activate_all(int activation, float slope, int64_t n, const float* x, float scale, float shift,
                                float* y) {
  with_activation(activation, [&](auto kind) {
    each(n, x, y, [&](Vector v) { return activate(kind.value, slope, v * scale + shift); });
  });
}

// g = dy * act'(y) over n floats. y: see derivative().
static inline void slope_all(int activation, float slope, int64_t n, const float* y, const float* dy, float* g) {
  with_activation(activation, [&](auto kind) {
    each(n, y, dy, g, [&](Vector v, Vector d) { return d * derivative(kind.value, slope, v); });
  });
}

}  // namespace lamella::LAMELLA_ISA
