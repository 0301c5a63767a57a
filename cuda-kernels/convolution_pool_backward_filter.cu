// The filter gradient of a convolution behind a fused max pool, for layers with many channels.
//   dw[k][c][r][s] = sum over n and windows of g[n][k][window] * x[n][c][h + r][v + s],   (h, v) of the argmax
// Only argmax positions are summed: 1 / kPositions of the multiply-adds of the un-pooled map. A lane is TILE_C channels
// and a warp TILE_K filters. The argmax of a filter's window is the same for all lanes of a warp, so they take the same
// branch; each position has its own unrolled code, and the inputs of a window stay in registers for all filters.
// Block: THREADS / 32 warps of TILE_K filters (grid y), 32 * TILE_C channels (grid x), one slice of the samples (grid
// z). It copies the inputs of up to kTileQ windows of a row into shared memory. The sums of a slice are written to
// partial[slice]; sum_slices() (elementwise.cu) adds them in order.
// Occupancy of convolution_pool_backward_filter: a thread has up to 112 sums, all independent, instead of more warps.
#include "convolution_pool.cuh"
#include "device.cuh"

#ifndef TILE_C
#define TILE_C 1
#endif
#ifndef TILE_K
#define TILE_K 4
#endif
#ifndef THREADS
#define THREADS 128
#endif

constexpr int kWarps = THREADS / 32;
constexpr int kChannels = 32 * TILE_C;
constexpr int kFilters = kWarps * TILE_K;
// Columns of the inputs in shared memory: one or two per lane.
constexpr int kTileQ = ((kFieldH == 1 ? 64 : 32) - kFieldW) / kStepW + 1;
constexpr int kColumns = (kTileQ - 1) * kStepW + kFieldW;
// Inputs are read in vectors of kWidth floats; the odd number of vectors per row prevents bank conflicts.
constexpr int kWidth = kStepW % 4 == 0 ? 4 : kStepW % 2 == 0 ? 2 : 1;
constexpr int kFieldVectors = (kFieldW + kWidth - 1) / kWidth;
constexpr int kPitch = (((kTileQ - 1) * kStepW + kFieldVectors * kWidth) / kWidth | 1) * kWidth;
constexpr int kGPitch = kFilters + 4;

// The inputs of the windows in shared memory: [row][channel][column]. Zero outside the image.
static __device__ inline void load_inputs(const ConvolutionShape& shape, const float* __restrict__ planes, int channels,
                                          int top, int left, float* inputs) {
  enum { kUnrolled = kFieldH > 3 ? 2 : 8 };  // enough loads at a time, and registers for them
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
#pragma unroll
  for (int first = 0; first < kColumns; first += 32) {
    const int column = first + lane, v = left + column;
    if (column >= kColumns) break;
    const bool across = v >= 0 && v < shape.width;
    const float* plane = planes + (warp * shape.height + top) * shape.width + v;
#pragma unroll kUnrolled
    for (int c = warp; c < kChannels; c += kWarps, plane += kWarps * shape.height * shape.width) {
      const bool exists = across && c < channels;
      float* to = inputs + c * kPitch + column;
      const float* from = plane;
#pragma unroll
      for (int i = 0; i < kFieldH; i++, from += shape.width) {
        const bool inside = exists && (PAD_H == 0 || (top + i >= 0 && top + i < shape.height));
        to[i * kChannels * kPitch] = inside ? __ldg(from) : 0.0f;
      }
    }
  }
}

// The gradients and positions of TILE_K filters of a window, from `at` in the sample. Filters that do not exist repeat
// the last one; their sums are not stored.
static __device__ inline void load_argmax(const ConvolutionShape& shape, long long at, int first,
                                          const float* __restrict__ g, const uint8* __restrict__ argmax,
                                          Vector<4>* gradients, unsigned* positions) {
  const int windows = shape.pooled_h * shape.pooled_w;
#pragma unroll
  for (int k4 = 0; k4 < TILE_K / 4; k4++) {
    Vector<4> slope;
    unsigned packed = 0;
#pragma unroll
    for (int k = 0; k < 4; k++) {
      const int map = min(first + k4 * 4 + k, shape.filters - 1) * windows;
      slope.v[k] = __ldg(g + at + map);
      packed |= static_cast<unsigned>(__ldg(argmax + at + map)) << 8 * k;
    }
    gradients[k4] = slope, positions[k4] = packed;
  }
}

// Adds a window to the sums of one filter.
struct WindowSum {
  float slope;
  const Vector<kWidth> (&field)[TILE_C][kFieldH][kFieldVectors];
  float (&sum)[TILE_C][kTaps];

  template <int Position>
  __device__ inline void at() const {
    constexpr int kTop = Position / POOL_W * STRIDE_H, kLeft = Position % POOL_W * STRIDE_W;
#pragma unroll
    for (int c = 0; c < TILE_C; c++)
#pragma unroll
      for (int r = 0; r < KERNEL_H; r++)
#pragma unroll
        for (int s = 0; s < KERNEL_W; s++) {
          float& to = sum[c][r * KERNEL_W + s];
          to = fmaf(slope, field[c][kTop + r][(kLeft + s) / kWidth].v[(kLeft + s) % kWidth], to);
          LAMELLA_OPAQUE(to);
        }
  }
};

// Slice z takes samples [z * slice, (z + 1) * slice). partial: [slices][filters][channels][kernel_h][kernel_w].
LAMELLA_KERNEL void __launch_bounds__(THREADS, LAMELLA_BLOCKS * 96 / THREADS)
    convolution_pool_backward_filter(ConvolutionShape shape, int slice, const float* __restrict__ x,
                                     const float* __restrict__ g, const uint8* __restrict__ argmax,
                                     float* __restrict__ partial) {
  __shared__ Vector<kWidth> inputs[kFieldH * kChannels * kPitch / kWidth];
  __shared__ Vector<4> gradients[kTileQ * kGPitch / 4];  // [window][filter]
  __shared__ unsigned positions[kTileQ * kFilters / 4];  // the same, a byte each
  static_assert(kTileQ <= 32, "a lane loads the argmax of a window");
  static_assert(kFieldH * kChannels * kPitch >= THREADS * kTaps, "the sums are written from the memory of the inputs");
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int c0 = blockIdx.x * kChannels, k0 = blockIdx.y * kFilters;
  const bool live = k0 + warp * TILE_K < shape.filters;
  const int last = min((static_cast<int>(blockIdx.z) + 1) * slice, shape.samples);
  const int parts = (shape.pooled_w + kTileQ - 1) / kTileQ, part = (shape.pooled_w + parts - 1) / parts;
  float sum[TILE_K][TILE_C][kTaps] = {};

  for (int n = blockIdx.z * slice; n < last; n++)
    for (int p = 0; p < shape.pooled_h; p++)
      for (int q0 = 0; q0 < shape.pooled_w; q0 += part) {
        const int count = min(part, shape.pooled_w - q0);
        __syncthreads();
        load_inputs(shape, x + (static_cast<long long>(n) * shape.channels + c0) * shape.height * shape.width,
                    shape.channels - c0, p * kStepH - PAD_H, q0 * kStepW - PAD_W, inputs[0].v);
        if (lane < count)
          load_argmax(shape,
                      (static_cast<long long>(n) * shape.filters * shape.pooled_h + p) * shape.pooled_w + q0 + lane,
                      k0 + warp * TILE_K, g, argmax, gradients + (lane * kGPitch + warp * TILE_K) / 4,
                      positions + (lane * kFilters + warp * TILE_K) / 4);
        __syncthreads();
        if (!live) continue;
#pragma unroll 1
        for (int window = 0; window < count; window++) {
          Vector<kWidth> field[TILE_C][kFieldH][kFieldVectors];
#pragma unroll
          for (int c = 0; c < TILE_C; c++)
#pragma unroll
            for (int i = 0; i < kFieldH; i++)
#pragma unroll
              for (int j = 0; j < kFieldVectors; j++)
                field[c][i][j] =
                    inputs[(i * kChannels + c * 32 + lane) * (kPitch / kWidth) + window * (kStepW / kWidth) + j];
#pragma unroll
          for (int k4 = 0; k4 < TILE_K / 4; k4++) {
            const Vector<4> slope = gradients[(window * kGPitch + warp * TILE_K) / 4 + k4];
            const unsigned at = positions[(window * kFilters + warp * TILE_K) / 4 + k4];
#pragma unroll
            for (int k = 0; k < 4; k++)
              Positions<0, kPositions>::call(at >> 8 * k & 255, WindowSum{slope.v[k], field, sum[k4 * 4 + k]});
          }
        }
      }

  // Through shared memory, so that neighbouring threads write neighbouring weights.
  float* mine = inputs[0].v + warp * (kFieldH * kChannels * kPitch / kWarps);
#pragma unroll
  for (int k = 0; k < TILE_K; k++)
#pragma unroll
    for (int c = 0; c < TILE_C; c++) {
      __syncthreads();
#pragma unroll
      for (int t = 0; t < kTaps; t++) mine[lane * kTaps + t] = sum[k][c][t];
      __syncthreads();
      const int filter = k0 + warp * TILE_K + k, exist = min(shape.channels - c0 - c * 32, 32) * kTaps;
      float* to =
          partial +
          ((static_cast<long long>(blockIdx.z) * shape.filters + filter) * shape.channels + c0 + c * 32) * kTaps;
      if (filter < shape.filters)
        for (int i = lane; i < exist; i += 32) to[i] = mine[i];
    }
}
