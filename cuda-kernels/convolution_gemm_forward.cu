// Convolution without a pool + bias + activation, forward, as implicit GEMM for the constants of one shape
// (convolution_gemm.cuh), for layers with many channels. Formula and order of the sums are those of
// convolution_forward.cu. Rows are filters, columns are positions of all samples, terms are channels and taps.
// Block: kTileN positions (grid x), TILE_M filters (grid y).
// Occupancy of convolution_gemm_forward: a thread has up to 96 sums, all independent, instead of more warps.
#include "device.cuh"

#ifndef THREADS
#define THREADS 128
#endif
#ifndef ACTIVATION
#define ACTIVATION kIdentity
#endif
#include "convolution_gemm.cuh"
#include "convolution_gemm_source.cuh"

// All taps of a filter.
struct ForwardTaps {
  static constexpr int kCount = kTaps;
  static constexpr bool kMasked = PAD_H + PAD_W > 0;
  static __device__ constexpr int h(int tap) { return tap / KERNEL_W - PAD_H; }
  static __device__ constexpr int v(int tap) { return tap % KERNEL_W - PAD_W; }
  static __device__ constexpr int weight(int tap) { return tap; }
};

// Without padding and strides, positions of the output and of the input are the same for a filter of one weight.
constexpr bool kVectors = VECTOR == 4 && kTaps == 1 && STRIDE_H * STRIDE_W == 1 && PAD_H + PAD_W == 0;

struct ForwardColumns {
  unsigned first, last, plane, width;

  __device__ inline Corner corner(int column) const {
    const unsigned id = first + column, at = id < last ? id : last;
    const unsigned within = at % plane;
    return {at / plane, static_cast<int>(within / width) * STRIDE_H, static_cast<int>(within % width) * STRIDE_W};
  }
};

// Grid x covers all positions: below 2^31. bias may be null.
LAMELLA_KERNEL void __launch_bounds__(THREADS, BLOCKS)
    convolution_gemm_forward(ConvolutionShape shape, float slope, const float* __restrict__ x,
                             const float* __restrict__ w, const float* __restrict__ bias, float* __restrict__ y,
                             Mark mark = kNoMark) {
  record(mark);
  __shared__ __align__(16) float memory[2 * kBuffer];
  const unsigned plane = shape.out_h * shape.out_w, all = shape.samples * plane, first = blockIdx.x * kTileN;
  const int k0 = blockIdx.y * TILE_M;
  const Part part;
  const Source source = {x,
                         shape.channels,
                         shape.height,
                         shape.width,
                         w + static_cast<uint64>(k0) * shape.channels * kTaps,
                         shape.channels * kTaps,
                         kTaps,
                         shape.filters - k0};
  float sum[kRows][kColumns] = {};
  add_channels<ForwardTaps, kVectors>(
      part, source, ForwardColumns{first, all - (kVectors ? 4 : 1), plane, unsigned(shape.out_w)}, memory, sum);
#pragma unroll
  for (int four = 0; four < kColumns; four += 4) {
    unsigned at = first + part.column_of(four);
    if (at >= all) break;
    unsigned n = at / plane, within = at % plane;
#pragma unroll
    for (int j = 0; j < 4; j += VECTOR) {
      float* map = y + static_cast<uint64>(n) * shape.y_stride + within;
#pragma unroll
      for (int i = 0; i < kRows; i++) {
        const int k = k0 + part.row_of(i);
        if (k >= shape.filters) continue;
        const float shift = bias ? bias[k] : 0.0f;
        Vector<VECTOR> out;
#pragma unroll
        for (int v = 0; v < VECTOR; v++) out.v[v] = activate(ACTIVATION, slope, sum[i][four + j + v] + shift);
        *reinterpret_cast<Vector<VECTOR>*>(map + static_cast<unsigned>(k) * plane) = out;
      }
      if (++at >= all) break;
      if (++within == plane) within = 0, n++;
    }
  }
}
