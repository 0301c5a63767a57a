// The CUDA kernels around the convolutions, on simulated blocks, against double precision; dropout against the CPU's,
// to the bit.
#include "operator_run.h"

#define LAMELLA_SIMULATED
#include "device.cuh"

#include "activation.cu"
#include "batch_norm.cu"
#include "elementwise.cu"
#include "layer_norm.cu"
#include "loss.cu"
#include "pool.cu"
#include "update.cu"

using namespace testing;
using lamella::sim::launch;

namespace {

constexpr unsigned kThreads = 64;

unsigned blocks(int64_t items) { return unsigned((items + kThreads - 1) / kThreads); }

const lamella::KernelTable& cpu() { return *isas().front(); }

double act(int kind, double slope, double v) {
  switch (kind) {
    case kTanh: return std::tanh(v);
    case kSigmoid: return 1 / (1 + std::exp(-v));
    case kRelu: return v > 0 ? v : 0;
    case kLeakyRelu: return v > 0 ? v : slope * v;
    default: return v;
  }
}

// act'(v) by central differences, away from the kink of ReLU.
double slope_of(int kind, double slope, double v) {
  const double h = 1e-6;
  return (act(kind, slope, v + h) - act(kind, slope, v - h)) / (2 * h);
}

}  // namespace

// The grid of an element-wise kernel, with fewer blocks along y than samples: threads visit several.
lamella::sim::Dim3 over(int samples, int count, int vector) {
  return {blocks(count / vector + count % vector), unsigned(std::max(1, samples / 2))};
}

// Memory of the slices of a sum. The counts are 0 before and after every kernel.
struct SliceMemory {
  std::vector<double> partial;
  std::vector<unsigned> ended;

  SliceMemory(unsigned slices, unsigned channels)
      : partial(size_t(2) * slices * channels, std::numeric_limits<double>::quiet_NaN()), ended(channels) {}
  Slices slices() { return {partial.data(), ended.data()}; }
  bool at_rest() const {
    return std::all_of(ended.begin(), ended.end(), [](unsigned n) { return n == 0; });
  }
};

TEST_CASE("activations and their slopes, in part of a tensor") {
  constexpr int kSamples = 5;
  for (int kind : {kIdentity, kTanh, kSigmoid, kRelu, kLeakyRelu})
    for (int plane : {1, 17, 34, 68})
      for (int vector : {1, FLOATS}) {
        int count = 5 * plane, stride = vector == 1 ? count + 7 : (count + 7) / 4 * 4, own = (count + 3) / 4 * 4;
        auto x = random_floats(kSamples * stride, unsigned(kind + plane)), b = random_floats(5, 3),
             dy = random_floats(kSamples * stride, 4);
        auto y = poisoned(kSamples * stride), dx = poisoned(kSamples * own);
        CHECK(launch(over(kSamples, count, vector), {kThreads}, 1, [&] {
                bias_activation(kSamples, count, vector, plane, kind, 0.1f, x.data(), stride, b.data(), y.data(),
                                stride);
              }) == "");
        for (int accumulate : {0, 1})
          CHECK(launch(over(kSamples, count, vector), {kThreads}, 2, [&] {
                  activation_backward(kSamples, count, vector, kind, 0.1f, accumulate,
                                      kind == kIdentity ? nullptr : y.data(), stride, dy.data(), stride, dx.data(),
                                      own);
                }) == "");
        std::vector<double> values, gradients;
        std::vector<float> made, sloped;
        for (int n = 0; n < kSamples; n++) {
          for (int i = 0; i < count; i++) {
            double v = double(x[n * stride + i]) + b[i / plane];
            values.push_back(act(kind, 0.1f, v)), gradients.push_back(2 * dy[n * stride + i] * slope_of(kind, 0.1f, v));
            made.push_back(y[n * stride + i]), sloped.push_back(dx[n * own + i]);
          }
          for (int i = count; i < stride; i++)
            CHECK(std::isnan(y[n * stride + i]));  // the rest of the tensor is not written
        }
        CHECK(relative_error(values, made.data()) < 1e-6);
        CHECK(relative_error(gradients, sloped.data()) < 1e-5);
      }
}

TEST_CASE("a value that is not a number stays one, with and without a bias, in place") {
  constexpr int kCount = 27;
  for (int kind : {kIdentity, kTanh, kSigmoid, kRelu, kLeakyRelu, kGelu})
    for (bool biased : {false, true}) {
      auto x = random_floats(kCount, 1), b = random_floats(kCount, 2), dx = poisoned(kCount);
      x[13] = NAN;
      CHECK(launch(over(1, kCount, FLOATS), {kThreads}, 1, [&] {
              bias_activation(1, kCount, FLOATS, 1, kind, 0.1f, x.data(), kCount, biased ? b.data() : nullptr, x.data(),
                              kCount);
            }) == "");
      CHECK(launch(over(1, kCount, FLOATS), {kThreads}, 1, [&] {
              activation_backward(1, kCount, FLOATS, kIdentity, 0, 0, nullptr, 0, x.data(), kCount, dx.data(), kCount);
            }) == "");
      for (int i = 0; i < kCount; i++) CHECK(std::isnan(dx[i]) == (i == 13));
    }
}

TEST_CASE("copies and sums of maps") {
  for (int vector : {1, FLOATS}) {
    auto x = random_floats(3 * 20, 1), y = random_floats(3 * 36, 2), before = y;
    for (int accumulate : {0, 1, 1})
      CHECK(launch(over(3, 17, vector), {kThreads}, 1,
                   [&] { copy_map(3, 17, vector, accumulate, x.data(), 20, y.data() + 4, 36); }) == "");
    for (int n = 0; n < 3; n++)
      for (int i = 0; i < 36; i++)
        CHECK(y[n * 36 + i] ==
              (i < 4 || i >= 21 ? before[n * 36 + i] : x[n * 20 + i - 4] + x[n * 20 + i - 4] + x[n * 20 + i - 4]));
  }
}

TEST_CASE("bias gradients, in one slice or several, the same in every run") {
  constexpr int kSamples = 5, kFilters = 7;
  for (int plane : {2, 17, 36, 300})
    for (unsigned slices : {1u, 3u, 8u})
      for (int vector : {1, FLOATS}) {
        if (plane % vector) continue;
        const int stride = kFilters * plane + 4;
        auto g = random_floats(size_t(kSamples) * stride, 1);
        std::vector<double> expected(kFilters);
        for (int n = 0; n < kSamples; n++)
          for (int i = 0; i < kFilters * plane; i++) expected[i / plane] += g[n * stride + i];
        std::vector<float> first;
        for (unsigned seed : {1, 2, 3}) {
          SliceMemory memory(slices, kFilters);
          auto db = poisoned(kFilters);
          CHECK(launch({slices, kFilters}, {kThreads}, seed, [&] {
                  bias_gradient(kSamples, plane, vector, g.data(), stride, memory.slices(), db.data());
                }) == "");
          CHECK(relative_error(expected, db.data()) < 1e-6);
          CHECK(memory.at_rest());
          if (first.empty()) first = db;
          CHECK(db == first);
        }
        g[stride + plane] = NAN;  // of filter 1
        SliceMemory memory(slices, kFilters);
        auto db = poisoned(kFilters);
        CHECK(launch({slices, kFilters}, {kThreads}, 4, [&] {
                bias_gradient(kSamples, plane, vector, g.data(), stride, memory.slices(), db.data());
              }) == "");
        for (int k = 0; k < kFilters; k++) CHECK(std::isnan(db[k]) == (k == 1));
      }
}

TEST_CASE("bias gradients of planes of one element") {
  for (int samples : {1, 2, 67})
    for (int count : {1, 31, 70})
      for (unsigned warps : {1u, 3u, 8u}) {
        const int stride = count + 3;
        auto g = random_floats(size_t(samples) * stride, 1), db = poisoned(count);
        CHECK(launch({unsigned(count + 31) / 32}, {warps * 32}, 1,
                     [&] { bias_gradient_columns(samples, count, g.data(), stride, db.data()); }) == "");
        std::vector<double> expected(count);
        for (int n = 0; n < samples; n++)
          for (int i = 0; i < count; i++) expected[i] += g[n * stride + i];
        CHECK(relative_error(expected, db.data()) < 1e-6);
      }
}

TEST_CASE("dropout drops what the CPU drops") {
  constexpr int kSamples = 4, kFirst = 9;
  OperatorRun of_cpu("DROPOUT", kFirst + kSamples);
  lamella_dropout& op = of_cpu.op.work.dropout;
  op.elements = 101, op.rate = 0.3f, op.stream = 5;
  auto x = random_floats(kSamples * op.elements, 1), y = poisoned(x.size()), expected = poisoned(x.size());
  StepState now = {};
  now.step = 12, now.seed = 345;
  const int count = int(op.elements);
  CHECK(launch(over(kSamples, count, 1), {kThreads}, 1, [&] {
          dropout(kSamples, count, 1, unsigned(double(op.rate) * (1 << 24)), 1 / (1 - op.rate), 0, op.stream, kFirst,
                  &now, x.data(), count, y.data(), count);
        }) == "");
  int64_t zeros = 0;
  // The samples of this device follow those of other devices, whose memory would be before these vectors.
  of_cpu.with(LAMELLA_X, x, op.elements).with(LAMELLA_Y, expected, op.elements);
  for (int slot : {LAMELLA_X, LAMELLA_Y}) of_cpu.call.base[slot] -= kFirst * of_cpu.call.stride[slot];
  of_cpu.call.first = kFirst, of_cpu.step.step = 12, of_cpu.step.seed = 345;
  of_cpu.run(cpu());
  for (size_t i = 0; i < x.size(); i++) {
    CHECK(y[i] == expected[i]);
    zeros += y[i] == 0;
  }
  // Four at a time, added to what is there: the same.
  const int wide = 104;
  std::vector<float> from(kSamples * wide), sum(kSamples * wide, 1.0f);
  for (int n = 0; n < kSamples; n++) std::copy_n(&x[n * count], count, &from[n * wide]);
  CHECK(launch(over(kSamples, count, FLOATS), {kThreads}, 1, [&] {
          dropout(kSamples, count, FLOATS, unsigned(double(op.rate) * (1 << 24)), 1 / (1 - op.rate), 1, op.stream,
                  kFirst, &now, from.data(), wide, sum.data(), wide);
        }) == "");
  for (int n = 0; n < kSamples; n++)
    for (int i = 0; i < wide; i++) CHECK(sum[n * wide + i] == 1.0f + (i < count ? y[n * count + i] : 0.0f));
  CHECK(zeros > 80);
  CHECK(zeros < 160);
}

TEST_CASE("sigmoid cross-entropy, its gradient and its tally") {
  constexpr int kSamples = 37;
  for (int labels : {1, 3, 34, 100})
    for (bool masked : {false, true}) {
      size_t count = size_t(kSamples) * labels;
      auto z = random_floats(count, unsigned(labels)), draws = random_floats(count, 2),
           mask_draws = random_floats(count, 3);
      std::vector<float> t(count), mask(count, 1.0f), a(labels, 2.5f);
      for (size_t i = 0; i < count; i++) {
        z[i] *= i % 11 == 0 ? 60.0f : 2.0f;
        t[i] = draws[i] > 0.5f;
        if (masked && mask_draws[i] > 0) mask[i] = 0, t[i] = NAN;
      }
      auto gradient = poisoned(count);
      std::vector<Tally> tallies(kSamples);
      Tally sum = {};
      StepState now = {};
      now.scale = 0.25f, now.masked = masked;
      CHECK(launch({blocks(kSamples * 32)}, {kThreads}, 1, [&] {
              cross_entropy(kSamples, labels, z.data(), t.data(), mask.data(), a.data(), Focus{}, &now, gradient.data(),
                            tallies.data());
            }) == "");
      CHECK(launch({1}, {kThreads}, 2, [&] { sum_tally(kSamples, tallies.data(), &sum); }) == "");
      Tally expected = {};
      std::vector<double> slopes(count);
      for (int n = 0; n < kSamples; n++) {
        int wrong = 0;
        for (int i = 0; i < labels; i++) {
          size_t at = size_t(n) * labels + i;
          if (mask[at] == 0) continue;
          double l = t[at] > 0 ? 2.5 : 1, v = z[at], p = 1 / (1 + std::exp(-v));
          // -l t log(p) - (1 - t) log(1 - p), by log1p where p is near 0 or 1
          double log_p = v > 0 ? -std::log1p(std::exp(-v)) : v - std::log1p(std::exp(v));
          expected.loss += t[at] > 0 ? -l * log_p : v - log_p;
          slopes[at] = 0.25 * (t[at] > 0 ? l * (p - 1) : p);
          bool predicted = v > 0, truth = t[at] > 0;
          expected.known++, expected.true_positives += predicted && truth;
          expected.false_positives += predicted && !truth, expected.false_negatives += !predicted && truth;
          wrong += predicted != truth;
        }
        expected.exact += wrong == 0;
      }
      CHECK(sum.loss == doctest::Approx(expected.loss).epsilon(1e-6));
      CHECK(sum.known == expected.known);
      CHECK(sum.true_positives == expected.true_positives);
      CHECK(sum.false_positives == expected.false_positives);
      CHECK(sum.false_negatives == expected.false_negatives);
      CHECK(sum.exact == expected.exact);
      CHECK(relative_error(slopes, gradient.data()) < 1e-6);
    }
}

// Values by their definition, gradients by central differences, in double precision.
TEST_CASE("focal and asymmetric loss") {
  auto loss = [](double z, bool target, double weight, const Focus& f) {
    double p = 1 / (1 + std::exp(-z)), q = 1 / (1 + std::exp(z)), r = std::fmax(p - double(f.margin), 0);
    if (target) return -weight * std::pow(q, double(f.positive)) * std::log(p);
    return r == 0 ? 0 : -std::pow(r, double(f.negative)) * std::log(q + double(f.margin));
  };
  constexpr int kSamples = 19, kLabels = 41;
  for (Focus focus : {Focus{2, 2, 0}, Focus{0, 4, 0.05f}, Focus{1, 3, 0.2f}, Focus{0, 0, 0.1f}, Focus{0.5f, 0, 0}}) {
    constexpr size_t count = size_t(kSamples) * kLabels;
    auto z = random_floats(count, 5), draws = random_floats(count, 6);
    std::vector<float> t(count), a(kLabels, 3.0f), gradient = poisoned(count);
    double expected = 0;
    std::vector<double> slopes(count);
    for (size_t i = 0; i < count; i++) {
      z[i] *= 4;
      t[i] = draws[i] > 0.4f;
      if (std::fabs(1 / (1 + std::exp(-double(z[i]))) - focus.margin) < 1e-3)
        z[i] += 0.5f;  // where it has no derivative
      const double h = 1e-5, v = z[i];
      expected += loss(v, t[i] > 0, 3, focus);
      slopes[i] = 0.5 * (loss(v + h, t[i] > 0, 3, focus) - loss(v - h, t[i] > 0, 3, focus)) / (2 * h);
    }
    std::vector<Tally> tallies(kSamples);
    Tally sum = {};
    StepState now = {};
    now.scale = 0.5f;
    CHECK(launch({blocks(kSamples * 32)}, {kThreads}, 1, [&] {
            cross_entropy(kSamples, kLabels, z.data(), t.data(), nullptr, a.data(), focus, &now, gradient.data(),
                          tallies.data());
          }) == "");
    CHECK(launch({1}, {kThreads}, 2, [&] { sum_tally(kSamples, tallies.data(), &sum); }) == "");
    CHECK(sum.loss == doctest::Approx(expected).epsilon(1e-5));
    CHECK(relative_error(slopes, gradient.data()) < 1e-5);
  }
}

TEST_CASE("columns that come from padding are covered") {
  constexpr int kSamples = 5, kLetters = 4, kLength = 41, kChannels = 3;
  const int ends[kSamples] = {41, 0, 17, 1, 40};
  std::vector<float> input(size_t(kSamples) * kLetters * kLength);
  for (int n = 0; n < kSamples; n++)
    for (int i = 0; i < ends[n]; i++) input[(size_t(n) * kLetters + (i * 7 + n) % kLetters) * kLength + i] = 1;
  for (int width : {13, 1, 41})
    for (bool scaled : {false, true})
      for (unsigned parts : {1u, 2u, 5u}) {
        const bool accumulate = parts == 2;
        const int offset = -5, stride = width == 41 ? 1 : 3, size = kChannels * width, x_stride = size + 2,
                  y_stride = size + 1;
        auto x = random_floats(size_t(kSamples) * x_stride, 3), before = random_floats(size_t(kSamples) * y_stride, 4),
             y = before;
        CHECK(launch({kSamples, parts}, {parts == 5 ? 32u : 64u}, 9, [&] {
                mask_padding(kChannels, width, kLetters, kLength, offset, stride, -2.5f, scaled, accumulate,
                             input.data(), x.data(), x_stride, y.data(), y_stride);
              }) == "");
        for (int n = 0; n < kSamples; n++) {
          int kept = 0;  // windows that end within the sequence, counted one by one
          for (int i = 0; i < width; i++) kept += i * stride - offset <= ends[n];
          kept = std::max(kept, 1);
          for (int i = 0; i < size; i++) {
            float own = x[n * x_stride + i] * (scaled ? float(width) / float(kept) : 1.0f),
                  old = before[n * y_stride + i];
            float expected = i % width < kept ? own + (accumulate ? old : 0) : accumulate ? old : -2.5f;
            CHECK(y[n * y_stride + i] == doctest::Approx(expected));
          }
          CHECK(y[n * y_stride + size] == before[n * y_stride + size]);
        }
      }
}

TEST_CASE("pools that are not fused, overlapping and padded") {
  const PoolShape shapes[] = {{6, 1, 17, 17, 3, 3, 2, 2, 1, 1, 9, 9, 0},
                              {5, 3, 7, 7, 7, 7, 1, 1, 0, 0, 1, 1, 0},
                              {4, 2, 1, 100, 1, 5, 1, 3, 0, 2, 1, 34, 0},
                              {3, 5, 14, 13, 3, 3, 1, 1, 1, 1, 14, 13, 0},
                              {2, 70, 9, 9, 2, 2, 3, 3, 0, 0, 3, 3, 0}};
  for (PoolShape s : shapes) {
    const int windows = s.pooled_h * s.pooled_w, planes = s.samples * s.channels, sample = s.channels * windows;
    s.y_stride = sample + 2;  // y is part of a larger tensor
    size_t in = size_t(planes) * s.height * s.width, out = size_t(planes) * windows;
    // A block has several planes where they are small; fewer blocks than planes.
    auto over_planes = [&](int positions) {
      const int each = std::max(1, int(kThreads) / positions);
      return lamella::sim::Dim3{blocks(positions), unsigned(std::max(1, planes / each / 2))};
    };
    auto x = random_floats(in, 1), dy = random_floats(out, 2), wide_dy = poisoned(size_t(s.samples) * s.y_stride);
    for (size_t i = 0; i < out; i++) wide_dy[i / sample * s.y_stride + i % sample] = dy[i];
    for (bool maximum : {true, false}) {
      auto wide = poisoned(size_t(s.samples) * s.y_stride), y = poisoned(out), dx = poisoned(in);
      std::vector<int> index(out, -1);
      CHECK(launch(over_planes(windows), {kThreads}, 1, [&] {
              if (maximum)
                pool_max_forward(s, x.data(), wide.data(), index.data());
              else
                pool_average_forward(s, x.data(), wide.data());
            }) == "");
      for (size_t i = 0; i < out; i++) y[i] = wide[i / sample * s.y_stride + i % sample];
      for (int n = 0; n < s.samples; n++) CHECK(std::isnan(wide[n * s.y_stride + sample]));
      for (int accumulate : {0, 1})
        CHECK(launch(over_planes(s.height * s.width), {kThreads}, 2, [&] {
                pool_backward(s, accumulate, wide_dy.data(), maximum ? index.data() : nullptr, dx.data());
              }) == "");
      std::vector<double> values(out), gradients(in);
      for (size_t o = 0; o < out; o++) {
        int at = int(o % (s.pooled_h * s.pooled_w)), top = at / s.pooled_w * s.stride_h - s.pad_h,
            left = at % s.pooled_w * s.stride_w - s.pad_w;
        size_t plane = o / (s.pooled_h * s.pooled_w) * s.height * s.width;
        std::vector<size_t> within;
        for (int h = top; h < top + s.pool_h; h++)
          for (int v = left; v < left + s.pool_w; v++)
            if (h >= 0 && h < s.height && v >= 0 && v < s.width) within.push_back(plane + h * s.width + v);
        size_t best = within[0];
        for (size_t i : within) {
          if (x[i] > x[best]) best = i;
          if (!maximum) values[o] += double(x[i]) / within.size(), gradients[i] += 2.0 * dy[o] / within.size();
        }
        if (maximum) values[o] = x[best], gradients[best] += 2.0 * dy[o];
      }
      CHECK(relative_error(values, y.data()) < 1e-6);
      CHECK(relative_error(gradients, dx.data()) < 1e-6);
    }
  }
}

// As on one of several devices that have samples (shared), or on the only one.
static void check_batch_norm(NormShape s, int vector, unsigned slices, bool shared) {
  const int kChannels = s.channels, kind = s.activation, sample = s.channels * s.plane;
  size_t count = size_t(s.samples) * sample;
  double n = s.samples * s.plane;
  auto x = random_floats(count, 1), dy = random_floats(size_t(s.samples) * s.dy_stride, 2),
       gamma = random_floats(kChannels, 3), beta = random_floats(kChannels, 4);
  for (float& v : x) v = 3 * v + 2;
  auto statistics = poisoned(2 * kChannels), y = poisoned(size_t(s.samples) * s.y_stride), dx = poisoned(count),
       dgamma = poisoned(kChannels), dbeta = poisoned(kChannels), means = poisoned(2 * kChannels);
  std::vector<float> running(2 * kChannels), frozen = poisoned(2 * kChannels);
  for (int c = 0; c < kChannels; c++) running[kChannels + c] = 1;
  std::vector<double> sums(2 * kChannels, NAN);
  SliceMemory memory(slices, kChannels);
  const lamella::sim::Dim3 of_sums{slices, unsigned(kChannels)}, of_elements = over(s.samples, sample, vector);
  const int plane_vector = s.plane % vector ? 1 : vector;
  CHECK(launch(of_sums, {kThreads}, 1, [&] {
          norm_moments(s, plane_vector, n, 0.1f, x.data(), memory.slices(), sums.data(),
                       shared ? nullptr : statistics.data(), running.data());
        }) == "");
  if (shared)
    CHECK(launch({1}, {kThreads}, 1,
                 [&] { norm_statistics(s, n, 0.1f, sums.data(), statistics.data(), running.data()); }) == "");
  CHECK(launch(of_elements, {kThreads}, 2,
               [&] { normalize(s, vector, x.data(), statistics.data(), gamma.data(), beta.data(), y.data()); }) == "");
  CHECK(launch(of_sums, {kThreads}, 3, [&] {
          norm_gradient_sums(s, plane_vector, n, x.data(), y.data(), dy.data(), statistics.data(), memory.slices(),
                             sums.data(), dgamma.data(), dbeta.data(), shared ? nullptr : means.data());
        }) == "");
  if (shared) CHECK(launch({1}, {kThreads}, 3, [&] { norm_gradient_means(s, n, sums.data(), means.data()); }) == "");
  CHECK(memory.at_rest());
  for (int accumulate : {0, 1})
    CHECK(launch(of_elements, {kThreads}, 4, [&] {
            norm_backward(s, vector, accumulate, x.data(), y.data(), dy.data(), statistics.data(), gamma.data(),
                          means.data(), dx.data());
          }) == "");
  CHECK(launch({1}, {kThreads}, 5, [&] { norm_frozen(s, running.data(), frozen.data()); }) == "");
  std::vector<double> values(count), gradients(count), expected_gamma(kChannels), expected_beta(kChannels);
  std::vector<float> made(count);
  for (size_t i = 0; i < count; i++) made[i] = y[i / sample * s.y_stride + i % sample];
  for (int c = 0; c < kChannels; c++) {
    auto each = [&](auto f) {
      for (int k = 0; k < s.samples; k++)
        for (int i = 0; i < s.plane; i++) f(size_t((k * kChannels + c) * s.plane + i));
    };
    double mean = 0, variance = 0;
    each([&](size_t i) { mean += x[i] / n; });
    each([&](size_t i) { variance += (x[i] - mean) * (x[i] - mean) / n; });
    double deviation = 1 / std::sqrt(variance + 1e-5);
    auto g = [&](size_t i) {
      return dy[i / sample * s.dy_stride + i % sample] *
             slope_of(kind, 0.1f, (x[i] - mean) * deviation * gamma[c] + beta[c]);
    };
    each([&](size_t i) {
      double normal = (x[i] - mean) * deviation;
      values[i] = act(kind, 0.1f, normal * gamma[c] + beta[c]);
      expected_beta[c] += g(i), expected_gamma[c] += g(i) * normal;
    });
    each([&](size_t i) {
      double normal = (x[i] - mean) * deviation;
      gradients[i] = 2 * gamma[c] * deviation * (g(i) - expected_beta[c] / n - normal * expected_gamma[c] / n);
    });
    CHECK(running[c] == doctest::Approx(0.1 * mean).epsilon(1e-5));
    CHECK(running[kChannels + c] == doctest::Approx(0.9 + 0.1 * variance * n / (n - 1)).epsilon(1e-5));
    CHECK(frozen[kChannels + c] == doctest::Approx(1 / std::sqrt(running[kChannels + c] + 1e-5)).epsilon(1e-5));
  }
  CHECK(relative_error(values, made.data()) < 1e-6);
  CHECK(relative_error(expected_gamma, dgamma.data()) < 1e-5);
  CHECK(relative_error(expected_beta, dbeta.data()) < 1e-5);
  CHECK(relative_error(gradients, dx.data()) < 1e-5);
}

TEST_CASE("batch norm, forward and backward") {
  for (int kind : {kIdentity, kTanh, kLeakyRelu})
    for (int plane : {1, 17, 64})
      for (unsigned slices : {1u, 4u})
        for (bool shared : {false, true})
          for (int vector : {1, FLOATS}) {
            const int sample = 4 * plane;  // a multiple of a vector, where planes need not be one
            check_batch_norm({5, 4, plane, kind, sample + 4, sample + 8, 0.1f, 1e-5f}, vector, slices, shared);
          }
}

TEST_CASE("sums of a batch norm with a value that is not a number") {
  NormShape s = {3, 3, 8, kIdentity, 24, 24, 0, 1e-5f};
  auto x = random_floats(3 * 24, 1);
  x[24 + 8] = NAN;  // of channel 1
  std::vector<float> statistics = poisoned(6), running(6, 1.0f);
  std::vector<double> sums(6);
  SliceMemory memory(3, 3);
  CHECK(launch({3, 3}, {kThreads}, 1, [&] {
          norm_moments(s, FLOATS, 24, 0.1f, x.data(), memory.slices(), sums.data(), statistics.data(), running.data());
        }) == "");
  for (int c = 0; c < 3; c++) {
    CHECK(std::isnan(sums[c]) == (c == 1));
    CHECK(std::isnan(statistics[c]) == (c == 1));
    CHECK(std::isnan(running[c]) == (c == 1));
  }
}

TEST_CASE("layer norm, forward and backward") {
  for (int plane : {1, 5, 12})
    for (unsigned slices : {1u, 3u}) {
      const int kSamples = 4, kChannels = 3, count = kChannels * plane;
      NormShape s = {kSamples, kChannels, plane, kIdentity, count + 2, count, 0, 1e-5f};
      auto x = random_floats(kSamples * count, 1), dy = random_floats(kSamples * count, 2),
           gamma = random_floats(kChannels, 3), beta = random_floats(kChannels, 4);
      auto statistics = poisoned(2 * kSamples), y = poisoned(kSamples * s.y_stride), dx = poisoned(x.size()),
           dgamma = poisoned(kChannels), dbeta = poisoned(kChannels);
      SliceMemory memory(slices, kChannels);
      CHECK(launch({kSamples}, {32}, 1,
                   [&] { layer_norm(s, x.data(), gamma.data(), beta.data(), statistics.data(), y.data()); }) == "");
      for (int accumulate : {0, 1})
        CHECK(launch({kSamples}, {32}, 2, [&] {
                layer_norm_backward(s, accumulate, x.data(), dy.data(), statistics.data(), gamma.data(), dx.data());
              }) == "");
      CHECK(launch({slices, kChannels}, {32}, 3, [&] {
              layer_norm_parameter_gradients(s, plane % FLOATS ? 1 : FLOATS, x.data(), dy.data(), statistics.data(),
                                             memory.slices(), dgamma.data(), dbeta.data());
            }) == "");
      CHECK(memory.at_rest());
      std::vector<double> values, gradients, expected_gamma(kChannels), expected_beta(kChannels);
      std::vector<float> made;
      for (int n = 0; n < kSamples; n++) {
        const float *in = &x[n * count], *slope = &dy[n * count];
        double mean = 0, variance = 0, of_slopes = 0, of_products = 0;
        for (int i = 0; i < count; i++) mean += double(in[i]) / count;
        for (int i = 0; i < count; i++) variance += (in[i] - mean) * (in[i] - mean) / count;
        const double deviation = 1 / std::sqrt(variance + 1e-5);
        for (int i = 0; i < count; i++) {
          const double normal = (in[i] - mean) * deviation, g = double(slope[i]) * gamma[i / plane];
          values.push_back(normal * gamma[i / plane] + beta[i / plane]), made.push_back(y[n * s.y_stride + i]);
          of_slopes += g / count, of_products += g * normal / count;
          expected_gamma[i / plane] += slope[i] * normal, expected_beta[i / plane] += slope[i];
        }
        for (int i = 0; i < count; i++)
          gradients.push_back(
              2 * deviation *
              (double(slope[i]) * gamma[i / plane] - of_slopes - (in[i] - mean) * deviation * of_products));
      }
      CHECK(relative_error(values, made.data()) < 1e-5);
      CHECK(relative_error(gradients, dx.data()) < 1e-4);
      CHECK(relative_error(expected_gamma, dgamma.data()) < 1e-5);
      CHECK(relative_error(expected_beta, dbeta.data()) < 1e-5);
    }
}

TEST_CASE("optimizers, three steps; decay of all parameters or of some") {
  const double rate = 0.01, momentum = 0.9, beta2 = 0.99, epsilon = 1e-6, decay = 0.1;
  for (int kind : {LAMELLA_SGD, LAMELLA_NESTEROV, LAMELLA_ADAM, LAMELLA_ADAMW})
    for (size_t count : {1, 4, 101, 1030})
      for (bool mixed : {false, true}) {
        auto w = random_floats(count, 1), draws = random_floats(count, 2);
        std::vector<float> m1(count), m2(count);
        std::vector<unsigned> decays((count + 31) / 32);
        for (size_t i = 0; i < count; i++) decays[i / 32] |= unsigned(draws[i] > 0) << i % 32;
        std::vector<double> expected(w.begin(), w.end()), mean(count), square(count);
        for (int step = 1; step <= 3; step++) {
          auto gradient = random_floats(count, unsigned(step + 10));
          double correction1 = 1 - std::pow(momentum, step), correction2 = 1 - std::pow(beta2, step);
          StepState now = {};
          now.rate = float(rate), now.correction1 = float(correction1), now.correction2 = float(correction2);
          const unsigned* bits = mixed ? decays.data() : nullptr;
          CHECK(launch({blocks(int64_t(count / FLOATS + count % FLOATS))}, {kThreads}, 1, [&] {
                  if (kind == LAMELLA_SGD || kind == LAMELLA_NESTEROV)
                    update_sgd(int64_t(count), kind == LAMELLA_NESTEROV, &now, float(momentum), float(decay), bits,
                               w.data(), gradient.data(), m1.data());
                  else
                    update_adam(int64_t(count), kind == LAMELLA_ADAMW, &now, float(momentum), float(beta2),
                                float(epsilon), float(decay), bits, w.data(), gradient.data(), m1.data(), m2.data());
                }) == "");
          for (size_t i = 0; i < count; i++) {
            const double own = mixed && draws[i] <= 0 ? 0 : decay;
            double g = gradient[i];
            if (kind == LAMELLA_ADAMW)
              expected[i] *= 1 - rate * own;
            else
              g += own * expected[i];
            if (kind == LAMELLA_SGD || kind == LAMELLA_NESTEROV) {
              mean[i] = momentum * mean[i] + g;
              expected[i] -= rate * (kind == LAMELLA_NESTEROV ? g + momentum * mean[i] : mean[i]);
            } else {
              mean[i] = momentum * mean[i] + (1 - momentum) * g, square[i] = beta2 * square[i] + (1 - beta2) * g * g;
              expected[i] -= rate * (mean[i] / correction1) / (std::sqrt(square[i] / correction2) + epsilon);
            }
          }
        }
        CHECK(relative_error(expected, w.data()) < 1e-6);
      }
}

TEST_CASE("an update without momentum, and a gradient that is not a number") {
  constexpr size_t kCount = 11;
  auto w = random_floats(kCount, 1), before = w, gradient = random_floats(kCount, 2);
  gradient[5] = NAN;
  StepState now = {};
  now.rate = 0.5f;
  CHECK(launch({1}, {kThreads}, 1,
               [&] { update_sgd(kCount, 1, &now, 0.9f, 0.0f, nullptr, w.data(), gradient.data(), nullptr); }) == "");
  for (size_t i = 0; i < kCount; i++)
    if (i == 5)
      CHECK(std::isnan(w[i]));
    else
      CHECK(w[i] == doctest::Approx(before[i] - 0.5 * gradient[i]));
}
