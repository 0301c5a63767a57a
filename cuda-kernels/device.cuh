// Shared by the kernels: shapes, activations, sums over a block. NVRTC compiles a kernel file for the device on which
// it runs, with the constants of one shape (-DKERNEL_H=5 ...) where that allows loops to be unrolled; without them it
// works for every shape. Sizes on which Java and the kernels must agree are macros set by Java too (KernelSizes.java,
// KernelStructure.java); the defaults in the files are for compiling a file alone.
#pragma once

#ifdef LAMELLA_SIMULATED
#include "simulated_block.h"
#else
#define LAMELLA_KERNEL extern "C" __global__
#endif

// A float whose origin the compiler does not see. Equal operations at the ends of several branches, on operands that
// differ, are not merged into one operation with selected operands.
#ifdef LAMELLA_SIMULATED
#define LAMELLA_OPAQUE(value)
#else
#define LAMELLA_OPAQUE(value) asm volatile("" : "+f"(value))
#endif
#ifndef INFINITY
#define INFINITY __int_as_float(0x7f800000)  // NVRTC has no math.h
#endif

// Blocks of 128 threads that must fit into a multiprocessor at once: half of its threads on a GK210, whose register
// file is twice as large as its successors'. As a launch bound it also keeps ptxas from spilling registers to reach a
// higher occupancy.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ == 370
#define LAMELLA_BLOCKS 8
#else
#define LAMELLA_BLOCKS 4
#endif

// Neighbouring floats that a thread of the element-wise kernels loads at a time, where their layout allows.
#ifndef FLOATS
#define FLOATS 4
#endif

typedef unsigned char uint8;
typedef unsigned long long uint64;

// In the order of ActivationKind.java.
enum Activation { kIdentity = 0, kTanh = 1, kSigmoid = 2, kRelu = 3, kLeakyRelu = 4, kGelu = 5 };

// An activation: the constant of a variant that has one, else the argument.
#ifdef ACTIVATION
#define ACTIVATION_OR(ARGUMENT) ACTIVATION
#else
#define ACTIVATION_OR(ARGUMENT) (ARGUMENT)
#endif

// A convolution with its fused max pool; without one the window is 1 x 1. Fused pools have no padding and do not
// overlap. Tensors are N x C x H x W without gaps, except between the samples of y.
struct ConvolutionShape {
  int samples, channels, height, width;  // x
  int filters, kernel_h, kernel_w;       // w: filters x channels x kernel_h x kernel_w
  int stride_h, stride_w, pad_h, pad_w;
  int out_h, out_w;                        // before pooling
  int pool_h, pool_w, pooled_h, pooled_w;  // y: samples x filters x pooled_h x pooled_w
  int y_stride;                            // floats from a sample of y to the next: y may be part of a concatenation
};

// The values that change from step to step. They are in device memory, so that the launches of a step are captured once
// and replayed for every step.
struct StepState {
  float rate;                      // learning rate
  float correction1, correction2;  // Adam's 1 - beta^step
  float scale;                     // of the loss and its gradient
  long long step, seed;            // of dropout
  int masked, unused;              // 1 if the mask of the targets is used; padding
};

// Where a launch records which operator begins, for messages after a failure: the first launch of every operator has a
// place in pinned memory of the host, all others have null.
struct Mark {
  int* place;
  int op, unused;  // index of the operator; padding
};
constexpr Mark kNoMark = {nullptr, 0, 0};

#ifdef MARK_BYTES
static_assert(sizeof(Mark) == MARK_BYTES, "Mark has another size in Java");
#endif
#ifdef CONVOLUTION_SHAPE_BYTES
static_assert(sizeof(ConvolutionShape) == CONVOLUTION_SHAPE_BYTES, "ConvolutionShape has another size in Java");
#endif
#ifdef STEP_STATE_BYTES
static_assert(sizeof(StepState) == STEP_STATE_BYTES, "StepState has another size in Java");
#endif

// To be called first by kernels that take a mark, which is then their last parameter.
__device__ inline void record(const Mark& mark) {
  if (mark.place && threadIdx.x == 0 && blockIdx.x == 0 && blockIdx.y == 0 && blockIdx.z == 0)
    *static_cast<volatile int*>(mark.place) = mark.op;
}

// Copies `count` taps of Rows rows of weights into shared memory as [tap][row]. Rows are `step` floats apart; rows from
// `exist` on are zero. To be called by all threads of a one-dimensional block, before a __syncthreads().
template <int Rows>
__device__ inline void load_weights(const float* w, long long step, int exist, int count, float* shared) {
  for (int i = threadIdx.x; i < count * Rows; i += blockDim.x) {
    const int tap = i % count, row = i / count;
    shared[tap * Rows + row] = row < exist ? w[row * step + tap] : 0.0f;
  }
}

// The factor that GELU takes of x: the logistic sigmoid of 2 sqrt(2 / pi) (x + 0.044715 x^3).
__device__ inline float gelu_gate(float x) {
  return 1.0f / (1.0f + expf(-1.59576912f * x * (1.0f + 0.044715f * x * x)));
}

__device__ inline float activate(int kind, float slope, float v) {
  switch (kind) {
    case kTanh: return tanhf(v);
    case kSigmoid: return 1.0f / (1.0f + expf(-v));
    case kRelu: return v <= 0 ? 0.0f : v;  // NaN stays NaN
    case kLeakyRelu: return v > 0 ? v : slope * v;
    case kGelu: return v * gelu_gate(v);
    default: return v;
  }
}

// Comparison for a maximum. NaN counts as larger than every number: max pooling must not hide weights that became NaN.
__device__ inline bool beats(float value, float best) { return value > best || value != value; }

// act'. v: the activation's output or its input, as ActivationKind.java says.
__device__ inline float derivative(int kind, float slope, float v) {
  switch (kind) {
    case kTanh: return 1.0f - v * v;
    case kSigmoid: return v * (1.0f - v);
    case kRelu: return v > 0 ? 1.0f : 0.0f;
    case kLeakyRelu: return v > 0 ? 1.0f : slope;
    case kGelu:  // for large |v| the polynomial would overflow; NaN stays NaN
      return v * v > 400.0f ? (v > 0 ? 1.0f : 0.0f)
                            : gelu_gate(v) * (1.0f + v * gelu_gate(-v) * 1.59576912f * (1.0f + 0.134145f * v * v));
    default: return 1.0f;
  }
}

// The sum over a warp, in lane 0; always in the same order.
template <typename T>
__device__ inline T warp_sum(T v) {
  for (int d = 16; d > 0; d /= 2) v += __shfl_down_sync(0xffffffffu, v, d);
  return v;
}

// Count floats that one instruction loads or stores.
template <int Count>
struct alignas(4 * Count) Vector {
  float v[Count];
};

template <int Count>
__device__ inline Vector<Count> load_vector(const float* from) {
  return *reinterpret_cast<const Vector<Count>*>(from);
}

template <int Count>
__device__ inline void store_vector(float* to, const Vector<Count>& values) {
  *reinterpret_cast<Vector<Count>*>(to) = values;
}

// Calls work.at<position>() for a position from First to First + Count - 1: each has code of its own.
template <int First, int Count>
struct Positions {
  template <typename Work>
  static __device__ inline void call(int position, const Work& work) {
    if (position < First + Count / 2)
      Positions<First, Count / 2>::call(position, work);
    else
      Positions<First + Count / 2, Count - Count / 2>::call(position, work);
  }
};
template <int First>
struct Positions<First, 1> {
  template <typename Work>
  static __device__ inline void call(int, const Work& work) {
    work.template at<First>();
  }
};

constexpr int kMaxWarps = 32;

// The sum over a block of whole warps, in thread 0; always in the same order. `shared` holds one value per warp; it may
// be reused directly after the call.
template <typename T>
__device__ inline T block_sum(T v, T* shared) {
  v = warp_sum(v);
  if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32] = v;
  __syncthreads();
  T total = threadIdx.x < blockDim.x / 32 ? shared[threadIdx.x] : T(0);
  if (threadIdx.x < 32) total = warp_sum(total);
  __syncthreads();
  return total;
}
