// The numbers of a convolution's shape that a variant of a kernel file has as constants (-DKERNEL_H=5 ...), all of them
// or none. Without constants they are read from the argument `shape`, and the kernels work for every shape. A file
// includes it after its own constants; no #pragma once, because tests include several files in one translation unit.
#ifdef KERNEL_H
#define MAX_TAPS (KERNEL_H * KERNEL_W)
#define UNROLLED (KERNEL_W < 4 ? KERNEL_W : 4)  // the loads of more taps at once do not fit into registers
#else
#define KERNEL_H shape.kernel_h
#define KERNEL_W shape.kernel_w
#define STRIDE_H shape.stride_h
#define STRIDE_W shape.stride_w
#define PAD_H shape.pad_h
#define PAD_W shape.pad_w
#define POOL_H shape.pool_h
#define POOL_W shape.pool_w
#define MAX_TAPS 121
#define UNROLLED 1
#endif
