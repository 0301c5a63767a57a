// Sigmoid cross-entropy: extreme logits, masks with NaN behind them, positive weights, hits and misses.
#include "testing.h"

using namespace testing;

TEST_CASE("loss and gradient agree with double precision for logits up to 1e4") {
  const float logits[] = {0, 1e-3f, -1e-3f, 1, -1, 20, -20, 88, -88, 100, -100, 1e4f, -1e4f, 3, -3, 0.5f, 7};
  const int n = sizeof(logits) / sizeof(float);
  for (const lamella::KernelTable* isa : isas())
    for (float target : {0.0f, 1.0f})
      for (float weight : {1.0f, 7.5f}) {
        std::vector<float> targets(n, target), weights(n, weight), gradient = poisoned(n);
        lamella_loss op = {};
        op.labels = n;
        lamella_tally tally = {};
        double expected = 0;
        isa->loss(op, logits, targets.data(), nullptr, weights.data(), 0.5f, gradient.data(), &tally);
        for (int i = 0; i < n; i++) {
          double z = logits[i], softplus = std::log1p(std::exp(-std::fabs(z))) + std::fmax(-z, 0);
          double l = 1 + (weight - 1) * target;
          expected += (1 - target) * z + l * softplus;
          double slope = 0.5 * ((1 - target) - l / (1 + std::exp(z)));
          CHECK(gradient[i] == doctest::Approx(slope).epsilon(1e-5).scale(0.1));
        }
        CHECK(tally.loss == doctest::Approx(expected).epsilon(1e-6));
      }
}

namespace {

// -log of the probability of a target, and its focus, in double precision; differences of it are the gradient.
double focused(double z, bool target, double weight, double gamma_positive, double gamma_negative, double margin) {
  double p = 1 / (1 + std::exp(-z));
  if (target)
    return weight * std::pow(1 / (1 + std::exp(z)), gamma_positive) *
           (std::log1p(std::exp(-std::fabs(z))) + std::fmax(-z, 0));
  double r = std::fmax(p - margin, 0), rest = 1 / (1 + std::exp(z)) + margin;
  if (margin == 0) return std::pow(p, gamma_negative) * (std::log1p(std::exp(-std::fabs(z))) + std::fmax(z, 0));
  return r == 0 ? 0 : -std::pow(r, gamma_negative) * std::log(rest);
}

}  // namespace

TEST_CASE("focal and asymmetric loss, and their gradients by central differences in double precision") {
  const float settings[][3] = {{2, 2, 0},    {0, 4, 0.05f}, {1, 4, 0.2f}, {0.5f, 0.5f, 0},
                               {0, 0, 0.1f}, {3, 0, 0},     {0, 1, 0}};
  for (const lamella::KernelTable* isa : isas())
    for (auto& s : settings)
      for (float weight : {1.0f, 4.0f}) {
        std::vector<float> logits = random_floats(203, 7), targets(203), weights(203, weight), gradient = poisoned(203);
        lamella_loss op = {};
        op.labels = 203, op.gamma_positive = s[0], op.gamma_negative = s[1], op.margin = s[2];
        for (int i = 0; i < 203; i++) {
          logits[i] *= i % 7 == 0 ? 30.0f : 3.0f;
          targets[i] = i % 3 == 0;
          // Where the loss begins to rise it has no derivative: no logit is there.
          double p = 1 / (1 + std::exp(-logits[i]));
          if (std::fabs(p - s[2]) < 1e-3) logits[i] += 0.5f;
        }
        lamella_tally tally = {};
        isa->loss(op, logits.data(), targets.data(), nullptr, weights.data(), 2.0f, gradient.data(), &tally);
        double expected = 0;
        std::vector<double> slopes(203);
        for (int i = 0; i < 203; i++) {
          const double h = 1e-5;
          double z = logits[i];
          expected += focused(z, targets[i] > 0, weight, s[0], s[1], s[2]);
          slopes[i] = 2 *
                      (focused(z + h, targets[i] > 0, weight, s[0], s[1], s[2]) -
                       focused(z - h, targets[i] > 0, weight, s[0], s[1], s[2])) /
                      (2 * h);
        }
        CHECK(tally.loss == doctest::Approx(expected).epsilon(1e-5));
        CHECK(relative_error(slopes, gradient.data()) < 1e-5);
        for (float extreme : {1e4f, -1e4f, 88.0f, -88.0f, 100.0f})
          for (float target : {0.0f, 1.0f}) {
            float slope = NAN;
            op.labels = 1;
            lamella_tally one = {};
            isa->loss(op, &extreme, &target, nullptr, nullptr, 1, &slope, &one);
            CHECK(std::isfinite(slope));
            CHECK(std::isfinite(one.loss));
            op.labels = 203;
          }
      }
}

TEST_CASE("missing targets add nothing, whatever their values") {
  for (const lamella::KernelTable* isa : isas()) {
    std::vector<float> logits = {1, 2, 3}, targets = {1, std::nanf(""), 0}, mask = {1, 0, 1}, gradient = poisoned(3);
    lamella_loss op = {};
    op.labels = 3;
    lamella_tally tally = {};
    isa->loss(op, logits.data(), targets.data(), mask.data(), nullptr, 1, gradient.data(), &tally);
    CHECK(tally.loss == doctest::Approx(std::log1p(std::exp(-1.0)) + std::log1p(std::exp(3.0))));
    CHECK(gradient[1] == 0);
    CHECK(tally.known == 2);
    CHECK(tally.true_positives == 1);
    CHECK(tally.false_positives == 1);
  }
}

TEST_CASE("true positives, false positives, false negatives and exact samples are counted") {
  for (const lamella::KernelTable* isa : isas())
    for (int n : {1, 3, 15, 16, 17, 42, 100}) {
      lamella_tally tally = {}, expected = {};
      for (int sample = 0; sample < 50; sample++) {
        std::vector<float> logits = random_floats(n, 100 * n + sample), targets(n), mask(n), gradient = poisoned(n);
        bool right = sample % 5 == 0;  // of these samples every prediction is
        for (int i = 0; i < n; i++) {
          targets[i] = right ? logits[i] > 0 : (i + sample) % 3 == 0;
          mask[i] = (i + sample) % 4 != 0;
        }
        bool exact = true;
        for (int i = 0; i < n; i++) {
          if (mask[i] == 0) continue;
          bool predicted = logits[i] > 0, truth = targets[i] > 0;
          expected.known++, expected.true_positives += predicted && truth,
              expected.false_positives += predicted && !truth;
          expected.false_negatives += !predicted && truth, exact &= predicted == truth;
        }
        expected.exact += exact;
        lamella_loss op = {};
        op.labels = n;
        isa->loss(op, logits.data(), targets.data(), mask.data(), nullptr, 1, gradient.data(), &tally);
      }
      CHECK(tally.known == expected.known);
      CHECK(tally.true_positives == expected.true_positives);
      CHECK(tally.false_positives == expected.false_positives);
      CHECK(tally.false_negatives == expected.false_negatives);
      CHECK(tally.exact == expected.exact);
    }
}
