// The multiply-add peak of a GPU: independent chains in registers, no memory accesses. For benchmarks.
#include "device.cuh"

#ifndef CHAINS
#define CHAINS 8  // per thread: enough to hide the latency of the multiply-add units
#endif

// sum: one float per thread, so that the compiler cannot remove the work.
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
