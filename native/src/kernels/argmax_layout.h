// Memory layout of the argmax passes: channels last, so that one row of a filter is one run of kernel_w * channels
// floats for every argmax, wherever its window is.
#pragma once

#include "convolution.h"

namespace lamella::LAMELLA_ISA {

// Floats of one pixel's channels, one after the other. They fill whole vectors unless the channels are few: then no
// load or store crosses a cache line, and an argmax that loads what its neighbour has just stored gets it straight from
// the store buffer. Measured with 20 channels and 8 lanes: 0.5 instead of 0.95 cycles per multiply-add, with 15 vectors
// instead of 12.5.
static inline int64_t argmax_pixel_floats(const Convolution& s) {
  return s.channels > kLanes / 2 ? round_up(s.channels, kLanes) : s.channels;
}

// Floats of one filter row, and of one filter, in whole vectors.
static inline int64_t argmax_row_floats(const Convolution& s) {
  return round_up(s.kernel_w * argmax_pixel_floats(s), kLanes);
}
static inline int64_t argmax_filter_floats(const Convolution& s) { return argmax_row_floats(s) * s.kernel_h; }

// An image is a zero-padded map of one sample, channels last: x or its gradient.
static inline int64_t image_row_floats(const Convolution& s) { return argmax_pixel_floats(s) * s.padded_w; }
static inline int64_t image_floats(const Convolution& s) {
  return round_up(image_row_floats(s) * s.padded_h + kSlack, kLanes);
}

// From a map to its image.
void channels_last(const Convolution& s, const float* x, float* image);

// From an image to its map, without the padding. row: channels * width floats of workspace.
void channels_first(const Convolution& s, const float* image, float* dx, bool accumulate, float* row);

}  // namespace lamella::LAMELLA_ISA
