// Batch norm with its activation, forward and backward, at every ISA, against double precision.
#include "operator_run.h"

using namespace testing;

namespace {

constexpr float kEpsilon = 1e-3f, kMomentum = 0.1f;

struct Data {
  int samples, channels, plane;
  std::vector<float> x, dy, gamma, beta;
  int64_t elements() const { return int64_t(channels) * plane; }
};

struct Reference {
  std::vector<double> y, dx, dgamma, dbeta, running;
};

// The activation after the norm: tanh if `tanh`, else none.
Reference reference(const Data& d, bool tanh) {
  Reference r;
  r.y.resize(d.x.size()), r.dx.resize(d.x.size()), r.dgamma.resize(d.channels), r.dbeta.resize(d.channels);
  r.running.resize(2 * d.channels);
  const double n = double(d.samples) * d.plane;
  for (int c = 0; c < d.channels; c++) {
    auto each = [&](auto f) {
      for (int s = 0; s < d.samples; s++)
        for (int i = 0; i < d.plane; i++) f((size_t(s) * d.channels + c) * d.plane + i);
    };
    double mean = 0, variance = 0, sum = 0, product = 0;
    each([&](size_t i) { mean += d.x[i] / n; });
    each([&](size_t i) { variance += (d.x[i] - mean) * (d.x[i] - mean) / n; });
    const double deviation = std::sqrt(variance + kEpsilon);
    std::vector<double> g(d.x.size());
    each([&](size_t i) {
      double hat = (d.x[i] - mean) / deviation, z = d.gamma[c] * hat + d.beta[c];
      r.y[i] = tanh ? std::tanh(z) : z;
      g[i] = d.dy[i] * (tanh ? 1 - r.y[i] * r.y[i] : 1);
      sum += g[i], product += g[i] * hat;
    });
    each([&](size_t i) {
      double hat = (d.x[i] - mean) / deviation;
      r.dx[i] = d.gamma[c] / deviation * (g[i] - sum / n - hat * product / n);
    });
    r.dgamma[c] = product, r.dbeta[c] = sum;
    r.running[c] = kMomentum * mean;
    r.running[d.channels + c] = 1 + kMomentum * (variance * (n > 1 ? n / (n - 1) : 1) - 1);
  }
  return r;
}

void check(const lamella::KernelTable& kernels, Data& d, bool tanh) {
  Reference ref = reference(d, tanh);
  auto y = poisoned(d.x.size()), statistics = poisoned(2 * d.channels), means = poisoned(2 * d.channels);
  auto dgamma = poisoned(d.channels), dbeta = poisoned(d.channels);
  std::vector<float> running(2 * d.channels, 0.0f);
  std::fill(running.begin() + d.channels, running.end(), 1.0f);
  std::vector<double> sums(2 * d.channels), gradient_sums(2 * d.channels);
  auto norm = [&](const char* kind) {
    OperatorRun run(kind, d.samples);
    int activation = tanh ? lamella::activation_number("TANH") : lamella::LAMELLA_IDENTITY;
    run.op.work.norm = {{d.channels, 1, d.plane}, {activation, 0}, kEpsilon, kMomentum};
    return run;
  };
  norm("NORM_MOMENTS").with(LAMELLA_X, d.x, d.elements()).with(LAMELLA_PARTIAL, sums).run(kernels);
  norm("NORM_STATISTICS")
      .with(LAMELLA_PARTIAL, sums)
      .with(LAMELLA_STATISTICS, statistics)
      .with(LAMELLA_RUNNING, running)
      .run(kernels);
  CHECK(relative_error(ref.running, running.data()) < 1e-5);
  norm("NORMALIZE")
      .with(LAMELLA_X, d.x, d.elements())
      .with(LAMELLA_STATISTICS, statistics)
      .with(LAMELLA_WEIGHT, d.gamma)
      .with(LAMELLA_BIAS, d.beta)
      .with(LAMELLA_Y, y, d.elements())
      .run(kernels);
  CHECK(relative_error(ref.y, y.data()) < 1e-5);
  auto reading = [&](const char* kind) {
    return norm(kind)
        .with(LAMELLA_X, d.x, d.elements())
        .with(LAMELLA_Y, y, d.elements())
        .with(LAMELLA_DY, d.dy, d.elements())
        .with(LAMELLA_STATISTICS, statistics)
        .with(LAMELLA_WEIGHT, d.gamma)
        .with(LAMELLA_BIAS, d.beta);
  };
  reading("NORM_GRADIENT_SUMS").with(LAMELLA_PARTIAL, gradient_sums).run(kernels);
  norm("NORM_GRADIENT")
      .with(LAMELLA_PARTIAL, gradient_sums)
      .with(LAMELLA_DWEIGHT, dgamma)
      .with(LAMELLA_DBIAS, dbeta)
      .with(LAMELLA_AUXILIARY, means)
      .run(kernels);
  CHECK(relative_error(ref.dgamma, dgamma.data()) < 1e-5);
  CHECK(relative_error(ref.dbeta, dbeta.data()) < 1e-5);
  for (bool accumulate : {false, true}) {
    auto dx = accumulate ? std::vector<float>(d.x.size(), 2.0f) : poisoned(d.x.size());
    reading("NORM_BACKWARD")
        .with(LAMELLA_AUXILIARY, means)
        .with(LAMELLA_DX, dx, d.elements())
        .accumulating(accumulate)
        .run(kernels);
    if (accumulate)
      for (float& v : dx) v -= 2.0f;
    CHECK(relative_error(ref.dx, dx.data()) < 2e-5);
  }
}

}  // namespace

TEST_CASE("batch norm and its gradients agree with double precision") {
  const int cases[][3] = {{17, 5, 21}, {3, 34, 1}, {100, 3, 17}, {33, 1, 100}};
  for (const lamella::KernelTable* isa : isas())
    for (const auto& t : cases)
      for (bool tanh : {false, true}) {
        CAPTURE(isa->name);
        CAPTURE(t[0]);
        CAPTURE(tanh);
        Data d{t[0], t[1], t[2], {}, {}, {}, {}};
        d.x = random_floats(size_t(t[0]) * t[1] * t[2], 1), d.dy = random_floats(d.x.size(), 2);
        d.gamma = random_floats(t[1], 3), d.beta = random_floats(t[1], 4);
        check(*isa, d, tanh);
      }
}

TEST_CASE("frozen statistics are the running ones") {
  for (const lamella::KernelTable* isa : isas()) {
    std::vector<float> running = {1, -2, 3, 4, 0.25f, 9}, statistics = poisoned(6);
    OperatorRun frozen("NORM_FROZEN", 5);
    frozen.op.work.norm = {{3, 1, 7}, {}, kEpsilon, kMomentum};
    frozen.with(LAMELLA_RUNNING, running).with(LAMELLA_STATISTICS, statistics).run(*isa);
    for (int c = 0; c < 3; c++) {
      CHECK(statistics[c] == running[c]);
      CHECK(statistics[3 + c] == doctest::Approx(1 / std::sqrt(running[3 + c] + kEpsilon)));
    }
  }
}
