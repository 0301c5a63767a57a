// Winograd convolution, forward: see winograd.h.
#include "transpose.h"
#include "winograd.h"

namespace lamella::LAMELLA_LEVEL {
namespace {

// V and M of a block stay in the second-level cache. The products of a run of filters are transformed before the next run
// is multiplied: a longer run reads V less often. Measured with 32 KB and 512 KB: 120 KB of products beat 28 and 56.
constexpr int64_t kBlockBytes = 320 * 1024, kProductBytes = 120 * 1024;

// Whole register tiles.
int filter_run(const Convolution& s, int64_t row) {
  int64_t bytes = static_cast<int64_t>(sizeof(float)) * winograd_shape(s).points * row;
  int64_t rows = kMaxRows[tile_vectors(row)];
  int64_t most = larger<int64_t>(kProductBytes / bytes / rows, 1) * rows, runs = (s.filters + most - 1) / most;
  return static_cast<int>((s.filters + runs - 1) / runs);
}

template <int TILE> void store_interleaved(const Vector* y, float* const* pieces, int64_t shift) {
  if constexpr (TILE == 2) {
    store(pieces[0] + shift, zip<0>(y[0], y[1])), store(pieces[1] + shift, zip<1>(y[0], y[1]));
  } else {
    Vector even = zip<0>(y[0], y[2]), even2 = zip<1>(y[0], y[2]), odd = zip<0>(y[1], y[3]), odd2 = zip<1>(y[1], y[3]);
    store(pieces[0] + shift, zip<0>(even, odd)), store(pieces[1] + shift, zip<1>(even, odd));
    store(pieces[2] + shift, zip<0>(even2, odd2)), store(pieces[3] + shift, zip<1>(even2, odd2));
  }
}

// A^T M A of a vector of tiles of one filter: tile_h rows of outputs, `width` floats apart, in pieces.
template <int TILE_H, int TILE_W>
void transform_output(const float* m, int64_t point, float* const* pieces, int64_t width) {
  Vector lines[TILE_H][kPoints];
#pragma GCC unroll 6
  for (int j = 0; j < kPoints; j++) {
    if constexpr (TILE_H == 1) {
      lines[0][j] = load(m + j * point);
    } else {
      Vector column[kPoints], out[TILE_H];
#pragma GCC unroll 6
      for (int i = 0; i < kPoints; i++) column[i] = load(m + (i * kPoints + j) * point);
      output_points<TILE_H>(column, out);
#pragma GCC unroll 4
      for (int i = 0; i < TILE_H; i++) lines[i][j] = out[i];
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < TILE_H; i++) {
    Vector y[TILE_W];
    output_points<TILE_W>(lines[i], y);
    store_interleaved<TILE_W>(y, pieces, i * width);
  }
}

using Transform = void (*)(const float*, int64_t, float* const*, int64_t);

Transform output_transform(const WinogradShape& w) {
  if (w.tile_h == 1) return w.tile_w == 4 ? transform_output<1, 4> : transform_output<1, 2>;
  return w.tile_w == 4 ? transform_output<4, 4> : transform_output<2, 2>;
}

struct Sizes {
  int segments;
  int64_t row;                       // tiles of a block, in whole vectors, and a vector to run over into
  int64_t bordered, line, v, m, block_stride;
};

Sizes sizes_of(const Convolution& s, int samples) {
  WinogradShape w = winograd_shape(s);
  Sizes z = {};
  z.segments = winograd_segments(s, samples, kBlockBytes);
  z.row = round_up(static_cast<int64_t>(z.segments) * w.tiles_w, kLanes);
  z.bordered = winograd_bordered_floats(s, samples);
  z.line = round_up(winograd_line_floats(s), kLanes);
  z.v = w.points * (s.channels * z.row + kLanes);
  z.m = w.points * filter_run(s, z.row) * z.row + kLanes;
  z.block_stride = round_up(z.segments * w.tile_h * w.width, kLanes) + kPoolSlack;
  return z;
}

// Bias, pooling and activation of the runs of rows that belong to one sample each.
void finish_segments(const Convolution& s, const WinogradShape& w, int first, int count, const float* block,
                     int64_t block_stride, const WinogradOutput& to) {
  for (int i = 0; i < count;) {
    int sample = (first + i) / w.tiles_h, tile_row = (first + i) % w.tiles_h;
    int run = smaller(count - i, w.tiles_h - tile_row);
    finish_rows(s, block + static_cast<int64_t>(i) * w.tile_h * w.width, block_stride, w.width, tile_row * w.tile_h,
                (tile_row + run) * w.tile_h, to.bias, to.y + sample * to.y_stride,
                to.index ? to.index + sample * to.index_stride : nullptr, to.accumulate);
    i += run;
  }
}

}  // namespace

int64_t winograd_forward_workspace_floats(const Convolution& s, int samples) {
  int64_t most = 0;
  for (int n = 1; n <= samples; n++) {  // fewer samples may go in larger blocks
    Sizes z = sizes_of(s, n);
    most = larger(most, z.bordered + z.line + round_up(z.v, kLanes) + round_up(z.m, kLanes) + s.filters * z.block_stride +
                            3 * winograd_shape(s).width + kLanes);
  }
  return most;
}

void winograd_forward(const Convolution& s, int samples, const float* x, int64_t x_stride, const float* packed,
                      const WinogradOutput& to, float* work) {
  WinogradShape w = winograd_shape(s);
  Sizes z = sizes_of(s, samples);
  float* bordered = work;
  float* line = bordered + z.bordered;
  float* v = line + z.line;
  float* m = v + round_up(z.v, kLanes);
  float* block = m + round_up(z.m, kLanes);
  Transform transform = output_transform(w);
  Pieces pieces = pieces_of(w);
  float* nowhere = block + s.filters * z.block_stride;  // for the pieces of a vector that no segment fills
  WinogradImage image = winograd_image(s, samples, x, x_stride, bordered);
  int all = samples * w.tiles_h, run = filter_run(s, z.row);
  int64_t v_point = s.channels * z.row + kLanes, m_point = run * z.row;
  for (int first = 0; first < all; first += z.segments) {
    int count = smaller(z.segments, all - first);
    int64_t tiles = static_cast<int64_t>(count) * w.tiles_w;
    winograd_input(s, image, first, count, v, z.row, line);
    for (int k = 0; k < s.filters; k += run) {
      int filters = smaller(run, s.filters - k);
      for (int p = 0; p < w.points; p++)
        for_each_tile(filters, tiles, [&](int64_t row, int64_t n) {
          return Tile{s.channels, packed + (static_cast<int64_t>(p) * s.filters + k + row) * s.channels, s.channels, 1,
                      nullptr, v + p * v_point + n, z.row, nullptr, m + p * m_point + row * z.row + n, z.row, false};
        });
      for (int i = 0; i < filters; i++)
        for_each_vector(w, count, [&](int q, int segment, int shared) {
          float* to[4];
          for (int piece = 0; piece < w.tile_w; piece++) {
            int own = segment + piece / pieces.each;
            to[piece] = own < segment + shared ? block + (k + i) * z.block_stride + own * w.tile_h * w.width +
                                                     static_cast<int64_t>(q) * w.tile_w + piece % pieces.each * kLanes
                                               : nowhere;
          }
          transform(m + i * z.row + static_cast<int64_t>(segment) * w.tiles_w + q, m_point, to, w.width);
        });
    }
    finish_segments(s, w, first, count, block, z.block_stride, to);
  }
}

}  // namespace lamella::LAMELLA_LEVEL
