// Activations, copies, masks and dropout, at every ISA, against double precision.
#include "operator_run.h"

using namespace testing;

namespace {

constexpr int kSamples = 3;

struct Formula {
  const char* name;
  double (*value)(double x, double slope);
  double (*derivative)(double x, double slope);
};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

const Formula kFormulas[] = {
    {"TANH", [](double x, double) { return std::tanh(x); },
     [](double x, double) { return 1 - std::tanh(x) * std::tanh(x); }},
    {"SIGMOID", [](double x, double) { return logistic(x); },
     [](double x, double) { return logistic(x) * (1 - logistic(x)); }},
    {"RELU", [](double x, double) { return x > 0 ? x : 0; }, [](double x, double) { return x > 0 ? 1.0 : 0.0; }},
    {"LEAKY_RELU", [](double x, double slope) { return x > 0 ? x : slope * x; },
     [](double x, double slope) { return x > 0 ? 1.0 : slope; }}};

}  // namespace

TEST_CASE("activations and their gradients agree with double precision") {
  for (const lamella::KernelTable* isa : isas())
    for (const Formula& formula : kFormulas)
      for (int n : {1, 3, 16, 17, 34, 100}) {
        CAPTURE(isa->name);
        CAPTURE(formula.name);
        CAPTURE(n);
        const float slope = 0.1f;
        auto x = random_floats(size_t(kSamples) * n, unsigned(n)), dy = random_floats(x.size(), unsigned(n) + 1);
        auto y = poisoned(x.size());
        std::vector<double> expected, gradient;
        for (size_t i = 0; i < x.size(); i++) {
          expected.push_back(formula.value(x[i], slope));
          gradient.push_back(dy[i] * formula.derivative(x[i], slope));
        }
        OperatorRun forward("ACTIVATE", kSamples);
        forward.op.work.activate = {{lamella::activation_number(formula.name), slope}, n};
        forward.with(LAMELLA_X, x, n).with(LAMELLA_Y, y, n).run(*isa);
        CHECK(relative_error(expected, y.data()) < 1e-6);
        for (bool accumulate : {false, true}) {
          auto dx = accumulate ? std::vector<float>(x.size(), 2.0f) : poisoned(x.size());
          OperatorRun backward("ACTIVATE_BACKWARD", kSamples);
          backward.op.work.activate = forward.op.work.activate;
          backward.with(LAMELLA_Y, y, n).with(LAMELLA_DY, dy, n).with(LAMELLA_DX, dx, n);
          backward.accumulating(accumulate).run(*isa);
          if (accumulate)
            for (float& v : dx) v -= 2.0f;
          CHECK(relative_error(gradient, dx.data()) < 1e-5);
        }
      }
}

TEST_CASE("a copy replaces or adds, in rows of a larger tensor") {
  constexpr int n = 17, stride = 34;
  for (const lamella::KernelTable* isa : isas())
    for (bool accumulate : {false, true}) {
      auto x = random_floats(size_t(kSamples) * n, 1), y = random_floats(size_t(kSamples) * stride, 2), before = y;
      OperatorRun copy("COPY", kSamples);
      copy.op.work.elements.count = n;
      copy.with(LAMELLA_X, x, n).with(LAMELLA_Y, y, stride).accumulating(accumulate).run(*isa);
      for (int s = 0; s < kSamples; s++)
        for (int i = 0; i < stride; i++) {
          float was = before[s * stride + i];
          CHECK(y[s * stride + i] == (i >= n ? was : x[s * n + i] + (accumulate ? was : 0.0f)));
        }
    }
}

TEST_CASE("a mask keeps the columns whose windows end within the sequence") {
  constexpr int kChannels = 3, kWidth = 10, kInputChannels = 4, kInputWidth = 34;
  const int letters[] = {34, 17, 0, 5};
  for (const lamella::KernelTable* isa : isas())
    for (bool scaled : {false, true})
      for (bool accumulate : {false, true}) {
        const int samples = 4;
        std::vector<float> input(samples * kInputChannels * kInputWidth);
        for (int s = 0; s < samples; s++)
          for (int i = 0; i < letters[s]; i++) input[(s * kInputChannels + i % kInputChannels) * kInputWidth + i] = 1;
        auto x = random_floats(size_t(samples) * kChannels * kWidth, 5);
        auto y = accumulate ? random_floats(x.size(), 6) : poisoned(x.size()), before = y;
        OperatorRun mask("MASK", samples);
        mask.op.work.mask = {{kChannels, 1, kWidth},    kInputChannels, kInputWidth, -7, 3,
                             accumulate ? 0.0f : -5.0f, scaled};
        mask.with(LAMELLA_AUXILIARY, input, kInputChannels * kInputWidth)
            .with(LAMELLA_X, x, kChannels * kWidth)
            .with(LAMELLA_Y, y, kChannels * kWidth)
            .accumulating(accumulate)
            .run(*isa);
        for (int s = 0; s < samples; s++) {
          int kept = std::min(kWidth, std::max(1, int(std::floor((letters[s] - 7) / 3.0)) + 1));
          for (int c = 0; c < kChannels; c++)
            for (int i = 0; i < kWidth; i++) {
              int at = (s * kChannels + c) * kWidth + i;
              double value = i < kept ? x[at] * (scaled ? double(kWidth) / kept : 1) : accumulate ? 0 : -5;
              CHECK(y[at] == doctest::Approx(value + (accumulate ? before[at] : 0)).epsilon(1e-5));
            }
        }
      }
}

TEST_CASE("dropout drops the given share, scales the other units, and the backward pass drops the same units") {
  constexpr int n = 1001;
  for (const lamella::KernelTable* isa : isas()) {
    std::vector<float> x(size_t(kSamples) * n, 3.0f), y = poisoned(x.size()), dx = poisoned(x.size());
    auto run = [&](const char* kind, std::vector<float>& to, int64_t step) {
      OperatorRun dropout(kind, kSamples);
      dropout.op.work.dropout = {7, n, 0.25f};
      dropout.step.step = step, dropout.step.seed = 11;
      dropout.with(LAMELLA_X, x, n).with(LAMELLA_Y, to, n).run(*isa);
    };
    run("DROPOUT", y, 1), run("DROPOUT_BACKWARD", dx, 1);
    CHECK(y == dx);
    int64_t dropped = std::count(y.begin(), y.end(), 0.0f);
    for (float v : y)
      if (v != 0) CHECK(v == doctest::Approx(4.0));
    CHECK(dropped > int64_t(0.2 * double(y.size())));
    CHECK(dropped < int64_t(0.3 * double(y.size())));
    run("DROPOUT_BACKWARD", dx, 2);
    CHECK(y != dx);
  }
}
