// Batch normalisation (Ioffe and Szegedy 2015) with its activation.
//   xhat = (x - mean) / sqrt(variance + epsilon),  y = act(gamma * xhat + beta)
//   dx = gamma / sqrt(..) * (g - mean(g) - xhat * mean(g * xhat)),  g = dy * act'(y)
// Tensors are samples x channels x plane. Sums are taken in double, one block of whole warps per channel; devices that
// share a batch all-reduce their sums before they use them. statistics: mean of every channel, then 1 / sqrt(variance +
// epsilon). means: mean(g), then mean(g * xhat).
#include "device.cuh"

// y_stride: floats from a sample of y, and of its gradient, to the next.
struct NormShape {
  int samples, channels, plane, activation, y_stride, dy_stride;
  float slope, epsilon;
};
#ifdef NORM_SHAPE_BYTES
static_assert(sizeof(NormShape) == NORM_SHAPE_BYTES, "NormShape has another size in Java");
#endif

// Offset of element i of channel c, counted over all samples.
static __device__ inline long long place_of(const NormShape& s, int c, long long i) {
  return (i / s.plane * s.channels + c) * s.plane + i % s.plane;
}

// The same in a tensor with `stride` floats from one sample to the next.
static __device__ inline long long place_of(const NormShape& s, int stride, int c, long long i) {
  return i / s.plane * stride + static_cast<long long>(c) * s.plane + i % s.plane;
}

// sums: of x, then of its squares, one per channel each.
LAMELLA_KERNEL void norm_moments(NormShape s, const float* __restrict__ x, double* __restrict__ sums) {
  __shared__ double shared[kMaxWarps];
  const int c = blockIdx.x;
  double total = 0, squares = 0;
  for (long long i = threadIdx.x; i < static_cast<long long>(s.samples) * s.plane; i += blockDim.x) {
    const double v = x[place_of(s, c, i)];
    total += v, squares += v * v;
  }
  total = block_sum(total, shared), squares = block_sum(squares, shared);
  if (threadIdx.x == 0) sums[c] = total, sums[s.channels + c] = squares;
}

// count: elements per channel in the sums, over all devices. running: mean, then unbiased variance; each moves by
// `momentum` towards that of the batch. One thread per channel.
LAMELLA_KERNEL void norm_statistics(NormShape s, double count, float momentum, const double* __restrict__ sums,
                                    float* __restrict__ statistics, float* __restrict__ running) {
  const int c = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (c >= s.channels) return;
  const double mean = sums[c] / count, variance = fmax(sums[s.channels + c] / count - mean * mean, 0.0);
  statistics[c] = static_cast<float>(mean);
  statistics[s.channels + c] = static_cast<float>(1.0 / sqrt(variance + s.epsilon));
  const double unbiased = count > 1 ? variance * count / (count - 1) : variance;
  running[c] += momentum * (static_cast<float>(mean) - running[c]);
  running[s.channels + c] += momentum * (static_cast<float>(unbiased) - running[s.channels + c]);
}

// Statistics for inference. One thread per channel.
LAMELLA_KERNEL void norm_frozen(NormShape s, const float* __restrict__ running, float* __restrict__ statistics) {
  const int c = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (c >= s.channels) return;
  statistics[c] = running[c];
  statistics[s.channels + c] = static_cast<float>(1.0 / sqrt(static_cast<double>(running[s.channels + c]) + s.epsilon));
}

// One thread per element.
LAMELLA_KERNEL void normalize(NormShape s, const float* __restrict__ x, const float* __restrict__ statistics,
                              const float* __restrict__ gamma, const float* __restrict__ beta, float* __restrict__ y) {
  const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x,
                  sample = static_cast<long long>(s.channels) * s.plane;
  if (i >= s.samples * sample) return;
  const int c = static_cast<int>(i / s.plane % s.channels);
  y[i / sample * s.y_stride + i % sample] =
      activate(s.activation, s.slope, (x[i] - statistics[c]) * (statistics[s.channels + c] * gamma[c]) + beta[c]);
}

// sums: of g, then of g * xhat, one per channel each, over this device's samples. dbeta and dgamma: the same in float.
LAMELLA_KERNEL void norm_gradient_sums(NormShape s, const float* __restrict__ x, const float* __restrict__ y,
                                       const float* __restrict__ dy, const float* __restrict__ statistics,
                                       double* __restrict__ sums, float* __restrict__ dgamma,
                                       float* __restrict__ dbeta) {
  __shared__ double shared[kMaxWarps];
  const int c = blockIdx.x;
  double total = 0, product = 0;
  for (long long i = threadIdx.x; i < static_cast<long long>(s.samples) * s.plane; i += blockDim.x) {
    const float g =
        dy[place_of(s, s.dy_stride, c, i)] * derivative(s.activation, s.slope, y[place_of(s, s.y_stride, c, i)]);
    total += g,
        product += static_cast<double>(g) * ((x[place_of(s, c, i)] - statistics[c]) * statistics[s.channels + c]);
  }
  total = block_sum(total, shared), product = block_sum(product, shared);
  if (threadIdx.x) return;
  sums[c] = total, sums[s.channels + c] = product;
  dbeta[c] = static_cast<float>(total), dgamma[c] = static_cast<float>(product);
}

// One thread per channel. count as above.
LAMELLA_KERNEL void norm_gradient_means(NormShape s, double count, const double* __restrict__ sums,
                                        float* __restrict__ means) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < 2 * s.channels) means[i] = static_cast<float>(sums[i] / count);
}

// One thread per element. accumulate: dx += instead of dx =.
LAMELLA_KERNEL void norm_backward(NormShape s, int accumulate, const float* __restrict__ x, const float* __restrict__ y,
                                  const float* __restrict__ dy, const float* __restrict__ statistics,
                                  const float* __restrict__ gamma, const float* __restrict__ means,
                                  float* __restrict__ dx) {
  const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x,
                  sample = static_cast<long long>(s.channels) * s.plane;
  if (i >= s.samples * sample) return;
  const int c = static_cast<int>(i / s.plane % s.channels);
  const float g = dy[i / sample * s.dy_stride + i % sample] *
                  derivative(s.activation, s.slope, y[i / sample * s.y_stride + i % sample]);
  const float deviation = statistics[s.channels + c];
  const float value =
      gamma[c] * deviation * (g - means[c] - (x[i] - statistics[c]) * deviation * means[s.channels + c]);
  dx[i] = value + (accumulate ? dx[i] : 0.0f);
}

// Layer normalisation (Ba, Kiros and Hinton 2016): the same formulas with the moments of all values of a sample, and no
// activation. statistics: mean, then 1 / sqrt(variance + epsilon), of each sample. One block of whole warps per sample.
LAMELLA_KERNEL void layer_norm(NormShape s, const float* __restrict__ x, const float* __restrict__ gamma,
                               const float* __restrict__ beta, float* __restrict__ statistics, float* __restrict__ y) {
  __shared__ double shared[kMaxWarps];
  __shared__ float found[2];
  const int n = blockIdx.x, count = s.channels * s.plane;
  x += static_cast<long long>(n) * count;
  double total = 0, squares = 0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) total += x[i];
  total = block_sum(total, shared);
  if (threadIdx.x == 0) found[0] = static_cast<float>(total / count);
  __syncthreads();
  const float mean = found[0];
  for (int i = threadIdx.x; i < count; i += blockDim.x) squares += static_cast<double>(x[i] - mean) * (x[i] - mean);
  squares = block_sum(squares, shared);
  if (threadIdx.x == 0) {
    found[1] = static_cast<float>(1.0 / sqrt(squares / count + s.epsilon));
    statistics[2 * n] = mean, statistics[2 * n + 1] = found[1];
  }
  __syncthreads();
  for (int i = threadIdx.x; i < count; i += blockDim.x)
    y[static_cast<long long>(n) * s.y_stride + i] = (x[i] - mean) * (gamma[i / s.plane] * found[1]) + beta[i / s.plane];
}

// dx of layer normalisation. One block of whole warps per sample.
LAMELLA_KERNEL void layer_norm_backward(NormShape s, int accumulate, const float* __restrict__ x,
                                        const float* __restrict__ dy, const float* __restrict__ statistics,
                                        const float* __restrict__ gamma, float* __restrict__ dx) {
  __shared__ double shared[kMaxWarps];
  __shared__ float means[2];
  const int n = blockIdx.x, count = s.channels * s.plane;
  const float mean = statistics[2 * n], deviation = statistics[2 * n + 1];
  x += static_cast<long long>(n) * count, dx += static_cast<long long>(n) * count;
  dy += static_cast<long long>(n) * s.dy_stride;
  double total = 0, product = 0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    const float g = dy[i] * gamma[i / s.plane];
    total += g, product += static_cast<double>(g) * ((x[i] - mean) * deviation);
  }
  total = block_sum(total, shared), product = block_sum(product, shared);
  if (threadIdx.x == 0) means[0] = static_cast<float>(total / count), means[1] = static_cast<float>(product / count);
  __syncthreads();
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    const float value = deviation * (dy[i] * gamma[i / s.plane] - means[0] - (x[i] - mean) * deviation * means[1]);
    dx[i] = value + (accumulate ? dx[i] : 0.0f);
  }
}

// Gradients of gamma and beta of layer normalisation. One block of whole warps per channel.
LAMELLA_KERNEL void layer_norm_parameter_gradients(NormShape s, const float* __restrict__ x,
                                                   const float* __restrict__ dy, const float* __restrict__ statistics,
                                                   float* __restrict__ dgamma, float* __restrict__ dbeta) {
  __shared__ double shared[kMaxWarps];
  const int c = blockIdx.x;
  double total = 0, product = 0;
  for (long long i = threadIdx.x; i < static_cast<long long>(s.samples) * s.plane; i += blockDim.x) {
    const long long n = i / s.plane;
    const float g = dy[place_of(s, s.dy_stride, c, i)];
    total += g,
        product += static_cast<double>(g) * ((x[place_of(s, c, i)] - statistics[2 * n]) * statistics[2 * n + 1]);
  }
  total = block_sum(total, shared), product = block_sum(product, shared);
  if (threadIdx.x == 0) dbeta[c] = static_cast<float>(total), dgamma[c] = static_cast<float>(product);
}
