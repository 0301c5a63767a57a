#include "argmax_gradients.h"

namespace lamella::LAMELLA_ISA {
namespace {

// Rows of a filter in one pass. Its sums stay in registers over all argmax positions.
constexpr int kPassRows = 5;

template <int ROWS, int VECTORS>
void accumulate_filter(const ArgmaxPositions& positions, const float* image, int64_t image_row, float* sums,
                       int64_t sums_row) {
  Vector total[ROWS][VECTORS];
#pragma GCC unroll 5
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 28
    for (int v = 0; v < VECTORS; v++) total[r][v] = load(sums + r * sums_row + v * kLanes);
  // Few accumulators would wait for each other, so two sets take turns.
  constexpr int kSets = ROWS * VECTORS <= kAccumulators / 2 ? 2 : 1;
  Vector other[ROWS][VECTORS] = {};
  int64_t i = 0;
  for (; i + kSets <= positions.count; i += kSets) {
#pragma GCC unroll 2
    for (int set = 0; set < kSets; set++) {
      const Vector g = splat(positions.gradient[i + set]);
      const float* window = opaque(image + positions.place[i + set]);
#pragma GCC unroll 5
      for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 28
        for (int v = 0; v < VECTORS; v++) (set ? other : total)[r][v] += g * load(window + v * kLanes);
        window = opaque(window + image_row);
      }
    }
  }
  for (; i < positions.count; i++) {
    const Vector g = splat(positions.gradient[i]);
    const float* window = opaque(image + positions.place[i]);
#pragma GCC unroll 5
    for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 28
      for (int v = 0; v < VECTORS; v++) total[r][v] += g * load(window + v * kLanes);
      window = opaque(window + image_row);
    }
  }
#pragma GCC unroll 5
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 28
    for (int v = 0; v < VECTORS; v++)
      store(sums + r * sums_row + v * kLanes, kSets == 2 ? total[r][v] + other[r][v] : total[r][v]);
}

using Accumulate = void (*)(const ArgmaxPositions&, const float*, int64_t, float*, int64_t);

template <int ROWS, int VECTORS>
Accumulate choose(int rows, int vectors) {
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return choose<ROWS - 1, kAccumulators / (ROWS - 1)>(rows, vectors);
  }
  if constexpr (VECTORS > 1) {
    if (vectors < VECTORS) return choose<ROWS, VECTORS - 1>(rows, vectors);
  }
  return accumulate_filter<ROWS, VECTORS>;
}

}  // namespace

FilterPass filter_pass(const Convolution& s) {
  const int kernel_rows = s.kernel_h, all = static_cast<int>(argmax_row_floats(s) / kLanes);
  FilterPass best = {1, 1};
  int fewest = kernel_rows * all + 1;
  for (int rows = 1; rows <= smaller(kernel_rows, kPassRows); rows++) {
    int down = (kernel_rows + rows - 1) / rows, across = (all + kAccumulators / rows - 1) / (kAccumulators / rows);
    if (down * across >= fewest) continue;
    fewest = down * across;
    best = {(kernel_rows + down - 1) / down, (all + across - 1) / across};
  }
  return best;
}

void filter_gradient(const Convolution& s, const FilterPass& pass, const ArgmaxPositions& positions, const float* image,
                     float* sums) {
  int64_t image_row = image_row_floats(s), sums_row = argmax_row_floats(s);
  int all = static_cast<int>(sums_row / kLanes);
  for (int v = 0; v < all; v += pass.vectors)
    for (int r = 0; r < s.kernel_h; r += pass.rows)
      choose<kPassRows, kAccumulators / kPassRows>(smaller(pass.rows, s.kernel_h - r), smaller(pass.vectors, all - v))(
          positions, image + r * image_row + v * kLanes, image_row, sums + r * sums_row + v * kLanes, sums_row);
}

}  // namespace lamella::LAMELLA_ISA
