// Sigmoid cross-entropy: extreme logits, masks with NaN behind them, positive weights.
#include "testing.h"

using namespace testing;

TEST_CASE("loss and gradient agree with double precision for logits up to 1e4") {
  const float logits[] = {0, 1e-3f, -1e-3f, 1, -1, 20, -20, 88, -88, 100, -100, 1e4f, -1e4f, 3, -3, 0.5f, 7};
  const int n = sizeof(logits) / sizeof(float);
  for (const lamella::KernelTable* level : levels())
    for (float target : {0.0f, 1.0f})
      for (float weight : {1.0f, 7.5f}) {
        std::vector<float> targets(n, target), weights(n, weight), gradient = poisoned(n);
        lamella_op op = {};
        op.count = n;
        double total = 0, expected = 0;
        level->loss(op, logits, targets.data(), nullptr, weights.data(), 0.5f, gradient.data(), &total);
        for (int i = 0; i < n; i++) {
          double z = logits[i], softplus = std::log1p(std::exp(-std::fabs(z))) + std::fmax(-z, 0);
          double l = 1 + (weight - 1) * target;
          expected += (1 - target) * z + l * softplus;
          double slope = 0.5 * ((1 - target) - l / (1 + std::exp(z)));
          CHECK(gradient[i] == doctest::Approx(slope).epsilon(1e-5).scale(0.1));
        }
        CHECK(total == doctest::Approx(expected).epsilon(1e-6));
      }
}

TEST_CASE("missing targets add nothing, whatever stands in their place") {
  for (const lamella::KernelTable* level : levels()) {
    std::vector<float> logits = {1, 2, 3}, targets = {1, std::nanf(""), 0}, mask = {1, 0, 1}, gradient = poisoned(3);
    lamella_op op = {};
    op.count = 3;
    double total = 0;
    level->loss(op, logits.data(), targets.data(), mask.data(), nullptr, 1, gradient.data(), &total);
    CHECK(total == doctest::Approx(std::log1p(std::exp(-1.0)) + std::log1p(std::exp(3.0))));
    CHECK(gradient[1] == 0);
  }
}
