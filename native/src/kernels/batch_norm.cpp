// Batch normalisation (Ioffe and Szegedy 2015) with its activation.
//   xhat = (x - mean) / sqrt(variance + epsilon),  y = act(gamma * xhat + beta)
// The batch's sums are taken in double, a chunk at a time, and joined in chunk order.
#include "activation.h"
#include "kernels.h"

namespace lamella::LAMELLA_LEVEL {
namespace {

int64_t plane_of(const lamella_op& op) { return static_cast<int64_t>(op.height) * op.width; }

// g = dy * act'(y), joined with xhat in one visit: f(xhat, g) for every element of channel c.
template <typename F>
void visit(const lamella_op& op, int c, const float* x, const float* y, const float* dy, const float* statistics, F f) {
  int64_t plane = plane_of(op);
  float mean = statistics[c], scale = statistics[op.channels + c];
  for (int64_t i = c * plane; i < (c + 1) * plane; i += kLanes) {
    int64_t n = smaller<int64_t>(kLanes, (c + 1) * plane - i);
    float g[kLanes], centred[kLanes];
    each(n, y + i, dy + i, g, [&](Vector v, Vector d) { return d * derivative(op.activation, op.slope, v); });
    for (int64_t j = 0; j < n; j++) centred[j] = (x[i + j] - mean) * scale;
    f(i, n, centred, g);
  }
}

}  // namespace

void norm_moments(const lamella_op& op, const float* x, double* partial) {
  int64_t plane = plane_of(op);
  for (int c = 0; c < op.channels; c++) {
    double total = 0, squares = 0;
    for (int64_t i = 0; i < plane; i++) {
      double value = x[c * plane + i];
      total += value, squares += value * value;
    }
    partial[2 * c] += total, partial[2 * c + 1] += squares;
  }
}

void norm_statistics(const lamella_op& op, const double* partials, int chunks, int samples, float* statistics,
                     float* running) {
  double n = static_cast<double>(samples) * static_cast<double>(plane_of(op));
  for (int c = 0; c < op.channels; c++) {
    double total = 0, squares = 0;
    for (int k = 0; k < chunks; k++) {
      total += partials[2 * (static_cast<int64_t>(k) * op.channels + c)];
      squares += partials[2 * (static_cast<int64_t>(k) * op.channels + c) + 1];
    }
    double mean = total / n, variance = larger(squares / n - mean * mean, 0.0);
    statistics[c] = static_cast<float>(mean);
    statistics[op.channels + c] = static_cast<float>(1.0 / __builtin_sqrt(variance + op.epsilon));
    double unbiased = n > 1 ? variance * n / (n - 1) : variance;
    running[c] += op.momentum * (static_cast<float>(mean) - running[c]);
    running[op.channels + c] += op.momentum * (static_cast<float>(unbiased) - running[op.channels + c]);
  }
}

void norm_frozen(const lamella_op& op, const float* running, float* statistics) {
  for (int c = 0; c < op.channels; c++) {
    statistics[c] = running[c];
    statistics[op.channels + c] =
        static_cast<float>(1.0 / __builtin_sqrt(static_cast<double>(running[op.channels + c]) + op.epsilon));
  }
}

void normalize(const lamella_op& op, const float* x, const float* statistics, const float* gamma, const float* beta,
               float* y) {
  int64_t plane = plane_of(op);
  for (int c = 0; c < op.channels; c++) {
    float mean = statistics[c], scale = statistics[op.channels + c] * gamma[c], shift = beta[c];
    each(plane, x + c * plane, y + c * plane,
         [&](Vector v) { return activate(op.activation, op.slope, (v - mean) * scale + shift); });
  }
}

void norm_gradient_sums(const lamella_op& op, const float* x, const float* y, const float* dy, const float* statistics,
                        double* partial) {
  for (int c = 0; c < op.channels; c++)
    visit(op, c, x, y, dy, statistics, [&](int64_t, int64_t n, const float* centred, const float* g) {
      double total = 0, product = 0;
      for (int64_t j = 0; j < n; j++) total += g[j], product += static_cast<double>(g[j]) * centred[j];
      partial[2 * c] += total, partial[2 * c + 1] += product;
    });
}

void norm_gradient(const lamella_op& op, const double* partials, int chunks, int samples, float* dgamma, float* dbeta,
                   float* auxiliary) {
  double n = static_cast<double>(samples) * static_cast<double>(plane_of(op));
  for (int c = 0; c < op.channels; c++) {
    double total = 0, product = 0;
    for (int k = 0; k < chunks; k++) {
      total += partials[2 * (static_cast<int64_t>(k) * op.channels + c)];
      product += partials[2 * (static_cast<int64_t>(k) * op.channels + c) + 1];
    }
    dgamma[c] = static_cast<float>(product), dbeta[c] = static_cast<float>(total);
    auxiliary[c] = static_cast<float>(total / n), auxiliary[op.channels + c] = static_cast<float>(product / n);
  }
}

void norm_backward(const lamella_op& op, const float* x, const float* y, const float* dy, const float* statistics,
                   const float* gamma, const float* auxiliary, float* dx) {
  for (int c = 0; c < op.channels; c++) {
    float scale = gamma[c] * statistics[op.channels + c];
    float mean_g = auxiliary[c], mean_product = auxiliary[op.channels + c];
    visit(op, c, x, y, dy, statistics, [&](int64_t i, int64_t n, const float* centred, const float* g) {
      for (int64_t j = 0; j < n; j++) {
        float value = scale * (g[j] - mean_g - centred[j] * mean_product);
        dx[i + j] = op.accumulate ? dx[i + j] + value : value;
      }
    });
  }
}

}  // namespace lamella::LAMELLA_LEVEL
