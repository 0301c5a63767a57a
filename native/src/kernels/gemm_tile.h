// The register tile of convolution and dense layers:   c[m][n] (+)= sum_k a[m][k] * b[k][n]
//   m: 1 to kMaxRows[v] rows, n: v vectors (v * kLanes columns), k: depth steps
// a is read element by element and broadcast, b is read as vectors. Either may be strided or addressed by a table, so
// that most callers need not pack their operands. All m * v accumulators stay in registers.
#pragma once

#include "vector.h"

namespace lamella::LAMELLA_ISA {

struct Tile {
  int64_t depth;
  const float* a;
  int64_t a_row;           // floats from one row of a to the next
  int64_t a_step;          // floats from one k to the next; not used with a_table
  const int32_t* a_table;  // offset of k in a row, or null
  const float* b;
  int64_t b_step;          // floats from one k to the next; not used with b_table
  const int32_t* b_table;  // offset of row k, or null; at most one of the two tables is set
  float* c;                // written a whole vector at a time
  int64_t c_row;
  bool accumulate;
};

// Limits of a tile: accumulators, one row of b and one broadcast value must fit into the vector registers (32 with
// AVX-512 and NEON, else 16).
#if defined(LAMELLA_WIDE_FILE)
constexpr int kMaxVectors = 4;
constexpr int kMaxRows[5] = {0, 12, 12, 8, 6};
#else
constexpr int kMaxVectors = 3;
constexpr int kMaxRows[4] = {0, 8, 6, 4};
#endif

void multiply_tile(int rows, int vectors, const Tile& tile);

// Splits columns into tiles of nearly equal width. Returns the vectors of the widest tile.
static inline int tile_vectors(int64_t columns) {
  int64_t vectors = (columns + kLanes - 1) / kLanes;
  int64_t tiles = (vectors + kMaxVectors - 1) / kMaxVectors;
  return static_cast<int>((vectors + tiles - 1) / tiles);
}

// Columns after rounding up to whole vectors: the row length of buffers that tiles write.
static inline int64_t padded_columns(int64_t columns) { return round_up(columns, kLanes); }

// Runs tiles over rows x columns; c must have room for padded_columns(columns) in every row.
// at(m, n) gives the tile that begins at row m and column n.
template <typename F>
static inline void for_each_tile(int64_t rows, int64_t columns, F at) {
  int64_t all = padded_columns(columns) / kLanes;
  int64_t tiles = (all + kMaxVectors - 1) / kMaxVectors;
  int vectors = 0;
  for (int64_t v = 0; v < all; v += vectors, tiles--) {
    vectors = static_cast<int>((all - v + tiles - 1) / tiles);
    int64_t groups = (rows + kMaxRows[vectors] - 1) / kMaxRows[vectors];
    int64_t height = 0;
    for (int64_t m = 0; m < rows; m += height, groups--) {
      height = (rows - m + groups - 1) / groups;  // nearly equal: a tile of few rows would wait for its own sums
      multiply_tile(static_cast<int>(height), vectors, at(m, v * kLanes));
    }
  }
}

}  // namespace lamella::LAMELLA_ISA
