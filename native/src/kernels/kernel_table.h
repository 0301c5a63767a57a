// The operators and kernels of one instruction level as a table: what the executor calls through. kernel_list.h says
// what each of them does and expects.
#pragma once

#include "../../include/lamella.h"
#include "operator.h"

namespace lamella {

// Convolution of one sample, with the tables that its shape needs; made once per program.
struct Convolution {
  int channels, height, width, filters, kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w, out_h, out_w;
  int pool, pool_h, pool_w, pool_stride_h, pool_stride_w, pooled_h, pooled_w;
  int activation, algorithm;
  float slope;
  int padded_h, padded_w;  // of the zero-padded copy of the input
  int phase_w;         // its columns 0, stride_w, 2 stride_w, ... come first, then 1, stride_w + 1, ...: so many each
  int taps;            // channels * kernel_h * kernel_w
  int32_t* tap_table;  // [taps]: where a tap stands in the padded copy
  int32_t* position_table;  // [out_h * out_w]: where an output position's window begins in the padded copy
};

// The maps of a group of samples, each with its floats (index: bytes) from one sample to the next. index and dx may be
// null.
struct ConvolutionMaps {
  const float* x;
  float* y;
  uint8_t* index;
  const float* dy;
  float* dx;
  int64_t x_stride, y_stride, index_stride, dy_stride, dx_stride;
};

// Where a dense layer's outputs go: y, [samples][outputs] with y_stride floats per row, and transposed,
// [outputs][padded batch], which the dense layer behind reads as it is; either may be null. Padding of transposed is
// finite, nothing more.
struct DenseOutputs {
  float* y;
  int64_t y_stride;
  float* transposed;
};

// A dense layer's backward pass. dx may be null. With dw the gradient of the weights is stored there, without it the
// weights and the optimizer's moments (null where it has none) are updated.
struct DenseGradient {
  const float *g, *transposed_g, *x;  // transposed_g: [outputs][padded batch], as transpose() makes it
  int64_t g_stride, x_stride;
  float* dx;
  int64_t dx_stride;
  float *w, *dw, *db, *moment1, *moment2;
  float rate, correction1, correction2;
};

// The activations' numbers; 0 is none.
enum Activation {
  LAMELLA_IDENTITY,
#define ACTIVATION(name, ...) LAMELLA_##name,
#include "activation_list.h"
#undef ACTIVATION
};

// The operators' numbers.
enum Kind {
#define OPERATOR(kind, object) KIND_##kind,
#define KERNEL(result, name, arguments)
#include "kernel_list.h"
#undef OPERATOR
#undef KERNEL
  KINDS
};

struct KernelTable {
  const char* name;
  int lanes;
  const Operator* operators[KINDS];
#define OPERATOR(kind, object)
#define KERNEL(result, name, arguments) result(*name) arguments;
#include "kernel_list.h"
#undef OPERATOR
#undef KERNEL

  const Operator& operator_of(const lamella_op& op) const { return *operators[op.kind]; }
};

// The best level of this machine, or the one named; null if the name is unknown or the machine cannot run it.
const KernelTable* best_kernels();
const KernelTable* find_kernels(const char* name);

// The number of an operator or activation by its name; -1 if there is none.
int kind_number(const char* name);
int activation_number(const char* name);

}  // namespace lamella
