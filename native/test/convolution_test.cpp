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
  op.stride_h = op.stride_w = t.stride, op.pad_h = op.pad_w = t.pad;
  op.out_h = (t.h + 2 * t.pad - t.r) / t.stride + 1, op.out_w = (t.w + 2 * t.pad - t.s) / t.stride + 1;
  op.activation = activation;
  if (t.pool) {
    op.pool = LAMELLA_MAX_POOL;
    op.pool_h = op.pool_w = op.pool_stride_h = op.pool_stride_w = t.pool;
    op.pooled_h = op.out_h / t.pool, op.pooled_w = op.out_w / t.pool;
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
  int ph = op.pool ? op.pooled_h : op.out_h, pw = op.pool ? op.pooled_w : op.out_w, size = op.pool ? op.pool_h : 1;
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
        for (int i = 0; i < size; i++)
          for (int j = 0; j < size; j++) {
            double sum = b[k];
            each_tap(k, p * size + i, q * size + j, [&](int at, int tap) { sum += double(x[at]) * w[tap]; });
            if (sum > best) best = sum, top = p * size + i, left = q * size + j;
          }
        double y = std::tanh(best);
        double g = dy[ref.y.size()] * (1 - y * y);
        ref.y.push_back(y);
        ref.db[k] += g;
        each_tap(k, top, left, [&](int at, int tap) { ref.dw[tap] += g * x[at], ref.dx[at] += g * w[tap]; });
      }
  return ref;
}

void check(const lamella::KernelTable& kernels, const Case& t, unsigned seed) {
  lamella_op op = op_of(t, LAMELLA_TANH);
  auto x = random_floats(t.c * t.h * t.w, seed), w = random_floats(t.k * t.c * t.r * t.s, seed + 1);
  for (float& v : w) v *= 0.1f;
  auto b = random_floats(t.k, seed + 2);
  size_t outputs = size_t(t.k) * (t.pool ? op.pooled_h * op.pooled_w : op.out_h * op.out_w);
  auto dy = random_floats(outputs, seed + 3);
  Reference ref = reference(op, x, w, b, dy);

  std::vector<int32_t> tables(kernels.convolution_table_count(op));
  lamella::Convolution shape = kernels.make_convolution(op, tables.data());
  auto y = poisoned(outputs), work = poisoned(kernels.convolution_workspace_floats(op));
  std::vector<uint8_t> index(outputs, 255);
  kernels.convolution_forward(shape, x.data(), w.data(), b.data(), y.data(), t.pool ? index.data() : nullptr,
                              work.data());
  CHECK(relative_error(ref.y, y.data()) < 1e-5);

  auto dx = poisoned(x.size()), back = poisoned(kernels.convolution_backward_workspace_floats(op));
  std::vector<float> partial(kernels.convolution_partial_floats(op), 0.0f);
  auto packed = poisoned(size_t(t.k) * t.r * t.s * (t.c + kernels.lanes));
  kernels.pack_filters(op, w.data(), packed.data(), 0, t.k);
  kernels.convolution_backward(shape, x.data(), w.data(), packed.data(), y.data(), dy.data(), index.data(),
                               partial.data(), dx.data(), false, back.data());
  auto dw = poisoned(w.size()), db = poisoned(b.size());
  kernels.join_convolution(op, partial.data(), int64_t(partial.size()), 1, dw.data(), db.data(), 0, op.filters);
  CHECK(relative_error(ref.dw, dw.data()) < 1e-5);
  CHECK(relative_error(ref.db, db.data()) < 1e-5);
  CHECK(relative_error(ref.dx, dx.data()) < 1e-5);
}

}  // namespace

TEST_CASE("convolution agrees with double precision") {
  const Case cases[] = {
      {1, 17, 17, 20, 5, 5, 1, 0, 0},  {1, 34, 34, 20, 5, 5, 1, 0, 2}, {20, 15, 15, 50, 5, 5, 1, 0, 2},
      {3, 7, 100, 17, 3, 3, 1, 1, 0},  {7, 17, 9, 5, 3, 3, 2, 1, 0},   {17, 7, 7, 34, 1, 1, 1, 0, 0},
      {4, 1, 101, 9, 1, 11, 1, 0, 0},  {2, 12, 13, 3, 3, 3, 1, 1, 3},  {3, 5, 5, 1, 5, 5, 1, 0, 0},
      {5, 9, 9, 3, 2, 2, 3, 0, 0},     {65, 1, 40, 3, 1, 7, 1, 0, 0},   {40, 14, 14, 5, 7, 7, 1, 3, 2},
      {3, 16, 16, 4, 3, 3, 2, 1, 2},   {1, 100, 100, 3, 5, 5, 1, 0, 2}};
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
    std::vector<float> x(34 * 34, 1.0f), w(1, 1.0f), b(1, 0.0f), y(17 * 17), work(level->convolution_workspace_floats(op));
    std::vector<uint8_t> index(17 * 17, 99);
    level->convolution_forward(shape, x.data(), w.data(), b.data(), y.data(), index.data(), work.data());
    for (uint8_t i : index) CHECK(i == 0);
  }
}
