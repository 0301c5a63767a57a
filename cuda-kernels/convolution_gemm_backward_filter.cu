// The filter gradient of a convolution without a pool, as implicit GEMM for the constants of one shape
// (convolution_gemm.cuh).
//   dw[k][c][r][s] = sum over n,p,q of g[n][k][p][q] * x[n][c][p * stride + r - pad][q * stride + s - pad]
// Rows are filters, columns are weights of a filter, terms are positions of all samples of a slice. A unit is a
// channel, or a row of its taps if a filter has many: a thread loads the inputs of all taps of some units, always for
// the same of kTerms consecutive positions, so that no index has to be divided. Block: kUnits units (grid x), TILE_M
// filters (grid y), one slice of the samples (grid z). The sums of a slice are written to partial[slice]; sum_slices()
// (elementwise.cu) adds them in order.
// Occupancy of convolution_gemm_backward_filter: a thread has up to 96 sums, all independent, instead of more warps.
#include "device.cuh"

#ifndef THREADS
#define THREADS 128
#endif
#include "convolution_gemm.cuh"
#if LAMELLA_BLOCKS == 8  // no more fit into the shared memory of a GK210
#undef BLOCKS
#define BLOCKS 4
#endif

constexpr int kTerms = 16;
constexpr int kGroups = THREADS / kTerms;  // rows or units that are loaded by an instruction
constexpr int kUnitTaps = kTaps > 9 ? KERNEL_W : kTaps;
constexpr int kUnitRows = kUnitTaps / KERNEL_W;
constexpr int kChannelUnits = kTaps / kUnitTaps;
constexpr int kUnits = kTileN / kUnitTaps;
static_assert(kUnits > 0, "the taps of a unit are columns of a tile");
constexpr bool kMasked = PAD_H + PAD_W > 0;
// Four consecutive positions of a map are loaded together: of g, and of x if it has the same positions.
constexpr bool kVectors = VECTOR == 4;
constexpr bool kSame = kVectors && kTaps == 1 && STRIDE_H * STRIDE_W == 1 && !kMasked;
constexpr int kFours = kTerms / 4, kFourGroups = THREADS / kFours;
constexpr int kBuffer = kTerms * (kLeftPitch + kRightPitch);

static __device__ constexpr int parts(int all, int each) { return (all + each - 1) / each; }

// A position that advances by kTerms.
struct Position {
  int n, p, q, step_n, step_p, step_q;

  __device__ inline Position(int at, int height, int width)
      : n(at / (height * width)),
        p(at / width % height),
        q(at % width),
        step_n(kTerms / (height * width)),
        step_p(kTerms / width % height),
        step_q(kTerms % width) {}
  __device__ inline void advance(int height, int width) {
    n += step_n, p += step_p, q += step_q;
    if (q >= width) q -= width, p++;
    if (p >= height) p -= height, n++;
  }
};

// The gradients of a slice: TILE_M filters at kTerms positions. Filters that do not exist repeat the last one; their
// sums are not stored.
struct Gradients {
  static constexpr int kLoads = parts(TILE_M, kVectors ? kFourGroups : kGroups);
  const float* g;
  const int row;
  int at[kLoads];
  float value[kVectors ? 4 * kLoads : kLoads];

  __device__ inline Gradients(const float* g, int k0, int filters, int plane)
      : g(g), row(threadIdx.x / (kVectors ? kFours : kTerms)) {
#pragma unroll
    for (int i = 0; i < kLoads; i++)
      at[i] = min(k0 + row + i * (kVectors ? kFourGroups : kGroups), filters - 1) * plane;
  }
  // from: of the first filter at the thread's position.
  __device__ inline void load(bool exists, int from) {
    const float* position = g + from;
    LAMELLA_ADDRESS(position);
#pragma unroll
    for (int i = 0; i < kLoads; i++)
      if (kVectors) {
        const float4 zero = {0.0f, 0.0f, 0.0f, 0.0f};
        const float4 four = exists ? __ldg(reinterpret_cast<const float4*>(position + at[i])) : zero;
        value[4 * i] = four.x, value[4 * i + 1] = four.y, value[4 * i + 2] = four.z, value[4 * i + 3] = four.w;
      } else {
        value[i] = exists ? __ldg(position + at[i]) : 0.0f;
      }
  }
  __device__ inline void store(float* left) const {
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      const int to = row + i * (kVectors ? kFourGroups : kGroups);
      if ((i + 1) * (kVectors ? kFourGroups : kGroups) > TILE_M && to >= TILE_M) continue;
      if (kVectors) {
#pragma unroll
        for (int k = 0; k < 4; k++) left[(threadIdx.x % kFours * 4 + k) * kLeftPitch + to] = value[4 * i + k];
      } else {
        left[threadIdx.x % kTerms * kLeftPitch + to] = value[i];
      }
    }
  }
};

// The inputs of a slice: kUnits units at kTerms positions. Units that do not exist repeat the last one; their sums are
// not stored.
struct Inputs {
  static constexpr int kLoads = parts(kUnits, kSame ? kFourGroups : kGroups);
  const float* x;
  const int unit;
  int at[kLoads], down[kLoads];  // where a unit begins in x, and its first row of taps
  float value[kSame ? 4 * kLoads : kLoads * kUnitTaps];

  __device__ inline Inputs(const float* x, int first, int units, int height, int width)
      : x(x), unit(threadIdx.x / (kSame ? kFours : kTerms)) {
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      const int u = min(first + unit + i * (kSame ? kFourGroups : kGroups), units - 1);
      down[i] = u % kChannelUnits * kUnitRows - PAD_H;
      at[i] = (u / kChannelUnits * height + down[i]) * width - PAD_W;
    }
  }
  // from: the thread's position (h, v) in the first channel.
  __device__ inline void load(bool exists, int from, int h, int v, int height, int width) {
    const float* position = x + from;
    LAMELLA_ADDRESS(position);
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      const float* row = position + at[i];
#pragma unroll
      for (int t = 0; t < kUnitTaps; t++) {
        if (t > 0 && t % KERNEL_W == 0) row += width;
        LAMELLA_ADDRESS(row);
        const bool inside =
            !kMasked || (within(h + down[i] + t / KERNEL_W, height) && within(v + t % KERNEL_W - PAD_W, width));
        value[i * kUnitTaps + t] = exists && inside ? __ldg(row + t % KERNEL_W) : 0.0f;
      }
    }
  }
  // The same for four positions.
  __device__ inline void load_vectors(bool exists, int from) {
    const float* position = x + from;
    LAMELLA_ADDRESS(position);
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      const float4 zero = {0.0f, 0.0f, 0.0f, 0.0f};
      const float4 four = exists ? __ldg(reinterpret_cast<const float4*>(position + at[i])) : zero;
      value[4 * i] = four.x, value[4 * i + 1] = four.y, value[4 * i + 2] = four.z, value[4 * i + 3] = four.w;
    }
  }
  __device__ inline void store(float* right) const {
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      const int to = unit + i * (kSame ? kFourGroups : kGroups);
      if ((i + 1) * (kSame ? kFourGroups : kGroups) > kUnits && to >= kUnits) continue;
      if (kSame) {
#pragma unroll
        for (int k = 0; k < 4; k++) right[(threadIdx.x % kFours * 4 + k) * kRightPitch + to] = value[4 * i + k];
      } else {
#pragma unroll
        for (int t = 0; t < kUnitTaps; t++)
          right[threadIdx.x % kTerms * kRightPitch + to * kUnitTaps + t] = value[i * kUnitTaps + t];
      }
    }
  }
};

// Slice z takes samples [z * slice, (z + 1) * slice); its x and g have fewer than 2^31 values. partial:
// [slices][filters][channels][kernel_h][kernel_w].
LAMELLA_KERNEL void __launch_bounds__(THREADS, BLOCKS)
    convolution_gemm_backward_filter(ConvolutionShape shape, int slice, const float* __restrict__ x,
                                     const float* __restrict__ g, float* __restrict__ partial) {
  __shared__ __align__(16) float memory[2 * kBuffer];
  constexpr int kRight = kTerms * kLeftPitch;
  const int plane = shape.out_h * shape.out_w, image = shape.channels * shape.height * shape.width,
            maps = shape.filters * plane;
  const int first = blockIdx.z * slice, samples = min(slice, shape.samples - first), positions = samples * plane;
  const int u0 = blockIdx.x * kUnits, k0 = blockIdx.y * TILE_M, units = shape.channels * kChannelUnits;
  const Part part;
  Gradients gradients(g + static_cast<long long>(first) * maps, k0, shape.filters, plane);
  Inputs inputs(x + static_cast<long long>(first) * image, u0, units, shape.height, shape.width);
  Position one(threadIdx.x % kTerms, shape.out_h, shape.out_w);      // of this thread
  Position four(threadIdx.x % kFours * 4, 1, kVectors ? plane : 4);  // of its vectors
  float sum[kRows][kColumns] = {};

  auto load = [&]() {
    const bool single = one.n < samples, vector = four.n < samples;
    gradients.load(kVectors ? vector : single,
                   kVectors ? four.n * maps + four.q : one.n * maps + one.p * shape.out_w + one.q);
    if (kSame) {
      inputs.load_vectors(vector, four.n * image + four.q);
    } else {
      const int h = one.p * STRIDE_H, v = one.q * STRIDE_W;
      inputs.load(single, one.n * image + h * shape.width + v, h, v, shape.height, shape.width);
    }
    if (!kVectors || !kSame) one.advance(shape.out_h, shape.out_w);
    if (kVectors) four.advance(1, plane);
  };
  load();
  gradients.store(memory), inputs.store(memory + kRight);
  __syncthreads();
  int now = 0;
#pragma unroll 1
  for (int i = 0; i < positions; i += kTerms, now = kBuffer - now) {
    load();
    add_products<kTerms>(part, memory + now, memory + now + kRight, sum);
    gradients.store(memory + kBuffer - now), inputs.store(memory + kBuffer - now + kRight);
    __syncthreads();
  }

  const int all = shape.channels * kTaps;
  partial += static_cast<long long>(blockIdx.z) * shape.filters * all;
#pragma unroll
  for (int i = 0; i < kRows; i++) {
    const int k = k0 + part.row_of(i);
    if (k >= shape.filters) continue;
#pragma unroll
    for (int j = 0; j < kColumns; j++) {
      const int column = part.column_of(j), weight = u0 * kUnitTaps + column;
      if (column < kUnits * kUnitTaps && weight < all) partial[k * all + weight] = sum[i][j];
    }
  }
}
