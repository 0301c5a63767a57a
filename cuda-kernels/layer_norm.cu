// Layer normalisation (Ba, Kiros and Hinton 2016): the formulas of batch_norm.cu with the moments of all values of a
// sample, and no activation. statistics: mean, then 1 / sqrt(variance + epsilon), of each sample.
#include "norm.cuh"

// One block of whole warps per sample.
LAMELLA_KERNEL void layer_norm(NormShape s, const float* __restrict__ x, const float* __restrict__ gamma,
                               const float* __restrict__ beta, float* __restrict__ statistics, float* __restrict__ y,
                               Mark mark = kNoMark) {
  record(mark);
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
  y += static_cast<long long>(n) * s.y_stride;
  Split place(threadIdx.x, blockDim.x, s.plane);
  for (int i = threadIdx.x; i < count; i += blockDim.x, place.step())
    y[i] = (x[i] - mean) * (gamma[place.row] * found[1]) + beta[place.row];
}

// dx of layer normalisation. One block of whole warps per sample.
LAMELLA_KERNEL void layer_norm_backward(NormShape s, int accumulate, const float* __restrict__ x,
                                        const float* __restrict__ dy, const float* __restrict__ statistics,
                                        const float* __restrict__ gamma, float* __restrict__ dx, Mark mark = kNoMark) {
  record(mark);
  __shared__ double shared[kMaxWarps];
  __shared__ float means[2];
  const int n = blockIdx.x, count = s.channels * s.plane;
  const float mean = statistics[2 * n], deviation = statistics[2 * n + 1];
  x += static_cast<long long>(n) * count, dx += static_cast<long long>(n) * count;
  dy += static_cast<long long>(n) * s.dy_stride;
  double total = 0, product = 0;
  Split place(threadIdx.x, blockDim.x, s.plane);
  for (int i = threadIdx.x; i < count; i += blockDim.x, place.step()) {
    const float g = dy[i] * gamma[place.row];
    total += g, product += static_cast<double>(g) * ((x[i] - mean) * deviation);
  }
  total = block_sum(total, shared), product = block_sum(product, shared);
  if (threadIdx.x == 0) means[0] = static_cast<float>(total / count), means[1] = static_cast<float>(product / count);
  __syncthreads();
  Split again(threadIdx.x, blockDim.x, s.plane);
  for (int i = threadIdx.x; i < count; i += blockDim.x, again.step()) {
    const float value = deviation * (dy[i] * gamma[again.row] - means[0] - (x[i] - mean) * deviation * means[1]);
    dx[i] = value + (accumulate ? dx[i] : 0.0f);
  }
}

struct LayerNormSums {
  const float *x, *dy;  // of the channel, in the first sample
  int x_stride, dy_stride;
  const float* statistics;
  double total[2];

  template <int Count>
  __device__ inline void at(int n, int i) {
    const Vector<Count> input = load_vector<Count>(x + static_cast<long long>(n) * x_stride + i),
                        slope = load_vector<Count>(dy + static_cast<long long>(n) * dy_stride + i);
    const float mean = statistics[2 * n], deviation = statistics[2 * n + 1];
#pragma unroll
    for (int j = 0; j < Count; j++)
      total[0] += slope.v[j], total[1] += static_cast<double>(slope.v[j]) * ((input.v[j] - mean) * deviation);
  }
};

// Gradients of gamma and beta of layer normalisation, with channels on grid y.
LAMELLA_KERNEL void layer_norm_parameter_gradients(NormShape s, int vector, const float* __restrict__ x,
                                                   const float* __restrict__ dy, const float* __restrict__ statistics,
                                                   Slices slices, float* __restrict__ dgamma, float* __restrict__ dbeta,
                                                   Mark mark = kNoMark) {
  record(mark);
  __shared__ SumScratch shared;
  const int c = blockIdx.y;
  const long long first = static_cast<long long>(c) * s.plane;
  LayerNormSums sums = {x + first, dy + first, s.channels * s.plane, s.dy_stride, statistics, {0, 0}};
  for_slice(s.samples, s.plane, vector, sums);
  if (join_slices(slices, sums.total, shared))
    dbeta[c] = static_cast<float>(sums.total[0]), dgamma[c] = static_cast<float>(sums.total[1]);
}
