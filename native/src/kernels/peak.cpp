// The machine's multiply-add peak with this ISA: independent accumulators, no loads.
#include "kernels.h"

namespace lamella::LAMELLA_ISA {

double peak_iterations(int64_t rounds, float* sink) {
  constexpr int kChains = 12;  // more than 2 ports x 5 cycles of latency; fits into 16 registers
  Vector sums[kChains];
  for (int i = 0; i < kChains; i++) sums[i] = splat(static_cast<float>(i));
  Vector a = splat(*sink), b = splat(1e-7f);
  for (int64_t r = 0; r < rounds; r++) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; i++) sums[i] = sums[i] * a + b;
  }
  Vector total = {};
  for (int i = 0; i < kChains; i++) total += sums[i];
  *sink = sum(total);
  return 2.0 * kChains * kLanes * static_cast<double>(rounds);
}

}  // namespace lamella::LAMELLA_ISA
