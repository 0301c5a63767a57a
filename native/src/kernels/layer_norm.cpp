// Layer normalisation (Ba, Kiros and Hinton 2016) of one sample.
//   xhat = (x - mean) / sqrt(variance + epsilon),  y = gamma * xhat + beta,  moments over all values of the sample
//   dx = (g - mean(g) - xhat * mean(g * xhat)) / sqrt(..),  g = gamma * dy
// Sums are taken in double. statistics: mean, then 1 / sqrt(variance + epsilon). partial: sums of dy and of dy * xhat,
// two per channel.
#include "activation.h"
#include "kernels.h"
#include "total.h"

namespace lamella::LAMELLA_ISA {
namespace {

int64_t plane_of(const lamella_norm& op) { return static_cast<int64_t>(op.input.height) * op.input.width; }

void layer_norm(const lamella_norm& op, const float* x, const float* gamma, const float* beta, float* y,
                float* statistics) {
  const int64_t plane = plane_of(op), n = op.input.channels * plane;
  Total total, squares;
  for (int64_t i = 0; i < n; i += kLanes) total.add(load_part(x + i, n - i));
  const float mean = static_cast<float>(total.sum() / static_cast<double>(n));
  for (int64_t i = 0; i < n; i += kLanes) {
    Vector v = load_part(x + i, n - i) - mean;
    if (n - i < kLanes) v = select(lane_numbers() < splat(static_cast<int32_t>(n - i)), v, Vector{});
    squares.add_product(v, v);
  }
  const double variance = squares.sum() / static_cast<double>(n);
  const float deviation = static_cast<float>(1.0 / __builtin_sqrt(variance + op.epsilon));
  statistics[0] = mean, statistics[1] = deviation;
  for (int c = 0; c < op.input.channels; c++) {
    const float scale = gamma[c] * deviation, shift = beta[c];
    each(plane, x + c * plane, y + c * plane, [&](Vector v) { return (v - mean) * scale + shift; });
  }
}

// dx may be null.
void layer_norm_backward(const lamella_norm& op, const float* x, const float* dy, const float* gamma,
                         const float* statistics, double* partial, float* dx, bool accumulate) {
  const int64_t plane = plane_of(op);
  const double n = static_cast<double>(op.input.channels) * static_cast<double>(plane);
  const float mean = statistics[0], deviation = statistics[1];
  double sum = 0, product = 0;  // of g and g * xhat
  for (int c = 0; c < op.input.channels; c++) {
    Total of_channel, product_of_channel;
    for (int64_t i = c * plane, end = i + plane; i < end; i += kLanes) {
      Vector g = load_part(dy + i, end - i);
      of_channel.add(g), product_of_channel.add_product(g, (load_part(x + i, end - i) - mean) * deviation);
    }
    partial[2 * c] += of_channel.sum(), partial[2 * c + 1] += product_of_channel.sum();
    sum += gamma[c] * of_channel.sum(), product += gamma[c] * product_of_channel.sum();
  }
  if (!dx) return;
  const float mean_g = static_cast<float>(sum / n), mean_product = static_cast<float>(product / n) * deviation;
  for (int c = 0; c < op.input.channels; c++)
    for (int64_t i = c * plane, end = i + plane; i < end; i += kLanes) {
      Vector value = deviation * (load_part(dy + i, end - i) * gamma[c] - mean_g -
                                  (load_part(x + i, end - i) - mean) * mean_product);
      if (accumulate) value += load_part(dx + i, end - i);
      store_part(dx + i, value, end - i);
    }
}

}  // namespace

const Operator layer_norm_operator = {[](const Call& c) {
  c.each_sample([&](int64_t n) {
    layer_norm(c.op->work.norm, c.floats(LAMELLA_X, n), c.floats(LAMELLA_WEIGHT), c.floats(LAMELLA_BIAS),
               c.floats(LAMELLA_Y, n), c.floats(LAMELLA_STATISTICS, n));
  });
}};

const Operator layer_norm_backward_operator = {[](const Call& c) {
  c.each_sample([&](int64_t n) {
    layer_norm_backward(c.op->work.norm, c.floats(LAMELLA_X, n), c.floats(LAMELLA_DY, n), c.floats(LAMELLA_WEIGHT),
                        c.floats(LAMELLA_STATISTICS, n), c.doubles(LAMELLA_PARTIAL, c.chunk), c.floats(LAMELLA_DX, n),
                        c.accumulate());
  });
}};

}  // namespace lamella::LAMELLA_ISA
