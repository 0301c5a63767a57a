// The backward passes of a max-pooled convolution over winners only. Behind a max pool one position of each window
// carries gradient: with 2 x 2 windows that is a quarter of the multiply-adds of the dense passes, and no un-pooled
// map is filled or read. Channels come last here, so that one row of a filter is one run of kernel_w * channels floats
// for every winner, wherever it stands:
//   dw[k][r][s,c]            += g * x[y + r][x.. + s, c]
//   dx[y + r][x.. + s, c]    += g * w[k][r][s,c]
#pragma once

#include "kernels.h"

namespace lamella::LAMELLA_LEVEL {

// Floats of one filter row, and of one filter, in whole vectors.
int64_t winner_row_floats(const Convolution& s);
int64_t winner_filter_floats(const Convolution& s);
// Where tap (c, r, q) stands in a filter of that layout.
int64_t winner_tap(const Convolution& s, int c, int r, int q);
int64_t winners_workspace_floats(const Convolution& s);

// Filters [first, last) with their channels last: [filter][kernel_h][row].
void winners_pack(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last);
// packed: the filters as winners_pack() lays them out; not read when dx is null.
void winners_backward(const Convolution& s, const float* x, const float* packed, const float* y, const float* dy,
                      const uint8_t* index, float* partial, float* dx, bool accumulate, float* work);

}  // namespace lamella::LAMELLA_LEVEL
