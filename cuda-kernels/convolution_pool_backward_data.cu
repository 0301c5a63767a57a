// The data gradient of a convolution behind a fused max pool, for layers with many channels.
//   dx[n][c][h + r][v + s] += w[k][c][r][s] * g[n][k][window]   for all k and windows,   (h, v) of the argmax
// Only argmax positions are computed: 1 / kPositions of the multiply-adds of the un-pooled map. A lane is TILE_C
// channels. The argmax of a filter's window is the same for all lanes of a warp, so they take the same branch; each
// position has its own unrolled code. A warp computes a strip of the image: it sums the inputs of kTileP x kTileQ
// windows in registers over all filters, moves down by those windows and keeps the rows that the next windows share.
// The columns that the windows of two strips share are added through shared memory, always in the same order.
// Block: THREADS / 32 neighbouring strips of one sample (grid x), 32 * TILE_C channels (grid y), a band of rows of
// windows (grid z). If a row has more strips, each block computes the strip before its first one too; the same is done
// for the row before a band. This repeats less work than an exchange between blocks would cost.
// Occupancy of convolution_pool_backward_data: a thread has up to 72 sums, all independent, instead of more warps.
#include "convolution_pool.cuh"
#include "device.cuh"

#ifndef TILE_C
#define TILE_C 1
#endif
#ifndef THREADS
#define THREADS 384
#endif

constexpr int kWarps = THREADS / 32;
constexpr int kChannels = 32 * TILE_C;
// Windows of a warp at a time: four.
constexpr int kTileP = kFieldH == 1 ? 1 : 2;
constexpr int kTileQ = 4 / kTileP;
// The inputs that they read, and the distance to the next four.
constexpr int kSumH = (kTileP - 1) * kStepH + kFieldH;
constexpr int kSumW = (kTileQ - 1) * kStepW + kFieldW;
constexpr int kDown = kTileP * kStepH;
constexpr int kAcross = kTileQ * kStepW;
constexpr int kSharedRows = kSumH - kDown;
constexpr int kSharedColumns = kSumW - kAcross;
// Filters at a time in shared memory. The odd number of vectors per channel prevents bank conflicts.
constexpr int kChunk = kWarps > 8 ? 8 : 4;
constexpr int kTapVectors = ((kTaps + 3) / 4) | 1;
constexpr int kTapLanes = kTaps > 16 ? 32 : kTaps > 8 ? 16 : 8;
constexpr int kOutPitch = kWarps * kAcross + 1;

// Floats of shared memory: for weights, then for shared columns, then for finished rows.
constexpr int kWeights = kChunk * kChannels * kTapVectors * 4;
constexpr int kExchange = kWarps * kDown * kSharedColumns * kChannels;
constexpr int kOutRows = kDown * kAcross <= 16 ? kDown : 1;
constexpr int kOut = 32 * kOutRows * kOutPitch;
constexpr int kAfterSums = kExchange > kOut ? kExchange : kOut;
constexpr int kMemory = kWeights > kAfterSums ? kWeights : kAfterSums;

// Adds a window to the sums of its inputs.
template <int Down, int Right>
struct WindowSpread {
  float slope;
  const Vector<4> (&w)[TILE_C][kTapVectors];
  float (&sum)[TILE_C][kSumH][kSumW];

  template <int Position>
  __device__ inline void at() const {
    constexpr int kTop = (Down * POOL_H + Position / POOL_W) * STRIDE_H,
                  kLeft = (Right * POOL_W + Position % POOL_W) * STRIDE_W;
#pragma unroll
    for (int c = 0; c < TILE_C; c++)
#pragma unroll
      for (int r = 0; r < KERNEL_H; r++)
#pragma unroll
        for (int s = 0; s < KERNEL_W; s++) {
          float& to = sum[c][kTop + r][kLeft + s];
          to = fmaf(slope, w[c][(r * KERNEL_W + s) / 4].v[(r * KERNEL_W + s) % 4], to);
          LAMELLA_OPAQUE(to);
        }
  }
};

// The weights of `count` filters: [filter][channel][tap]; zero for channels that do not exist.
static __device__ inline void load_filters(const ConvolutionShape& shape, const float* __restrict__ w, int channels,
                                           int count, float* weights) {
  constexpr int kApart = THREADS / kTapLanes;
  const int tap = threadIdx.x % kTapLanes;
  for (int k = 0; k < count; k++, w += shape.channels * kTaps)
#pragma unroll
    for (int first = 0; first < kChannels; first += kApart) {
      const int c = first + threadIdx.x / kTapLanes;
      if (c >= kChannels) break;
      for (int t = tap; t < kTaps; t += kTapLanes)
        weights[(k * kChannels + c) * kTapVectors * 4 + t] = c < channels ? __ldg(w + c * kTaps + t) : 0.0f;
    }
}

// Adds the columns that the strip to the left shares with this one, for the rows that are finished.
static __device__ inline void add_shared_columns(float* memory, float (&sum)[TILE_C][kSumH][kSumW]) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  __syncthreads();
#pragma unroll
  for (int c = 0; c < TILE_C; c++)
#pragma unroll
    for (int i = 0; i < kDown; i++)
#pragma unroll
      for (int j = 0; j < kSharedColumns; j++)
        memory[(((warp * TILE_C + c) * kDown + i) * kSharedColumns + j) * 32 + lane] = sum[c][i][kAcross + j];
  __syncthreads();
  if (warp == 0) return;
#pragma unroll
  for (int c = 0; c < TILE_C; c++)
#pragma unroll
    for (int i = 0; i < kDown; i++)
#pragma unroll
      for (int j = 0; j < kSharedColumns; j++)
        sum[c][i][j] += memory[((((warp - 1) * TILE_C + c) * kDown + i) * kSharedColumns + j) * 32 + lane];
}

// Stores finished rows of 32 channels, through shared memory, so that neighbouring threads write neighbouring pixels.
// dx: of the first of `channels` channels. h0, v0: the pixel of the first row and column. The first `skip` columns are
// of the block to the left.
static __device__ inline void store_rows(const ConvolutionShape& shape, int accumulate, int channels, int h0, int v0,
                                         int skip, float* memory, const float (&sum)[kSumH][kSumW], float* dx) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
#pragma unroll
  for (int top = 0; top < kDown; top += kOutRows) {
    __syncthreads();
#pragma unroll
    for (int i = 0; i < kOutRows; i++)
#pragma unroll
      for (int j = 0; j < kAcross; j++) memory[(i * 32 + lane) * kOutPitch + warp * kAcross + j] = sum[top + i][j];
    __syncthreads();
    for (int i = threadIdx.x; i < kOutRows * 32 * kWarps * kAcross; i += THREADS) {
      const int column = i % (kWarps * kAcross), at = i / (kWarps * kAcross), c = at % 32;
      const int h = h0 + top + at / 32, v = v0 + column;
      if (c >= channels || h < 0 || h >= shape.height || column < skip || v < 0 || v >= shape.width) continue;
      float* to = dx + (c * shape.height + h) * shape.width + v;
      *to = memory[at * kOutPitch + column] + (accumulate ? *to : 0.0f);
    }
  }
}

// groups: blocks that compute the strips of a row. band: rows of kTileP windows that a block computes. accumulate:
// dx += instead of dx =.
LAMELLA_KERNEL void __launch_bounds__(THREADS, LAMELLA_BLOCKS * 96 / THREADS)
    convolution_pool_backward_data(ConvolutionShape shape, int accumulate, int groups, int band,
                                   const float* __restrict__ g, const uint8* __restrict__ argmax,
                                   const float* __restrict__ w, float* __restrict__ dx) {
  __shared__ Vector<4> memory[(kMemory + 3) / 4];
  __shared__ Vector<4> slopes[kChunk * kWarps];
  __shared__ unsigned positions[kChunk * kWarps];  // a byte for each of the four windows
  static_assert(kSharedRows >= 0 && kSharedColumns >= 0, "each input is read");
  static_assert(kSharedRows <= kDown && kSharedColumns <= kAcross, "only neighbours share inputs");
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int n = blockIdx.x / groups, group = blockIdx.x % groups, c0 = blockIdx.y * kChannels;
  const int before = groups > 1 ? 1 : 0;  // strips that the block to the left computes too
  const int strip = group * (kWarps - before) + warp - before;
  const int first = blockIdx.z * band, rows = (shape.height + PAD_H + kDown - 1) / kDown,
            last = min(first + band, rows);
  const int windows = shape.pooled_h * shape.pooled_w, q0 = strip * kTileQ;
  const float* slope_of = g + static_cast<long long>(n) * shape.filters * windows;
  const uint8* position_of = argmax + static_cast<long long>(n) * shape.filters * windows;
  float sum[TILE_C][kSumH][kSumW] = {};

  for (int row = first - (first > 0 && kSharedRows > 0 ? 1 : 0); row < last; row++) {
    const int p0 = row * kTileP;
    const bool live = strip >= 0 && q0 < shape.pooled_w && p0 < shape.pooled_h;
    for (int k0 = p0 < shape.pooled_h ? 0 : shape.filters; k0 < shape.filters; k0 += kChunk) {
      const int count = min(kChunk, shape.filters - k0);
      __syncthreads();
      load_filters(shape, w + (static_cast<long long>(k0) * shape.channels + c0) * kTaps, shape.channels - c0, count,
                   memory[0].v);
      if (lane < kChunk * 4) {
        const int k = lane / 4, p = p0 + lane % 4 / kTileQ, q = q0 + lane % 4 % kTileQ;
        const bool exists = live && k < count && p < shape.pooled_h && q < shape.pooled_w;
        const int at = (k0 + k) * windows + p * shape.pooled_w + q;
        slopes[k * kWarps + warp].v[lane % 4] = exists ? slope_of[at] : 0.0f;
        reinterpret_cast<uint8*>(positions)[(k * kWarps + warp) * 4 + lane % 4] = exists ? position_of[at] : uint8(0);
      }
      __syncthreads();
      if (!live) continue;
#pragma unroll 1
      for (int k = 0; k < count; k++) {
        Vector<4> f[TILE_C][kTapVectors];
#pragma unroll
        for (int c = 0; c < TILE_C; c++)
#pragma unroll
          for (int t = 0; t < (kTaps + 3) / 4; t++) f[c][t] = memory[(k * kChannels + c * 32 + lane) * kTapVectors + t];
        const Vector<4> slope = slopes[k * kWarps + warp];
        const unsigned at = positions[k * kWarps + warp];
        Positions<0, kPositions>::call(at & 255, WindowSpread<0, 0>{slope.v[0], f, sum});
        Positions<0, kPositions>::call(at >> 8 & 255, WindowSpread<1 / kTileQ, 1 % kTileQ>{slope.v[1], f, sum});
        Positions<0, kPositions>::call(at >> 16 & 255, WindowSpread<2 / kTileQ, 2 % kTileQ>{slope.v[2], f, sum});
        Positions<0, kPositions>::call(at >> 24, WindowSpread<3 / kTileQ, 3 % kTileQ>{slope.v[3], f, sum});
      }
    }
    if (row >= first) {
      if (kSharedColumns > 0) add_shared_columns(memory[0].v, sum);
#pragma unroll
      for (int c = 0; c < TILE_C; c++)
        store_rows(shape, accumulate, shape.channels - c0 - c * 32, row * kDown - PAD_H,
                   (strip - warp) * kAcross - PAD_W, before * kAcross, memory[0].v, sum[c],
                   dx + (static_cast<long long>(n) * shape.channels + c0 + c * 32) * shape.height * shape.width);
    }
#pragma unroll
    for (int c = 0; c < TILE_C; c++)
#pragma unroll
      for (int i = 0; i < kSumH; i++)
#pragma unroll
        for (int j = 0; j < kSumW; j++) sum[c][i][j] = i + kDown < kSumH ? sum[c][i + kDown][j] : 0.0f;
  }
}
