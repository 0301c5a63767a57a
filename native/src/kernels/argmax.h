// The backward passes of a max-pooled convolution over argmax positions only. Behind a max pool one position of each
// window carries gradient: with 2 x 2 windows that is a quarter of the multiply-adds of the dense passes, and no
// un-pooled map is filled or read. Channels come last here, so that one row of a filter is one run of kernel_w *
// channels floats for every argmax, wherever it stands:
//   dw[k][r][s,c]            += g * x[y + r][x.. + s, c]
//   dx[y + r][x.. + s, c]    += g * w[k][r][s,c]
#pragma once

#include "kernels.h"

namespace lamella::LAMELLA_LEVEL {

// Floats of a pixel's channels, one after the other; of one filter row, and of one filter, in whole vectors. Both
// images, of x and of its gradient, keep a pixel's channels side by side, in whole vectors unless they are few: then no
// load or store crosses a cache line, and an argmax that loads what its neighbour has just stored gets it straight from
// the store buffer. Measured, 20 channels at 8 lanes: 0.5 instead of 0.95 cycles a multiply-add, at 15 vectors
// for 12.5.
int64_t argmax_pixel_floats(const Convolution& s);
int64_t argmax_row_floats(const Convolution& s);
int64_t argmax_filter_floats(const Convolution& s);
int64_t argmax_workspace_floats(const Convolution& s);

// Filters [first, last) with their channels last: [filter][kernel_h][row].
void argmax_pack(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last);
// packed: the filters as argmax_pack() lays them out; not read when dx is null.
void argmax_backward(const Convolution& s, const float* x, const float* packed, const float* y, const float* dy,
                     const uint8_t* index, float* partial, float* dx, bool accumulate, float* work);

}  // namespace lamella::LAMELLA_LEVEL
