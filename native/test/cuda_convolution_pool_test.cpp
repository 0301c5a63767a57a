// The CUDA gradients of convolutions behind a fused max pool on simulated blocks, against double precision.
#include "cuda_convolution.h"

#include "elementwise.cu"

namespace {

// The kernels with the constants of one shape, and how their blocks divide the work.
struct Variant {
  int channels, filters;     // of a block of the filter gradient
  int few_filters;           // of a block of the filter gradient for few channels
  int strips, across, down;  // of a block of the data gradient; pixels of a strip's step
  void (*filter)(ConvolutionShape, int, const float*, const float*, const uint8*, float*);
  void (*few)(ConvolutionShape, int, const float*, const float*, const uint8*, float*);
  void (*data)(ConvolutionShape, int, int, int, const float*, const uint8*, const float*, float*);
};

}  // namespace

// The formatter sorts includes, and drops repeated ones, up to the next blank line.
namespace lenet {
#define TILE_C 1
#define TILE_K 4
#define DATA_THREADS 128
#include "convolution_pool_variant.h"
}  // namespace lenet

namespace padded {
#define KERNEL_H 3
#define KERNEL_W 3
#define STRIDE_H 1
#define STRIDE_W 1
#define PAD_H 1
#define PAD_W 1
#define POOL_H 2
#define POOL_W 2
#define TILE_C 2
#define TILE_K 4
#define DATA_THREADS 384
#include "convolution_pool_variant.h"
}  // namespace padded

namespace strided {
#define KERNEL_H 3
#define KERNEL_W 3
#define STRIDE_H 2
#define STRIDE_W 2
#define PAD_H 1
#define PAD_W 1
#define POOL_H 3
#define POOL_W 3
#define TILE_C 1
#define TILE_K 8
#define DATA_THREADS 128
#include "convolution_pool_variant.h"
}  // namespace strided

namespace row {
#define KERNEL_H 1
#define KERNEL_W 7
#define STRIDE_H 1
#define STRIDE_W 1
#define PAD_H 0
#define PAD_W 0
#define POOL_H 1
#define POOL_W 4
#define TILE_C 2
#define TILE_K 8
#define DATA_THREADS 128
#include "convolution_pool_variant.h"
}  // namespace row

namespace padded_row {
#define KERNEL_H 1
#define KERNEL_W 5
#define STRIDE_H 1
#define STRIDE_W 1
#define PAD_H 0
#define PAD_W 2
#define POOL_H 1
#define POOL_W 2
#define TILE_C 1
#define TILE_K 8
#define DATA_THREADS 128
#include "convolution_pool_variant.h"
}  // namespace padded_row

using namespace testing;

namespace {

// The filter gradient of two slices of samples. few: by the kernel for few channels.
std::vector<float> filter_gradient(const Variant& v, const Batch& p, bool few, unsigned seed) {
  constexpr int kSlice = 2, kSlices = 2;
  const ConvolutionShape& s = p.shape;
  auto partial = poisoned(kSlices * p.w.size()), dw = poisoned(p.w.size());
  lamella::sim::Dim3 grid = {few ? s.channels : blocks(s.channels, v.channels),
                             blocks(s.filters, few ? v.few_filters : v.filters), kSlices};
  CHECK(lamella::sim::launch(grid, {128}, seed, [&] {
          (few ? v.few : v.filter)(s, kSlice, p.x.data(), p.g.data(), p.expected.argmax.data(), partial.data());
        }) == "");
  CHECK(lamella::sim::launch({blocks(p.w.size(), 64)}, {64}, seed,
                             [&] { sum_slices((long long)p.w.size(), kSlices, partial.data(), dw.data()); }) == "");
  return dw;
}

// dx in bands of `band` steps; added to what is there if accumulate.
std::vector<float> data_gradient(const Variant& v, const Batch& p, bool accumulate, int band, unsigned seed) {
  const ConvolutionShape& s = p.shape;
  auto dx = accumulate ? std::vector<float>(p.x.size(), 2.0f) : poisoned(p.x.size());
  int strips = int(blocks(s.width + s.pad_w, v.across)), steps = int(blocks(s.height + s.pad_h, v.down));
  int groups = strips <= v.strips ? 1 : int(blocks(strips, v.strips - 1));
  lamella::sim::Dim3 grid = {unsigned(kSamples * groups), blocks(s.channels, v.channels), blocks(steps, band)};
  CHECK(lamella::sim::launch(grid, {unsigned(32 * v.strips)}, seed, [&] {
          v.data(s, accumulate, groups, band, p.g.data(), p.expected.argmax.data(), p.w.data(), dx.data());
        }) == "");
  if (accumulate)
    for (float& value : dx) value -= 2.0f;
  return dx;
}

void check(const Variant& v, const Case& t, unsigned seed) {
  CAPTURE(seed);
  Batch p(t, seed);
  for (bool few : {false, true}) {
    auto dw = filter_gradient(v, p, few, seed);
    CHECK(relative_error(p.expected.dw, dw.data()) < 1e-5);
    CHECK(filter_gradient(v, p, few, seed + 1) == dw);  // in whatever order the threads run
  }
  for (bool accumulate : {false, true})
    for (int band : {1, 2, 1000}) {
      auto dx = data_gradient(v, p, accumulate, band, seed);
      CHECK(relative_error(p.expected.dx, dx.data()) < 1e-5);
      CHECK(data_gradient(v, p, accumulate, band, seed + 1) == dx);
    }
}

}  // namespace

TEST_CASE("gradients behind a fused max pool agree with double precision") {
  check(lenet::kVariant, {20, 15, 15, 50, 5, 5, 1, 0, 2}, 1);
  check(lenet::kVariant, {1, 34, 34, 20, 5, 5, 1, 0, 2}, 2);
  check(lenet::kVariant, {33, 9, 38, 3, 5, 5, 1, 0, 2}, 3);
  check(lenet::kVariant, {3, 14, 100, 17, 5, 5, 1, 0, 2}, 4);
  check(padded::kVariant, {40, 9, 12, 42, 3, 3, 1, 1, 2}, 5);
  check(padded::kVariant, {3, 8, 61, 5, 3, 3, 1, 1, 2}, 6);
  check(strided::kVariant, {4, 17, 44, 9, 3, 3, 2, 1, 3}, 7);
  check(row::kVariant, {64, 1, 131, 9, 1, 7, 1, 0, 4}, 8);
  check(row::kVariant, {4, 1, 301, 32, 1, 7, 1, 0, 4}, 9);
  check(padded_row::kVariant, {20, 1, 101, 20, 1, 5, 1, 2, 2}, 10);
}

TEST_CASE("gradients behind a fused max pool keep NaN, and only where it belongs") {
  Batch p({20, 15, 15, 10, 5, 5, 1, 0, 2}, 1);
  const int windows = p.shape.pooled_h * p.shape.pooled_w, weights = 20 * 25;
  p.g[3 * windows + 7] = NAN;  // sample 0, filter 3
  for (bool few : {false, true}) {
    auto dw = filter_gradient(lenet::kVariant, p, few, 1);
    for (size_t i = 0; i < dw.size(); i++) CHECK(std::isnan(dw[i]) == (i / weights == 3));
  }
  auto dx = data_gradient(lenet::kVariant, p, false, 1000, 1);
  int nans = 0;
  for (size_t i = 0; i < dx.size(); i++) nans += std::isnan(dx[i]) ? 1 : 0;
  CHECK(nans == weights);  // one receptive field
  for (size_t i = 20 * 15 * 15; i < dx.size(); i++) CHECK(!std::isnan(dx[i]));
}
