// Shared by the gradients of a convolution behind a fused max pool. The shape's constants are all set or none; the
// defaults are those of LeNet. A file includes it after device.cuh; no #pragma once, because tests include several
// files in one translation unit.
#ifndef KERNEL_H
#define KERNEL_H 5
#define KERNEL_W 5
#define STRIDE_H 1
#define STRIDE_W 1
#define PAD_H 0
#define PAD_W 0
#define POOL_H 2
#define POOL_W 2
#endif
constexpr int kTaps = KERNEL_H * KERNEL_W;
constexpr int kPositions = POOL_H * POOL_W;
// The inputs of one channel that the positions of a window read, and the distance of neighbouring windows in the input.
constexpr int kFieldH = (POOL_H - 1) * STRIDE_H + KERNEL_H;
constexpr int kFieldW = (POOL_W - 1) * STRIDE_W + KERNEL_W;
constexpr int kStepH = POOL_H * STRIDE_H;
constexpr int kStepW = POOL_W * STRIDE_W;
