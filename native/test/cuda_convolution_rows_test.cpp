// The forward convolution with the constants of a shape, on simulated blocks: against double precision, and bit by bit
// against the kernel that works for every shape.
#include "convolution_rows_variant.h"
#include "cuda_convolution.h"

#include "convolution_forward.cu"

using namespace testing;

namespace {

constexpr unsigned kThreads = 128;

struct Problem {
  lamella_convolution op = {};
  ConvolutionShape shape = {};
  std::vector<float> x, w, b;

  // `odd`: sizes that patches and vectors do not divide, where the variant allows it.
  Problem(const RowsVariant& v, int samples, int channels, int filters, bool odd, unsigned seed) {
    auto input = [&](int kernel, int pad, int window, int patch) {
      int outputs = window > 1 ? 2 * window : odd ? 2 * patch + 1 : 2 * patch;
      return std::max(1, (outputs - 1) * v.stride + kernel - 2 * pad);
    };
    int h = input(v.kernel_h, v.pad_h, v.pool_h, v.patch_h), wide = input(v.kernel_w, v.pad_w, v.pool_w, v.patch_w);
    if (v.kernel_h == 1 && v.patch_h == 1) h = 1;
    wide = (wide + v.vector - 1) / v.vector * v.vector;
    op.input = {channels, h, wide}, op.filters = filters, op.kernel_h = v.kernel_h, op.kernel_w = v.kernel_w;
    op.stride_h = op.stride_w = v.stride, op.pad_h = v.pad_h, op.pad_w = v.pad_w;
    op.out_h = (h + 2 * v.pad_h - v.kernel_h) / v.stride + 1;
    op.out_w = (wide + 2 * v.pad_w - v.kernel_w) / v.stride + 1;
    bool pooled = v.pool_h * v.pool_w > 1;
    int pooled_h = op.out_h / v.pool_h, pooled_w = op.out_w / v.pool_w;
    if (pooled) op.pooling = {LAMELLA_MAX_POOL, v.pool_h, v.pool_w, v.pool_h, v.pool_w, 0, 0, pooled_h, pooled_w};
    shape = {samples, channels, h,        wide,     filters,  v.kernel_h, v.kernel_w, v.stride, v.stride,
             v.pad_h, v.pad_w,  op.out_h, op.out_w, v.pool_h, v.pool_w,   pooled_h,   pooled_w, 0};
    shape.y_stride = outputs() + 3;  // y is part of a larger tensor
    x = random_floats(int64_t(samples) * inputs(), seed);
    w = random_floats(int64_t(filters) * channels * v.kernel_h * v.kernel_w, seed + 1);
    b = random_floats(filters, seed + 2);
    for (float& value : w) value *= 0.1f;
  }

  int inputs() const { return shape.channels * shape.height * shape.width; }
  int windows() const { return shape.pooled_h * shape.pooled_w; }
  int outputs() const { return shape.filters * windows(); }
};

struct Results {
  std::vector<float> y;
  std::vector<uint8> argmax;
};

Results run(const RowsVariant& v, const Problem& p, const float* bias, bool keep, unsigned seed) {
  Results r{poisoned(int64_t(p.shape.samples) * p.shape.y_stride),
            std::vector<uint8>(p.shape.samples * p.outputs(), 99)};
  int64_t patches = v.pool_h * v.pool_w > 1
                        ? p.windows()
                        : int64_t(blocks(p.shape.out_h, v.patch_h)) * blocks(p.shape.out_w, v.patch_w);
  CHECK(lamella::sim::launch({blocks(p.shape.samples * patches, kThreads), blocks(p.shape.filters, v.tile)}, {kThreads},
                             seed, [&] {
                               v.kernel(p.shape, 0.0f, p.x.data(), p.w.data(), bias, r.y.data(),
                                        keep ? r.argmax.data() : nullptr, kNoMark);
                             }) == "");
  return r;
}

Results general(const Problem& p, const float* bias) {
  Results r{poisoned(int64_t(p.shape.samples) * p.shape.y_stride),
            std::vector<uint8>(p.shape.samples * p.outputs(), 99)};
  unsigned tiles = blocks(p.shape.filters, 8);
  if (p.op.pooling.kind) {
    CHECK(lamella::sim::launch({blocks(int64_t(p.shape.samples) * p.windows(), kThreads), tiles}, {kThreads}, 1, [&] {
            convolution_pool_forward(p.shape, kTanh, 0.0f, p.x.data(), p.w.data(), bias, r.y.data(), r.argmax.data());
          }) == "");
  } else {
    int64_t patches = int64_t(blocks(p.shape.out_h, 2)) * blocks(p.shape.out_w, 2);
    CHECK(lamella::sim::launch({blocks(p.shape.samples * patches, kThreads), tiles}, {kThreads}, 1, [&] {
            convolution_forward(p.shape, kTanh, 0.0f, p.x.data(), p.w.data(), bias, r.y.data());
          }) == "");
  }
  return r;
}

bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void check(const RowsVariant& v, const Problem& p, unsigned seed) {
  Results r = run(v, p, p.b.data(), true, seed), any = general(p, p.b.data());
  CHECK(same(r.y, any.y));  // also where nothing is written
  if (p.op.pooling.kind) CHECK(r.argmax == any.argmax);
  CHECK(same(run(v, p, nullptr, false, seed).y, general(p, nullptr).y));
  std::vector<double> expected;
  std::vector<float> y;
  for (int n = 0; n < p.shape.samples; n++) {
    auto begin = p.x.begin() + int64_t(n) * p.inputs();
    Reference one = reference(p.op, {begin, begin + p.inputs()}, p.w, p.b, std::vector<float>(p.outputs()));
    expected.insert(expected.end(), one.y.begin(), one.y.end());
    auto from = r.y.begin() + int64_t(n) * p.shape.y_stride;
    y.insert(y.end(), from, from + p.outputs());
  }
  CHECK(relative_error(expected, y.data()) < 1e-6);
}

}  // namespace

TEST_CASE("forward convolutions with constants agree with double precision and with the general kernel") {
  REQUIRE(rows_variants().size() > 10);
  for (const RowsVariant& v : rows_variants()) {
    CAPTURE(v.name);
    unsigned seed = 1;
    for (int filters : {1, 20, 42, 50})
      for (int channels : {1, 3, 4, 21}) {
        if (filters > 20 && channels > 3) continue;
        CAPTURE(filters);
        CAPTURE(channels);
        check(v, Problem(v, 1 + int(seed % 3), channels, filters, v.vector == 1 && seed % 2, seed), seed);
        seed++;
      }
  }
}

TEST_CASE("more than one block of patches, and weights that became NaN, in forward convolutions with constants") {
  for (const RowsVariant& v : rows_variants()) {
    CAPTURE(v.name);
    Problem p(v, 40, 2, 5, false, 9);
    p.w[0] = NAN;
    Results r = run(v, p, p.b.data(), true, 3), any = general(p, p.b.data());
    CHECK(same(r.y, any.y));
    for (int n = 0; n < p.shape.samples; n++)  // filter 0 reads it, unless the padding is there
      CHECK(std::isnan(r.y[int64_t(n) * p.shape.y_stride + p.windows() - 1]));
  }
}

TEST_CASE("the first of equal values is the argmax of forward convolutions with constants") {
  for (const RowsVariant& v : rows_variants()) {
    if (v.pool_h * v.pool_w == 1) continue;
    CAPTURE(v.name);
    Problem p(v, 2, 1, 3, false, 5);
    std::fill(p.w.begin(), p.w.end(), 0.0f);
    for (uint8 place : run(v, p, nullptr, true, 7).argmax) CHECK(place == 0);
  }
}
