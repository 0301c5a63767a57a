// Every kernel of one instruction level: pure functions over pointers and shapes. No allocation, no threads, no
// errors; their checks were made when the program was built. `work` is the thread's workspace, of at least the bytes
// that workspace_floats() asks for.
#pragma once

#include "../../include/lamella.h"
#include "kernel_table.h"
#include "vector.h"

namespace lamella::LAMELLA_LEVEL {

int64_t convolution_table_count(const lamella_op& op);
Convolution make_convolution(const lamella_op& op, int32_t* tables);
int64_t convolution_workspace_floats(const lamella_op& op, int samples);
int64_t convolution_backward_workspace_floats(const lamella_op& op, int samples);
// Floats of one chunk's partial sums: filter gradient as the algorithm lays it out, then bias gradient [filters].
int64_t convolution_partial_floats(const lamella_op& op);

// Reads maps.x, writes maps.y and maps.index. packed: the filters as pack_filters() lays them out for this algorithm; w
// is read by the direct one.
void convolution_forward(const Convolution& s, int samples, const float* w, const float* packed, const float* bias,
                         const ConvolutionMaps& maps, float* work);
// Reads maps.x, y, dy and index; adds to partial, writes maps.dx.
void convolution_backward(const Convolution& s, int samples, const float* w, const float* packed,
                          const ConvolutionMaps& maps, float* partial, bool accumulate, float* work);
// Filters [first, last) in the layout of op.algorithm.
void pack_filters(const lamella_op& op, const float* w, float* packed, int64_t first, int64_t last);
void join_convolution(const lamella_op& op, float* partials, int64_t stride, int chunks, float* dw, float* db,
                      int64_t first, int64_t last);

int64_t pool_workspace_floats(const lamella_op& op);
void pool_forward(const lamella_op& op, const float* x, float* y, int32_t* index, float* work);
void pool_backward(const lamella_op& op, const float* dy, const int32_t* index, float* dx);

void activate_forward(const lamella_op& op, const float* x, float* y);
void activate_backward(const lamella_op& op, const float* y, const float* dy, float* dx);
void copy(const lamella_op& op, const float* x, float* y);
// y (+)= x with the units whose counter falls below the rate set to 0, the others scaled by 1 / (1 - rate).
// Keeps the columns of a map that come from a sequence and covers those that come from its padding; `input`: the
// network's.
void mask(const lamella_op& op, const float* input, const float* x, float* y);
void dropout(const lamella_op& op, const float* x, float* y, int64_t sample, int64_t step, int64_t seed);

// Batch norm. statistics: mean[channels], then 1 / standard deviation[channels]. Partials are doubles, two a channel.
void norm_moments(const lamella_op& op, const float* x, double* partial);
void norm_statistics(const lamella_op& op, const double* partials, int chunks, int samples, float* statistics,
                     float* running);
void norm_frozen(const lamella_op& op, const float* running, float* statistics);
void normalize(const lamella_op& op, const float* x, const float* statistics, const float* gamma, const float* beta,
               float* y);
void norm_gradient_sums(const lamella_op& op, const float* x, const float* y, const float* dy, const float* statistics,
                        const float* gamma, const float* beta, double* partial);
// y is read for tanh and sigmoid only, here and in norm_backward().
// auxiliary: mean of g and mean of g * xhat, [channels] each.
void norm_gradient(const lamella_op& op, const double* partials, int chunks, int samples, float* dgamma, float* dbeta,
                   float* auxiliary);
void norm_backward(const lamella_op& op, const float* x, const float* y, const float* dy, const float* statistics,
                   const float* gamma, const float* beta, const float* auxiliary, float* dx);

// Sigmoid cross-entropy of one sample; adds its unscaled loss and its hits and misses to *tally, writes the scaled
// gradient.
void loss(const lamella_op& op, const float* logits, const float* targets, const float* mask,
          const float* positive_weights, float scale, float* gradient, lamella_tally* tally);
void probability(const lamella_op& op, const float* logits, float* y);

// Dense layers over the batch; each call does the part [first, last) of what *_units() says.
int64_t dense_padded_batch(int batch);
int64_t transpose_units(const lamella_op& op);
void transpose(const lamella_op& op, int samples, int64_t stride, const float* x, float* y, int64_t unit);
int64_t dense_units(const lamella_op& op);
void dense_forward(const lamella_op& op, int samples, const float* xt, const float* w, const float* bias,
                   const DenseOutputs& out, int64_t unit, float* work);
// A layer of many inputs, cut into op.count slices of them: sums of one slice, [outputs][padded batch], then their
// join.
void dense_slice(const lamella_op& op, int samples, const float* x, int64_t x_stride, const float* w, float* partial,
                 int64_t slice, float* work);
void dense_join(const lamella_op& op, int samples, const float* partials, int64_t stride, const float* bias,
                const DenseOutputs& out, int64_t unit, float* work);
int64_t dense_workspace_floats(int batch);
int64_t dense_backward_units(const lamella_op& op);
void dense_backward(const lamella_op& op, int samples, const DenseGradient& d, int64_t unit, float* work);
int64_t dense_backward_workspace_floats(const lamella_op& op, int batch);

// One slice [first, last) of an optimizer update.
void update(const lamella_op& op, float* w, const float* g, float* m1, float* m2, float rate, float correction1,
            float correction2, int64_t first, int64_t last);

double peak_iterations(int64_t rounds, float* sink);  // returns multiply-adds done, counted as two operations each

}  // namespace lamella::LAMELLA_LEVEL
