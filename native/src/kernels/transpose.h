// Shuffles and transposition: squares of kLanes x kLanes are transposed in registers, edges element by element.
#pragma once

#include "vector.h"

namespace lamella::LAMELLA_ISA {

// The lanes of a and b interleaved: a[h] b[h] a[h+1] b[h+1] ... of the lower (HALF 0) or upper (HALF 1) half.
template <int HALF>
static inline Vector zip(Vector a, Vector b) {
  IntVector order = {};
  for (int i = 0; i < kLanes; i++) order[i] = HALF * kLanes / 2 + i / 2 + (i % 2) * kLanes;
  return __builtin_shuffle(a, b, order);
}

// Lanes FIRST, FIRST + 2, ... of the two vectors, concatenated.
template <int FIRST>
static inline Vector every_second(Vector low, Vector high) {
  IntVector order = {};
  for (int i = 0; i < kLanes; i++) order[i] = 2 * i + FIRST;
  return __builtin_shuffle(low, high, order);
}

// rows[i][j] <-> rows[j][i]: log2(kLanes) rounds, each zipping row i with row i + kLanes / 2.
static inline void transpose_square(Vector* rows) {
  Vector next[kLanes];
#pragma GCC unroll 4
  for (int size = 1; size < kLanes; size *= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < kLanes / 2; i++) {
      next[2 * i] = zip<0>(rows[i], rows[i + kLanes / 2]);
      next[2 * i + 1] = zip<1>(rows[i], rows[i + kLanes / 2]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < kLanes; i++) rows[i] = next[i];
  }
}

// to[j * to_row + i] = from[i * from_row + j] for i < rows, j < columns. Writes nothing else. The last squares overlap
// those before them; blocks narrower than a vector are transposed element by element.
static inline void transpose_block(int64_t rows, int64_t columns, const float* from, int64_t from_row, float* to,
                                   int64_t to_row) {
  if (rows < kLanes || columns < kLanes) {
    for (int64_t j = 0; j < columns; j++)
      for (int64_t i = 0; i < rows; i++) to[j * to_row + i] = from[i * from_row + j];
    return;
  }
  for (int64_t i = 0; i < rows; i += kLanes)
    for (int64_t j = 0; j < columns; j += kLanes) {
      int64_t row = smaller<int64_t>(i, rows - kLanes), column = smaller<int64_t>(j, columns - kLanes);
      Vector square[kLanes];
#pragma GCC unroll 16
      for (int l = 0; l < kLanes; l++) square[l] = load(from + (row + l) * from_row + column);
      transpose_square(square);
#pragma GCC unroll 16
      for (int l = 0; l < kLanes; l++) store(to + (column + l) * to_row + row, square[l]);
    }
}

}  // namespace lamella::LAMELLA_ISA
