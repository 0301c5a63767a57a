// Layer norm, forward and backward, at every ISA, against double precision.
#include "operator_run.h"

using namespace testing;

namespace {

constexpr float kEpsilon = 1e-5f;

struct Data {
  int samples, channels, plane;
  std::vector<float> x, dy, gamma, beta;
  int64_t elements() const { return int64_t(channels) * plane; }
};

struct Reference {
  std::vector<double> y, dx, dgamma, dbeta;
};

// Moments over all values of a sample; gamma and beta per channel.
Reference reference(const Data& d) {
  Reference r;
  r.y.resize(d.x.size()), r.dx.resize(d.x.size()), r.dgamma.resize(d.channels), r.dbeta.resize(d.channels);
  const int64_t n = d.elements();
  for (int64_t first = 0; first < d.samples * n; first += n) {
    double mean = 0, variance = 0, mean_g = 0, mean_product = 0;
    for (int64_t i = first; i < first + n; i++) mean += d.x[i] / double(n);
    for (int64_t i = first; i < first + n; i++) variance += (d.x[i] - mean) * (d.x[i] - mean) / double(n);
    const double deviation = std::sqrt(variance + kEpsilon);
    auto channel = [&](int64_t i) { return (i - first) / d.plane; };
    auto hat = [&](int64_t i) { return (d.x[i] - mean) / deviation; };
    auto g = [&](int64_t i) { return double(d.gamma[channel(i)]) * d.dy[i]; };
    for (int64_t i = first; i < first + n; i++) {
      r.y[i] = d.gamma[channel(i)] * hat(i) + d.beta[channel(i)];
      r.dgamma[channel(i)] += d.dy[i] * hat(i), r.dbeta[channel(i)] += d.dy[i];
      mean_g += g(i) / double(n), mean_product += g(i) * hat(i) / double(n);
    }
    for (int64_t i = first; i < first + n; i++) r.dx[i] = (g(i) - mean_g - hat(i) * mean_product) / deviation;
  }
  return r;
}

OperatorRun norm(const char* kind, const Data& d) {
  OperatorRun run(kind, d.samples);
  run.op.work.norm = {{d.channels, 1, d.plane}, {}, kEpsilon, 0};
  return run;
}

// Gradients of x, or none without dx; sums of dy and dy * xhat per channel go to `sums`.
void backward(const lamella::KernelTable& kernels, Data& d, std::vector<float>& statistics, std::vector<double>& sums,
              std::vector<float>* dx, bool accumulate) {
  OperatorRun run = norm("LAYER_NORM_BACKWARD", d);
  run.with(LAMELLA_X, d.x, d.elements())
      .with(LAMELLA_DY, d.dy, d.elements())
      .with(LAMELLA_WEIGHT, d.gamma)
      .with(LAMELLA_STATISTICS, statistics, 2)
      .with(LAMELLA_PARTIAL, sums)
      .accumulating(accumulate);
  if (dx) run.with(LAMELLA_DX, *dx, d.elements());
  run.run(kernels);
}

void check(const lamella::KernelTable& kernels, Data& d) {
  Reference ref = reference(d);
  auto y = poisoned(d.x.size()), statistics = poisoned(2 * d.samples);
  norm("LAYER_NORM", d)
      .with(LAMELLA_X, d.x, d.elements())
      .with(LAMELLA_WEIGHT, d.gamma)
      .with(LAMELLA_BIAS, d.beta)
      .with(LAMELLA_Y, y, d.elements())
      .with(LAMELLA_STATISTICS, statistics, 2)
      .run(kernels);
  CHECK(relative_error(ref.y, y.data()) < 1e-5);

  std::vector<double> sums(2 * d.channels);
  for (bool accumulate : {false, true}) {
    std::fill(sums.begin(), sums.end(), 0.0);
    auto dx = accumulate ? std::vector<float>(d.x.size(), 2.0f) : poisoned(d.x.size());
    backward(kernels, d, statistics, sums, &dx, accumulate);
    if (accumulate)
      for (float& v : dx) v -= 2.0f;
    CHECK(relative_error(ref.dx, dx.data()) < 2e-5);
  }
  std::vector<double> sums_only(2 * d.channels);
  backward(kernels, d, statistics, sums_only, nullptr, false);
  CHECK(sums_only == sums);

  auto dgamma = poisoned(d.channels), dbeta = poisoned(d.channels);
  norm("NORM_GRADIENT", d)
      .with(LAMELLA_PARTIAL, sums)
      .with(LAMELLA_DWEIGHT, dgamma)
      .with(LAMELLA_DBIAS, dbeta)
      .run(kernels);
  CHECK(relative_error(ref.dgamma, dgamma.data()) < 1e-5);
  CHECK(relative_error(ref.dbeta, dbeta.data()) < 1e-5);
}

}  // namespace

TEST_CASE("layer norm and its gradients agree with double precision") {
  const int cases[][3] = {{17, 5, 21}, {3, 34, 1}, {100, 3, 17}, {33, 1, 101}, {1, 7, 3}, {5, 1, 9}, {2, 129, 33}};
  for (const lamella::KernelTable* isa : isas())
    for (const auto& t : cases)
      for (float offset : {0.0f, 10.0f}) {  // far from 0, the variance is small next to the squares
        CAPTURE(isa->name);
        CAPTURE(t[0]);
        CAPTURE(t[1]);
        CAPTURE(t[2]);
        CAPTURE(offset);
        Data d{t[0], t[1], t[2], {}, {}, {}, {}};
        d.x = random_floats(size_t(t[0]) * t[1] * t[2], 1), d.dy = random_floats(d.x.size(), 2);
        for (float& v : d.x) v += offset;
        d.gamma = random_floats(t[1], 3), d.beta = random_floats(t[1], 4);
        check(*isa, d);
      }
}

TEST_CASE("layer norm of equal values is beta") {
  for (const lamella::KernelTable* isa : isas()) {
    Data d{2, 3, 7, std::vector<float>(42, 5.0f), {}, {2, -1, 0.5f}, {1, -2, 3}};
    auto y = poisoned(42), statistics = poisoned(4);
    norm("LAYER_NORM", d)
        .with(LAMELLA_X, d.x, d.elements())
        .with(LAMELLA_WEIGHT, d.gamma)
        .with(LAMELLA_BIAS, d.beta)
        .with(LAMELLA_Y, y, d.elements())
        .with(LAMELLA_STATISTICS, statistics, 2)
        .run(*isa);
    for (int i = 0; i < 42; i++) CHECK(y[i] == d.beta[i % 21 / 7]);
  }
}

TEST_CASE("NaN in a sample stays in that sample") {
  for (const lamella::KernelTable* isa : isas()) {
    Data d{3, 3, 7, random_floats(63, 1), {}, random_floats(3, 2), random_floats(3, 3)};
    d.x[21 + 4] = NAN;
    auto y = std::vector<float>(63, 0.0f), statistics = poisoned(6);
    norm("LAYER_NORM", d)
        .with(LAMELLA_X, d.x, d.elements())
        .with(LAMELLA_WEIGHT, d.gamma)
        .with(LAMELLA_BIAS, d.beta)
        .with(LAMELLA_Y, y, d.elements())
        .with(LAMELLA_STATISTICS, statistics, 2)
        .run(*isa);
    for (int i = 0; i < 63; i++) CHECK(std::isnan(y[i]) == (i / 21 == 1));
  }
}
