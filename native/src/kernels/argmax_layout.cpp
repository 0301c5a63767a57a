#include "argmax_layout.h"

#include "argmax.h"
#include "transpose.h"

namespace lamella::LAMELLA_ISA {

void channels_last(const Convolution& s, const float* x, float* image) {
  __builtin_memset(image, 0, image_floats(s) * sizeof(float));
  int64_t pixel = argmax_pixel_floats(s), plane = static_cast<int64_t>(s.height) * s.width;
  for (int h = 0; h < s.height; h++)
    transpose_block(s.channels, s.width, x + static_cast<int64_t>(h) * s.width, plane,
                    image + ((h + s.pad_h) * static_cast<int64_t>(s.padded_w) + s.pad_w) * pixel, pixel);
}

void channels_first(const Convolution& s, const float* image, float* dx, bool accumulate, float* row) {
  int64_t pixel = argmax_pixel_floats(s), plane = static_cast<int64_t>(s.height) * s.width;
  for (int h = 0; h < s.height; h++) {
    const float* from = image + ((h + s.pad_h) * static_cast<int64_t>(s.padded_w) + s.pad_w) * pixel;
    float* to = dx + static_cast<int64_t>(h) * s.width;
    if (!accumulate) {
      transpose_block(s.width, s.channels, from, pixel, to, plane);
      continue;
    }
    transpose_block(s.width, s.channels, from, pixel, row, s.width);
    for (int c = 0; c < s.channels; c++)
      each(s.width, to + c * plane, row + static_cast<int64_t>(c) * s.width, to + c * plane,
           [](Vector a, Vector b) { return a + b; });
  }
}

void argmax_pack(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last) {
  int64_t pixel = argmax_pixel_floats(s), row = argmax_row_floats(s),
          plane = static_cast<int64_t>(s.kernel_h) * s.kernel_w;
  __builtin_memset(packed + first * s.kernel_h * row, 0, (last - first) * s.kernel_h * row * sizeof(float));
  for (int64_t k = first; k < last; k++)
    for (int r = 0; r < s.kernel_h; r++)
      for (int q = 0; q < s.kernel_w; q++)
        for (int c = 0; c < s.channels; c++)
          packed[(k * s.kernel_h + r) * row + q * pixel + c] = w[(k * s.channels + c) * plane + r * s.kernel_w + q];
}

}  // namespace lamella::LAMELLA_ISA
