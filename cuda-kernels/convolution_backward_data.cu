// The data gradient of a convolution, with or without a fused max pool.
//   dx[n][c][h][w] = sum over k,r,s of w[k][c][r][s] * g[n][k][p][q],   p * stride + r - pad = h, q the same for w
// With a fused pool g exists for the argmax of each window only (argmax: its position in the window); the un-pooled map
// is computed in registers, zero at all other positions. Sums are gathered, not scattered: no atomics, and results are
// bit-identical in every run. A thread computes TILE_C channels of PATCH_W neighbouring pixels of one row. Block:
// THREADS such runs (grid x), TILE_C channels (grid y).
#include "device.cuh"

#ifndef TILE_C
#define TILE_C 8
#endif
#ifndef PATCH_W
#define PATCH_W 4
#endif
#ifndef THREADS
#define THREADS 128
#endif
#include "convolution.cuh"

// g of one filter at un-pooled position (p, q); zero outside the map and where the window has its argmax elsewhere.
static __device__ inline float gradient_at(const ConvolutionShape& shape, const float* g, const uint8* argmax, int p,
                                           int q) {
  if (p < 0 || p >= shape.pooled_h * POOL_H || q < 0 || q >= shape.pooled_w * POOL_W) return 0.0f;
  if (POOL_H * POOL_W == 1) return __ldg(g + p * shape.pooled_w + q);
  const int window = p / POOL_H * shape.pooled_w + q / POOL_W;
  const int place = p % POOL_H * POOL_W + q % POOL_W;
  return __ldg(argmax + window) == place ? __ldg(g + window) : 0.0f;
}

// Without argmax the window is 1 x 1. accumulate: dx += instead of dx =.
LAMELLA_KERNEL void __launch_bounds__(THREADS, LAMELLA_BLOCKS)
    convolution_backward_data(ConvolutionShape shape, int accumulate, const float* __restrict__ g,
                              const uint8* __restrict__ argmax, const float* __restrict__ w, float* __restrict__ dx) {
  __shared__ float weights[MAX_TAPS * TILE_C];  // [tap][channel]
  enum { kUnrolled = UNROLLED };                // not every compiler expands macros in a pragma
  const int runs = (shape.width + PATCH_W - 1) / PATCH_W, taps = KERNEL_H * KERNEL_W,
            windows = shape.pooled_h * shape.pooled_w;
  const long long id = static_cast<long long>(blockIdx.x) * THREADS + threadIdx.x;
  const bool live = id < static_cast<long long>(shape.samples) * shape.height * runs;
  const int n = live ? static_cast<int>(id / (static_cast<long long>(shape.height) * runs)) : 0;
  const int h = static_cast<int>(id / runs % shape.height), v0 = static_cast<int>(id % runs) * PATCH_W,
            first = blockIdx.y * TILE_C;
  float sum[TILE_C][PATCH_W] = {};

  for (int k = 0; k < shape.filters; k++)
    for (int begin = 0; begin < taps; begin += MAX_TAPS) {
      const int count = min(taps - begin, MAX_TAPS);
      __syncthreads();
      load_weights<TILE_C>(w + (static_cast<long long>(k) * shape.channels + first) * taps + begin, taps,
                           shape.channels - first, count, weights);
      __syncthreads();
      if (!live) continue;
      const long long map = (static_cast<long long>(n) * shape.filters + k) * windows;
#pragma unroll kUnrolled
      for (int t = 0; t < count; t++) {
        const int r = (begin + t) / KERNEL_W, s = (begin + t) % KERNEL_W, down = h + PAD_H - r;
        if (down % STRIDE_H) continue;
        float in[PATCH_W];
#pragma unroll
        for (int j = 0; j < PATCH_W; j++) {
          const int right = v0 + j + PAD_W - s;
          in[j] = down < 0 || right < 0 || right % STRIDE_W
                      ? 0.0f
                      : gradient_at(shape, g + map, argmax ? argmax + map : nullptr, down / STRIDE_H, right / STRIDE_W);
        }
#pragma unroll
        for (int c = 0; c < TILE_C; c++)
#pragma unroll
          for (int j = 0; j < PATCH_W; j++) sum[c][j] += weights[t * TILE_C + c] * in[j];
      }
    }
  if (!live) return;
#pragma unroll
  for (int c = 0; c < TILE_C; c++)
#pragma unroll
    for (int j = 0; j < PATCH_W; j++) {
      if (first + c >= shape.channels || v0 + j >= shape.width) continue;
      float* to =
          dx + ((static_cast<long long>(n) * shape.channels + first + c) * shape.height + h) * shape.width + v0 + j;
      *to = sum[c][j] + (accumulate ? *to : 0.0f);
    }
}
