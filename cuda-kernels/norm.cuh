// The shape of a normalisation.
#pragma once
#include "elements.cuh"
#include "sums.cuh"

// y_stride: floats from a sample of y, and of its gradient, to the next.
struct NormShape {
  int samples, channels, plane, activation, y_stride, dy_stride;
  float slope, epsilon;
};
#ifdef NORM_SHAPE_BYTES
static_assert(sizeof(NormShape) == NORM_SHAPE_BYTES, "NormShape has another size in Java");
#endif
