// The variants of the convolutions as implicit GEMM with the constants of a shape, each compiled by itself.
#pragma once

#include <vector>

struct ConvolutionShape;
struct Mark;

struct GemmVariant {
  const char* name;
  int kernel_h, kernel_w, stride, pad_h, pad_w;
  int tile, columns, units, unit_weights, vector;  // units: columns of a block of the filter gradient
  void (*forward)(ConvolutionShape, float, const float*, const float*, const float*, float*, Mark);
  void (*data)(ConvolutionShape, int, const float*, const float*, float*);
  void (*filter)(ConvolutionShape, int, const float*, const float*, float*);
};

// All of this test; each adds itself before main().
inline std::vector<GemmVariant>& gemm_variants() {
  static std::vector<GemmVariant> all;
  return all;
}
