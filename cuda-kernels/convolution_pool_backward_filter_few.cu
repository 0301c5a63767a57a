// The filter gradient of a convolution behind a fused max pool, for layers with few channels, where a lane cannot be a
// channel (convolution_pool_backward_filter.cu).
//   dw[k][c][r][s] = sum over n and windows of g[n][k][window] * x[n][c][h + r][v + s],   (h, v) of the argmax
// A thread takes every THREADS-th window of its samples and keeps the sums of TILE_K filters of one channel. The argmax
// differs between lanes, so all positions are computed, with zero for those that are not the argmax; each input is read
// once for all filters, positions and taps. At the end the block adds its threads' sums.
// Block: one channel (grid x), TILE_K filters (grid y), one slice of the samples (grid z). The sums of a slice are
// written to partial[slice]; sum_slices() (elementwise.cu) adds them in order.
// Occupancy of convolution_pool_backward_filter_few: a thread has up to 112 sums, all independent, instead of more
// warps.
#include "convolution_pool.cuh"
#include "device.cuh"

#ifndef TILE_K
#define TILE_K 4
#endif
#ifndef THREADS
#define THREADS 128
#endif

// Blocks of a multiprocessor. Bounds of padded images, and strides, take more registers.
constexpr int kBlocks =
    PAD_H + PAD_W > 0 || STRIDE_H + STRIDE_W > 2 ? LAMELLA_BLOCKS / 2 : LAMELLA_BLOCKS * 96 / THREADS;

// The inputs of a window's row in x, zero outside the image.
static __device__ inline void load_row(const ConvolutionShape& shape, const float* __restrict__ plane, int h, int v0,
                                       float (&in)[kFieldW]) {
  const bool down = PAD_H == 0 || (h >= 0 && h < shape.height);
#pragma unroll
  for (int j = 0; j < kFieldW; j++) {
    const int v = v0 + j;
    in[j] = down && (PAD_W == 0 || (v >= 0 && v < shape.width)) ? __ldg(plane + h * shape.width + v) : 0.0f;
  }
}

// Adds the products of row `row` of a window's inputs: other taps for each row of positions.
static __device__ inline void add_row(int row, const float (&in)[kFieldW], const float (&slope)[TILE_K][kPositions],
                                      float (&sum)[TILE_K][kTaps]) {
#pragma unroll
  for (int i = 0; i < POOL_H; i++) {
    const int r = row - i * STRIDE_H;
    if (r < 0 || r >= KERNEL_H) continue;
#pragma unroll
    for (int k = 0; k < TILE_K; k++)
#pragma unroll
      for (int j = 0; j < POOL_W; j++)
#pragma unroll
        for (int s = 0; s < KERNEL_W; s++)
          sum[k][r * KERNEL_W + s] = fmaf(slope[k][i * POOL_W + j], in[j * STRIDE_W + s], sum[k][r * KERNEL_W + s]);
  }
}

// Slice z takes samples [z * slice, (z + 1) * slice); its x and g have fewer than 2^31 values. partial:
// [slices][filters][channels][kernel_h][kernel_w].
LAMELLA_KERNEL void __launch_bounds__(THREADS, kBlocks)
    convolution_pool_backward_filter_few(ConvolutionShape shape, int slice, const float* __restrict__ x,
                                         const float* __restrict__ g, const uint8* __restrict__ argmax,
                                         float* __restrict__ partial) {
  __shared__ float of_warps[THREADS / 32][TILE_K * kTaps];
  const int windows = shape.pooled_h * shape.pooled_w, c = blockIdx.x, k0 = blockIdx.y * TILE_K;
  const int first = blockIdx.z * slice, count = min(slice, shape.samples - first);
  const int image = shape.channels * shape.height * shape.width, outputs = shape.filters * windows;
  x += static_cast<long long>(first) * image + c * shape.height * shape.width;
  g += static_cast<long long>(first) * outputs, argmax += static_cast<long long>(first) * outputs;
  // From a window to the next of this thread: samples, rows, columns. No division in the loop.
  const int step_n = THREADS / windows, step_p = THREADS % windows / shape.pooled_w, step_q = THREADS % shape.pooled_w;
  int n = threadIdx.x / windows, p = threadIdx.x % windows / shape.pooled_w, q = threadIdx.x % windows % shape.pooled_w;
  float sum[TILE_K][kTaps] = {};

#pragma unroll 1
  while (n < count) {
    float slope[TILE_K][kPositions];
    const int window = n * outputs + p * shape.pooled_w + q;
#pragma unroll
    for (int k = 0; k < TILE_K; k++) {
      const int at =
          window + min(k0 + k, shape.filters - 1) * windows;  // sums of filters that do not exist are not stored
      const float of_window = __ldg(g + at);
      const int position = __ldg(argmax + at);
#pragma unroll
      for (int i = 0; i < kPositions; i++) slope[k][i] = position == i ? of_window : 0.0f;
    }
    const float* plane = x + n * image;
#pragma unroll
    for (int row = 0; row < kFieldH; row++) {
      float in[kFieldW];
      load_row(shape, plane, p * kStepH - PAD_H + row, q * kStepW - PAD_W, in);
      add_row(row, in, slope, sum);
    }
    n += step_n, p += step_p, q += step_q;
    if (q >= shape.pooled_w) q -= shape.pooled_w, p++;
    if (p >= shape.pooled_h) p -= shape.pooled_h, n++;
  }

#pragma unroll
  for (int k = 0; k < TILE_K; k++)
#pragma unroll
    for (int t = 0; t < kTaps; t++) {
      const float of_warp = warp_sum(sum[k][t]);
      if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32][k * kTaps + t] = of_warp;
    }
  __syncthreads();
  for (int i = threadIdx.x; i < TILE_K * kTaps; i += THREADS) {
    const int k = k0 + i / kTaps;
    if (k >= shape.filters) break;
    float total = 0.0f;
    for (int warp = 0; warp < THREADS / 32; warp++) total += of_warps[warp][i];
    partial[((static_cast<long long>(blockIdx.z) * shape.filters + k) * shape.channels + c) * kTaps + i % kTaps] =
        total;
  }
}
