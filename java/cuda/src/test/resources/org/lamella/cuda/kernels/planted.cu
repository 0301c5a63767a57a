// Kernels with planted faults, each next to one without: what counts accesses and reads machine code must see them.
#include "device.cuh"

#define SIDE 32

struct alignas(16) Four {
  float a, b, c, d;
};

LAMELLA_KERNEL void coalesced(const float* __restrict__ x, float* __restrict__ y) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  y[i] = x[i] * 2.0f;
}

// Lanes are a line apart.
LAMELLA_KERNEL void uncoalesced(const float* __restrict__ x, float* __restrict__ y) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  y[i] = x[i * SIDE] * 2.0f;
}

// 16 bytes per lane at once.
LAMELLA_KERNEL void vectorized(const float* __restrict__ x, float* __restrict__ y) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  const Four v = reinterpret_cast<const Four*>(x)[i];
  y[i] = v.a + v.b + v.c + v.d;
}

// Columns of a tile: all lanes read from the same bank.
LAMELLA_KERNEL void conflicting(const float* __restrict__ x, float* __restrict__ y) {
  __shared__ float tile[SIDE][SIDE];
  for (int r = 0; r < SIDE; r++) tile[r][threadIdx.x] = x[r * SIDE + threadIdx.x];
  __syncthreads();
  float sum = 0.0f;
  for (int c = 0; c < SIDE; c++) sum += tile[threadIdx.x][c];
  y[blockIdx.x * SIDE + threadIdx.x] = sum;
}

LAMELLA_KERNEL void padded(const float* __restrict__ x, float* __restrict__ y) {
  __shared__ float tile[SIDE][SIDE + 1];
  for (int r = 0; r < SIDE; r++) tile[r][threadIdx.x] = x[r * SIDE + threadIdx.x];
  __syncthreads();
  float sum = 0.0f;
  for (int c = 0; c < SIDE; c++) sum += tile[threadIdx.x][c];
  y[blockIdx.x * SIDE + threadIdx.x] = sum;
}

// A quarter of the lanes takes each of four ways, in another order in every round.
LAMELLA_KERNEL void divergent(const float* __restrict__ x, float* __restrict__ y, int rounds) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  float sum = 0.0f;
  for (int k = 0; k < rounds; k++) {
    const float v = x[k];
    switch ((threadIdx.x + k) % 4) {
      case 0: sum += v * sum; break;
      case 1: sum += v * v; break;
      case 2: sum = sum * sum + v; break;
      default: sum = v * sum + sum * sum; break;
    }
  }
  y[i] = sum;
}

// The same ways, the same one for a whole warp.
LAMELLA_KERNEL void uniform(const float* __restrict__ x, float* __restrict__ y, int rounds) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  float sum = 0.0f;
  for (int k = 0; k < rounds; k++) {
    const float v = x[k];
    switch ((threadIdx.x / 32 + k) % 4) {
      case 0: sum += v * sum; break;
      case 1: sum += v * v; break;
      case 2: sum = sum * sum + v; break;
      default: sum = v * sum + sum * sum; break;
    }
  }
  y[i] = sum;
}

LAMELLA_KERNEL void dividing(const float* __restrict__ x, float* __restrict__ y, int rounds, int divisor) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  float sum = 0.0f;
#pragma unroll 1
  for (int k = 0; k < rounds; k++) sum += x[(i + k * 32) / (divisor + k)];
  y[i] = sum;
}

// The index of every element by 64-bit arithmetic.
LAMELLA_KERNEL void wide_index(const float* __restrict__ x, float* __restrict__ y, int rounds, long long step) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  float sum = 0.0f;
#pragma unroll 1
  for (int k = 0; k < rounds; k++) sum += x[(i ^ k) * step];
  y[i] = sum;
}

// An array with an index that is not known when it is compiled, and few registers: it lies in local memory.
LAMELLA_KERNEL void __launch_bounds__(1024) spilling(const float* __restrict__ x, float* __restrict__ y, int rounds) {
  float values[4 * SIDE];
  for (int k = 0; k < 4 * SIDE; k++) values[k] = x[k];
#pragma unroll 1
  for (int k = 0; k < rounds; k++) values[k * 7 % (4 * SIDE)] += values[k * 5 % (4 * SIDE)] * 0.5f;
  float sum = 0.0f;
  for (int k = 0; k < 4 * SIDE; k++) sum += values[k];
  y[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

// Little but multiply-adds: 256 for 32 loads of 16 bytes.
LAMELLA_KERNEL void dense(const float* __restrict__ x, float* __restrict__ y, int rounds) {
  __shared__ __attribute__((aligned(16))) float tile[SIDE * SIDE];
  for (int r = 0; r < SIDE; r++) tile[r * SIDE + threadIdx.x] = x[r * SIDE + threadIdx.x];
  __syncthreads();
  float sum[8] = {}, factor[8];
  for (int j = 0; j < 8; j++) factor[j] = x[j * SIDE + threadIdx.x];
#pragma unroll 1
  for (int k = 0; k < rounds; k++) {
    const float* row = tile + k % SIDE * SIDE;
#pragma unroll
    for (int c = 0; c < SIDE; c++)
#pragma unroll
      for (int j = 0; j < 8; j++) sum[j] += row[c] * factor[(c + j) % 8];
  }
  float total = 0.0f;
#pragma unroll
  for (int j = 0; j < 8; j++) total += sum[j];
  y[blockIdx.x * SIDE + threadIdx.x] = total;
}
