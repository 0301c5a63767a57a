// Convolution + bias [+ max pool] + activation, forward, for the constants of one shape (convolution.cuh). The formulas
// are those of convolution_forward.cu, and each sum has the same order: channel, row, column.
// A thread computes TILE_K filters at PATCH_H x PATCH_W neighbouring positions. It holds the rows of the input that its
// patch needs in registers: every input is loaded once per channel, not once per tap. With a pool the patches divide
// the window, and the thread computes them one after the other. Block: THREADS patches or windows (grid x) of TILE_K
// filters (grid y). The weights of kChannels channels at a time are in shared memory.
// Without a pool, patches at the end of a row or column are moved back until they are inside the map; the positions
// that two threads compute have the same value. So only padding needs a check, and only at a patch's edges.
#include "device.cuh"

#ifndef TILE_K
#define TILE_K 10
#endif
#ifndef PATCH_H
#define PATCH_H 2
#define PATCH_W 2
#endif
#ifndef VECTOR
#define VECTOR 2  // floats to which width and patches of the input are aligned, without padding: 1, 2 or 4
#endif
#ifndef THREADS
#define THREADS 128
#endif
#ifndef KERNEL_H  // for compiling this file alone: LeNet's
#define KERNEL_H 5
#define KERNEL_W 5
#define STRIDE_H 1
#define STRIDE_W 1
#define PAD_H 0
#define PAD_W 0
#define POOL_H 2
#define POOL_W 2
#define ACTIVATION kTanh
#endif
constexpr int kTaps = KERNEL_H * KERNEL_W;
constexpr int kRows = (PATCH_H - 1) * STRIDE_H + KERNEL_H;     // of the input that a patch needs
constexpr int kColumns = (PATCH_W - 1) * STRIDE_W + KERNEL_W;  // of them
constexpr int kHeld = (PATCH_H - 1) * STRIDE_H + 1;            // rows that one row of weights needs
// Floats from a tap's weights to the next: they are read 16 bytes at a time, and written with few bank conflicts.
constexpr int kQuads = (TILE_K + 3) / 4, kPitch = 4 * (kQuads % 2 ? kQuads : kQuads + 1);
constexpr int kFloats = 2048;  // of weights in shared memory, if one channel needs no more
constexpr int kChannels = kTaps * kPitch < kFloats ? kFloats / (kTaps * kPitch) : 1;
constexpr int kUnrolled = kTaps < 8 ? 4 / kTaps + 1 : 1;  // channels whose loads are issued at a time
// Occupancy of convolution_rows_forward: 4 to 7 blocks on a GK210, 25 to 44 %, because the compiler loads many inputs
// ahead and spills registers where it may use fewer. The sums are independent of each other, so few warps keep the
// arithmetic units busy.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 1000 && TILE_K > 12
#define BLOCKS 3  // nvcc 13.0 spills registers for sm_120 where 4 must fit
#elif LAMELLA_BLOCKS != 8
#define BLOCKS LAMELLA_BLOCKS
#elif TILE_K > 12 && STRIDE_W > 1
#define BLOCKS 4
#elif TILE_K > 12 && (KERNEL_H > 1 || PAD_W > 0)
#define BLOCKS 5
#elif TILE_K > 12 || PAD_H + PAD_W > 0
#define BLOCKS 6
#else
#define BLOCKS 7
#endif

// Whether row or column `at` of `all` of a patch's input may be in the padding. A patch lies inside the map.
static __device__ constexpr bool may_pad(int at, int all, int pad) { return at < pad || at >= all - pad; }

// Which rows and columns of a patch's input exist.
struct Inside {
  bool row[kRows], column[kColumns];
};

// Loads Count neighbouring floats by one instruction. from: aligned to their size.
template <int Count>
static __device__ inline void load(const float* __restrict__ from, bool exist, float* to) {
  if (Count == 4) {
    const float4 four = exist ? __ldg(reinterpret_cast<const float4*>(from)) : float4{0.0f, 0.0f, 0.0f, 0.0f};
    to[0] = four.x, to[1] = four.y, to[2] = four.z, to[3] = four.w;
  } else if (Count == 2) {
    const float2 two = exist ? __ldg(reinterpret_cast<const float2*>(from)) : float2{0.0f, 0.0f};
    to[0] = two.x, to[1] = two.y;
  } else {
    to[0] = exist ? __ldg(from) : 0.0f;
  }
}

// Floats that may be loaded together from column `at` of a patch on: aligned, and all or none of them in the padding.
static __device__ constexpr int together(int at, int count) {
  return count == 1 ? 1
         : (at + VECTOR * PAD_W - PAD_W) % count == 0 && at + count <= kColumns &&
                 (PAD_W == 0 || (!may_pad(at, kColumns, PAD_W) && !may_pad(at + count - 1, kColumns, PAD_W)))
             ? count
             : together(at, count / 2);
}

// A row of a patch's input, from column At on. exists: whether the row is inside x.
template <int At>
static __device__ inline void load_row(const float* __restrict__ from, bool exists, const Inside& inside,
                                       float (&row)[kColumns]) {
  constexpr int kCount = together(At, VECTOR);
  load<kCount>(from + At, may_pad(At, kColumns, PAD_W) ? exists && inside.column[At] : exists, row + At);
  load_row<At + kCount>(from, exists, inside, row);
}
template <>
__device__ inline void load_row<kColumns>(const float* __restrict__, bool, const Inside&, float (&)[kColumns]) {}

// Adds a channel. from: where the patch begins in the sample `image`, perhaps in the padding before it. weights:
// [tap][kPitch].
static __device__ inline void add_channel(const float* __restrict__ image, int from, int width, const Inside& inside,
                                          const float* weights, float (&sum)[TILE_K][PATCH_H][PATCH_W]) {
  float rows[kHeld][kColumns];
#pragma unroll
  for (int h = 0; h < kRows; h++, from += width) {
    load_row<0>(image + from, may_pad(h, kRows, PAD_H) ? inside.row[h] : true, inside, rows[h % kHeld]);
    const int r = h - kHeld + 1;  // the row of weights whose inputs are there now
    if (r < 0) continue;
#pragma unroll
    for (int s = 0; s < KERNEL_W; s++)
#pragma unroll
      for (int k = 0; k < TILE_K; k++)
#pragma unroll
        for (int i = 0; i < PATCH_H; i++)
#pragma unroll
          for (int j = 0; j < PATCH_W; j++)
            sum[k][i][j] +=
                weights[(r * KERNEL_W + s) * kPitch + k] * rows[(r + i * STRIDE_H) % kHeld][s + j * STRIDE_W];
  }
}

// Copies the weights of `count` channels into shared memory, [channel][tap][kPitch].
static __device__ inline void load_channels(const float* __restrict__ w, int channels, int exist, int count,
                                            float* weights) {
  const int all = count * kTaps;
  for (int k = threadIdx.x / 32; k < TILE_K; k += THREADS / 32)
#pragma unroll 1
    for (int i = threadIdx.x % 32; i < all; i += 32)
      weights[i * kPitch + k] = k < exist ? __ldg(w + k * channels * kTaps + i) : 0.0f;
}

// Grid x covers all patches, with a pool all windows: below 2^31. bias and argmax may be null.
LAMELLA_KERNEL void __launch_bounds__(THREADS, BLOCKS)
    convolution_rows_forward(ConvolutionShape shape, float slope, const float* __restrict__ x,
                             const float* __restrict__ w, const float* __restrict__ bias, float* __restrict__ y,
                             uint8* __restrict__ argmax, Mark mark = kNoMark) {
  record(mark);
  __shared__ __align__(16) float weights[kChannels * kTaps * kPitch];
  const bool pooled = POOL_H * POOL_W > 1;
  const unsigned across = pooled ? shape.pooled_w : (shape.out_w + PATCH_W - 1) / PATCH_W,
                 each = pooled ? shape.pooled_h * across : (shape.out_h + PATCH_H - 1) / PATCH_H * across;
  const unsigned id = blockIdx.x * THREADS + threadIdx.x, last = shape.samples * each - 1, at = id < last ? id : last;
  const unsigned n = at / each, patch = at % each;
  const int first = blockIdx.y * TILE_K, plane = shape.height * shape.width;
  int p = patch / across, q = patch % across;
  if (pooled) {
    p *= POOL_H, q *= POOL_W;
  } else {
    p = min(p * PATCH_H, shape.out_h - PATCH_H), q = min(q * PATCH_W, shape.out_w - PATCH_W);
  }
  const float* const image = x + static_cast<uint64>(n) * shape.channels * plane;
  w += static_cast<uint64>(first) * shape.channels * kTaps;
  const unsigned to = pooled ? patch : p * shape.out_w + q;  // of the first filter's map

  float best[TILE_K];
  int place[TILE_K];
#pragma unroll
  for (int k = 0; k < TILE_K; k++) best[k] = -INFINITY, place[k] = 0;
  float sum[TILE_K][PATCH_H][PATCH_W];
#pragma unroll 1
  for (int turn = 0; turn < POOL_H * POOL_W; turn += PATCH_H * PATCH_W) {
    const int top = turn / (PATCH_H * POOL_W) * PATCH_H, left = turn % (PATCH_H * POOL_W) / PATCH_H;
    const int h = (p + top) * STRIDE_H - PAD_H, v = (q + left) * STRIDE_W - PAD_W;
    Inside inside;
#pragma unroll
    for (int i = 0; i < kRows; i++) inside.row[i] = h + i >= 0 && h + i < shape.height;
#pragma unroll
    for (int j = 0; j < kColumns; j++) inside.column[j] = v + j >= 0 && v + j < shape.width;
#pragma unroll
    for (int k = 0; k < TILE_K; k++)
#pragma unroll
      for (int i = 0; i < PATCH_H; i++)
#pragma unroll
        for (int j = 0; j < PATCH_W; j++) sum[k][i][j] = 0.0f;
    int corner = h * shape.width + v;
    for (int begin = 0; begin < shape.channels; begin += kChannels) {
      const int count = min(shape.channels - begin, kChannels);
      __syncthreads();
      load_channels(w + begin * kTaps, shape.channels, shape.filters - first, count, weights);
      __syncthreads();
#pragma unroll kUnrolled
      for (int c = 0; c < count; c++, corner += plane)
        add_channel(image, corner, shape.width, inside, weights + c * kTaps * kPitch, sum);
    }
#pragma unroll
    for (int k = 0; k < TILE_K; k++)
#pragma unroll
      for (int i = 0; i < PATCH_H; i++)
#pragma unroll
        for (int j = 0; j < PATCH_W; j++) {
          const int here = (top + i) * POOL_W + left + j;
          // The first of equal values is the argmax, in whatever order the patches are processed.
          if (beats(sum[k][i][j], best[k]) || (sum[k][i][j] == best[k] && here < place[k]))
            best[k] = sum[k][i][j], place[k] = here;
        }
  }
  if (id > last) return;

  y += static_cast<uint64>(n) * shape.y_stride + to;
  if (argmax) argmax += static_cast<uint64>(n) * shape.filters * each + to;
#pragma unroll
  for (int k = 0; k < TILE_K; k++) {
    if (first + k >= shape.filters) break;
    const float shift = bias ? bias[first + k] : 0.0f;
    if (pooled) {
      y[(first + k) * each] = activate(ACTIVATION, slope, best[k] + shift);
      if (argmax) argmax[(first + k) * each] = static_cast<uint8>(place[k]);
    } else {
      float* map = y + (first + k) * shape.out_h * shape.out_w;
#pragma unroll
      for (int i = 0; i < PATCH_H; i++)
#pragma unroll
        for (int j = 0; j < PATCH_W; j++) map[i * shape.out_w + j] = activate(ACTIVATION, slope, sum[k][i][j] + shift);
    }
  }
}
