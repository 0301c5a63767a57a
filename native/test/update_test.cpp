// The optimizers over several steps, with and without weight decay, at every ISA, against double precision.
#include "operator_run.h"

using namespace testing;

namespace {

constexpr float kRate = 0.05f, kMomentum = 0.9f, kBeta2 = 0.99f, kEpsilon = 1e-6f;

// One step of the published rules, in double precision.
void step_of(int optimizer, double decay, int64_t t, double g, double& w, double& m1, double& m2) {
  if (optimizer == LAMELLA_SGD || optimizer == LAMELLA_NESTEROV) {
    g += decay * w;
    m1 = kMomentum * m1 + g;
    w -= kRate * (optimizer == LAMELLA_NESTEROV ? g + kMomentum * m1 : m1);
    return;
  }
  if (optimizer == LAMELLA_ADAMW)
    w -= kRate * decay * w;
  else
    g += decay * w;
  m1 = kMomentum * m1 + (1.0 - kMomentum) * g;
  m2 = kBeta2 * m2 + (1.0 - kBeta2) * g * g;
  double mean = m1 / (1 - std::pow(kMomentum, t)), square = m2 / (1 - std::pow(kBeta2, t));
  w -= kRate * mean / (std::sqrt(square) + kEpsilon);
}

void check(const lamella::KernelTable& kernels, int optimizer, float decay, int n) {
  auto w = random_floats(n, 1);
  std::vector<float> m1(n, 0.0f), m2(n, 0.0f);
  std::vector<double> weights(w.begin(), w.end()), mean(n), square(n);
  for (int64_t t = 1; t <= 5; t++) {
    auto g = random_floats(n, unsigned(10 + t));
    for (int i = 0; i < n; i++) step_of(optimizer, decay, t, g[i], weights[i], mean[i], square[i]);
    OperatorRun update("UPDATE", 1);
    update.op.work.update = {optimizer, kMomentum, kBeta2, kEpsilon, decay, 0, n};
    update.step.rate = kRate;
    update.step.correction1 = float(1 - std::pow(double(kMomentum), t));
    update.step.correction2 = float(1 - std::pow(double(kBeta2), t));
    update.with(LAMELLA_WEIGHT, w).with(LAMELLA_DWEIGHT, g).with(LAMELLA_MOMENT1, m1);
    if (optimizer == LAMELLA_ADAM || optimizer == LAMELLA_ADAMW) update.with(LAMELLA_MOMENT2, m2);
    update.run(kernels);
  }
  CHECK(relative_error(weights, w.data()) < 1e-5);
  CHECK(relative_error(mean, m1.data()) < 1e-5);
  if (optimizer == LAMELLA_ADAM || optimizer == LAMELLA_ADAMW) CHECK(relative_error(square, m2.data()) < 1e-5);
}

}  // namespace

TEST_CASE("optimizers agree with double precision") {
  for (const lamella::KernelTable* isa : isas())
    for (int optimizer : {LAMELLA_SGD, LAMELLA_NESTEROV, LAMELLA_ADAM, LAMELLA_ADAMW})
      for (float decay : {0.0f, 0.01f})
        for (int n : {1, 3, 17, 100, 70001}) {  // the last one takes several units
          CAPTURE(isa->name);
          CAPTURE(optimizer);
          CAPTURE(decay);
          CAPTURE(n);
          check(*isa, optimizer, decay, n);
        }
}

TEST_CASE("plain SGD needs no moments") {
  for (const lamella::KernelTable* isa : isas()) {
    std::vector<float> w(17, 1.0f), g(17, 2.0f);
    OperatorRun update("UPDATE", 1);
    update.op.work.update = {LAMELLA_SGD, 0, 0, 1, 0.1f, 0, 17};
    update.step.rate = 0.5f;
    update.with(LAMELLA_WEIGHT, w).with(LAMELLA_DWEIGHT, g).run(*isa);
    for (float v : w) CHECK(v == doctest::Approx(1 - 0.5 * 2.1));
  }
}
