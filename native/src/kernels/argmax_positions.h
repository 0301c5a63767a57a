// The argmax positions of a sample, block by block.
#pragma once

#include "argmax_layout.h"

namespace lamella::LAMELLA_ISA {

// The part of an image that should stay in the first-level cache.
constexpr int64_t kBlockBytes = 40 * 1024;

struct ArgmaxPositions {
  int64_t count;
  const int32_t* place;  // float offset, in an image, of the convolution window at the argmax
  const float* gradient;
};

// A block of pool windows. Its part of an image stays in the first-level cache while every filter passes over it.
struct Block {
  int top, bottom, left, right;
};

// Rows and columns of pool windows in a full block.
struct BlockSize {
  int rows, columns;
};

BlockSize block_size(const Convolution& s);

// Offset of each position of a pool window from the window's corner, in floats of an image.
void argmax_offsets(const Convolution& s, int32_t* offsets);

// Offset of each window of a block in an image, row by row.
void list_corners(const Convolution& s, const Block& block, int32_t* corners);

// The argmax positions of one filter in a block, row by row.
ArgmaxPositions list_positions(const Convolution& s, const Block& block, const float* y, const float* dy,
                               const uint8_t* index, const int32_t* corners, const int32_t* offsets, int32_t* place,
                               float* gradient);

// Leaves out positions whose gradient is zero: behind ReLU about half of them are. place and gradient take one entry
// more than positions, because an entry is written before it is known to stay.
ArgmaxPositions without_zeros(const ArgmaxPositions& all, int32_t* place, float* gradient);

}  // namespace lamella::LAMELLA_ISA
