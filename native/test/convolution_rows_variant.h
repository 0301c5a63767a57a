// The variants of the forward convolution with the constants of a shape, each compiled by itself.
#pragma once

#include <vector>

struct ConvolutionShape;
struct Mark;

struct RowsVariant {
  const char* name;
  int kernel_h, kernel_w, stride, pad_h, pad_w, pool_h, pool_w;
  int tile, patch_h, patch_w, vector;
  void (*kernel)(ConvolutionShape, float, const float*, const float*, const float*, float*, unsigned char*, Mark);
};

// All of this test; each adds itself before main().
inline std::vector<RowsVariant>& rows_variants() {
  static std::vector<RowsVariant> all;
  return all;
}
