// Max and average pooling, forward and backward, at every ISA, against double precision.
#include "operator_run.h"

using namespace testing;

namespace {

struct Case {
  int samples, channels, height, width, window_h, window_w, stride_h, stride_w, pad_h, pad_w;
};

lamella_pool shape_of(const Case& t, int kind) {
  return {
      {t.channels, t.height, t.width},
      {kind, t.window_h, t.window_w, t.stride_h, t.stride_w, t.pad_h, t.pad_w,
       (t.height + 2 * t.pad_h - t.window_h) / t.stride_h + 1, (t.width + 2 * t.pad_w - t.window_w) / t.stride_w + 1}};
}

struct Reference {
  std::vector<double> y, dx;
  std::vector<int32_t> argmax;  // place in the channel's plane
};

Reference reference(const Case& t, const lamella_pool& op, const std::vector<float>& x, const std::vector<float>& dy) {
  Reference ref;
  ref.dx.resize(x.size());
  for (int plane = 0; plane < t.samples * t.channels; plane++)
    for (int p = 0; p < op.pooling.out_h; p++)
      for (int q = 0; q < op.pooling.out_w; q++) {
        int64_t first = int64_t(plane) * t.height * t.width;
        std::vector<int> window;
        for (int i = 0; i < t.window_h; i++)
          for (int j = 0; j < t.window_w; j++) {
            int h = p * t.stride_h + i - t.pad_h, w = q * t.stride_w + j - t.pad_w;
            if (h >= 0 && h < t.height && w >= 0 && w < t.width) window.push_back(h * t.width + w);
          }
        int best = window[0];
        double sum = 0, g = dy[ref.y.size()];
        for (int at : window) {
          if (x[first + at] > x[first + best]) best = at;
          sum += x[first + at];
        }
        bool maximum = op.pooling.kind == LAMELLA_MAX_POOL;
        ref.y.push_back(maximum ? x[first + best] : sum / double(window.size()));
        ref.argmax.push_back(best);
        for (int at : window) ref.dx[first + at] += maximum ? (at == best ? g : 0) : g / double(window.size());
      }
  return ref;
}

void check(const lamella::KernelTable& kernels, const Case& t, int kind, unsigned seed) {
  lamella_pool op = shape_of(t, kind);
  const int64_t inputs = int64_t(t.channels) * t.height * t.width;
  const int64_t outputs = int64_t(t.channels) * op.pooling.out_h * op.pooling.out_w;
  auto x = random_floats(t.samples * inputs, seed), dy = random_floats(t.samples * outputs, seed + 1);
  Reference ref = reference(t, op, x, dy);
  auto y = poisoned(dy.size());
  std::vector<int32_t> index(dy.size(), -1);
  OperatorRun forward("POOL", t.samples);
  forward.op.work.pool = op;
  forward.with(LAMELLA_X, x, inputs).with(LAMELLA_Y, y, outputs);
  if (kind == LAMELLA_MAX_POOL) forward.with(LAMELLA_INDEX, index, outputs);
  forward.run(kernels);
  CHECK(relative_error(ref.y, y.data()) < 1e-6);
  if (kind == LAMELLA_MAX_POOL) CHECK(index == ref.argmax);
  for (bool accumulate : {false, true}) {
    auto dx = accumulate ? std::vector<float>(x.size(), 2.0f) : poisoned(x.size());
    OperatorRun backward("POOL_BACKWARD", t.samples);
    backward.op.work.pool = op;
    backward.with(LAMELLA_DY, dy, outputs).with(LAMELLA_DX, dx, inputs).accumulating(accumulate);
    if (kind == LAMELLA_MAX_POOL) backward.with(LAMELLA_INDEX, index, outputs);
    backward.run(kernels);
    if (accumulate)
      for (float& v : dx) v -= 2.0f;
    CHECK(relative_error(ref.dx, dx.data()) < 1e-5);
  }
}

}  // namespace

TEST_CASE("pooling agrees with double precision") {
  const Case cases[] = {
      {1, 1, 1, 1, 1, 1, 1, 1, 0, 0},    {3, 3, 17, 9, 3, 3, 2, 2, 1, 1},   {1, 17, 5, 7, 5, 7, 5, 7, 0, 0},
      {2, 5, 34, 100, 2, 2, 2, 2, 0, 0}, {3, 4, 1, 101, 1, 4, 1, 4, 0, 0},  {1, 2, 19, 23, 3, 4, 1, 3, 2, 1},
      {2, 3, 7, 3, 7, 1, 1, 2, 3, 0},    {1, 1, 100, 34, 2, 2, 3, 5, 0, 0}, {2, 100, 3, 17, 3, 17, 3, 17, 0, 0}};
  for (const lamella::KernelTable* isa : isas())
    for (const Case& t : cases)
      for (int kind : {LAMELLA_MAX_POOL, LAMELLA_AVERAGE_POOL}) {
        CAPTURE(isa->name);
        CAPTURE(t.height);
        CAPTURE(t.width);
        CAPTURE(kind);
        check(*isa, t, kind, unsigned(t.height + t.width));
      }
}

TEST_CASE("the first of equal values is the maximum, and NaN is one") {
  for (const lamella::KernelTable* isa : isas()) {
    std::vector<float> x(34 * 34, 1.0f), y = poisoned(17 * 17);
    x[5 * 34 + 9] = NAN;
    std::vector<int32_t> index(y.size(), -1);
    OperatorRun pool("POOL", 1);
    pool.op.work.pool = shape_of({1, 1, 34, 34, 2, 2, 2, 2, 0, 0}, LAMELLA_MAX_POOL);
    pool.with(LAMELLA_X, x, 34 * 34).with(LAMELLA_Y, y, 17 * 17).with(LAMELLA_INDEX, index, 17 * 17);
    pool.run(*isa);
    for (int p = 0; p < 17; p++)
      for (int q = 0; q < 17; q++) {
        bool lost = p == 2 && q == 4;
        CHECK(std::isnan(y[p * 17 + q]) == lost);
        if (!lost) CHECK(index[p * 17 + q] == 2 * p * 34 + 2 * q);
      }
  }
}
