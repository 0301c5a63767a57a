// The operators and kernels of one ISA as a table, through which the executor calls them. kernel_list.h describes each
// of them.
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
  int phase_w;         // columns of a phase: columns 0, stride_w, 2 stride_w, ... come first, then 1, stride_w + 1, ...
  int taps;            // channels * kernel_h * kernel_w
  int32_t* tap_table;  // [taps]: offset of a tap in the padded copy
  int32_t* position_table;  // [out_h * out_w]: offset of an output position's window in the padded copy
};

// The maps of a group of samples. Strides are floats (index: bytes) from one sample to the next. index and dx may be
// null.
struct ConvolutionMaps {
  const float* x;
  float* y;
  uint8_t* index;
  const float* dy;
  float* dx;
  int64_t x_stride, y_stride, index_stride, dy_stride, dx_stride;
};

// Output buffers of a dense layer: y, [samples][outputs] with y_stride floats per row, and transposed, [outputs][padded
// batch], the input of a following dense layer. Either may be null. The padding of transposed is finite, but not 0.
struct DenseOutputs {
  float* y;
  int64_t y_stride;
  float* transposed;
};

// The operands of a dense layer's backward pass. dx may be null. If dw is not null, the gradient of the weights is
// stored there; else the weights and the optimizer's moments (null if it has none) are updated.
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

// The kernels of the best ISA of this machine, or of the one named: null if the name is unknown or the machine lacks
// it.
const KernelTable* best_kernels();
const KernelTable* find_kernels(const char* name);

// The number of an operator or activation by its name; -1 if there is none.
int kind_number(const char* name);
int activation_number(const char* name);

}  // namespace lamella
