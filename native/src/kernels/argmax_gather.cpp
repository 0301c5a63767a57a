#include "argmax_gradients.h"

namespace lamella::LAMELLA_ISA {
namespace {

constexpr int kMaxPlaces = 16;  // positions of a pool window

template <int VECTORS>
void gather_row(const SortedPositions& all, const float* packed, float* image) {
  // Few sums would wait for each other, so two sets take turns.
  constexpr int kSets = VECTORS <= 6 ? 2 : 1;
  for (const Place* place = all.place; place < all.place + all.places; place++) {
    float* to = image + place->at;
    Vector sums[kSets][VECTORS] = {};
    const int32_t* filter = all.filters + place->first;
    const float* gradient = all.gradients + place->first;
    int i = 0;
    for (; i + kSets <= place->count; i += kSets) {
#pragma GCC unroll 2
      for (int set = 0; set < kSets; set++) {
        const Vector g = splat(gradient[i + set]);
        const float* from = opaque(packed + filter[i + set]);
#pragma GCC unroll 28
        for (int v = 0; v < VECTORS; v++) sums[set][v] += g * load(from + v * kLanes);
      }
    }
    if (i < place->count) {
      const Vector g = splat(gradient[i]);
      const float* from = opaque(packed + filter[i]);
#pragma GCC unroll 28
      for (int v = 0; v < VECTORS; v++) sums[0][v] += g * load(from + v * kLanes);
    }
#pragma GCC unroll 28
    for (int v = 0; v < VECTORS; v++)
      store(to + v * kLanes, load(to + v * kLanes) + (kSets == 2 ? sums[0][v] + sums[kSets - 1][v] : sums[0][v]));
  }
}

template <int VECTORS>
void gather(int vectors, const SortedPositions& all, const float* packed, float* image) {
  if constexpr (VECTORS > 0) {
    if (vectors == VECTORS)
      gather_row<VECTORS>(all, packed, image);
    else
      gather<VECTORS - 1>(vectors, all, packed, image);
  }
}

}  // namespace

// Pays off where several filters have their argmax at each position of a window. Measured with 50 filters and 2 x 2
// windows (470 instead of 950 us), and with 128 filters and 1 x 4.
bool gathers(const Convolution& s) { return s.filters >= 4 * s.pool_h * s.pool_w && s.pool_h * s.pool_w <= kMaxPlaces; }

SortedPositions sort_positions(const Convolution& s, const Block& block, const uint8_t* index, const float* gradients,
                               int64_t capacity, const int32_t* offsets, Place* places, int32_t* filters,
                               float* sorted) {
  // Several neighbouring windows at a time: their counters do not wait for each other, and reads are contiguous.
  constexpr int kTogether = 16;
  int per_window = s.pool_h * s.pool_w, columns = block.right - block.left, count = 0;
  int64_t pooled = static_cast<int64_t>(s.pooled_h) * s.pooled_w;
  int32_t filter = static_cast<int32_t>(argmax_filter_floats(s)), first = 0;
  int64_t row_step = s.pool_stride_h * s.stride_h * image_row_floats(s);
  int64_t step = s.pool_stride_w * s.stride_w * argmax_pixel_floats(s);
  for (int p = block.top; p < block.bottom; p++)
    for (int left = block.left; left < block.right; left += kTogether) {
      int windows = smaller(kTogether, block.right - left);
      int32_t next[kTogether * kMaxPlaces];
      for (int i = 0; i < windows * per_window; i++) next[i] = first + i * s.filters;
      const uint8_t* argmax = index + static_cast<int64_t>(p) * s.pooled_w + left;
      const float* gradient = gradients + static_cast<int64_t>(p - block.top) * columns + (left - block.left);
      for (int k = 0; k < s.filters; k++, argmax += pooled, gradient += capacity)
        for (int q = 0; q < windows; q++) {
          int32_t& to = next[q * per_window + argmax[q]];
          filters[to] = k * filter, sorted[to] = gradient[q];
          to += gradient[q] != 0.0f;  // a zero gradient is overwritten by the next
        }
      for (int i = 0; i < windows * per_window; i++, first += s.filters)
        if (next[i] > first)
          places[count++] = {
              static_cast<int32_t>(p * row_step + (left + i / per_window) * step) + offsets[i % per_window], first,
              next[i] - first};
    }
  return {count, places, filters, sorted};
}

void gather_data_gradient(const Convolution& s, const SortedPositions& positions, const float* packed, float* image) {
  // Runs of filter rows so short that those of all filters stay in the first-level cache.
  int fit = larger(smaller(static_cast<int>(kBlockBytes / (LAMELLA_VECTOR_BYTES * s.filters)), kAccumulators), 4);
  int all = static_cast<int>(argmax_row_floats(s) / kLanes), passes = (all + fit - 1) / fit;
  int vectors = (all + passes - 1) / passes;
  for (int r = 0; r < s.kernel_h; r++)
    for (int v = 0; v < all; v += vectors)
      gather<kAccumulators>(smaller(vectors, all - v), positions, packed + r * argmax_row_floats(s) + v * kLanes,
                            image + r * image_row_floats(s) + v * kLanes);
}

}  // namespace lamella::LAMELLA_ISA
