// The CUDA convolution kernels on simulated blocks against double precision: for every shape, and the data gradient
// with the constants of one. cuda_convolution_rows_test.cpp tests the forward pass with constants.
#include "cuda_convolution.h"

#include "elementwise.cu"
#include "pool.cu"

// The formatter sorts includes, and drops repeated ones, up to the next blank line.
namespace any_shape {
#include "convolution_forward.cu"
#include "forget_constants.h"

#include "convolution_backward_data.cu"
#include "forget_constants.h"

#include "convolution_backward_filter.cu"
#include "forget_constants.h"
}  // namespace any_shape

namespace five_by_five {
#define KERNEL_H 5
#define KERNEL_W 5
#define STRIDE_H 1
#define STRIDE_W 1
#define PAD_H 0
#define PAD_W 0
#define POOL_H 2
#define POOL_W 2
#include "convolution_backward_data.cu"
#include "forget_constants.h"
}  // namespace five_by_five

namespace row_of_seven {
#define KERNEL_H 1
#define KERNEL_W 7
#define STRIDE_H 1
#define STRIDE_W 1
#define PAD_H 0
#define PAD_W 0
#define POOL_H 1
#define POOL_W 4
#include "convolution_backward_data.cu"
#include "forget_constants.h"
}  // namespace row_of_seven

namespace three_by_three {
#define KERNEL_H 3
#define KERNEL_W 3
#define STRIDE_H 2
#define STRIDE_W 2
#define PAD_H 1
#define PAD_W 1
#define POOL_H 1
#define POOL_W 1
#include "convolution_backward_data.cu"
#include "forget_constants.h"
}  // namespace three_by_three

using namespace testing;

namespace {

constexpr unsigned kThreads = 128;

using DataGradient = decltype(&any_shape::convolution_backward_data);

void check(DataGradient backward_data, const Case& t, unsigned seed) {
  const Batch batch(t, seed);
  const lamella_convolution& op = batch.op;
  const ConvolutionShape& s = batch.shape;
  const std::vector<float>&x = batch.x, &w = batch.w, &b = batch.b, &dy = batch.dy;
  const Reference& expected = batch.expected;
  const int64_t outputs = batch.outputs();
  auto wide = poisoned(kSamples * s.y_stride), y = poisoned(kSamples * outputs);
  std::vector<uint8> argmax(kSamples * outputs, 255);
  unsigned filters = blocks(t.k, 8);
  if (op.pooling.kind) {
    CHECK(lamella::sim::launch({blocks(kSamples * int64_t(s.pooled_h) * s.pooled_w, kThreads), filters}, {kThreads},
                               seed, [&] {
                                 any_shape::convolution_pool_forward(s, kTanh, 0.0f, x.data(), w.data(), b.data(),
                                                                     wide.data(), argmax.data());
                               }) == "");
  } else {
    int64_t patches = int64_t(blocks(s.out_h, 2)) * blocks(s.out_w, 2);
    CHECK(lamella::sim::launch({blocks(kSamples * patches, kThreads), filters}, {kThreads}, seed, [&] {
            any_shape::convolution_forward(s, kTanh, 0.0f, x.data(), w.data(), b.data(), wide.data());
          }) == "");
  }
  for (int n = 0; n < kSamples; n++) {
    std::copy_n(wide.begin() + int64_t(n) * s.y_stride, outputs, y.begin() + n * outputs);
    for (int64_t i = outputs; i < s.y_stride; i++) CHECK(std::isnan(wide[int64_t(n) * s.y_stride + i]));
  }
  CHECK(relative_error(expected.y, y.data()) < 1e-6);

  std::vector<float> g(dy.size());  // of the computed outputs
  for (size_t i = 0; i < g.size(); i++) g[i] = dy[i] * derivative(kTanh, 0.0f, y[i]);
  const uint8* positions = op.pooling.kind ? argmax.data() : nullptr;
  for (int accumulate : {0, 1}) {
    auto dx = accumulate ? std::vector<float>(x.size(), 2.0f) : poisoned(x.size());
    int64_t runs = kSamples * int64_t(t.h) * blocks(t.w, 4);
    CHECK(lamella::sim::launch({blocks(runs, kThreads), blocks(t.c, 8)}, {kThreads}, seed,
                               [&] { backward_data(s, accumulate, g.data(), positions, w.data(), dx.data()); }) == "");
    if (accumulate)
      for (float& v : dx) v -= 2.0f;
    CHECK(relative_error(expected.dx, dx.data()) < 1e-5);
  }

  int slice = 2, slices = 2;
  auto partial = poisoned(slices * w.size()), dw = poisoned(w.size());
  CHECK(lamella::sim::launch({blocks(t.c * t.r * t.s, kThreads), filters, unsigned(slices)}, {kThreads}, seed, [&] {
          any_shape::convolution_backward_filter(s, slice, x.data(), g.data(), positions, partial.data());
        }) == "");
  CHECK(lamella::sim::launch({blocks(w.size(), 64)}, {64}, seed,
                             [&] { sum_slices((long long)w.size(), slices, partial.data(), dw.data()); }) == "");
  CHECK(relative_error(expected.dw, dw.data()) < 1e-5);

  if (op.pooling.kind) {  // the same from a map that is not pooled, and back into one
    int64_t map_size = int64_t(t.k) * s.out_h * s.out_w;
    ConvolutionShape plain = s;
    plain.pool_h = plain.pool_w = 1, plain.pooled_h = s.out_h, plain.pooled_w = s.out_w, plain.y_stride = int(map_size);
    auto map = poisoned(kSamples * map_size), pooled = poisoned(kSamples * s.y_stride),
         spread = poisoned(kSamples * map_size);
    std::vector<uint8> places(argmax.size(), 255);
    int64_t patches = int64_t(blocks(s.out_h, 2)) * blocks(s.out_w, 2);
    CHECK(lamella::sim::launch({blocks(kSamples * patches, kThreads), filters}, {kThreads}, seed, [&] {
            any_shape::convolution_forward(plain, kIdentity, 0.0f, x.data(), w.data(), nullptr, map.data());
          }) == "");
    CHECK(lamella::sim::launch({blocks(kSamples * outputs, 64)}, {64}, seed, [&] {
            pool_argmax_forward(s, kTanh, 0.0f, map.data(), b.data(), pooled.data(), places.data());
          }) == "");
    CHECK(places == argmax);
    for (int64_t i = 0; i < kSamples * outputs; i++) CHECK(pooled[i / outputs * s.y_stride + i % outputs] == y[i]);
    CHECK(lamella::sim::launch({blocks(kSamples * map_size, 64)}, {64}, seed,
                               [&] { pool_argmax_backward(s, g.data(), argmax.data(), spread.data()); }) == "");
    auto dx = poisoned(x.size());
    CHECK(lamella::sim::launch(
              {blocks(kSamples * int64_t(t.h) * blocks(t.w, 4), kThreads), blocks(t.c, 8)}, {kThreads}, seed, [&] {
                any_shape::convolution_backward_data(plain, 0, spread.data(), nullptr, w.data(), dx.data());
              }) == "");
    CHECK(relative_error(expected.dx, dx.data()) < 1e-5);
  }
}

}  // namespace

TEST_CASE("convolution kernels of any shape agree with double precision") {
  const Case cases[] = {
      {1, 17, 17, 20, 5, 5, 1, 0, 0},  {1, 34, 34, 3, 5, 5, 1, 0, 2},   {3, 7, 34, 17, 3, 3, 1, 1, 0},
      {7, 17, 9, 5, 3, 3, 2, 1, 0},    {17, 7, 7, 9, 1, 1, 1, 0, 0},    {4, 1, 101, 9, 1, 11, 1, 0, 0},
      {2, 12, 13, 3, 3, 3, 1, 1, 3},   {3, 5, 5, 1, 5, 5, 1, 0, 0},     {5, 9, 9, 3, 2, 2, 3, 0, 0},
      {4, 14, 14, 5, 7, 7, 1, 3, 2},   {3, 16, 16, 4, 3, 3, 2, 1, 2},   {1, 1, 1, 1, 3, 3, 1, 1, 0},
      {4, 1, 101, 9, 1, 11, 4, 5, 0},  {4, 1, 100, 17, 1, 11, 1, 0, 4}, {1, 15, 15, 2, 13, 13, 1, 0, 0},
      {2, 1, 131, 3, 1, 125, 1, 0, 0}, {1, 1, 40000, 1, 1, 3, 1, 1, 4}};
  for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    CAPTURE(i);
    check(any_shape::convolution_backward_data, cases[i], 100 * i);
  }
}

TEST_CASE("data gradients with the constants of a shape agree with double precision") {
  check(five_by_five::convolution_backward_data, {1, 34, 34, 20, 5, 5, 1, 0, 2}, 1);
  check(five_by_five::convolution_backward_data, {20, 15, 15, 17, 5, 5, 1, 0, 2}, 2);
  check(row_of_seven::convolution_backward_data, {9, 1, 131, 9, 1, 7, 1, 0, 4}, 3);
  check(row_of_seven::convolution_backward_data, {4, 1, 101, 17, 1, 7, 1, 0, 4}, 4);
  check(three_by_three::convolution_backward_data, {7, 17, 9, 5, 3, 3, 2, 1, 0}, 5);
  check(three_by_three::convolution_backward_data, {3, 16, 16, 4, 3, 3, 2, 1, 0}, 6);
}

TEST_CASE("the first of equal values is the argmax") {
  ConvolutionShape s = shape_of(op_of({1, 12, 12, 1, 1, 1, 1, 0, 3}, lamella::LAMELLA_IDENTITY));
  std::vector<float> x(kSamples * 144, 1.0f), w(1, 1.0f), y(kSamples * s.y_stride);
  std::vector<uint8> argmax(kSamples * 16, 99);
  CHECK(lamella::sim::launch({1, 1}, {kThreads}, 1, [&] {
          any_shape::convolution_pool_forward(s, kIdentity, 0.0f, x.data(), w.data(), nullptr, y.data(), argmax.data());
        }) == "");
  for (uint8 i : argmax) CHECK(i == 0);
}
