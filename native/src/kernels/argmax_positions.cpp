#include "argmax_positions.h"

#include "activation.h"

namespace lamella::LAMELLA_ISA {

BlockSize block_size(const Convolution& s) {
  int64_t pixel = argmax_pixel_floats(s) * static_cast<int64_t>(sizeof(float));
  int64_t row = s.padded_w * pixel, step = s.pool_stride_h * s.stride_h,
          reach = (s.pool_h - 1) * s.stride_h + s.kernel_h;
  if (reach * row <= kBlockBytes) {
    int64_t rows = (kBlockBytes / row - reach) / step + 1;
    return {static_cast<int>(smaller<int64_t>(rows, s.pooled_h)), s.pooled_w};
  }
  int64_t column_step = s.pool_stride_w * s.stride_w, column_reach = (s.pool_w - 1) * s.stride_w + s.kernel_w;
  int64_t columns = (kBlockBytes / (reach * pixel) - column_reach) / column_step + 1;
  return {1, static_cast<int>(smaller<int64_t>(larger<int64_t>(columns, 8), s.pooled_w))};
}

void argmax_offsets(const Convolution& s, int32_t* offsets) {
  for (int i = 0; i < s.pool_h; i++)
    for (int j = 0; j < s.pool_w; j++)
      offsets[i * s.pool_w + j] =
          static_cast<int32_t>(i * s.stride_h * image_row_floats(s) + j * s.stride_w * argmax_pixel_floats(s));
}

void list_corners(const Convolution& s, const Block& block, int32_t* corners) {
  int64_t row_step = s.pool_stride_h * s.stride_h * image_row_floats(s);
  int32_t step = static_cast<int32_t>(s.pool_stride_w * s.stride_w * argmax_pixel_floats(s));
  for (int p = block.top; p < block.bottom; p++)
    for (int q = block.left; q < block.right; q++) *corners++ = static_cast<int32_t>(p * row_step) + q * step;
}

namespace {

// place = corner + offset of the argmax, for n windows. The last vector overlaps the one before it.
void add_offsets(int64_t n, const int32_t* corners, const uint8_t* index, const int32_t* offsets, int windows,
                 int32_t* place) {
  if (windows > kLanes || n < kLanes) {
    for (int64_t i = 0; i < n; i++) place[i] = corners[i] + offsets[index[i]];
    return;
  }
  IntVector table;
  for (int i = 0; i < kLanes; i++) table[i] = offsets[i];
  for (int64_t done = 0; done < n; done += kLanes) {
    int64_t i = smaller(done, n - kLanes);
    LaneBytes positions;
    __builtin_memcpy(&positions, index + i, sizeof positions);
    IntVector corner = *reinterpret_cast<const UnalignedIntVector*>(corners + i);
    *reinterpret_cast<UnalignedIntVector*>(place + i) =
        corner + __builtin_shuffle(table, __builtin_convertvector(positions, IntVector));
  }
}

}  // namespace

ArgmaxPositions list_positions(const Convolution& s, const Block& block, const float* y, const float* dy,
                               const uint8_t* index, const int32_t* corners, const int32_t* offsets, int32_t* place,
                               float* gradient) {
  int64_t columns = block.right - block.left, rows = block.bottom - block.top, count = columns * rows;
  // Rows as wide as the map are one run.
  int64_t run = columns == s.pooled_w ? count : columns;
  for (int64_t done = 0, p = block.top; done < count; done += run, p++) {
    int64_t at = p * s.pooled_w + block.left;
    slope_all(s.activation, s.slope, run, y + at, dy + at, gradient + done);
    add_offsets(run, corners + done, index + at, offsets, s.pool_h * s.pool_w, place + done);
  }
  return {count, place, gradient};
}

ArgmaxPositions without_zeros(const ArgmaxPositions& all, int32_t* place, float* gradient) {
  int64_t count = 0;
  for (int64_t i = 0; i < all.count; i++) {
    place[count] = all.place[i], gradient[count] = all.gradient[i];
    count += all.gradient[i] != 0.0f;
  }
  return {count, place, gradient};
}

}  // namespace lamella::LAMELLA_ISA
