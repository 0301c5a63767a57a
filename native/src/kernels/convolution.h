// Shared by the forward and the backward pass of convolution: the zero-padded copy of a sample, and the blocks of
// output positions.
#pragma once

#include "activation.h"
#include "gemm_tile.h"
#include "kernels.h"

namespace lamella::LAMELLA_ISA {

// Tiles read whole vectors, up to this much past the last element that counts.
constexpr int64_t kSlack = kMaxVectors * kLanes;
// Pooling reads windows kLanes at a time, with strides of up to 4, also at the end of a row.
constexpr int64_t kPoolSlack = 4 * kLanes > kSlack ? 4 * kLanes : kSlack;
// The un-pooled values of a block of output rows stay in the first-level cache.
constexpr int64_t kBlockFloats = 16 * 1024;

static inline int64_t padded_floats(const Convolution& s) {
  return round_up(static_cast<int64_t>(s.channels) * s.padded_h * s.padded_w + kSlack, kLanes);
}

// Rows are computed in place, vectors along the row, if that wastes few lanes; else positions of several rows are
// gathered to fill the vectors. Measured: gathering costs about as much as a third of the lanes, and a tile of one
// vector runs at half speed (every multiply-add then needs a broadcast of its own).
static inline bool rows_in_place(const Convolution& s) {
  bool wide = s.out_w > kLanes || s.out_h * s.out_w <= kLanes;
  return wide && 3 * (padded_columns(s.out_w) - s.out_w) <= s.out_w;
}

static inline int64_t row_floats(const Convolution& s) { return rows_in_place(s) ? padded_columns(s.out_w) : s.out_w; }

// Output rows of one block: as many whole pool windows as fit into kBlockFloats, at least one.
static inline int block_rows(const Convolution& s) {
  int unit = s.pool ? s.pool_stride_h : 1;
  int64_t fit = kBlockFloats / (row_floats(s) * s.filters);
  int64_t rows = larger<int64_t>(fit / unit * unit, unit);
  return static_cast<int>(smaller<int64_t>(rows, round_up(s.out_h, unit)));
}

// The shape of an operator, without its tables.
Convolution convolution_shape(const lamella_convolution& op);

// The columns of the map that a phase of the padded copy contains: first, first + stride_w, ..., after `before` zeros.
struct Phase {
  int first, before, count;
};

static inline Phase phase_of(const Convolution& s, int phase) {
  int before = phase < s.pad_w ? (s.pad_w - phase + s.stride_w - 1) / s.stride_w : 0;
  int first = phase + before * s.stride_w - s.pad_w;
  return {first, before, first < s.width ? (s.width - first + s.stride_w - 1) / s.stride_w : 0};
}

// The zero-padded copy of one sample, [channels][padded_h][stride_w phases][phase_w]: with any stride, neighbouring
// outputs read neighbouring floats.
void padding(const Convolution& s, const float* x, float* padded_map);

// Bias, pooling and activation of rows [first, last) of one sample, from a block with `width` floats per row and
// `block_stride` floats per filter. accumulate: y += instead of y =; only without pooling.
void finish_rows(const Convolution& s, const float* block, int64_t block_stride, int64_t width, int first, int last,
                 const float* bias, float* y, uint8_t* index, bool accumulate);

// The maps of a call's samples.
ConvolutionMaps maps_of(const Call& c);

// The shape of an operator of the convolution family.
const lamella_convolution* convolution_of(const lamella_op& op);

}  // namespace lamella::LAMELLA_ISA
