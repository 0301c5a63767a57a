// The data gradient of a convolution without a pool, as implicit GEMM for the constants of one shape
// (convolution_gemm.cuh).
//   dx[n][c][h][v] = sum over k,r,s of w[k][c][r][s] * g[n][k][p][q],   p * stride + r - pad = h, q the same for v
// Rows are channels, columns are positions of all samples, terms are filters and taps. A filter with strides reaches a
// position by some of its taps only. They are the same for all positions h = STRIDE_H * i + a, v = STRIDE_W * j + b,
// the phase (a, b), and each phase has its own unrolled code: nothing is multiplied by zeros between the gradients.
// Block: kTileN positions of a phase (grid x), TILE_M channels (grid y), a phase (grid z).
// Occupancy of convolution_gemm_backward_data: a thread has up to 96 sums, all independent, instead of more warps.
#include "device.cuh"

#ifndef THREADS
#define THREADS 128
#endif
#include "convolution_gemm.cuh"
#include "convolution_gemm_source.cuh"

// The number of taps r of `kernel` for which r = first + stride * i.
static __device__ constexpr int count_from(int first, int kernel, int stride) {
  return first < kernel ? (kernel - 1 - first) / stride + 1 : 0;
}

// The taps of a phase.
template <int PhaseH, int PhaseW>
struct PhaseTaps {
  static constexpr int kFirstH = (PhaseH + PAD_H) % STRIDE_H, kFirstW = (PhaseW + PAD_W) % STRIDE_W;
  static constexpr int kDown = count_from(kFirstH, KERNEL_H, STRIDE_H),
                       kAcross = count_from(kFirstW, KERNEL_W, STRIDE_W);
  static constexpr int kCount = kDown * kAcross;
  static constexpr bool kMasked = kTaps > 1 || STRIDE_H* STRIDE_W > 1 || PAD_H + PAD_W > 0;
  static __device__ constexpr int h(int tap) { return (PhaseH + PAD_H - kFirstH) / STRIDE_H - tap / kAcross; }
  static __device__ constexpr int v(int tap) { return (PhaseW + PAD_W - kFirstW) / STRIDE_W - tap % kAcross; }
  static __device__ constexpr int weight(int tap) {
    return (kFirstH + tap / kAcross * STRIDE_H) * KERNEL_W + kFirstW + tap % kAcross * STRIDE_W;
  }
};

// Positions of the input and of the gradient are the same.
constexpr bool kVectors = VECTOR == 4 && kTaps == 1 && STRIDE_H * STRIDE_W == 1 && PAD_H + PAD_W == 0;
constexpr int kStored = STRIDE_H * STRIDE_W == 1 ? VECTOR : 1;  // positions that are stored together

struct PhaseColumns {
  unsigned first, last, plane, width;

  __device__ inline Corner corner(int column) const {
    const unsigned id = first + column, at = id < last ? id : last;
    const unsigned within = at % plane;
    return {at / plane, static_cast<int>(within / width), static_cast<int>(within % width)};
  }
};

// Sums a phase; without taps the sum is zero.
template <typename Taps, int Count>
struct PhaseSum {
  static __device__ inline void add(const Part& part, const Source& source, const PhaseColumns& columns, float* memory,
                                    float (&sum)[kRows][kColumns]) {
    add_channels<Taps, kVectors>(part, source, columns, memory, sum);
  }
};
template <typename Taps>
struct PhaseSum<Taps, 0> {
  static __device__ inline void add(const Part&, const Source&, const PhaseColumns&, float*,
                                    float (&)[kRows][kColumns]) {}
};

// Computes a block of the phase at<...>.
struct Phase {
  const ConvolutionShape& shape;
  const bool accumulate;
  const float *g, *w;
  float *dx, *memory;

  template <int Number>
  __device__ inline void at() const {
    constexpr int kPhaseH = Number / STRIDE_W, kPhaseW = Number % STRIDE_W;
    using Taps = PhaseTaps<kPhaseH, kPhaseW>;
    const unsigned height = (shape.height - kPhaseH + STRIDE_H - 1) / STRIDE_H,
                   width = (shape.width - kPhaseW + STRIDE_W - 1) / STRIDE_W, plane = height * width,
                   all = shape.samples * plane, first = blockIdx.x * kTileN;
    if (first >= all) return;
    const int c0 = blockIdx.y * TILE_M;
    const Part part;
    const Source source = {g,     shape.filters,          shape.out_h,        shape.out_w, w + c0 * kTaps,
                           kTaps, shape.channels * kTaps, shape.channels - c0};
    float sum[kRows][kColumns] = {};
    PhaseSum<Taps, Taps::kCount>::add(part, source, PhaseColumns{first, all - (kVectors ? 4 : 1), plane, width}, memory,
                                      sum);
    store<kPhaseH, kPhaseW>(part, c0, first, all, width, plane, sum);
  }

  template <int PhaseH, int PhaseW>
  __device__ inline void store(const Part& part, int c0, unsigned first, unsigned all, unsigned width, unsigned plane,
                               const float (&sum)[kRows][kColumns]) const {
    const unsigned whole = shape.height * shape.width;
#pragma unroll
    for (int four = 0; four < kColumns; four += 4) {
      unsigned at = first + part.column_of(four);
      if (at >= all) break;
      unsigned n = at / plane, i = at % plane / width, j = at % plane % width;
#pragma unroll
      for (int v = 0; v < 4; v += kStored) {
        float* map = dx + static_cast<uint64>(n) * shape.channels * whole + (i * STRIDE_H + PhaseH) * shape.width +
                     j * STRIDE_W + PhaseW;
#pragma unroll
        for (int row = 0; row < kRows; row++) {
          const int c = c0 + part.row_of(row);
          if (c >= shape.channels) continue;
          Vector<kStored>* to = reinterpret_cast<Vector<kStored>*>(map + static_cast<unsigned>(c) * whole);
          Vector<kStored> out;
          if (accumulate) out = *to;
#pragma unroll
          for (int s = 0; s < kStored; s++)
            out.v[s] = accumulate ? sum[row][four + v + s] + out.v[s] : sum[row][four + v + s];
          *to = out;
        }
        if (++at >= all) break;
        if (++j == width) j = 0, i++;
        if (i == height_of<PhaseH>()) i = 0, n++;
      }
    }
  }

  template <int PhaseH>
  __device__ inline unsigned height_of() const {
    return (shape.height - PhaseH + STRIDE_H - 1) / STRIDE_H;
  }
};

// Grid x covers all positions of phase (0, 0), which has most: below 2^31. accumulate: dx += instead of dx =.
LAMELLA_KERNEL void __launch_bounds__(THREADS, BLOCKS)
    convolution_gemm_backward_data(ConvolutionShape shape, int accumulate, const float* __restrict__ g,
                                   const float* __restrict__ w, float* __restrict__ dx) {
  __shared__ __align__(16) float memory[2 * kBuffer];
  Positions<0, STRIDE_H * STRIDE_W>::call(blockIdx.z, Phase{shape, accumulate != 0, g, w, dx, memory});
}
