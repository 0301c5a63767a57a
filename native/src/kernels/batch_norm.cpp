// Batch normalisation (Ioffe and Szegedy 2015) with its activation.
//   xhat = (x - mean) / sqrt(variance + epsilon),  y = act(gamma * xhat + beta)
// The batch is summed in double, chunk by chunk; the chunks' sums are added in chunk order. statistics: mean[channels],
// then 1 / standard deviation[channels]. Partials are doubles, two per channel. auxiliary: mean of g and mean of
// g * xhat, [channels] each; null where they are not needed.
#include "activation.h"
#include "kernels.h"
#include "total.h"

namespace lamella::LAMELLA_ISA {
namespace {

int64_t plane_of(const lamella_norm& op) { return static_cast<int64_t>(op.input.height) * op.input.width; }

// act'(y) at element i, with n elements left. Where it is computed from the activation's input, y is not read.
template <int KIND>
struct Slope {
  const lamella_norm& op;
  float mean, scale, shift;

  Vector at(Vector x, const float* y, int64_t i, int64_t n) const {
    if constexpr (KIND == LAMELLA_IDENTITY)
      return splat(1.0f);
    else if constexpr (slope_source(KIND) != SlopeSource::OUTPUT)
      return derivative(KIND, op.activation.slope, (x - mean) * scale + shift);
    else
      return derivative(KIND, op.activation.slope, load_part(y + i, n));
  }
};

void norm_moments(const lamella_norm& op, const float* x, double* partial) {
  int64_t plane = plane_of(op);
  for (int c = 0; c < op.input.channels; c++) {
    Total total, squares;
    for (int64_t i = 0; i < plane; i += kLanes) {
      Vector v = load_part(x + c * plane + i, plane - i);
      total.add(v), squares.add_product(v, v);
    }
    partial[2 * c] += total.sum(), partial[2 * c + 1] += squares.sum();
  }
}

void norm_statistics(const lamella_norm& op, const double* partials, int chunks, int samples, float* statistics,
                     float* running) {
  double n = static_cast<double>(samples) * static_cast<double>(plane_of(op));
  for (int c = 0; c < op.input.channels; c++) {
    double total = 0, squares = 0;
    for (int k = 0; k < chunks; k++) {
      total += partials[2 * (static_cast<int64_t>(k) * op.input.channels + c)];
      squares += partials[2 * (static_cast<int64_t>(k) * op.input.channels + c) + 1];
    }
    double mean = total / n, variance = larger(squares / n - mean * mean, 0.0);
    statistics[c] = static_cast<float>(mean);
    statistics[op.input.channels + c] = static_cast<float>(1.0 / __builtin_sqrt(variance + op.epsilon));
    double unbiased = n > 1 ? variance * n / (n - 1) : variance;
    running[c] += op.momentum * (static_cast<float>(mean) - running[c]);
    running[op.input.channels + c] += op.momentum * (static_cast<float>(unbiased) - running[op.input.channels + c]);
  }
}

void norm_frozen(const lamella_norm& op, const float* running, float* statistics) {
  for (int c = 0; c < op.input.channels; c++) {
    statistics[c] = running[c];
    statistics[op.input.channels + c] =
        static_cast<float>(1.0 / __builtin_sqrt(static_cast<double>(running[op.input.channels + c]) + op.epsilon));
  }
}

void normalize(const lamella_norm& op, const float* x, const float* statistics, const float* gamma, const float* beta,
               float* y) {
  int64_t plane = plane_of(op);
  for (int c = 0; c < op.input.channels; c++) {
    float mean = statistics[c], scale = statistics[op.input.channels + c] * gamma[c], shift = beta[c];
    each(plane, x + c * plane, y + c * plane,
         [&](Vector v) { return activate(op.activation.kind, op.activation.slope, (v - mean) * scale + shift); });
  }
}

void norm_gradient_sums(const lamella_norm& op, const float* x, const float* y, const float* dy,
                        const float* statistics, const float* gamma, const float* beta, double* partial) {
  int64_t plane = plane_of(op);
  with_activation(op.activation.kind, [&](auto kind) {
    for (int c = 0; c < op.input.channels; c++) {
      float mean = statistics[c], scale = statistics[op.input.channels + c];
      Slope<kind.value> slope{op, mean, scale * gamma[c], beta[c]};
      Total total, product;
      for (int64_t i = c * plane, end = i + plane; i < end; i += kLanes) {
        Vector value = load_part(x + i, end - i);
        Vector g = load_part(dy + i, end - i) * slope.at(value, y, i, end - i);
        total.add(g), product.add_product(g, (value - mean) * scale);
      }
      partial[2 * c] += total.sum(), partial[2 * c + 1] += product.sum();
    }
  });
}

void norm_gradient(const lamella_norm& op, const double* partials, int chunks, int samples, float* dgamma, float* dbeta,
                   float* auxiliary) {
  double n = static_cast<double>(samples) * static_cast<double>(plane_of(op));
  for (int c = 0; c < op.input.channels; c++) {
    double total = 0, product = 0;
    for (int k = 0; k < chunks; k++) {
      total += partials[2 * (static_cast<int64_t>(k) * op.input.channels + c)];
      product += partials[2 * (static_cast<int64_t>(k) * op.input.channels + c) + 1];
    }
    dgamma[c] = static_cast<float>(product), dbeta[c] = static_cast<float>(total);
    if (!auxiliary) continue;
    auxiliary[c] = static_cast<float>(total / n), auxiliary[op.input.channels + c] = static_cast<float>(product / n);
  }
}

void norm_backward(const lamella_norm& op, const float* x, const float* y, const float* dy, const float* statistics,
                   const float* gamma, const float* beta, const float* auxiliary, float* dx, bool accumulate) {
  int64_t plane = plane_of(op);
  with_activation(op.activation.kind, [&](auto kind) {
    for (int c = 0; c < op.input.channels; c++) {
      float mean = statistics[c], deviation = statistics[op.input.channels + c], scale = gamma[c] * deviation;
      float mean_g = auxiliary[c], mean_product = auxiliary[op.input.channels + c] * deviation;
      Slope<kind.value> slope{op, mean, scale, beta[c]};
      for (int64_t i = c * plane, end = i + plane; i < end; i += kLanes) {
        Vector in = load_part(x + i, end - i);
        Vector g = load_part(dy + i, end - i) * slope.at(in, y, i, end - i);
        Vector value = scale * (g - mean_g - (in - mean) * mean_product);
        if (accumulate) value += load_part(dx + i, end - i);
        store_part(dx + i, value, end - i);
      }
    }
  });
}

}  // namespace

const Operator norm_moments_operator = {[](const Call& c) {
  c.each_sample(
      [&](int64_t n) { norm_moments(c.op->work.norm, c.floats(LAMELLA_X, n), c.doubles(LAMELLA_PARTIAL, c.chunk)); });
}};

const Operator norm_statistics_operator = {[](const Call& c) {
  norm_statistics(c.op->work.norm, c.doubles(LAMELLA_PARTIAL), c.chunks, c.samples(), c.floats(LAMELLA_STATISTICS),
                  c.floats(LAMELLA_RUNNING));
}};

const Operator norm_frozen_operator = {
    [](const Call& c) { norm_frozen(c.op->work.norm, c.floats(LAMELLA_RUNNING), c.floats(LAMELLA_STATISTICS)); }};

const Operator normalize_operator = {[](const Call& c) {
  c.each_sample([&](int64_t n) {
    normalize(c.op->work.norm, c.floats(LAMELLA_X, n), c.floats(LAMELLA_STATISTICS), c.floats(LAMELLA_WEIGHT),
              c.floats(LAMELLA_BIAS), c.floats(LAMELLA_Y, n));
  });
}};

const Operator norm_gradient_sums_operator = {[](const Call& c) {
  c.each_sample([&](int64_t n) {
    norm_gradient_sums(c.op->work.norm, c.floats(LAMELLA_X, n), c.floats(LAMELLA_Y, n), c.floats(LAMELLA_DY, n),
                       c.floats(LAMELLA_STATISTICS), c.floats(LAMELLA_WEIGHT), c.floats(LAMELLA_BIAS),
                       c.doubles(LAMELLA_PARTIAL, c.chunk));
  });
}};

const Operator norm_gradient_operator = {[](const Call& c) {
  norm_gradient(c.op->work.norm, c.doubles(LAMELLA_PARTIAL), c.chunks, c.samples(), c.floats(LAMELLA_DWEIGHT),
                c.floats(LAMELLA_DBIAS), c.floats(LAMELLA_AUXILIARY));
}};

const Operator norm_backward_operator = {[](const Call& c) {
  c.each_sample([&](int64_t n) {
    norm_backward(c.op->work.norm, c.floats(LAMELLA_X, n), c.floats(LAMELLA_Y, n), c.floats(LAMELLA_DY, n),
                  c.floats(LAMELLA_STATISTICS), c.floats(LAMELLA_WEIGHT), c.floats(LAMELLA_BIAS),
                  c.floats(LAMELLA_AUXILIARY), c.floats(LAMELLA_DX, n), c.accumulate());
  });
}};

}  // namespace lamella::LAMELLA_ISA
