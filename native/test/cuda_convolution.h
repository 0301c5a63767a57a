// Shared by the tests of CUDA convolutions on simulated blocks: shapes as the kernels take them, and a batch of random
// values with its outputs and gradients in double precision.
#pragma once

#include "convolution_reference.h"

#define LAMELLA_SIMULATED
#include "device.cuh"

namespace testing {

constexpr int kSamples = 3;
constexpr int kGap = 3;  // y is part of a larger tensor

inline unsigned blocks(int64_t items, int64_t each) { return unsigned((items + each - 1) / each); }

inline ConvolutionShape shape_of(const lamella_convolution& op) {
  ConvolutionShape s = {};
  s.samples = kSamples, s.channels = op.input.channels, s.height = op.input.height, s.width = op.input.width;
  s.filters = op.filters, s.kernel_h = op.kernel_h, s.kernel_w = op.kernel_w;
  s.stride_h = op.stride_h, s.stride_w = op.stride_w, s.pad_h = op.pad_h, s.pad_w = op.pad_w;
  s.out_h = op.out_h, s.out_w = op.out_w;
  s.pool_h = op.pooling.kind ? op.pooling.window_h : 1, s.pool_w = op.pooling.kind ? op.pooling.window_w : 1;
  s.pooled_h = op.pooling.kind ? op.pooling.out_h : op.out_h,
  s.pooled_w = op.pooling.kind ? op.pooling.out_w : op.out_w;
  s.y_stride = s.filters * s.pooled_h * s.pooled_w + kGap;
  return s;
}

// A convolution with tanh over a batch. g: the gradient before the activation.
struct Batch {
  lamella_convolution op;
  ConvolutionShape shape;
  std::vector<float> x, w, b, dy, g;
  Reference expected;

  Batch(const Case& t, unsigned seed) : op(op_of(t, lamella::LAMELLA_TANH)), shape(shape_of(op)) {
    x = random_floats(kSamples * inputs(), seed), w = random_floats(t.k * t.c * t.r * t.s, seed + 1);
    b = random_floats(t.k, seed + 2), dy = random_floats(kSamples * outputs(), seed + 3);
    for (float& v : w) v *= 0.1f;
    expected.dw.resize(w.size());
    auto append = [](auto& all, const auto& one) { all.insert(all.end(), one.begin(), one.end()); };
    for (int n = 0; n < kSamples; n++) {
      Reference one = reference(op, {x.begin() + n * inputs(), x.begin() + (n + 1) * inputs()}, w, b,
                                {dy.begin() + n * outputs(), dy.begin() + (n + 1) * outputs()});
      append(g, one.g), append(expected.y, one.y), append(expected.dx, one.dx), append(expected.argmax, one.argmax);
      for (size_t i = 0; i < w.size(); i++) expected.dw[i] += one.dw[i];
    }
  }

  int64_t inputs() const { return int64_t(shape.channels) * shape.height * shape.width; }
  int64_t outputs() const { return int64_t(shape.filters) * shape.pooled_h * shape.pooled_w; }
};

}  // namespace testing
