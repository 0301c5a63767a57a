// The transform of images into Winograd's points: see winograd.h.
#include "planes.h"
#include "winograd.h"

namespace lamella::LAMELLA_LEVEL {

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
  w.bordered_h = w.tiles_h * w.tile_h + s.kernel_h - 1, w.bordered_w = w.tiles_w * w.tile_w + w.pieces * taps - 1;
  return w;
}

int winograd_block_rows(const Convolution& s, const WinogradShape& w, int64_t bytes) {
  int64_t fit = bytes / (static_cast<int64_t>(sizeof(float)) * w.points * (w.channels + s.filters));
  int64_t all = w.tiles_h, most = larger<int64_t>(larger<int64_t>(fit, kMaxVectors * kLanes) / w.line, 1);
  // Of the sizes around that one the one that leaves the fewest lanes idle, in all blocks together.
  int64_t least = smaller((most + 1) / 2, all), largest = larger(smaller(3 * most / 2, all), least);
  int64_t best = least, fewest = INT64_MAX;
  for (int64_t n = least; n <= largest; n++) {
    int64_t lanes = all / n * round_up(n * w.line, kLanes) + round_up(all % n * w.line, kLanes);
    if (lanes <= fewest) fewest = lanes, best = n;
  }
  return static_cast<int>(best);
}

namespace {

constexpr int64_t kRowSlack = 5 * kLanes;  // what part_row() reads behind a row's tiles

}  // namespace

int64_t winograd_bordered_floats(const Convolution& s, const WinogradShape& w) {
  return round_up(static_cast<int64_t>(w.samples) * s.channels * w.bordered_h * w.bordered_w + kRowSlack, kLanes);
}

WinogradImage winograd_image(const Convolution& s, const WinogradShape& w, const float* x, int64_t x_stride, float* bordered) {
  int64_t channel = static_cast<int64_t>(w.bordered_h) * w.bordered_w;
  int64_t maps = static_cast<int64_t>(s.channels) * s.height * s.width;
  bool inside = s.pad_h == 0 && s.pad_w == 0 && w.bordered_h <= s.height && w.bordered_w <= s.width;
  if (inside) return {x, x + (w.samples - 1) * x_stride + maps, x_stride, maps / s.channels, s.width};
  __builtin_memset(bordered, 0, winograd_bordered_floats(s, w) * sizeof(float));
  int rows = smaller(s.height, w.bordered_h - s.pad_h), columns = smaller(s.width, w.bordered_w - s.pad_w);
  for (int n = 0; n < w.samples; n++)
    for (int c = 0; c < s.channels; c++) {
      float* to = bordered + (static_cast<int64_t>(n) * s.channels + c) * channel +
                  static_cast<int64_t>(s.pad_h) * w.bordered_w + s.pad_w;
      const float* from = x + n * x_stride + static_cast<int64_t>(c) * s.height * s.width;
      for (int h = 0; h < rows; h++)
        __builtin_memcpy(to + static_cast<int64_t>(h) * w.bordered_w, from + static_cast<int64_t>(h) * s.width,
                         columns * sizeof(float));
    }
  return {bordered, bordered + winograd_bordered_floats(s, w), s.channels * channel, channel, w.bordered_w};
}

namespace {

// Planes [phase][column] of tile rows [first, first + rows) of a channel and those they reach into. Rows from which whole
// vectors would read past the end of the maps go through a copy.
template <int TILE>
void part_channel(const WinogradShape& w, const WinogradImage& image, int c, int shift, int first, int rows, float* planes, int64_t plane) {
  constexpr int kBeyond = kPoints - TILE;
  int64_t reads = part_reads<TILE, kPoints>(w.tiles_w);
  for (int row = 0; row < rows + w.reach; row++)
    for (int n = 0; n < w.samples; n++)
      for (int phase = 0; phase < w.tile_h; phase++) {
        int64_t y = static_cast<int64_t>(first + row) * w.tile_h + phase;
        if (y >= w.bordered_h) break;
        const float* from = image.start + n * image.sample + c * image.channel + y * image.row + shift;
        float* to = planes + phase * kPoints * plane + static_cast<int64_t>(row) * w.line + n * w.tiles_w;
        if (from + reads <= image.end) {
          part_row<TILE, kPoints>(from, w.tiles_w, to, plane);
          continue;
        }
        for (int q = 0; q < w.tiles_w; q += kLanes / TILE) {
          float line[2 * kLanes] = {};
          for (int i = 0; i < kLanes + kBeyond && shift + q * TILE + i < w.bordered_w; i++) line[i] = from[q * TILE + i];
          part_row<TILE, kPoints>(line, smaller(kLanes / TILE, w.tiles_w - q), to + q, plane);
        }
      }
}

// B^T d B of a run of tiles of one channel.
template <int TILE_H> void transform(const WinogradShape& w, const float* planes, int64_t plane, int64_t tiles, float* v, int64_t point) {
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
  return w.tile_h * kPoints * plane_floats(w, rows + w.reach);
}

void winograd_input(const Convolution& s, const WinogradShape& w, const WinogradImage& image, int first, int rows, float* v,
                    int64_t row_floats, float* planes) {
  int64_t plane = plane_floats(w, rows + w.reach), point = w.channels * row_floats, tiles = static_cast<int64_t>(rows) * w.line;
  for (int c = 0; c < w.channels; c++) {
    int shift = c / s.channels * kPieceTaps;
    if (w.tile_w == 4) part_channel<4>(w, image, c % s.channels, shift, first, rows, planes, plane);
    else part_channel<2>(w, image, c % s.channels, shift, first, rows, planes, plane);
    float* to = v + c * row_floats;
    if (w.tile_h == 1) transform<1>(w, planes, plane, tiles, to, point);
    else if (w.tile_h == 4) transform<4>(w, planes, plane, tiles, to, point);
    else transform<2>(w, planes, plane, tiles, to, point);
  }
}

}  // namespace lamella::LAMELLA_LEVEL
