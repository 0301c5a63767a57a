// The filter gradient of a convolution, with or without a fused max pool.
//   dw[k][c][r][s] = sum over n,p,q of g[n][k][p][q] * x[n][c][p * stride + r - pad][q * stride + s - pad]
// With a fused pool the sum is over the argmax positions only: a quarter of the multiply-adds for 2 x 2 windows. These
// positions differ between filters, so each filter reads its own input; without a pool one input is shared by TILE_K
// filters. A thread computes TILE_K filters of one (c, r, s). Block: THREADS of those (grid x), TILE_K filters (grid
// y), one slice of the samples (grid z). The sums of a slice are written to partial[slice]; sum_slices()
// (elementwise.cu) adds them in order.
#include "device.cuh"

#ifndef TILE_K
#define TILE_K 8
#endif
#ifndef THREADS
#define THREADS 128
#endif
#ifndef WINDOWS
#define WINDOWS 64  // windows at a time: their gradients and corners are in shared memory
#endif

// Slice z takes samples [z * slice, (z + 1) * slice). partial: [slices][filters][channels][kernel_h][kernel_w].
LAMELLA_KERNEL void __launch_bounds__(THREADS, LAMELLA_BLOCKS)
    convolution_backward_filter(ConvolutionShape shape, int slice, const float* __restrict__ x,
                                const float* __restrict__ g, const uint8* __restrict__ argmax,
                                float* __restrict__ partial) {
  __shared__ float gradient[WINDOWS][TILE_K];
  __shared__ int top[WINDOWS][TILE_K], left[WINDOWS][TILE_K];  // corner of the argmax's receptive field in x
  const int taps = shape.kernel_h * shape.kernel_w, windows = shape.pooled_h * shape.pooled_w;
  const int id = blockIdx.x * THREADS + threadIdx.x, all = shape.channels * taps, first = blockIdx.y * TILE_K;
  const bool live = id < all;
  const int c = live ? id / taps : 0, r = id % taps / shape.kernel_w, s = id % shape.kernel_w;
  const int last = min((static_cast<int>(blockIdx.z) + 1) * slice, shape.samples);
  float sum[TILE_K] = {};

  for (int n = blockIdx.z * slice; n < last; n++)
    for (int begin = 0; begin < windows; begin += WINDOWS) {
      const int count = min(windows - begin, WINDOWS);
      __syncthreads();
      for (int i = threadIdx.x; i < count * TILE_K; i += THREADS) {
        const int k = i / count, window = begin + i % count;
        const long long at = (static_cast<long long>(n) * shape.filters + first + k) * windows + window;
        const bool exists = first + k < shape.filters;
        const int place = exists && argmax ? argmax[at] : 0;
        gradient[i % count][k] = exists ? g[at] : 0.0f;
        top[i % count][k] =
            (window / shape.pooled_w * shape.pool_h + place / shape.pool_w) * shape.stride_h - shape.pad_h;
        left[i % count][k] =
            (window % shape.pooled_w * shape.pool_w + place % shape.pool_w) * shape.stride_w - shape.pad_w;
      }
      __syncthreads();
      if (!live) continue;
      const float* plane = x + (static_cast<long long>(n) * shape.channels + c) * shape.height * shape.width;
      for (int i = 0; i < count; i++) {
        float in = 0.0f;
#pragma unroll
        for (int k = 0; k < TILE_K; k++) {
          if (k == 0 || argmax) {
            const int h = top[i][k] + r, v = left[i][k] + s;
            const bool inside = h >= 0 && h < shape.height && v >= 0 && v < shape.width;
            in = inside ? __ldg(plane + h * shape.width + v) : 0.0f;
          }
          sum[k] += gradient[i][k] * in;
        }
      }
    }
  if (!live) return;
#pragma unroll
  for (int k = 0; k < TILE_K; k++)
    if (first + k < shape.filters)
      partial[(static_cast<long long>(blockIdx.z) * shape.filters + first + k) * all + id] = sum[k];
}
