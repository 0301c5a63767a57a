// What a GPU's multiply-add units can do at most: independent chains in registers, nothing else. For benchmarks.
#include "device.cuh"

#ifndef CHAINS
#define CHAINS 8  // of a thread: more than a unit's latency times its width needs
#endif

// sum: one float a thread; what comes out keeps the compiler from leaving the work out.
LAMELLA_KERNEL void multiply_add_peak(int rounds, float factor, float* __restrict__ sum) {
  float chain[CHAINS];
#pragma unroll
  for (int i = 0; i < CHAINS; i++) chain[i] = static_cast<float>(threadIdx.x + i);
#pragma unroll 4
  for (int round = 0; round < rounds; round++)
#pragma unroll
    for (int i = 0; i < CHAINS; i++) chain[i] = chain[i] * factor + 1.0f;
  float total = 0;
#pragma unroll
  for (int i = 0; i < CHAINS; i++) total += chain[i];
  sum[static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x] = total;
}
