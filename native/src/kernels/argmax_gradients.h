// The gradients of a block of argmax positions, of the filters and of the input.
#pragma once

#include "argmax_positions.h"

namespace lamella::LAMELLA_ISA {

// Vector registers for sums: the others hold the gradient, and operands where the ISA has few registers.
#if defined(LAMELLA_WIDE_FILE)
constexpr int kAccumulators = 28;
#else
constexpr int kAccumulators = 15;
#endif

// A filter is processed in passes over blocks of its rows and vectors: as few passes as possible, of similar size.
struct FilterPass {
  int rows, vectors;
};

FilterPass filter_pass(const Convolution& s);

// Adds the gradient of one filter to sums.
void filter_gradient(const Convolution& s, const FilterPass& pass, const ArgmaxPositions& positions, const float* image,
                     float* sums);

// Adds the gradient of the input to image, one argmax position after the other.
void scatter_data_gradient(const Convolution& s, const ArgmaxPositions& positions, const float* filter, float* image);

// A place of the image where at least one filter has its argmax.
struct Place {
  int32_t at;            // float offset in the image
  int32_t first, count;  // its filters among `filters` and `gradients`
};

// Argmax positions sorted by place: a run of the image is then loaded and stored once for all filters of a place.
struct SortedPositions {
  int places;
  const Place* place;
  const int32_t* filters;  // float offset of a packed filter
  const float* gradients;
};

// Whether sorting is faster than scattering.
bool gathers(const Convolution& s);

// Sorts the argmax positions of a block. gradients: [filters][capacity], as list_positions() makes them. places,
// filters and sorted have an entry for each filter at each position of each window, so that one pass is enough.
SortedPositions sort_positions(const Convolution& s, const Block& block, const uint8_t* index, const float* gradients,
                               int64_t capacity, const int32_t* offsets, Place* places, int32_t* filters,
                               float* sorted);

// Adds the gradient of the input to image, one place after the other.
void gather_data_gradient(const Convolution& s, const SortedPositions& positions, const float* packed, float* image);

}  // namespace lamella::LAMELLA_ISA
