// Dense layers over the whole batch, forward.
//   y[n][o] = act(b[o] + sum_k x[n][k] * w[o][k])
// The weights are never repacked: they are the broadcast operand of the tile, and the transposed batch is the vector
// operand. A layer with many inputs is split along its inputs instead of its outputs, so that each weight is read once
// and its part of the batch stays in the second-level cache.
#include "activation.h"
#include "gemm_tile.h"
#include "kernels.h"
#include "transpose.h"

namespace lamella::LAMELLA_ISA {
namespace {

constexpr int64_t kDepthBlock = 256;     // inputs whose transposed batch stays in the second-level cache
constexpr int64_t kOutputGroup = 24;     // outputs of a unit: whole tiles for every tile height, units for many threads
constexpr int64_t kTransposeBlock = 64;  // inputs of a transpose unit

// Rows [first, last) of inputs, transposed, with zeros up to whole vectors of samples.
void transpose_inputs(int samples, int64_t stride, const float* x, int64_t first, int64_t last, float* y) {
  int64_t wide = padded_columns(samples);
  transpose_block(samples, last - first, x + first, stride, y, wide);
  for (int64_t k = 0; k < last - first && samples < wide; k++)
    for (int64_t n = samples; n < wide; n++) y[k * wide + n] = 0;
}

// Adds the bias to sums [rows][samples], applies the activation, and writes the results to y and to transposed, which
// the next dense layer reads.
void write_outputs(const lamella_dense& op, int samples, int64_t first, int64_t rows, float* sums, const float* bias,
                   const DenseOutputs& out) {
  int64_t wide = padded_columns(samples);
  float* to = out.transposed ? out.transposed + first * wide : sums;
  for (int64_t m = 0; m < rows; m++)
    activate_all(op.activation.kind, op.activation.slope, out.transposed ? wide : samples, sums + m * wide, 1.0f,
                 bias ? bias[first + m] : 0.0f, to + m * wide);
  if (out.y) transpose_block(rows, samples, to, wide, out.y + first, out.y_stride);
}

}  // namespace

int64_t dense_padded_batch(int batch) { return padded_columns(batch); }

int64_t transpose_units(const lamella_elements& op) { return (op.count + kTransposeBlock - 1) / kTransposeBlock; }

void transpose(const lamella_elements& op, int samples, int64_t stride, const float* x, float* y, int64_t unit) {
  int64_t first = unit * kTransposeBlock, last = smaller<int64_t>(first + kTransposeBlock, op.count);
  transpose_inputs(samples, stride, x, first, last, y + first * padded_columns(samples));
}

int64_t dense_units(const lamella_dense& op) { return (op.outputs + kOutputGroup - 1) / kOutputGroup; }

int64_t dense_workspace_floats(int batch) { return larger(kOutputGroup, kDepthBlock) * padded_columns(batch); }

void dense_forward(const lamella_dense& op, int samples, const float* xt, const float* w, const float* bias,
                   const DenseOutputs& out, int64_t unit, float* work) {
  int64_t inputs = op.inputs, wide = padded_columns(samples);
  int64_t first = unit * kOutputGroup, rows = smaller<int64_t>(kOutputGroup, op.outputs - first);
  for (int64_t k = 0; k < inputs; k += kDepthBlock) {
    int64_t depth = smaller(kDepthBlock, inputs - k);
    for_each_tile(rows, samples, [&](int64_t m, int64_t n) {
      return Tile{depth,   w + (first + m) * inputs + k, inputs, 1,    nullptr, xt + k * wide + n, wide,
                  nullptr, work + m * wide + n,          wide,   k > 0};
    });
  }
  write_outputs(op, samples, first, rows, work, bias, out);
}

void dense_slice(const lamella_dense& op, int samples, const float* x, int64_t x_stride, const float* w, float* partial,
                 int64_t slice, float* work) {
  int64_t inputs = op.inputs, wide = padded_columns(samples), length = (inputs + op.slices - 1) / op.slices;
  int64_t begin = smaller(slice * length, inputs), end = smaller(begin + length, inputs);
  if (begin == end) __builtin_memset(partial, 0, op.outputs * wide * sizeof(float));
  for (int64_t k = begin; k < end; k += kDepthBlock) {
    int64_t depth = smaller(kDepthBlock, end - k);
    transpose_inputs(samples, x_stride, x, k, k + depth, work);
    for (int64_t o = 0; o < op.outputs; o += kOutputGroup)
      for_each_tile(smaller<int64_t>(kOutputGroup, op.outputs - o), samples, [&](int64_t m, int64_t n) {
        return Tile{depth,   w + (o + m) * inputs + k,     inputs, 1,        nullptr, work + n, wide,
                    nullptr, partial + (o + m) * wide + n, wide,   k > begin};
      });
  }
}

void dense_join(const lamella_dense& op, int samples, const float* partials, int64_t stride, const float* bias,
                const DenseOutputs& out, int64_t unit, float* work) {
  int64_t wide = padded_columns(samples);
  int64_t first = unit * kOutputGroup, rows = smaller<int64_t>(kOutputGroup, op.outputs - first);
  for (int64_t i = 0; i < rows * wide; i += kLanes) {
    Vector total = load(partials + first * wide + i);
    for (int64_t s = 1; s < op.slices; s++) total += load(partials + s * stride + first * wide + i);
    store(work + i, total);
  }
  write_outputs(op, samples, first, rows, work, bias, out);
}

namespace {

DenseOutputs outputs_of(const Call& c) {
  return {c.floats(LAMELLA_Y), c.float_stride(LAMELLA_Y), c.floats(LAMELLA_AUXILIARY)};
}

int64_t units(const lamella_op& op) { return dense_units(op.work.dense); }

int64_t workspace_floats(const lamella_op&, const WorkspaceScope& scope) { return dense_workspace_floats(scope.batch); }

}  // namespace

const Operator transpose_operator = {[](const Call& c) {
                                       transpose(c.op->work.elements, c.samples(), c.float_stride(LAMELLA_X),
                                                 c.floats(LAMELLA_X), c.floats(LAMELLA_Y), c.unit);
                                     },
                                     [](const lamella_op& op) { return transpose_units(op.work.elements); }};

const Operator dense_operator = {[](const Call& c) {
                                   dense_forward(c.op->work.dense, c.samples(), c.floats(LAMELLA_X),
                                                 c.floats(LAMELLA_WEIGHT), c.floats(LAMELLA_BIAS), outputs_of(c),
                                                 c.unit, c.work);
                                 },
                                 units, workspace_floats};

const Operator dense_slice_operator = {
    [](const Call& c) {
      dense_slice(c.op->work.dense, c.samples(), c.floats(LAMELLA_X), c.float_stride(LAMELLA_X),
                  c.floats(LAMELLA_WEIGHT), c.floats(LAMELLA_PARTIAL, c.unit), c.unit, c.work);
    },
    [](const lamella_op& op) { return static_cast<int64_t>(op.work.dense.slices); }, workspace_floats};

const Operator dense_join_operator = {[](const Call& c) {
                                        dense_join(c.op->work.dense, c.samples(), c.floats(LAMELLA_PARTIAL),
                                                   c.float_stride(LAMELLA_PARTIAL), c.floats(LAMELLA_BIAS),
                                                   outputs_of(c), c.unit, c.work);
                                      },
                                      units, workspace_floats};

}  // namespace lamella::LAMELLA_ISA
