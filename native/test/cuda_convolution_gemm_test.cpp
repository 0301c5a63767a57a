// Convolutions without a pool as implicit GEMM, on simulated blocks: against double precision, and bit by bit against
// the kernels that work for every shape.
#include "convolution_gemm_variant.h"
#include "convolution_reference.h"

#define LAMELLA_SIMULATED
#include "device.cuh"

// The formatter sorts includes, and drops repeated ones, up to the next blank line.
namespace any_shape {
#include "convolution_forward.cu"
#include "forget_constants.h"

#include "convolution_backward_data.cu"
#include "forget_constants.h"

#include "convolution_backward_filter.cu"
#include "forget_constants.h"
}  // namespace any_shape

using namespace testing;
using lamella::sim::launch;

namespace {

constexpr unsigned kThreads = 128;
constexpr int kSlice = 2;

unsigned blocks(int64_t items, int64_t each) { return unsigned((items + each - 1) / each); }

struct Problem {
  lamella_convolution op = {};
  ConvolutionShape shape = {};
  std::vector<float> x, w, b, dy;

  // out_h x out_w: at least so many outputs; more where the variant's vectors need them.
  Problem(const GemmVariant& v, int samples, int channels, int filters, int out_h, int out_w, unsigned seed) {
    auto input = [&](int outputs, int kernel, int pad) {
      return std::max(1, (outputs - 1) * v.stride + kernel - 2 * pad);
    };
    if (v.kernel_h == 1 && v.kernel_w > 1) out_h = 1;
    int h = input(out_h, v.kernel_h, v.pad_h), wide = input(out_w, v.kernel_w, v.pad_w);
    auto aligned = [&] {
      op.out_h = (h + 2 * v.pad_h - v.kernel_h) / v.stride + 1,
      op.out_w = (wide + 2 * v.pad_w - v.kernel_w) / v.stride + 1;
      return op.out_h * op.out_w % v.vector == 0 && (v.stride > 1 || h * wide % v.vector == 0);
    };
    while (!aligned()) (h > 1 && h < wide ? h : wide)++;
    op.input = {channels, h, wide}, op.filters = filters, op.kernel_h = v.kernel_h, op.kernel_w = v.kernel_w;
    op.stride_h = op.stride_w = v.stride, op.pad_h = v.pad_h, op.pad_w = v.pad_w;
    shape = {samples, channels, h,        wide,     filters, v.kernel_h, v.kernel_w, v.stride, v.stride,
             v.pad_h, v.pad_w,  op.out_h, op.out_w, 1,       1,          op.out_h,   op.out_w, 0};
    shape.y_stride = outputs() + 4 * 3 / (4 / v.vector);  // y is part of a larger tensor
    x = random_floats(int64_t(samples) * inputs(), seed);
    w = random_floats(int64_t(filters) * channels * v.kernel_h * v.kernel_w, seed + 1);
    b = random_floats(filters, seed + 2);
    dy = random_floats(int64_t(samples) * outputs(), seed + 3);
    for (float& value : w) value *= 0.1f;
  }

  int inputs() const { return shape.channels * shape.height * shape.width; }
  int positions() const { return shape.out_h * shape.out_w; }
  int outputs() const { return shape.filters * positions(); }
  unsigned slices() const { return blocks(shape.samples, kSlice); }
};

bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

std::vector<float> forward(const GemmVariant& v, const Problem& p, const float* bias, unsigned seed) {
  auto y = poisoned(int64_t(p.shape.samples) * p.shape.y_stride);
  CHECK(launch({blocks(int64_t(p.shape.samples) * p.positions(), v.columns), blocks(p.shape.filters, v.tile)},
               {kThreads}, seed,
               [&] { v.forward(p.shape, 0.0f, p.x.data(), p.w.data(), bias, y.data(), kNoMark); }) == "");
  return y;
}

std::vector<float> any_forward(const Problem& p, const float* bias) {
  auto y = poisoned(int64_t(p.shape.samples) * p.shape.y_stride);
  int64_t patches = int64_t(blocks(p.shape.out_h, 2)) * blocks(p.shape.out_w, 2);
  CHECK(launch({blocks(p.shape.samples * patches, kThreads), blocks(p.shape.filters, 8)}, {kThreads}, 1, [&] {
          any_shape::convolution_forward(p.shape, kTanh, 0.0f, p.x.data(), p.w.data(), bias, y.data());
        }) == "");
  return y;
}

std::vector<float> start(const Problem& p, int accumulate) {
  return accumulate ? random_floats(p.x.size(), 77) : poisoned(p.x.size());
}

std::vector<float> data_gradient(const GemmVariant& v, const Problem& p, const std::vector<float>& g, int accumulate,
                                 unsigned seed) {
  auto dx = start(p, accumulate);
  int64_t largest = int64_t(blocks(p.shape.height, v.stride)) * blocks(p.shape.width, v.stride);
  CHECK(launch({blocks(p.shape.samples * largest, v.columns), blocks(p.shape.channels, v.tile),
                unsigned(v.stride * v.stride)},
               {kThreads}, seed, [&] { v.data(p.shape, accumulate, g.data(), p.w.data(), dx.data()); }) == "");
  return dx;
}

std::vector<float> any_data_gradient(const Problem& p, const std::vector<float>& g, int accumulate) {
  auto dx = start(p, accumulate);
  int64_t runs = p.shape.samples * int64_t(p.shape.height) * blocks(p.shape.width, 4);
  CHECK(launch({blocks(runs, kThreads), blocks(p.shape.channels, 8)}, {kThreads}, 1, [&] {
          any_shape::convolution_backward_data(p.shape, accumulate, g.data(), nullptr, p.w.data(), dx.data());
        }) == "");
  return dx;
}

std::vector<float> filter_gradient(const GemmVariant& v, const Problem& p, const std::vector<float>& g, unsigned seed) {
  auto partial = poisoned(p.slices() * p.w.size());
  int weights = p.shape.channels * v.kernel_h * v.kernel_w;
  CHECK(launch({blocks(weights, v.units * v.unit_weights), blocks(p.shape.filters, v.tile), p.slices()}, {kThreads},
               seed, [&] { v.filter(p.shape, kSlice, p.x.data(), g.data(), partial.data()); }) == "");
  return partial;
}

std::vector<float> any_filter_gradient(const Problem& p, const std::vector<float>& g) {
  auto partial = poisoned(p.slices() * p.w.size());
  int weights = p.shape.channels * p.shape.kernel_h * p.shape.kernel_w;
  CHECK(launch({blocks(weights, kThreads), blocks(p.shape.filters, 8), p.slices()}, {kThreads}, 1, [&] {
          any_shape::convolution_backward_filter(p.shape, kSlice, p.x.data(), g.data(), nullptr, partial.data());
        }) == "");
  return partial;
}

void check(const GemmVariant& v, const Problem& p, unsigned seed) {
  auto wide = forward(v, p, p.b.data(), seed);
  CHECK(same(wide, any_forward(p, p.b.data())));  // also where nothing is written
  CHECK(same(forward(v, p, nullptr, seed + 1), any_forward(p, nullptr)));
  std::vector<double> expected_y, expected_dx, expected_dw(p.w.size());
  std::vector<float> y, g;
  for (int n = 0; n < p.shape.samples; n++) {
    auto x = p.x.begin() + int64_t(n) * p.inputs(), dy = p.dy.begin() + int64_t(n) * p.outputs();
    Reference one = reference(p.op, {x, x + p.inputs()}, p.w, p.b, {dy, dy + p.outputs()});
    expected_y.insert(expected_y.end(), one.y.begin(), one.y.end());
    expected_dx.insert(expected_dx.end(), one.dx.begin(), one.dx.end());
    g.insert(g.end(), one.g.begin(), one.g.end());
    for (size_t i = 0; i < p.w.size(); i++) expected_dw[i] += one.dw[i];
    auto from = wide.begin() + int64_t(n) * p.shape.y_stride;
    y.insert(y.end(), from, from + p.outputs());
  }
  CHECK(relative_error(expected_y, y.data()) < 1e-6);
  for (int accumulate : {0, 1}) {
    auto dx = data_gradient(v, p, g, accumulate, seed);
    CHECK(dx == any_data_gradient(p, g, accumulate));
    CHECK(same(dx, data_gradient(v, p, g, accumulate, seed + 1)));  // in whatever order the threads run
    if (accumulate) continue;
    CHECK(relative_error(expected_dx, dx.data()) < 1e-5);
  }
  auto partial = filter_gradient(v, p, g, seed);
  CHECK(partial == any_filter_gradient(p, g));
  CHECK(same(partial, filter_gradient(v, p, g, seed + 1)));
  std::vector<float> dw(p.w.size());
  for (size_t i = 0; i < partial.size(); i++) dw[i % dw.size()] += partial[i];
  CHECK(relative_error(expected_dw, dw.data()) < 1e-5);
}

}  // namespace

TEST_CASE("convolutions as implicit GEMM agree with double precision and with the general kernels") {
  REQUIRE(gemm_variants().size() > 8);
  for (const GemmVariant& v : gemm_variants()) {
    CAPTURE(std::string(v.name));
    unsigned seed = 1;
    for (auto [channels, filters] : {std::pair{1, 20}, {3, 50}, {4, 1}, {9, 42}, {17, 32}, {33, 100}, {101, 5}}) {
      CAPTURE(channels);
      CAPTURE(filters);
      int side = 3 + int(seed % 5);
      check(v, Problem(v, 1 + int(seed % 3), channels, filters, side, side + int(seed % 2), seed), seed);
      seed++;
    }
    check(v, Problem(v, 3, 2, 3, 1, 1, seed), seed);     // maps that are smaller than a group of terms
    check(v, Problem(v, 5, 10, 7, 13, 11, seed), seed);  // more than one block of positions
  }
}

TEST_CASE("NaN in convolutions as implicit GEMM stays, and only where it belongs") {
  for (const GemmVariant& v : gemm_variants()) {
    CAPTURE(std::string(v.name));
    Problem p(v, 3, 10, 35, 6, 6, 9);
    p.w[0] = NAN;  // of filter 0
    auto y = forward(v, p, p.b.data(), 3);
    for (int n = 0; n < p.shape.samples; n++)
      for (int i = 0; i < p.outputs(); i++)
        CHECK(std::isnan(y[int64_t(n) * p.shape.y_stride + i]) == (i < p.positions()));
    p.w[0] = 0.5f;
    const int positions = p.positions(), weights = int(p.w.size()) / p.shape.filters;
    auto g = p.dy;
    g[int64_t(p.outputs()) + 3 * positions + positions / 2] = NAN;  // sample 1, filter 3
    auto dx = data_gradient(v, p, g, 0, 3), any = any_data_gradient(p, g, 0);
    int nans = 0;
    for (size_t i = 0; i < dx.size(); i++) {
      if (std::isnan(dx[i])) {
        nans++;
        CHECK(std::isnan(any[i]));
      }
      if (i / p.inputs() != 1) CHECK(!std::isnan(dx[i]));
    }
    CHECK(nans > 0);
    CHECK(nans <= weights);
    auto partial = filter_gradient(v, p, g, 3);
    for (size_t i = 0; i < partial.size(); i++)
      CHECK(std::isnan(partial[i]) == (int(i) / weights == 3));  // the first slice has samples 0 and 1
  }
}
