// The kernels of one instruction level as a table of functions: what the executor calls through. What each function
// does and expects stands in kernels.h, under the same name.
#pragma once

#include "../../include/lamella.h"

namespace lamella {

// Convolution of one sample, with the tables that its shape needs; made once a program.
struct Convolution {
  int channels, height, width, filters, kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w, out_h, out_w;
  int pool, pool_h, pool_w, pool_stride_h, pool_stride_w, pooled_h, pooled_w;
  int activation, algorithm;
  float slope;
  int padded_h, padded_w;  // of the zero-bordered copy of the input
  int phase_w;         // its columns 0, stride_w, 2 stride_w, ... come first, then 1, stride_w + 1, ...: so many each
  int taps;            // channels * kernel_h * kernel_w
  int32_t* tap_table;  // [taps]: where a tap stands in the bordered copy
  int32_t* position_table;  // [out_h * out_w]: where an output position's window begins in the bordered copy
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

// Where a dense layer's outputs go: y, [samples][outputs] with y_stride floats a row, and turned, [outputs][padded
// batch], which the dense layer behind reads as it is; either may be null. Padding of turned is finite, nothing more.
struct DenseOutputs {
  float* y;
  int64_t y_stride;
  float* turned;
};

// A dense layer's backward pass. dx may be null. With dw the gradient of the weights is stored there, without it the
// weights and the optimizer's moments (null where it has none) are updated.
struct DenseGradient {
  const float *g, *turned_g, *x;  // turned_g: [outputs][padded batch], as transpose() makes it
  int64_t g_stride, x_stride;
  float* dx;
  int64_t dx_stride;
  float *w, *dw, *db, *moment1, *moment2;
  float rate, correction1, correction2;
};

struct KernelTable {
  const char* name;
  int lanes;
  int64_t (*convolution_table_count)(const lamella_op& op);
  Convolution (*make_convolution)(const lamella_op& op, int32_t* tables);
  int64_t (*convolution_workspace_floats)(const lamella_op& op, int samples);
  int64_t (*convolution_backward_workspace_floats)(const lamella_op& op, int samples);
  int64_t (*convolution_partial_floats)(const lamella_op& op);
  void (*convolution_forward)(const Convolution& s, int samples, const float* w, const float* packed, const float* bias,
                              const ConvolutionMaps& maps, float* work);
  void (*convolution_backward)(const Convolution& s, int samples, const float* w, const float* packed,
                               const ConvolutionMaps& maps, float* partial, bool accumulate, float* work);
  void (*pack_filters)(const lamella_op& op, const float* w, float* packed, int64_t first, int64_t last);
  void (*join_convolution)(const lamella_op& op, float* partials, int64_t stride, int chunks, float* dw, float* db,
                           int64_t first, int64_t last);
  int64_t (*pool_workspace_floats)(const lamella_op& op);
  void (*pool_forward)(const lamella_op& op, const float* x, float* y, int32_t* index, float* work);
  void (*pool_backward)(const lamella_op& op, const float* dy, const int32_t* index, float* dx);
  void (*activate_forward)(const lamella_op& op, const float* x, float* y);
  void (*activate_backward)(const lamella_op& op, const float* y, const float* dy, float* dx);
  void (*copy)(const lamella_op& op, const float* x, float* y);
  void (*mask)(const lamella_op& op, const float* input, const float* x, float* y);
  void (*dropout)(const lamella_op& op, const float* x, float* y, int64_t sample, int64_t step, int64_t seed);
  void (*norm_moments)(const lamella_op& op, const float* x, double* partial);
  void (*norm_statistics)(const lamella_op& op, const double* partials, int chunks, int samples, float* statistics,
                          float* running);
  void (*norm_frozen)(const lamella_op& op, const float* running, float* statistics);
  void (*normalize)(const lamella_op& op, const float* x, const float* statistics, const float* gamma,
                    const float* beta, float* y);
  void (*norm_gradient_sums)(const lamella_op& op, const float* x, const float* y, const float* dy,
                             const float* statistics, const float* gamma, const float* beta, double* partial);
  void (*norm_gradient)(const lamella_op& op, const double* partials, int chunks, int samples, float* dgamma,
                        float* dbeta, float* auxiliary);
  void (*norm_backward)(const lamella_op& op, const float* x, const float* y, const float* dy, const float* statistics,
                        const float* gamma, const float* beta, const float* auxiliary, float* dx);
  void (*loss)(const lamella_op& op, const float* logits, const float* targets, const float* mask,
               const float* positive_weights, float scale, float* gradient, lamella_tally* tally);
  void (*probability)(const lamella_op& op, const float* logits, float* y);
  int64_t (*dense_padded_batch)(int batch);
  int64_t (*transpose_units)(const lamella_op& op);
  void (*transpose)(const lamella_op& op, int samples, int64_t stride, const float* x, float* y, int64_t unit);
  int64_t (*dense_units)(const lamella_op& op);
  void (*dense_forward)(const lamella_op& op, int samples, const float* xt, const float* w, const float* bias,
                        const DenseOutputs& out, int64_t unit, float* work);
  void (*dense_slice)(const lamella_op& op, int samples, const float* x, int64_t x_stride, const float* w,
                      float* partial, int64_t slice, float* work);
  void (*dense_join)(const lamella_op& op, int samples, const float* partials, int64_t stride, const float* bias,
                     const DenseOutputs& out, int64_t unit, float* work);
  int64_t (*dense_workspace_floats)(int batch);
  int64_t (*dense_backward_units)(const lamella_op& op);
  void (*dense_backward)(const lamella_op& op, int samples, const DenseGradient& d, int64_t unit, float* work);
  int64_t (*dense_backward_workspace_floats)(const lamella_op& op, int batch);
  void (*update)(const lamella_op& op, float* w, const float* g, float* m1, float* m2, float rate, float correction1,
                 float correction2, int64_t first, int64_t last);
  double (*peak_iterations)(int64_t rounds, float* sink);
};

// The best level of this machine, or the one named; null if the name is unknown or the machine cannot run it.
const KernelTable* best_kernels();
const KernelTable* find_kernels(const char* name);

}  // namespace lamella
