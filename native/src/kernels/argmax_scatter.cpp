#include "argmax_gradients.h"

namespace lamella::LAMELLA_ISA {
namespace {

constexpr int kPassVectors = 8;  // vectors of a filter row in one pass

template <int VECTORS>
void scatter_rows(int rows, const ArgmaxPositions& positions, const float* filter, int64_t filter_row, float* image,
                  int64_t image_row) {
  for (int64_t i = 0; i < positions.count; i++) {
    const Vector g = splat(positions.gradient[i]);
    float* to = image + positions.place[i];
    const float* from = filter;
    for (int r = 0; r < rows; r++, to += image_row, from += filter_row) {
#pragma GCC unroll 8
      for (int v = 0; v < VECTORS; v++) store(to + v * kLanes, load(to + v * kLanes) + g * load(from + v * kLanes));
    }
  }
}

template <int VECTORS>
void scatter(int vectors, int rows, const ArgmaxPositions& positions, const float* filter, int64_t filter_row,
             float* image, int64_t image_row) {
  if constexpr (VECTORS > 0) {
    if (vectors == VECTORS)
      scatter_rows<VECTORS>(rows, positions, filter, filter_row, image, image_row);
    else
      scatter<VECTORS - 1>(vectors, rows, positions, filter, filter_row, image, image_row);
  }
}

}  // namespace

void scatter_data_gradient(const Convolution& s, const ArgmaxPositions& positions, const float* filter, float* image) {
  int all = static_cast<int>(argmax_row_floats(s) / kLanes), passes = (all + kPassVectors - 1) / kPassVectors;
  int vectors = (all + passes - 1) / passes;
  for (int v = 0; v < all; v += vectors)
    scatter<kPassVectors>(smaller(vectors, all - v), s.kernel_h, positions, filter + v * kLanes, argmax_row_floats(s),
                          image + v * kLanes, image_row_floats(s));
}

}  // namespace lamella::LAMELLA_ISA
