// Convolution with and without fused pooling, forward and backward, at every level, against double precision.
#include "testing.h"

using namespace testing;

namespace {

struct Case {
  int c, h, w, k, r, s, stride, pad, pool;
};

lamella_op op_of(const Case& t, int activation) {
  lamella_op op = {};
  op.channels = t.c, op.height = t.h, op.width = t.w, op.filters = t.k, op.kernel_h = t.r, op.kernel_w = t.s;
  op.stride_h = op.stride_w = t.stride, op.pad_h = t.r == 1 ? 0 : t.pad, op.pad_w = t.pad;
  op.out_h = (t.h + 2 * op.pad_h - t.r) / t.stride + 1, op.out_w = (t.w + 2 * t.pad - t.s) / t.stride + 1;
  op.activation = activation;
  if (t.pool) {
    op.pool = LAMELLA_MAX_POOL;
    op.pool_w = op.pool_stride_w = t.pool, op.pool_h = op.pool_stride_h = t.h == 1 ? 1 : t.pool;  // along sequences only
    op.pooled_h = op.out_h / op.pool_h, op.pooled_w = op.out_w / op.pool_w;
  }
  return op;
}

struct Reference {
  std::vector<double> y, dw, db, dx;
};

// Forward, tanh, max pooling; then the gradients for dy, straight from the formulas.
Reference reference(const lamella_op& op, const std::vector<float>& x, const std::vector<float>& w,
                    const std::vector<float>& b, const std::vector<float>& dy) {
  Reference ref;
  ref.dw.resize(w.size()), ref.db.resize(b.size()), ref.dx.resize(x.size());
  int ph = op.pool ? op.pooled_h : op.out_h, pw = op.pool ? op.pooled_w : op.out_w;
  int high = op.pool ? op.pool_h : 1, wide = op.pool ? op.pool_w : 1;
  auto each_tap = [&](int k, int p, int q, auto f) {
    for (int c = 0; c < op.channels; c++)
      for (int r = 0; r < op.kernel_h; r++)
        for (int s = 0; s < op.kernel_w; s++) {
          int h = p * op.stride_h + r - op.pad_h, v = q * op.stride_w + s - op.pad_w;
          if (h < 0 || h >= op.height || v < 0 || v >= op.width) continue;
          f((c * op.height + h) * op.width + v, ((k * op.channels + c) * op.kernel_h + r) * op.kernel_w + s);
        }
  };
  for (int k = 0; k < op.filters; k++)
    for (int p = 0; p < ph; p++)
      for (int q = 0; q < pw; q++) {
        double best = -1e300;
        int top = 0, left = 0;
        for (int i = 0; i < high; i++)
          for (int j = 0; j < wide; j++) {
            double sum = b[k];
            each_tap(k, p * high + i, q * wide + j, [&](int at, int tap) { sum += double(x[at]) * w[tap]; });
            if (sum > best) best = sum, top = p * high + i, left = q * wide + j;
          }
        double y = std::tanh(best);
        double g = dy[ref.y.size()] * (1 - y * y);
        ref.y.push_back(y);
        ref.db[k] += g;
        each_tap(k, top, left, [&](int at, int tap) { ref.dw[tap] += g * x[at], ref.dx[at] += g * w[tap]; });
      }
  return ref;
}

constexpr int kSamples = 3;

// Which algorithms a shape can go by, forward and backward.
std::vector<int> forward_algorithms(const lamella_op& op) {
  std::vector<int> found = {LAMELLA_DIRECT};
  bool square = op.kernel_h == op.kernel_w || op.kernel_h == 1, pieces = op.kernel_h == 1 && op.kernel_w > 5;
  bool taps = pieces || (square && (op.kernel_w == 3 || op.kernel_w == 5));
  int tile_h = op.kernel_h == 1 ? 1 : 7 - op.kernel_h;
  bool pools = !op.pool || op.kernel_h == 1 || tile_h % op.pool_stride_h == 0;
  if (taps && pools && op.stride_h == 1 && op.stride_w == 1) found.push_back(LAMELLA_WINOGRAD);
  return found;
}

std::vector<int> backward_algorithms(const lamella_op& op) {
  if (op.pool) return {LAMELLA_WINNERS};
  if (op.kernel_w > 5) return {LAMELLA_DIRECT};
  return forward_algorithms(op);
}

struct Data {
  std::vector<float> x, w, b, dy;
  int64_t inputs, outputs;
};

lamella::ConvolutionMaps maps_of(const Data& d, std::vector<float>& y, std::vector<uint8_t>& index, std::vector<float>* dx) {
  return {d.x.data(), y.data(), index.data(), d.dy.data(), dx ? dx->data() : nullptr,
          d.inputs, d.outputs, d.outputs, d.outputs, d.inputs};
}

std::vector<float> pack(const lamella::KernelTable& kernels, lamella_op op, int algorithm, const std::vector<float>& w) {
  op.algorithm = algorithm;
  int64_t wide = op.channels + kernels.lanes;
  auto packed = poisoned(algorithm == LAMELLA_WINNERS ? op.filters * op.kernel_h * op.kernel_w * wide
                                                      : 36 * op.filters * op.channels);
  kernels.pack_filters(op, w.data(), packed.data(), 0, op.filters / 2);
  kernels.pack_filters(op, w.data(), packed.data(), op.filters / 2, op.filters);
  return packed;
}

void check(const lamella::KernelTable& kernels, const Case& t, unsigned seed) {
  lamella_op op = op_of(t, LAMELLA_TANH);
  Data d;
  d.inputs = t.c * t.h * t.w, d.outputs = int64_t(t.k) * (t.pool ? op.pooled_h * op.pooled_w : op.out_h * op.out_w);
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
    if (algorithm == LAMELLA_WINNERS) packed = pack(kernels, op, algorithm, d.w);
    if (algorithm == LAMELLA_WINOGRAD) packed = pack(kernels, op, LAMELLA_WINOGRAD_DATA, d.w);
    for (bool accumulate : {false, true}) {
      auto dx = accumulate ? std::vector<float>(d.x.size(), 2.0f) : poisoned(d.x.size());
      auto back = poisoned(kernels.convolution_backward_workspace_floats(op, kSamples));
      std::vector<float> partial(kernels.convolution_partial_floats(op), 0.0f);
      kernels.convolution_backward(shape, kSamples, d.w.data(), packed.data(), maps_of(d, y, index, &dx), partial.data(),
                                   accumulate, back.data());
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
      {4, 1, 300, 17, 1, 11, 1, 0, 4}, {20, 1, 131, 9, 1, 7, 1, 0, 4},  {9, 1, 64, 8, 1, 5, 1, 2, 4},
      {9, 1, 67, 8, 1, 3, 1, 0, 4},    {3, 1, 40, 5, 1, 8, 1, 3, 2},    {17, 1, 18, 8, 1, 6, 1, 0, 1}};
  for (const lamella::KernelTable* level : levels())
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
      CAPTURE(level->name);
      CAPTURE(i);
      check(*level, cases[i], 100 * i);
    }
}

TEST_CASE("winner of equal values is the first") {
  for (const lamella::KernelTable* level : levels()) {
    lamella_op op = op_of({1, 34, 34, 1, 1, 1, 1, 0, 2}, LAMELLA_RELU);
    std::vector<int32_t> tables(level->convolution_table_count(op));
    lamella::Convolution shape = level->make_convolution(op, tables.data());
    std::vector<float> x(34 * 34, 1.0f), w(1, 1.0f), b(1, 0.0f), y(17 * 17), work(level->convolution_workspace_floats(op, 1));
    std::vector<uint8_t> index(17 * 17, 99);
    lamella::ConvolutionMaps maps = {};
    maps.x = x.data(), maps.y = y.data(), maps.index = index.data();
    level->convolution_forward(shape, 1, w.data(), nullptr, b.data(), maps, work.data());
    for (uint8_t i : index) CHECK(i == 0);
  }
}
