// Splits images into planes and joins planes into rows. An image is covered by tiles of TILE_H x TILE_W; plane (i, j)
// holds element (i, j) of every tile: plane[tile row][sample][tile column]. A tile also reads values outside itself, to
// the right (planes j >= TILE_W) and below (the same planes, in the next tile row). The values that a run of tiles
// needs are thus whole vectors.
#pragma once

#include "activation.h"
#include "transpose.h"
#include "winograd.h"

namespace lamella::LAMELLA_ISA {

// Columns j = 0 ... COLUMNS - 1 of kLanes tiles that begin at row.
template <int TILE, int COLUMNS>
static inline void split_wide(const float* row, Vector* d) {
  if constexpr (TILE == 2) {
#pragma GCC unroll 3
    for (int j = 0; j < COLUMNS; j += 2) {
      Vector low = load(row + j), high = load(row + kLanes + j);
      d[j] = every_second<0>(low, high), d[j + 1] = every_second<1>(low, high);
    }
  } else {
    static_assert(TILE == 4, "outputs of a tile");
    Vector p[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) p[i] = load(row + i * kLanes);
    Vector even = every_second<0>(p[0], p[1]), even2 = every_second<0>(p[2], p[3]);
    Vector odd = every_second<1>(p[0], p[1]), odd2 = every_second<1>(p[2], p[3]);
    d[0] = every_second<0>(even, even2), d[2] = every_second<1>(even, even2);
    d[1] = every_second<0>(odd, odd2), d[3] = every_second<1>(odd, odd2);
    if constexpr (COLUMNS == 6) {
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++) p[i] = load(row + 4 + i * kLanes);
      d[4] = every_second<0>(every_second<0>(p[0], p[1]), every_second<0>(p[2], p[3]));
      d[5] = every_second<0>(every_second<1>(p[0], p[1]), every_second<1>(p[2], p[3]));
    }
  }
}

// Lane t of the result: element t * TILE + J of the two vectors, concatenated.
template <int TILE, int J>
static inline Vector column_of_two(Vector low, Vector high) {
  IntVector order = {};
  for (int t = 0; t < kLanes; t++) order[t] = t * TILE + J < 2 * kLanes ? t * TILE + J : 2 * kLanes - 1;
  return __builtin_shuffle(low, high, order);
}

template <int TILE, int COLUMNS, int J = 0>
static inline void split_narrow(Vector low, Vector high, Vector* d) {
  if constexpr (J < COLUMNS) {
    d[J] = column_of_two<TILE, J>(low, high);
    split_narrow<TILE, COLUMNS, J + 1>(low, high, d);
  }
}

// Floats that split_wide_row() reads, from the start of a row.
template <int TILE, int COLUMNS>
static inline int64_t split_reads(int tiles) {
  return round_up(tiles, kLanes) * TILE + round_up(COLUMNS - TILE, TILE);
}

// Lanes 0 ... N - 1.
template <int N>
static inline void store_first(float* p, Vector v) {
  if constexpr (N >= kLanes) {
    store(p, v);
  } else {
    typedef float Few __attribute__((vector_size(4 * N)));
    typedef float UnalignedFew __attribute__((vector_size(4 * N), aligned(4), may_alias));
    Few few;
    if constexpr (N == 4)
      few = __builtin_shufflevector(v, v, 0, 1, 2, 3);
    else
      few = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
    *reinterpret_cast<UnalignedFew*>(p) = few;
  }
}

// Splits one row of one sample into COLUMNS planes. Values written past the row's tiles are overwritten by the next row
// or fall into slack. A narrow row is two vectors, in which elements that are not `inside` become zero. Short stores
// cross fewer cache lines.
template <int TILE, int COLUMNS>
static inline void split_narrow_row(const float* row, const IntVector* inside, int tiles, float* to, int64_t plane) {
  Vector d[COLUMNS];
  Vector low = from_bits(bits(load(row)) & inside[0]), high = from_bits(bits(load(row + kLanes)) & inside[1]);
  split_narrow<TILE, COLUMNS>(low, high, d);
  auto store_all = [&](auto lanes) {
#pragma GCC unroll 6
    for (int j = 0; j < COLUMNS; j++) store_first<lanes.value>(to + j * plane, d[j]);
  };
  if (tiles <= 4)
    store_all(Constant<4>{});
  else if (tiles <= 8)
    store_all(Constant<8>{});
  else
    store_all(Constant<kLanes>{});
}

template <int TILE, int COLUMNS>
static inline void split_wide_row(const float* row, int tiles, float* to, int64_t plane) {
  for (int q = 0; q < tiles; q += kLanes) {
    Vector d[COLUMNS];
    split_wide<TILE, COLUMNS>(row + q * TILE, d);
#pragma GCC unroll 6
    for (int j = 0; j < COLUMNS; j++) store(to + j * plane + q, d[j]);
  }
}

// Maps of a group of samples. end: one past the last float; sample: floats from one sample to the next. The tiles begin
// pad_h rows above and pad_w columns left of a map; outside the map are zeros.
struct Image {
  const float *start, *end;
  int64_t sample;
  int height, width, pad_h, pad_w;
};

static inline Image image_of(const Convolution& s, int samples, const float* x, int64_t x_stride) {
  int64_t maps = static_cast<int64_t>(s.channels) * s.height * s.width;
  return {x, x + (samples - 1) * x_stride + maps, x_stride, s.height, s.width, s.pad_h, s.pad_w};
}

// Floats of a copy of a row, with zeros around it.
template <int TILE, int COLUMNS>
static inline int64_t line_floats(int tiles) {
  return round_up(larger<int64_t>(split_reads<TILE, COLUMNS>(tiles), 2 * kLanes), kLanes);
}

// Planes [row of the tile][COLUMNS] of channel c, for `rows` tile rows from `first` on and the rows below them that
// their tiles read.
template <int TILE, int COLUMNS>
static void split_channel(const WinogradShape& w, const Image& image, int c, int first, int rows, float* line,
                          float* planes, int64_t plane) {
  int columns = w.tiles_w * TILE + COLUMNS - TILE, left = image.pad_w;
  bool narrow = columns <= 2 * kLanes, within = left <= 0 && columns - left <= image.width;
  int64_t reads = narrow ? 2 * kLanes : split_reads<TILE, COLUMNS>(w.tiles_w),
          line_end = line_floats<TILE, COLUMNS>(w.tiles_w);
  const IntVector low = lane_numbers() - left, high = low + kLanes;  // of a narrow row, columns of the map
  const IntVector inside[2] = {(low >= 0) & (low < image.width), (high >= 0) & (high < image.width)};
  const IntVector all[2] = {splat(-1), splat(-1)};
  int reach = COLUMNS > TILE ? w.reach : 0, last = COLUMNS > TILE ? w.reads_h : w.tiles_h * w.tile_h;
  for (int row = 0; row < rows + reach; row++)
    for (int n = 0; n < w.samples; n++)
      for (int phase = 0; phase < w.tile_h && (first + row) * w.tile_h + phase < last; phase++) {
        int y = (first + row) * w.tile_h + phase - image.pad_h;
        float* to = planes + phase * COLUMNS * plane + static_cast<int64_t>(row) * w.line + n * w.tiles_w;
        if (y < 0 || y >= image.height) {
          for (int j = 0; j < COLUMNS; j++)
            for (int q = 0; q < w.tiles_w; q += kLanes) store(to + j * plane + q, Vector{});
          continue;
        }
        const float* map = image.start + n * image.sample + (static_cast<int64_t>(c) * image.height + y) * image.width;
        const float* from = map - left;
        bool readable = from >= image.start && from + reads <= image.end;
        if (readable && narrow) {
          split_narrow_row<TILE, COLUMNS>(from, inside, w.tiles_w, to, plane);
        } else if (readable && within) {
          split_wide_row<TILE, COLUMNS>(from, w.tiles_w, to, plane);
        } else {
          for (int64_t i = 0; i < line_end; i += kLanes) store(line + i, Vector{});
          int begin = larger(left, 0), end = smaller<int64_t>(left + image.width, line_end);
          if (begin < end) __builtin_memcpy(line + begin, from + begin, (end - begin) * sizeof(float));
          if (narrow)
            split_narrow_row<TILE, COLUMNS>(line, all, w.tiles_w, to, plane);
          else
            split_wide_row<TILE, COLUMNS>(line, w.tiles_w, to, plane);
        }
      }
}

// The inverse: joins TILE planes into a row of `width` floats. Writes whole vectors.
template <int TILE>
static inline void join_row(const float* from, int64_t plane, int64_t width, float* to) {
  if constexpr (TILE == 1) {
    for (int64_t i = 0; i < width; i += kLanes) store(to + i, load(from + i));
  } else if constexpr (TILE == 2) {
    for (int64_t i = 0; i < width; i += kLanes, from += kLanes / 2)
      store(to + i, zip<0>(load(from), load(from + plane)));
  } else {
    for (int64_t i = 0; i < width; i += 2 * kLanes, from += kLanes / 2) {
      Vector even = zip<0>(load(from), load(from + 2 * plane)),
             odd = zip<0>(load(from + plane), load(from + 3 * plane));
      store(to + i, zip<0>(even, odd));
      if (i + kLanes < width) store(to + i + kLanes, zip<1>(even, odd));
    }
  }
}

}  // namespace lamella::LAMELLA_ISA
