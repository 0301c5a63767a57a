// Activation, copy, mask and dropout of one sample.
#include "activation.h"
#include "kernels.h"

namespace lamella::LAMELLA_LEVEL {

void activate_forward(const lamella_op& op, const float* x, float* y) {
  activate_all(op.activation, op.slope, op.count, x, 1.0f, 0.0f, y);
}

void activate_backward(const lamella_op& op, const float* y, const float* dy, float* dx) {
  auto product = [&](Vector value, Vector g) { return g * derivative(op.activation, op.slope, value); };
  if (!op.accumulate) return slope_all(op.activation, op.slope, op.count, y, dy, dx);
  for (int64_t i = 0; i < op.count; i += kLanes) {
    int64_t n = smaller<int64_t>(kLanes, op.count - i);
    float part[kLanes];
    each(n, y + i, dy + i, part, product);
    for (int64_t j = 0; j < n; j++) dx[i + j] += part[j];
  }
}

void copy(const lamella_op& op, const float* x, float* y) {
  if (op.accumulate)
    each(op.count, y, x, y, [](Vector a, Vector b) { return a + b; });
  else
    __builtin_memcpy(y, x, op.count * sizeof(float));
}

namespace {

// Columns of a sequence of one-hot or other columns, up to the last that is not 0.
int64_t length_of(const lamella_op& op, const float* input) {
  int64_t end = op.out_w;
  for (; end > 0; end--)
    for (int c = 0; c < op.filters; c++)
      if (input[int64_t(c) * op.out_w + end - 1] != 0) return end;
  return 0;
}

}  // namespace

void mask(const lamella_op& op, const float* input, const float* x, float* y) {
  const int64_t reach = length_of(op, input) + op.pad_w;
  const int64_t floor = reach >= 0 ? reach / op.stride_w : -((-reach + op.stride_w - 1) / op.stride_w);
  const int64_t kept = smaller<int64_t>(op.width, larger<int64_t>(1, floor + 1));
  const float scale = op.algorithm == 1 ? float(op.width) / float(kept) : 1.0f;
  for (int c = 0; c < op.channels; c++, x += op.width, y += op.width) {
    for (int64_t i = 0; i < kept; i++) y[i] = x[i] * scale + (op.accumulate ? y[i] : 0.0f);
    for (int64_t i = kept; i < op.width; i++) y[i] = op.accumulate ? y[i] : op.slope;
  }
}

namespace {

// SplitMix64's finaliser (Steele, Lea and Flood, OOPSLA 2014): a counter in, 64 well mixed bits out. No state, so a
// unit's fate depends on seed, step, layer, sample and place alone, and the backward pass finds it again.
uint64_t mix(uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

void dropout(const lamella_op& op, const float* x, float* y, int64_t sample, int64_t step, int64_t seed) {
  uint64_t key = mix(mix(mix(static_cast<uint64_t>(seed)) ^ static_cast<uint64_t>(step)) ^
                     mix(static_cast<uint64_t>(op.stream) << 32 | static_cast<uint64_t>(sample)));
  uint64_t dropped = static_cast<uint64_t>(static_cast<double>(op.rate) * 16777216.0);
  float scale = 1.0f / (1.0f - op.rate);
  for (int64_t i = 0; i < op.count; i++) {
    float value = (mix(key + static_cast<uint64_t>(i)) >> 40) < dropped ? 0.0f : x[i] * scale;
    y[i] = op.accumulate ? y[i] + value : value;
  }
}

}  // namespace lamella::LAMELLA_LEVEL
