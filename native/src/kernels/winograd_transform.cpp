// The transform of images into Winograd's points: see winograd.h.
#include "planes.h"
#include "winograd.h"

namespace lamella::LAMELLA_ISA {

WinogradShape winograd_shape(const Convolution& s, int samples) {
  WinogradShape w = {};
  w.samples = samples;
  int taps = s.kernel_w > 5 ? kPieceTaps : s.kernel_w;
  w.pieces = (s.kernel_w + taps - 1) / taps, w.channels = s.channels * w.pieces;
  w.tile_h = s.kernel_h == 1 ? 1 : kPoints + 1 - s.kernel_h, w.tile_w = kPoints + 1 - taps;
  w.points_h = s.kernel_h == 1 ? 1 : kPoints, w.points = w.points_h * kPoints;
  int rows = s.pool ? (s.pooled_h - 1) * s.pool_stride_h + s.pool_h : s.out_h;
  int columns = s.pool ? (s.pooled_w - 1) * s.pool_stride_w + s.pool_w : s.out_w;
  w.tiles_h = (rows + w.tile_h - 1) / w.tile_h, w.tiles_w = (columns + w.tile_w - 1) / w.tile_w;
  w.line = samples * w.tiles_w, w.reach = (w.points_h - 1) / w.tile_h;
  w.reads_h = w.tiles_h * w.tile_h + s.kernel_h - 1;
  return w;
}

int winograd_block_rows(const Convolution& s, const WinogradShape& w, int64_t bytes) {
  int64_t fit = bytes / (static_cast<int64_t>(sizeof(float)) * w.points * (w.channels + s.filters));
  int64_t all = w.tiles_h, most = larger<int64_t>(larger<int64_t>(fit, kMaxVectors * kLanes) / w.line, 1);
  // Among sizes near that one, the size that leaves the fewest lanes idle over all blocks.
  int64_t least = smaller((most + 1) / 2, all), largest = larger(smaller(3 * most / 2, all), least);
  int64_t best = least, fewest = INT64_MAX;
  for (int64_t n = least; n <= largest; n++) {
    int64_t lanes = all / n * round_up(n * w.line, kLanes) + round_up(all % n * w.line, kLanes);
    if (lanes <= fewest) fewest = lanes, best = n;
  }
  return static_cast<int>(best);
}

namespace {

// B^T d B of a run of tiles of one channel.
template <int TILE_H>
void transform(const WinogradShape& w, const float* planes, int64_t plane, int64_t tiles, float* v, int64_t point) {
  constexpr int kRows = TILE_H == 1 ? 1 : kPoints;
  for (int64_t t = 0; t < tiles; t += kLanes) {
    Vector lines[kRows][kPoints];
#pragma GCC unroll 6
    for (int j = 0; j < kPoints; j++) {
      if constexpr (TILE_H == 1) {
        lines[0][j] = load(planes + j * plane + t);
      } else {
        Vector d[kPoints], u[kPoints];
#pragma GCC unroll 6
        for (int r = 0; r < kPoints; r++)
          d[r] = load(planes + ((r % TILE_H) * kPoints + j) * plane + (r / TILE_H) * static_cast<int64_t>(w.line) + t);
        input_points(d, u);
#pragma GCC unroll 6
        for (int i = 0; i < kPoints; i++) lines[i][j] = u[i];
      }
    }
#pragma GCC unroll 6
    for (int i = 0; i < kRows; i++) {
      Vector out[kPoints];
      input_points(lines[i], out);
#pragma GCC unroll 6
      for (int j = 0; j < kPoints; j++) store(v + (i * kPoints + j) * point + t, out[j]);
    }
  }
}

}  // namespace

int64_t winograd_plane_floats(const WinogradShape& w, int rows) {
  int64_t line = w.tile_w == 4 ? line_floats<4, kPoints>(w.tiles_w) : line_floats<2, kPoints>(w.tiles_w);
  return w.tile_h * kPoints * plane_floats(w, rows + w.reach) + line;
}

void winograd_input(const Convolution& s, const WinogradShape& w, const Image& image, int first, int rows, float* v,
                    int64_t row_floats, float* planes) {
  int64_t plane = plane_floats(w, rows + w.reach), point = point_floats(w.channels * row_floats),
          tiles = static_cast<int64_t>(rows) * w.line;
  float* line = planes + w.tile_h * kPoints * plane;
  for (int c = 0; c < w.channels; c++) {
    Image piece = image;
    piece.pad_w -= c / s.channels * kPieceTaps;
    if (w.tile_w == 4)
      split_channel<4, kPoints>(w, piece, c % s.channels, first, rows, line, planes, plane);
    else
      split_channel<2, kPoints>(w, piece, c % s.channels, first, rows, line, planes, plane);
    float* to = v + c * row_floats;
    if (w.tile_h == 1)
      transform<1>(w, planes, plane, tiles, to, point);
    else if (w.tile_h == 4)
      transform<4>(w, planes, plane, tiles, to, point);
    else
      transform<2>(w, planes, plane, tiles, to, point);
  }
}

}  // namespace lamella::LAMELLA_ISA
