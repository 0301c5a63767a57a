// Batch normalisation (Ioffe and Szegedy 2015) with its activation.
//   xhat = (x - mean) / sqrt(variance + epsilon),  y = act(gamma * xhat + beta)
//   dx = gamma / sqrt(..) * (g - mean(g) - xhat * mean(g * xhat)),  g = dy * act'(y)
// Tensors are samples x channels x plane. Sums are taken in double, one block of whole warps a channel.
// statistics: mean of every channel, then 1 / sqrt(variance + epsilon). means: mean(g), then mean(g * xhat).
#include "device.cuh"

struct NormShape { int samples, channels, plane, activation; float slope, epsilon; };

static __device__ inline long long place_of(const NormShape& s, int c, long long i) {
  return (i / s.plane * s.channels + c) * s.plane + i % s.plane;
}

// running: mean, then variance; each moves by `momentum` towards the batch's, variance without bias.
LAMELLA_KERNEL void norm_statistics(NormShape s, float momentum, const float* __restrict__ x, float* __restrict__ statistics,
                                    float* __restrict__ running) {
  __shared__ double sums[kMostWarps];
  const int c = blockIdx.x;
  const long long count = static_cast<long long>(s.samples) * s.plane;
  double total = 0, squares = 0;
  for (long long i = threadIdx.x; i < count; i += blockDim.x) {
    const double v = x[place_of(s, c, i)];
    total += v, squares += v * v;
  }
  total = block_sum(total, sums), squares = block_sum(squares, sums);
  if (threadIdx.x) return;
  const double n = static_cast<double>(count), mean = total / n, variance = fmax(squares / n - mean * mean, 0.0);
  statistics[c] = static_cast<float>(mean);
  statistics[s.channels + c] = static_cast<float>(1.0 / sqrt(variance + s.epsilon));
  const double unbiased = n > 1 ? variance * n / (n - 1) : variance;
  running[c] += momentum * (static_cast<float>(mean) - running[c]);
  running[s.channels + c] += momentum * (static_cast<float>(unbiased) - running[s.channels + c]);
}

// Statistics for inference. One thread a channel.
LAMELLA_KERNEL void norm_frozen(NormShape s, const float* __restrict__ running, float* __restrict__ statistics) {
  const int c = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (c >= s.channels) return;
  statistics[c] = running[c];
  statistics[s.channels + c] = static_cast<float>(1.0 / sqrt(static_cast<double>(running[s.channels + c]) + s.epsilon));
}

// One thread an element.
LAMELLA_KERNEL void normalize(NormShape s, const float* __restrict__ x, const float* __restrict__ statistics,
                              const float* __restrict__ gamma, const float* __restrict__ beta, float* __restrict__ y) {
  const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= static_cast<long long>(s.samples) * s.channels * s.plane) return;
  const int c = static_cast<int>(i / s.plane % s.channels);
  y[i] = activate(s.activation, s.slope, (x[i] - statistics[c]) * (statistics[s.channels + c] * gamma[c]) + beta[c]);
}

LAMELLA_KERNEL void norm_gradient(NormShape s, const float* __restrict__ x, const float* __restrict__ y, const float* __restrict__ dy,
                                  const float* __restrict__ statistics, float* __restrict__ dgamma, float* __restrict__ dbeta,
                                  float* __restrict__ means) {
  __shared__ double sums[kMostWarps];
  const int c = blockIdx.x;
  const long long count = static_cast<long long>(s.samples) * s.plane;
  double total = 0, product = 0;
  for (long long i = threadIdx.x; i < count; i += blockDim.x) {
    const long long at = place_of(s, c, i);
    const float g = dy[at] * derivative(s.activation, s.slope, y[at]);
    total += g, product += static_cast<double>(g) * ((x[at] - statistics[c]) * statistics[s.channels + c]);
  }
  total = block_sum(total, sums), product = block_sum(product, sums);
  if (threadIdx.x) return;
  dgamma[c] = static_cast<float>(product), dbeta[c] = static_cast<float>(total);
  means[c] = static_cast<float>(total / static_cast<double>(count));
  means[s.channels + c] = static_cast<float>(product / static_cast<double>(count));
}

// One thread an element. accumulate: dx += instead of dx =.
LAMELLA_KERNEL void norm_backward(NormShape s, int accumulate, const float* __restrict__ x, const float* __restrict__ y,
                                  const float* __restrict__ dy, const float* __restrict__ statistics, const float* __restrict__ gamma,
                                  const float* __restrict__ means, float* __restrict__ dx) {
  const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= static_cast<long long>(s.samples) * s.channels * s.plane) return;
  const int c = static_cast<int>(i / s.plane % s.channels);
  const float deviation = statistics[s.channels + c], g = dy[i] * derivative(s.activation, s.slope, y[i]);
  const float value = gamma[c] * deviation * (g - means[c] - (x[i] - statistics[c]) * deviation * means[s.channels + c]);
  dx[i] = value + (accumulate ? dx[i] : 0.0f);
}
