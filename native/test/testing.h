// Shared by the native tests: ISAs of this machine, random values, poisoned buffers, relative error of a tensor.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "kernels/kernel_table.h"

namespace testing {

inline std::vector<const lamella::KernelTable*> isas() {
  std::vector<const lamella::KernelTable*> found;
  for (const char* name : {"baseline", "avx2", "avx512", "neon"})
    if (const lamella::KernelTable* isa = lamella::find_kernels(name)) found.push_back(isa);
  return found;
}

inline std::vector<float> random_floats(size_t n, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(n);
  for (float& v : values) v = normal(generator);
  return values;
}

inline std::vector<float> poisoned(size_t n) { return std::vector<float>(n, std::numeric_limits<float>::quiet_NaN()); }

// Relative error of the whole tensor in the Euclidean norm; NaN anywhere fails.
inline double relative_error(const std::vector<double>& expected, const float* actual) {
  double error = 0, size = 0;
  for (size_t i = 0; i < expected.size(); i++) {
    error += (expected[i] - actual[i]) * (expected[i] - actual[i]);
    size += expected[i] * expected[i];
  }
  return std::sqrt(error) / (std::sqrt(size) + 1e-30);
}

}  // namespace testing
