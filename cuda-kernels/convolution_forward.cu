// Convolution + bias [+ max pool] + activation, forward, for every shape. Shapes that have a variant of
// convolution_rows_forward.cu are computed there, several times faster.
//   sum[n][k][p][q] = sum over c,r,s of x[n][c][p * stride + r - pad][q * stride + s - pad] * w[k][c][r][s]
//   plain:   y = act(sum + b[k])
//   pooled:  y = act(max over the window of sum, + b[k]),  argmax: its position in the window, one byte
// Activations are monotonic, so pooling comes first, and the un-pooled map exists in registers only.
// A thread computes TILE_K filters at PATCH_H x PATCH_W neighbouring positions: one accumulator for each, and per tap
// TILE_K weights and a patch of inputs. With a pool it processes its window patch by patch. Block: THREADS patches or
// windows (grid x) of TILE_K filters (grid y). The weights of a channel are in shared memory. Inputs are read through
// the read-only cache, which neighbouring threads share.
#include "device.cuh"

#ifndef TILE_K
#define TILE_K 8
#endif
#ifndef PATCH_H
#define PATCH_H 2
#define PATCH_W 2
#endif
#ifndef THREADS
#define THREADS 128
#endif
#define MAX_TAPS 121

// Adds a patch's sums over all channels. Every thread of the block must call it, also those that are not live.
// `weights`: MAX_TAPS * TILE_K floats, [tap][filter]; filters with more taps per channel take several passes.
static __device__ inline void add_patch(const ConvolutionShape& shape, const float* __restrict__ image,
                                        const float* __restrict__ w, int first, int p, int q, bool live, float* weights,
                                        float (&sum)[TILE_K][PATCH_H][PATCH_W]) {
  const int taps = shape.kernel_h * shape.kernel_w;
  const int h0 = p * shape.stride_h - shape.pad_h, v0 = q * shape.stride_w - shape.pad_w;
  for (int c = 0; c < shape.channels; c++)
    for (int begin = 0; begin < taps; begin += MAX_TAPS) {
      const int count = min(taps - begin, MAX_TAPS);
      __syncthreads();
      load_weights<TILE_K>(w + (static_cast<long long>(first) * shape.channels + c) * taps + begin,
                           static_cast<long long>(shape.channels) * taps, shape.filters - first, count, weights);
      __syncthreads();
      if (!live) continue;
      const float* plane = image + static_cast<long long>(c) * shape.height * shape.width;
      for (int t = 0; t < count; t++) {
        const int r = (begin + t) / shape.kernel_w, s = (begin + t) % shape.kernel_w;
        float in[PATCH_H][PATCH_W];
#pragma unroll
        for (int i = 0; i < PATCH_H; i++)
#pragma unroll
          for (int j = 0; j < PATCH_W; j++) {
            const int h = h0 + i * shape.stride_h + r, v = v0 + j * shape.stride_w + s;
            const bool inside = h >= 0 && h < shape.height && v >= 0 && v < shape.width;
            in[i][j] = inside ? __ldg(plane + h * shape.width + v) : 0.0f;
          }
#pragma unroll
        for (int k = 0; k < TILE_K; k++)
#pragma unroll
          for (int i = 0; i < PATCH_H; i++)
#pragma unroll
            for (int j = 0; j < PATCH_W; j++) sum[k][i][j] += weights[t * TILE_K + k] * in[i][j];
      }
    }
}

// One thread per patch; grid x covers samples * patches. bias may be null.
LAMELLA_KERNEL void __launch_bounds__(THREADS, LAMELLA_BLOCKS)
    convolution_forward(ConvolutionShape shape, int activation, float slope, const float* __restrict__ x,
                        const float* __restrict__ w, const float* __restrict__ bias, float* __restrict__ y,
                        Mark mark = kNoMark) {
  record(mark);
  __shared__ float weights[MAX_TAPS * TILE_K];
  const int across = (shape.out_w + PATCH_W - 1) / PATCH_W, patches = (shape.out_h + PATCH_H - 1) / PATCH_H * across;
  const long long id = static_cast<long long>(blockIdx.x) * THREADS + threadIdx.x;
  const bool live = id < static_cast<long long>(shape.samples) * patches;
  const int n = live ? static_cast<int>(id / patches) : 0, patch = static_cast<int>(id % patches),
            first = blockIdx.y * TILE_K;
  const int p = patch / across * PATCH_H, q = patch % across * PATCH_W;
  float sum[TILE_K][PATCH_H][PATCH_W] = {};
  add_patch(shape, x + static_cast<long long>(n) * shape.channels * shape.height * shape.width, w, first, p, q, live,
            weights, sum);
  if (!live) return;
#pragma unroll
  for (int k = 0; k < TILE_K; k++) {
    if (first + k >= shape.filters) break;
    const float shift = bias ? bias[first + k] : 0.0f;
    float* to =
        y + static_cast<long long>(n) * shape.y_stride + static_cast<long long>(first + k) * shape.out_h * shape.out_w;
#pragma unroll
    for (int i = 0; i < PATCH_H; i++)
#pragma unroll
      for (int j = 0; j < PATCH_W; j++)
        if (p + i < shape.out_h && q + j < shape.out_w)
          to[(p + i) * shape.out_w + q + j] = activate(activation, slope, sum[k][i][j] + shift);
  }
}

// One thread per window; grid x covers samples * pooled_h * pooled_w. bias and argmax may be null.
LAMELLA_KERNEL void __launch_bounds__(THREADS, LAMELLA_BLOCKS)
    convolution_pool_forward(ConvolutionShape shape, int activation, float slope, const float* __restrict__ x,
                             const float* __restrict__ w, const float* __restrict__ bias, float* __restrict__ y,
                             uint8* __restrict__ argmax, Mark mark = kNoMark) {
  record(mark);
  __shared__ float weights[MAX_TAPS * TILE_K];
  const int windows = shape.pooled_h * shape.pooled_w;
  const long long id = static_cast<long long>(blockIdx.x) * THREADS + threadIdx.x;
  const bool live = id < static_cast<long long>(shape.samples) * windows;
  const int n = live ? static_cast<int>(id / windows) : 0, window = static_cast<int>(id % windows),
            first = blockIdx.y * TILE_K;
  const int p = window / shape.pooled_w * shape.pool_h, q = window % shape.pooled_w * shape.pool_w;
  const float* image = x + static_cast<long long>(n) * shape.channels * shape.height * shape.width;

  float best[TILE_K];
  int place[TILE_K];
#pragma unroll
  for (int k = 0; k < TILE_K; k++) best[k] = -INFINITY, place[k] = 0;
  for (int top = 0; top < shape.pool_h; top += PATCH_H)
    for (int left = 0; left < shape.pool_w; left += PATCH_W) {
      float sum[TILE_K][PATCH_H][PATCH_W] = {};
      add_patch(shape, image, w, first, p + top, q + left, live, weights, sum);
#pragma unroll
      for (int k = 0; k < TILE_K; k++)
#pragma unroll
        for (int i = 0; i < PATCH_H; i++)
#pragma unroll
          for (int j = 0; j < PATCH_W; j++) {
            const int at = (top + i) * shape.pool_w + left + j;
            const bool within = top + i < shape.pool_h && left + j < shape.pool_w;
            // The first of equal values is the argmax, in whatever order the patches are processed.
            if (within && (beats(sum[k][i][j], best[k]) || (sum[k][i][j] == best[k] && at < place[k])))
              best[k] = sum[k][i][j], place[k] = at;
          }
    }
  if (!live) return;
#pragma unroll
  for (int k = 0; k < TILE_K; k++) {
    if (first + k >= shape.filters) break;
    const long long at = static_cast<long long>(first + k) * windows + window;
    y[static_cast<long long>(n) * shape.y_stride + at] =
        activate(activation, slope, best[k] + (bias ? bias[first + k] : 0.0f));
    if (argmax) argmax[static_cast<long long>(n) * shape.filters * windows + at] = static_cast<uint8>(place[k]);
  }
}
