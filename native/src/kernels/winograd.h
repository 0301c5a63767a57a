// Convolution with stride 1 by Winograd's minimal filtering, with six points per dimension: 3 taps give 4 outputs, 5
// taps give 2. A 3x3 filter takes 36 multiply-adds for 16 outputs instead of 144, a 5x5 filter 36 for 4 instead of 100.
// A filter of height 1 is transformed along its width only. One wider than 5 taps is split into pieces of 3 taps; each
// piece counts as additional channels, which read the image some columns further to the right (forward only): 7 taps
// give 4 outputs from 18.
//
// Tiles of a group of samples are numbered [tile row][sample][tile column]: for any size of map, tiles next to each
// other in that order are contiguous in the planes of the image (planes.h) and fill whole vectors.
// A block is a run of tile rows whose transforms stay in a cache:
//   V[point][channel][tile] = B^T d B        from the planes, vectors along the tiles
//   M[point][filter][tile]  = sum over channels of U[point][filter][channel] * V[point][channel][tile]
//   y                       = A^T M A        then bias, pooling and activation
// Backward: dx is the same convolution of g = dy * act'(y) with transposed, mirrored filters; dU = (A g A^T) V^T,
// dw = G^T dU G.
#pragma once

#include "convolution.h"
#include "winograd_points.h"

namespace lamella::LAMELLA_ISA {

constexpr int kPieceTaps = 3;

struct WinogradShape {
  int samples;
  int tile_h, tile_w;    // outputs of a tile: 4 for 3 taps, 2 for 5, 1 for a height of 1
  int points_h, points;  // transformed values of a tile: along its height (6 or 1), in all (36 or 6)
  int pieces;            // of a filter's width
  int channels;          // channels * pieces, piece by piece
  int tiles_h, tiles_w;  // of one sample: only those that pooling reads
  int line;              // tiles of a tile row, of all samples together
  int reach;             // further tile rows below its own that a tile reads
  int reads_h;           // rows that the tiles read
};

WinogradShape winograd_shape(const Convolution& s, int samples);

// Tile rows of a block: blocks of nearly equal size, about `bytes` of V and M each, and at least a full register tile.
int winograd_block_rows(const Convolution& s, const WinogradShape& w, int64_t bytes);

// Floats from one point (or plane) of n floats to the next: an odd number of cache lines, so that the same element of
// all points does not map to one set of the cache.
static inline int64_t point_floats(int64_t n) { return (round_up(n, 16) / 16 | 1) * 16; }

struct Image;
// V of tile rows [first, first + rows): [points][channels][row_floats].
void winograd_input(const Convolution& s, const WinogradShape& w, const Image& image, int first, int rows, float* v,
                    int64_t row_floats, float* planes);
// Floats that winograd_input() needs for `planes`.
int64_t winograd_plane_floats(const WinogradShape& w, int rows);
// Floats of one plane with that many tile rows.
static inline int64_t plane_floats(const WinogradShape& w, int rows) {
  return point_floats(static_cast<int64_t>(rows) * w.line + kLanes);
}

// The outputs of a forward pass.
struct WinogradOutput {
  const float* bias;
  float* y;
  int64_t y_stride;  // floats from one sample to the next
  uint8_t* index;
  int64_t index_stride;
  bool accumulate;  // y += instead of y =; without pooling only
};

int64_t winograd_forward_workspace_floats(const Convolution& s, int samples);
void winograd_forward(const Convolution& s, int samples, const float* x, int64_t x_stride, const float* packed,
                      const WinogradOutput& to, float* work);

int64_t winograd_backward_workspace_floats(const Convolution& s, int samples);
// Floats of a chunk's filter gradients, [filter][tap][channels in whole vectors], without the bias.
int64_t winograd_partial_floats(const Convolution& s);
void winograd_backward(const Convolution& s, int samples, const float* x, int64_t x_stride, const float* packed,
                       const float* y, int64_t y_stride, const float* dy, int64_t dy_stride, float* partial, float* dx,
                       int64_t dx_stride, bool accumulate, float* work);

// U of filters [first, last): [points][filters][channels * pieces]; transposed: of the data gradient,
// [points][channels][filters].
void winograd_pack(const Convolution& s, bool transposed, const float* w, float* packed, int64_t first, int64_t last);

}  // namespace lamella::LAMELLA_ISA
