// Images parted into planes and put together again. Of an image that tiles of TILE_H x TILE_W step over, plane (i, j) holds
// element (i, j) of every tile: plane[tile row][sample][tile column]. A tile also reads beyond itself, to the right (planes
// j >= TILE_W) and below (the same planes, one tile row on). So the values that a run of tiles needs are whole vectors.
#pragma once

#include "transpose.h"

namespace lamella::LAMELLA_LEVEL {

// Columns j = 0 ... COLUMNS - 1 of kLanes tiles that begin at row.
template <int TILE, int COLUMNS> static inline void part_wide(const float* row, Vector* d) {
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

// Lane t of the result: element t * TILE + J of the two vectors side by side.
template <int TILE, int J> static inline Vector column_of_two(Vector low, Vector high) {
  IntVector order = {};
  for (int t = 0; t < kLanes; t++) order[t] = t * TILE + J < 2 * kLanes ? t * TILE + J : 2 * kLanes - 1;
  return __builtin_shuffle(low, high, order);
}

template <int TILE, int COLUMNS, int J = 0> static inline void part_narrow(Vector low, Vector high, Vector* d) {
  if constexpr (J < COLUMNS) {
    d[J] = column_of_two<TILE, J>(low, high);
    part_narrow<TILE, COLUMNS, J + 1>(low, high, d);
  }
}

// Floats that part_row() reads from the start of a row on.
template <int TILE, int COLUMNS> static inline int64_t part_reads(int tiles) {
  if (tiles * TILE + COLUMNS - TILE <= 2 * kLanes) return 2 * kLanes;
  return round_up(tiles, kLanes) * TILE + round_up(COLUMNS - TILE, TILE);
}

// One row of one sample into COLUMNS planes. Whole vectors are written: what lies behind the row's tiles is overwritten by
// the next row, or slack.
template <int TILE, int COLUMNS> static inline void part_row(const float* row, int tiles, float* to, int64_t plane) {
  Vector d[COLUMNS];
  if (tiles * TILE + COLUMNS - TILE <= 2 * kLanes) {
    part_narrow<TILE, COLUMNS>(load(row), load(row + kLanes), d);
#pragma GCC unroll 6
    for (int j = 0; j < COLUMNS; j++) store(to + j * plane, d[j]);
    return;
  }
  for (int q = 0; q < tiles; q += kLanes) {
    part_wide<TILE, COLUMNS>(row + q * TILE, d);
#pragma GCC unroll 6
    for (int j = 0; j < COLUMNS; j++) store(to + j * plane + q, d[j]);
  }
}

// The inverse: TILE planes into a row of `width` floats; writes whole vectors.
template <int TILE> static inline void join_row(const float* from, int64_t plane, int64_t width, float* to) {
  if constexpr (TILE == 1) {
    for (int64_t i = 0; i < width; i += kLanes) store(to + i, load(from + i));
  } else if constexpr (TILE == 2) {
    for (int64_t i = 0; i < width; i += kLanes, from += kLanes / 2) store(to + i, zip<0>(load(from), load(from + plane)));
  } else {
    for (int64_t i = 0; i < width; i += 2 * kLanes, from += kLanes / 2) {
      Vector even = zip<0>(load(from), load(from + 2 * plane)), odd = zip<0>(load(from + plane), load(from + 3 * plane));
      store(to + i, zip<0>(even, odd));
      if (i + kLanes < width) store(to + i + kLanes, zip<1>(even, odd));
    }
  }
}

}  // namespace lamella::LAMELLA_LEVEL
