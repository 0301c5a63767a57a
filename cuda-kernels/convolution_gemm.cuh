// Shared by the convolutions without a pool that are computed as products of matrices (implicit GEMM). The matrices do
// not exist in memory: a thread finds the values of a slice where they are in the maps. The shape's constants are all
// set or none; the defaults are those of a 3 x 3 filter. A file includes it after device.cuh; no #pragma once, because
// tests include several files in one translation unit.
#include "gemm.cuh"

#ifndef VECTOR
#define VECTOR 4  // neighbouring positions of a map that are loaded and stored together: 1 or 4
#endif
#ifndef KERNEL_H
#define KERNEL_H 3
#define KERNEL_W 3
#define STRIDE_H 1
#define STRIDE_W 1
#define PAD_H 1
#define PAD_W 1
#define POOL_H 1
#define POOL_W 1
#endif

constexpr int kTaps = KERNEL_H * KERNEL_W;
static_assert(POOL_H * POOL_W == 1, "for convolutions without a pool");

static __device__ inline bool within(int at, int all) { return static_cast<unsigned>(at) < static_cast<unsigned>(all); }
