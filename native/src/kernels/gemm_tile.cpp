#include "gemm_tile.h"

namespace lamella::LAMELLA_ISA {
namespace {

enum Addressing { kStrided, kTableA, kTableB };

// Every loop over m and v is unrolled: only then do the sums stay in registers.
template <int M, int V, Addressing MODE>
void multiply(const Tile& tile) {
  const Tile t = tile;  // a copy: stores to c cannot change it
  Vector sums[M][V];
#pragma GCC unroll 12
  for (int m = 0; m < M; m++)
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) sums[m][v] = Vector{};
  if (t.accumulate) {
#pragma GCC unroll 12
    for (int m = 0; m < M; m++)
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) sums[m][v] = load(t.c + m * t.c_row + v * kLanes);
  }
  // One pointer serves three rows: M pointers would not fit the integer registers.
  const int64_t row = t.a_row;
  const float* a[(M + 2) / 3];
#pragma GCC unroll 4
  for (int g = 0; g < (M + 2) / 3; g++) a[g] = t.a + 3 * g * row;
  const float* b = t.b;
  for (int64_t k = 0; k < t.depth; k++) {
    const int64_t place = MODE == kTableA ? t.a_table[k] : 0;
    const float* line = MODE == kTableB ? t.b + t.b_table[k] : b;
    Vector wide[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) wide[v] = load(line + v * kLanes);
#pragma GCC unroll 12
    for (int m = 0; m < M; m++) {
      const Vector x = splat(a[m / 3][(m % 3) * row + place]);
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) sums[m][v] += x * wide[v];
    }
    if (MODE != kTableA)
      for (int g = 0; g < (M + 2) / 3; g++) a[g] += t.a_step;
    if (MODE != kTableB) b += t.b_step;
  }
#pragma GCC unroll 12
  for (int m = 0; m < M; m++)
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) store(t.c + m * t.c_row + v * kLanes, sums[m][v]);
}

template <int M, int V>
void choose_mode(const Tile& t) {
  if (t.a_table)
    multiply<M, V, kTableA>(t);
  else if (t.b_table)
    multiply<M, V, kTableB>(t);
  else
    multiply<M, V, kStrided>(t);
}

template <int V, int M>
void choose_rows(int rows, const Tile& t) {
  if constexpr (M > 0) {
    if (rows == M)
      choose_mode<M, V>(t);
    else
      choose_rows<V, M - 1>(rows, t);
  }
}

}  // namespace

void multiply_tile(int rows, int vectors, const Tile& t) {
  switch (vectors) {
    case 1: return choose_rows<1, kMaxRows[1]>(rows, t);
    case 2: return choose_rows<2, kMaxRows[2]>(rows, t);
    case 3: return choose_rows<3, kMaxRows[3]>(rows, t);
#if defined(LAMELLA_WIDE_FILE)
    case 4: return choose_rows<4, kMaxRows[4]>(rows, t);
#endif
  }
}

}  // namespace lamella::LAMELLA_ISA
