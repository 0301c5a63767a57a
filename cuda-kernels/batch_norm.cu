// Batch normalisation (Ioffe and Szegedy 2015) with its activation.
//   xhat = (x - mean) / sqrt(variance + epsilon),  y = act(gamma * xhat + beta)
//   dx = gamma / sqrt(..) * (g - mean(g) - xhat * mean(g * xhat)),  g = dy * act'(y)
// Tensors are samples x channels x plane. Sums are taken in double, over the whole grid (sums.cuh); devices that share
// a batch all-reduce their sums before they use them. statistics: mean of every channel, then 1 / sqrt(variance +
// epsilon). means: mean(g), then mean(g * xhat). vector: FLOATS if all planes (of sums) or samples (else) begin at
// multiples of 16 bytes, else 1. A variant has the activation as a constant (-DACTIVATION=1).
#include "norm.cuh"

struct Moments {
  const float* x;
  int stride;
  double total[2];

  template <int Count>
  __device__ inline void at(int n, int i) {
    const Vector<Count> from = load_vector<Count>(x + static_cast<long long>(n) * stride + i);
#pragma unroll
    for (int j = 0; j < Count; j++) {
      const double v = from.v[j];
      total[0] += v, total[1] += v * v;
    }
  }
};

// count: elements per channel in the sums, over all devices. running: mean, then unbiased variance; each moves by
// `momentum` towards that of the batch.
static __device__ inline void write_statistics(const NormShape& s, int c, double sum, double squares, double count,
                                               float momentum, float* statistics, float* running) {
  const double mean = sum / count, variance = fmax(squares / count - mean * mean, 0.0);
  statistics[c] = static_cast<float>(mean);
  statistics[s.channels + c] = static_cast<float>(1.0 / sqrt(variance + s.epsilon));
  const double unbiased = count > 1 ? variance * count / (count - 1) : variance;
  running[c] += momentum * (static_cast<float>(mean) - running[c]);
  running[s.channels + c] += momentum * (static_cast<float>(unbiased) - running[s.channels + c]);
}

// sums: of x, then of its squares, one per channel each (grid y). statistics: null if other devices have samples too;
// else the sums are complete, and statistics and running ones are written as by norm_statistics.
LAMELLA_KERNEL void norm_moments(NormShape s, int vector, double count, float momentum, const float* __restrict__ x,
                                 Slices slices, double* __restrict__ sums, float* __restrict__ statistics,
                                 float* __restrict__ running, Mark mark = kNoMark) {
  record(mark);
  __shared__ SumScratch shared;
  const int c = blockIdx.y;
  Moments moments = {x + static_cast<long long>(c) * s.plane, s.channels * s.plane, {0, 0}};
  for_slice(s.samples, s.plane, vector, moments);
  if (!join_slices(slices, moments.total, shared)) return;
  sums[c] = moments.total[0], sums[s.channels + c] = moments.total[1];
  if (statistics) write_statistics(s, c, moments.total[0], moments.total[1], count, momentum, statistics, running);
}

// Of the sums of all devices. One thread per channel.
LAMELLA_KERNEL void norm_statistics(NormShape s, double count, float momentum, const double* __restrict__ sums,
                                    float* __restrict__ statistics, float* __restrict__ running, Mark mark = kNoMark) {
  record(mark);
  const int c = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (c < s.channels) write_statistics(s, c, sums[c], sums[s.channels + c], count, momentum, statistics, running);
}

// Statistics for inference. One thread per channel.
LAMELLA_KERNEL void norm_frozen(NormShape s, const float* __restrict__ running, float* __restrict__ statistics,
                                Mark mark = kNoMark) {
  record(mark);
  const int c = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (c >= s.channels) return;
  statistics[c] = running[c];
  statistics[s.channels + c] = static_cast<float>(1.0 / sqrt(static_cast<double>(running[s.channels + c]) + s.epsilon));
}

struct Normalize {
  NormShape s;
  const float *x, *statistics, *gamma, *beta;
  float* y;

  template <int Count>
  __device__ inline void run(int i) const {
    int channel[Count];
    float mean[Count], scale[Count], shift[Count];
    channels_of(i, s.plane, channel);
#pragma unroll
    for (int j = 0; j < Count; j++) {
      mean[j] = statistics[channel[j]];
      scale[j] = statistics[s.channels + channel[j]] * gamma[channel[j]];
      shift[j] = beta[channel[j]];
    }
    const int x_stride = s.channels * s.plane;
    for (int n = blockIdx.y; n < s.samples; n += gridDim.y) {
      Vector<Count> v = load_vector<Count>(x + static_cast<long long>(n) * x_stride + i);
#pragma unroll
      for (int j = 0; j < Count; j++)
        v.v[j] = activate(ACTIVATION_OR(s.activation), s.slope, (v.v[j] - mean[j]) * scale[j] + shift[j]);
      store_vector(y + static_cast<long long>(n) * s.y_stride + i, v);
    }
  }
};

LAMELLA_KERNEL void normalize(NormShape s, int vector, const float* __restrict__ x,
                              const float* __restrict__ statistics, const float* __restrict__ gamma,
                              const float* __restrict__ beta, float* __restrict__ y, Mark mark = kNoMark) {
  record(mark);
  for_elements(s.channels * s.plane, vector, Normalize{s, x, statistics, gamma, beta, y});
}

struct GradientSums {
  NormShape s;
  const float *x, *y, *dy;  // of the channel, in the first sample
  float mean, deviation;
  double total[2];

  template <int Count>
  __device__ inline void at(int n, int i) {
    const Vector<Count> input = load_vector<Count>(x + static_cast<long long>(n) * (s.channels * s.plane) + i),
                        slope = load_vector<Count>(dy + static_cast<long long>(n) * s.dy_stride + i);
    Vector<Count> value = {};
    if (ACTIVATION_OR(s.activation) != kIdentity)
      value = load_vector<Count>(y + static_cast<long long>(n) * s.y_stride + i);
#pragma unroll
    for (int j = 0; j < Count; j++) {
      const float g = slope.v[j] * derivative(ACTIVATION_OR(s.activation), s.slope, value.v[j]);
      total[0] += g, total[1] += static_cast<double>(g) * ((input.v[j] - mean) * deviation);
    }
  }
};

// sums: of g, then of g * xhat, one per channel each (grid y), over this device's samples. dbeta and dgamma: the same
// in float. means: null if other devices have samples too; else as by norm_gradient_means.
LAMELLA_KERNEL void norm_gradient_sums(NormShape s, int vector, double count, const float* __restrict__ x,
                                       const float* __restrict__ y, const float* __restrict__ dy,
                                       const float* __restrict__ statistics, Slices slices, double* __restrict__ sums,
                                       float* __restrict__ dgamma, float* __restrict__ dbeta, float* __restrict__ means,
                                       Mark mark = kNoMark) {
  record(mark);
  __shared__ SumScratch shared;
  const int c = blockIdx.y;
  const long long first = static_cast<long long>(c) * s.plane;
  GradientSums sum = {s, x + first, y + first, dy + first, statistics[c], statistics[s.channels + c], {0, 0}};
  for_slice(s.samples, s.plane, vector, sum);
  if (!join_slices(slices, sum.total, shared)) return;
  const double total = sum.total[0], product = sum.total[1];
  sums[c] = total, sums[s.channels + c] = product;
  dbeta[c] = static_cast<float>(total), dgamma[c] = static_cast<float>(product);
  if (means) means[c] = static_cast<float>(total / count), means[s.channels + c] = static_cast<float>(product / count);
}

// Of the sums of all devices. One thread per sum. count as above.
LAMELLA_KERNEL void norm_gradient_means(NormShape s, double count, const double* __restrict__ sums,
                                        float* __restrict__ means, Mark mark = kNoMark) {
  record(mark);
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < 2 * s.channels) means[i] = static_cast<float>(sums[i] / count);
}

struct NormBackward {
  NormShape s;
  int accumulate;
  const float *x, *y, *dy, *statistics, *gamma, *means;
  float* dx;

  template <int Count>
  __device__ inline void run(int i) const {
    int channel[Count];
    float mean[Count], deviation[Count], scale[Count], mean_g[Count], mean_product[Count];
    channels_of(i, s.plane, channel);
#pragma unroll
    for (int j = 0; j < Count; j++) {
      const int c = channel[j];
      mean[j] = statistics[c], deviation[j] = statistics[s.channels + c], scale[j] = gamma[c] * deviation[j];
      mean_g[j] = means[c], mean_product[j] = means[s.channels + c];
    }
    const int stride = s.channels * s.plane;
    for (int n = blockIdx.y; n < s.samples; n += gridDim.y) {
      const Vector<Count> input = load_vector<Count>(x + static_cast<long long>(n) * stride + i),
                          slope = load_vector<Count>(dy + static_cast<long long>(n) * s.dy_stride + i);
      float* to = dx + static_cast<long long>(n) * stride + i;
      Vector<Count> value = {}, before = {};
      if (ACTIVATION_OR(s.activation) != kIdentity)
        value = load_vector<Count>(y + static_cast<long long>(n) * s.y_stride + i);
      if (accumulate) before = load_vector<Count>(to);
#pragma unroll
      for (int j = 0; j < Count; j++) {
        const float g = slope.v[j] * derivative(ACTIVATION_OR(s.activation), s.slope, value.v[j]);
        const float own = scale[j] * (g - mean_g[j] - (input.v[j] - mean[j]) * deviation[j] * mean_product[j]);
        value.v[j] = own + before.v[j];
      }
      store_vector(to, value);
    }
  }
};

// accumulate: dx += instead of dx =.
LAMELLA_KERNEL void norm_backward(NormShape s, int vector, int accumulate, const float* __restrict__ x,
                                  const float* __restrict__ y, const float* __restrict__ dy,
                                  const float* __restrict__ statistics, const float* __restrict__ gamma,
                                  const float* __restrict__ means, float* __restrict__ dx, Mark mark = kNoMark) {
  record(mark);
  for_elements(s.channels * s.plane, vector, NormBackward{s, accumulate, x, y, dy, statistics, gamma, means, dx});
}
