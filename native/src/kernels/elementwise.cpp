// Activation, copy, mask and dropout of one sample.
#include "activation.h"
#include "kernels.h"

namespace lamella::LAMELLA_ISA {

namespace {

void activate_backward(const lamella_activate& op, const float* v, const float* dy, float* dx, bool accumulate) {
  auto product = [&](Vector value, Vector g) { return g * derivative(op.activation.kind, op.activation.slope, value); };
  if (!accumulate) return slope_all(op.activation.kind, op.activation.slope, op.elements, v, dy, dx);
  for (int64_t i = 0; i < op.elements; i += kLanes) {
    int64_t n = smaller<int64_t>(kLanes, op.elements - i);
    float part[kLanes];
    each(n, v + i, dy + i, part, product);
    for (int64_t j = 0; j < n; j++) dx[i + j] += part[j];
  }
}

void copy(const lamella_elements& op, const float* x, float* y, bool accumulate) {
  if (accumulate)
    each(op.count, y, x, y, [](Vector a, Vector b) { return a + b; });
  else
    __builtin_memcpy(y, x, op.count * sizeof(float));
}

// The number of columns of a sequence, up to the last that is not all 0.
int64_t length_of(const lamella_mask& op, const float* input) {
  int64_t end = op.input_width;
  for (; end > 0; end--)
    for (int c = 0; c < op.input_channels; c++)
      if (input[int64_t(c) * op.input_width + end - 1] != 0) return end;
  return 0;
}

// Keeps the columns of a map that come from a sequence and sets those that come from its padding to op.covered. input:
// the input of the network.
void mask(const lamella_mask& op, const float* input, const float* x, float* y, bool accumulate) {
  const int64_t reach = length_of(op, input) + op.offset, width = op.map.width;
  const int64_t floor = reach >= 0 ? reach / op.stride : -((-reach + op.stride - 1) / op.stride);
  const int64_t kept = smaller<int64_t>(width, larger<int64_t>(1, floor + 1));
  const float scale = op.scaled ? float(width) / float(kept) : 1.0f;
  for (int c = 0; c < op.map.channels; c++, x += width, y += width) {
    for (int64_t i = 0; i < kept; i++) y[i] = x[i] * scale + (accumulate ? y[i] : 0.0f);
    for (int64_t i = kept; i < width; i++) y[i] = accumulate ? y[i] : op.covered;
  }
}

// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): maps a counter to 64 well-mixed bits. It has no
// state: whether a unit is dropped depends only on seed, step, layer, sample and position, so the backward pass
// computes the same mask.
uint64_t mix(uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// y (+)= x, with units whose bits are below the rate set to 0 and the others scaled by 1 / (1 - rate).
void dropout(const lamella_dropout& op, const float* x, float* y, int64_t sample, int64_t step, int64_t seed,
             bool accumulate) {
  uint64_t key = mix(mix(mix(static_cast<uint64_t>(seed)) ^ static_cast<uint64_t>(step)) ^
                     mix(static_cast<uint64_t>(op.stream) << 32 | static_cast<uint64_t>(sample)));
  uint64_t dropped = static_cast<uint64_t>(static_cast<double>(op.rate) * 16777216.0);
  float scale = 1.0f / (1.0f - op.rate);
  for (int64_t i = 0; i < op.elements; i++) {
    float value = (mix(key + static_cast<uint64_t>(i)) >> 40) < dropped ? 0.0f : x[i] * scale;
    y[i] = accumulate ? y[i] + value : value;
  }
}

}  // namespace

const Operator activate_operator = {[](const Call& c) {
  const lamella_activate& op = c.op->work.activate;
  c.each_sample([&](int64_t n) {
    activate_all(op.activation.kind, op.activation.slope, op.elements, c.floats(LAMELLA_X, n), 1.0f, 0.0f,
                 c.floats(LAMELLA_Y, n));
  });
}};

const Operator activate_backward_operator = {[](const Call& c) {
  const int source = c.base[LAMELLA_X] ? LAMELLA_X : LAMELLA_Y;
  c.each_sample([&](int64_t n) {
    activate_backward(c.op->work.activate, c.floats(source, n), c.floats(LAMELLA_DY, n), c.floats(LAMELLA_DX, n),
                      c.accumulate());
  });
}};

const Operator copy_operator = {[](const Call& c) {
  c.each_sample(
      [&](int64_t n) { copy(c.op->work.elements, c.floats(LAMELLA_X, n), c.floats(LAMELLA_Y, n), c.accumulate()); });
}};

const Operator mask_operator = {[](const Call& c) {
  c.each_sample([&](int64_t n) {
    mask(c.op->work.mask, c.floats(LAMELLA_AUXILIARY, n), c.floats(LAMELLA_X, n), c.floats(LAMELLA_Y, n),
         c.accumulate());
  });
}};

const Operator dropout_operator = {[](const Call& c) {
  c.each_sample([&](int64_t n) {
    dropout(c.op->work.dropout, c.floats(LAMELLA_X, n), c.floats(LAMELLA_Y, n), n, c.step->step, c.step->seed,
            c.accumulate());
  });
}};

}  // namespace lamella::LAMELLA_ISA
