// The backward passes of a max-pooled convolution over argmax positions only. Behind a max pool one position of each
// window has a gradient: with 2 x 2 windows that is a quarter of the multiply-adds of the dense passes, and no
// un-pooled map is filled or read. With channels last (argmax_layout.h):
//   dw[k][r][s,c]            += g * x[y + r][x.. + s, c]
//   dx[y + r][x.. + s, c]    += g * w[k][r][s,c]
#pragma once

#include "argmax_layout.h"

namespace lamella::LAMELLA_ISA {

int64_t argmax_workspace_floats(const Convolution& s);

// Filters [first, last) with their channels last: [filter][kernel_h][row].
void argmax_pack(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last);
// packed: the filters as argmax_pack() lays them out; not read when dx is null.
void argmax_backward(const Convolution& s, const float* x, const float* packed, const float* y, const float* dy,
                     const uint8_t* index, float* partial, float* dx, bool accumulate, float* work);

}  // namespace lamella::LAMELLA_ISA
