// Convolution with and without fused pooling, forward and backward, at every ISA, against double precision.
#include "convolution_reference.h"

using namespace testing;

namespace {

constexpr int kSamples = 3;

// The algorithms that support a shape, forward and backward.
std::vector<int> forward_algorithms(const lamella_convolution& op) {
  std::vector<int> found = {LAMELLA_DIRECT};
  bool square = op.kernel_h == op.kernel_w || op.kernel_h == 1, pieces = op.kernel_h == 1 && op.kernel_w > 5;
  bool taps = pieces || (square && (op.kernel_w == 3 || op.kernel_w == 5));
  int tile_h = op.kernel_h == 1 ? 1 : 7 - op.kernel_h;
  bool pools = !op.pooling.kind || op.kernel_h == 1 || tile_h % op.pooling.stride_h == 0;
  if (taps && pools && op.stride_h == 1 && op.stride_w == 1) found.push_back(LAMELLA_WINOGRAD);
  return found;
}

std::vector<int> backward_algorithms(const lamella_convolution& op) {
  if (op.pooling.kind) return {LAMELLA_ARGMAX};
  if (op.kernel_w > 5) return {LAMELLA_DIRECT};
  return forward_algorithms(op);
}

struct Data {
  std::vector<float> x, w, b, dy;
  int64_t inputs, outputs;
};

lamella::ConvolutionMaps maps_of(const Data& d, std::vector<float>& y, std::vector<uint8_t>& index,
                                 std::vector<float>* dx) {
  return {d.x.data(), y.data(),  index.data(), d.dy.data(), dx ? dx->data() : nullptr,
          d.inputs,   d.outputs, d.outputs,    d.outputs,   d.inputs};
}

std::vector<float> pack(const lamella::KernelTable& kernels, lamella_convolution op, int algorithm,
                        const std::vector<float>& w) {
  op.algorithm = algorithm;
  int64_t wide = op.input.channels + kernels.lanes;
  auto packed = poisoned(algorithm == LAMELLA_ARGMAX ? op.filters * op.kernel_h * op.kernel_w * wide
                                                     : 36 * op.filters * op.input.channels);
  kernels.pack_filters(op, w.data(), packed.data(), 0, op.filters / 2);
  kernels.pack_filters(op, w.data(), packed.data(), op.filters / 2, op.filters);
  return packed;
}

void check(const lamella::KernelTable& kernels, const Case& t, unsigned seed) {
  lamella_convolution op = op_of(t, lamella::LAMELLA_TANH);
  Data d;
  d.inputs = t.c * t.h * t.w,
  d.outputs = int64_t(t.k) * (t.pool ? op.pooling.out_h * op.pooling.out_w : op.out_h * op.out_w);
  d.x = random_floats(kSamples * d.inputs, seed), d.w = random_floats(t.k * t.c * t.r * t.s, seed + 1);
  for (float& v : d.w) v *= 0.1f;
  d.b = random_floats(t.k, seed + 2), d.dy = random_floats(kSamples * d.outputs, seed + 3);
  Reference all;
  all.dw.resize(d.w.size()), all.db.resize(d.b.size());
  for (int n = 0; n < kSamples; n++) {
    std::vector<float> x(d.x.begin() + n * d.inputs, d.x.begin() + (n + 1) * d.inputs);
    std::vector<float> dy(d.dy.begin() + n * d.outputs, d.dy.begin() + (n + 1) * d.outputs);
    Reference one = reference(op, x, d.w, d.b, dy);
    all.y.insert(all.y.end(), one.y.begin(), one.y.end()), all.dx.insert(all.dx.end(), one.dx.begin(), one.dx.end());
    for (size_t i = 0; i < all.dw.size(); i++) all.dw[i] += one.dw[i];
    for (size_t i = 0; i < all.db.size(); i++) all.db[i] += one.db[i];
  }

  std::vector<float> y;
  std::vector<uint8_t> index(kSamples * d.outputs, 255);
  for (int algorithm : forward_algorithms(op)) {
    CAPTURE(algorithm);
    op.algorithm = algorithm;
    std::vector<float> packed;
    if (algorithm == LAMELLA_WINOGRAD) packed = pack(kernels, op, algorithm, d.w);
    std::vector<int32_t> tables(kernels.convolution_table_count(op));
    lamella::Convolution shape = kernels.make_convolution(op, tables.data());
    y = poisoned(kSamples * d.outputs);
    auto work = poisoned(kernels.convolution_workspace_floats(op, kSamples));
    kernels.convolution_forward(shape, kSamples, d.w.data(), packed.data(), d.b.data(), maps_of(d, y, index, nullptr),
                                work.data());
    CHECK(relative_error(all.y, y.data()) < (algorithm == LAMELLA_WINOGRAD ? 5e-6 : 1e-6));
  }
  for (int algorithm : backward_algorithms(op)) {
    CAPTURE(algorithm);
    op.algorithm = algorithm;
    std::vector<int32_t> tables(kernels.convolution_table_count(op));
    lamella::Convolution shape = kernels.make_convolution(op, tables.data());
    std::vector<float> packed;
    if (algorithm == LAMELLA_ARGMAX) packed = pack(kernels, op, algorithm, d.w);
    if (algorithm == LAMELLA_WINOGRAD) packed = pack(kernels, op, LAMELLA_WINOGRAD_DATA, d.w);
    for (bool accumulate : {false, true}) {
      auto dx = accumulate ? std::vector<float>(d.x.size(), 2.0f) : poisoned(d.x.size());
      auto back = poisoned(kernels.convolution_backward_workspace_floats(op, kSamples));
      std::vector<float> partial(kernels.convolution_partial_floats(op), 0.0f);
      kernels.convolution_backward(shape, kSamples, d.w.data(), packed.data(), maps_of(d, y, index, &dx),
                                   partial.data(), accumulate, back.data());
      auto dw = poisoned(d.w.size()), db = poisoned(d.b.size());
      kernels.join_convolution(op, partial.data(), int64_t(partial.size()), 1, dw.data(), db.data(), 0, op.filters);
      if (accumulate)
        for (float& v : dx) v -= 2.0f;
      CHECK(relative_error(all.dw, dw.data()) < 1e-5);
      CHECK(relative_error(all.db, db.data()) < 1e-5);
      CHECK(relative_error(all.dx, dx.data()) < 1e-5);
    }
  }
}

}  // namespace

TEST_CASE("convolution agrees with double precision") {
  const Case cases[] = {
      {1, 17, 17, 20, 5, 5, 1, 0, 0},  {1, 34, 34, 20, 5, 5, 1, 0, 2},   {20, 15, 15, 50, 5, 5, 1, 0, 2},
      {3, 7, 100, 17, 3, 3, 1, 1, 0},  {7, 17, 9, 5, 3, 3, 2, 1, 0},     {17, 7, 7, 34, 1, 1, 1, 0, 0},
      {4, 1, 101, 9, 1, 11, 1, 0, 0},  {2, 12, 13, 3, 3, 3, 1, 1, 3},    {3, 5, 5, 1, 5, 5, 1, 0, 0},
      {5, 9, 9, 3, 2, 2, 3, 0, 0},     {65, 1, 40, 3, 1, 7, 1, 0, 0},    {40, 14, 14, 5, 7, 7, 1, 3, 2},
      {3, 16, 16, 4, 3, 3, 2, 1, 2},   {1, 100, 100, 3, 5, 5, 1, 0, 2},  {34, 7, 7, 17, 3, 3, 1, 1, 0},
      {17, 14, 14, 33, 3, 3, 1, 1, 2}, {100, 1, 100, 17, 1, 5, 1, 0, 0}, {9, 1, 34, 17, 1, 3, 1, 1, 0},
      {9, 28, 29, 3, 3, 3, 1, 0, 0},   {1, 1, 1, 1, 3, 3, 1, 1, 0},      {3, 34, 3, 5, 5, 5, 1, 2, 0},
      {6, 11, 100, 9, 3, 3, 1, 2, 4},  {2, 40, 40, 17, 5, 5, 1, 0, 1},   {9, 28, 28, 17, 3, 3, 2, 1, 0},
      {3, 34, 33, 20, 4, 4, 2, 1, 0},  {4, 1, 101, 9, 1, 11, 4, 5, 0},   {17, 28, 28, 20, 1, 1, 2, 0, 0},
      {12, 10, 10, 16, 5, 5, 1, 2, 0}, {10, 1, 300, 16, 1, 5, 1, 0, 0},  {8, 17, 70, 8, 3, 3, 1, 1, 0},
      {4, 1, 300, 17, 1, 11, 1, 0, 4}, {20, 1, 131, 9, 1, 7, 1, 0, 4},   {9, 1, 64, 8, 1, 5, 1, 2, 4},
      {9, 1, 67, 8, 1, 3, 1, 0, 4},    {3, 1, 40, 5, 1, 8, 1, 3, 2},     {17, 1, 18, 8, 1, 6, 1, 0, 1},
      {9, 1, 3, 8, 1, 11, 1, 4, 0},    {9, 1, 1, 8, 1, 13, 1, 6, 0},     {9, 40, 2, 8, 5, 5, 1, 2, 0},
      {8, 1, 1, 8, 1, 3, 1, 1, 0}};
  for (const lamella::KernelTable* isa : isas())
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
      CAPTURE(isa->name);
      CAPTURE(i);
      check(*isa, cases[i], 100 * i);
    }
}

TEST_CASE("of equal values the argmax is the first") {
  for (const lamella::KernelTable* isa : isas()) {
    lamella_convolution op = op_of({1, 34, 34, 1, 1, 1, 1, 0, 2}, lamella::LAMELLA_RELU);
    std::vector<int32_t> tables(isa->convolution_table_count(op));
    lamella::Convolution shape = isa->make_convolution(op, tables.data());
    std::vector<float> x(34 * 34, 1.0f), w(1, 1.0f), b(1, 0.0f), y(17 * 17),
        work(isa->convolution_workspace_floats(op, 1));
    std::vector<uint8_t> index(17 * 17, 99);
    lamella::ConvolutionMaps maps = {};
    maps.x = x.data(), maps.y = y.data(), maps.index = index.data();
    isa->convolution_forward(shape, 1, w.data(), nullptr, b.data(), maps, work.data());
    for (uint8_t i : index) CHECK(i == 0);
  }
}
