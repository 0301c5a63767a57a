// Convolution with stride 1 by Winograd's minimal filtering: 3 taps give 4 outputs, 5 taps give 2, from six points each
// way, so that a 3x3 filter takes 36 multiply-adds for 16 outputs instead of 144, a 5x5 filter 36 for 4 instead of 100.
// A filter of height 1 is transformed along its width only.
//
// Tiles of one tile row of one sample are a segment; a block is a run of segments whose transforms stay in the
// second-level cache:
//   V[point][channel][tile] = B^T d B        from the bordered image, vectors along the tiles
//   M[point][filter][tile]  = sum over channels of U[point][filter][channel] * V[point][channel][tile]
//   y                       = A^T M A        then bias, pooling and activation as for every convolution
// Backward: dx is the same with g = dy * act'(y) for x and the filters turned round; dU = (A g A^T) V^T, dw = G^T dU G.
#pragma once

#include "convolution.h"
#include "winograd_points.h"

namespace lamella::LAMELLA_LEVEL {

struct WinogradShape {
  int tile_h, tile_w;        // outputs of a tile: 4 for 3 taps, 2 for 5, 1 for a height of 1
  int points_h, points;      // transformed values of a tile: along its height (6 or 1), in all (36 or 6)
  int tiles_h, tiles_w;      // of one sample: as many as pooling reads
  int bordered_h, bordered_w;
  int64_t width;             // of an output row in the block: whole vectors of tiles
};

WinogradShape winograd_shape(const Convolution& s);

// The kLanes tiles of a vector span TILE pieces of kLanes floats in an image. Maps too narrow to fill a vector share it:
// where whole segments fit, the pieces come from several.
struct Pieces {
  int segments;       // that share a vector, 1 for wide maps
  int each;           // pieces of each of them
};

static inline Pieces pieces_of(const WinogradShape& w) {
  int tiles = kLanes / w.tile_w;  // of a piece
  bool share = w.tiles_w < kLanes && kLanes % w.tiles_w == 0 && w.tiles_w % tiles == 0;
  return share ? Pieces{kLanes / w.tiles_w, w.tiles_w / tiles} : Pieces{1, w.tile_w};
}

// f(vector, first segment, how many) for all vectors of tiles of `count` segments; vector counts along a wide segment.
template <typename F> static inline void for_each_vector(const WinogradShape& w, int count, F f) {
  Pieces pieces = pieces_of(w);
  for (int i = 0; i < count; i += pieces.segments)
    for (int q = 0; q < w.tiles_w; q += kLanes) f(q, i, smaller(pieces.segments, count - i));
}

// Segments of a block: nearly equal blocks of at most so many bytes of V and M, and not less than a full register tile.
int winograd_segments(const Convolution& s, int samples, int64_t bytes);

// Images of a group of samples with what the tiles read beyond the maps: floats from one sample, plane, row to the next.
struct WinogradImage {
  const float* start;
  int64_t sample, plane, row;
};

int64_t winograd_bordered_floats(const Convolution& s, int samples);
// The maps as they lie where the tiles stay inside them, else copies with zeros around, in bordered.
WinogradImage winograd_image(const Convolution& s, int samples, const float* x, int64_t x_stride, float* bordered);

// V of segments [first, first + count): [points][channels][row], each point followed by a vector of slack.
void winograd_input(const Convolution& s, const WinogradImage& image, int first, int count, float* v, int64_t row,
                    float* lines);
int64_t winograd_line_floats(const Convolution& s);

// What a forward pass writes to.
struct WinogradOutput {
  const float* bias;
  float* y;
  int64_t y_stride;       // floats from one sample to the next
  uint8_t* index;
  int64_t index_stride;
  bool accumulate;        // y += instead of y =; without pooling only
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

// U of filters [first, last): [points][filters][channels]; turned: of the data gradient, [points][channels][filters].
void winograd_pack(const Convolution& s, bool turned, const float* w, float* packed, int64_t first, int64_t last);

}  // namespace lamella::LAMELLA_LEVEL
