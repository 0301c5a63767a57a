// An operator as the executor sees it, and the arguments of its kernels.
#pragma once

#include "../../include/lamella.h"

namespace lamella {

struct Convolution;

// The inputs of a step, shared by all its units; rewritten by each step.
struct StepInputs {
  int32_t samples;
  const float *input, *targets, *mask;
  float* output;
  float gradient_scale, rate, correction1, correction2;
  int64_t step, seed;
};

// One call of an operator. Sample operators process samples [first, last); batch operators one unit of the whole batch.
struct Call {
  const lamella_op* op;
  const StepInputs* step;
  const float* positive_weights;   // of the loss, or null
  const Convolution* convolution;  // of convolutions
  float* work;                     // the thread's workspace
  lamella_tally* tally;            // of the step
  int64_t first, last;
  int64_t chunk;  // a sample operator adds to the partial sums of this chunk
  int64_t unit;
  int chunks;                     // of the step
  char* base[LAMELLA_SLOTS];      // of sample 0 (or chunk 0); null for a missing operand
  int64_t stride[LAMELLA_SLOTS];  // bytes from one sample (or chunk) to the next

  int samples() const { return step->samples; }
  bool accumulate() const { return op->accumulate != 0; }
  char* at(int slot, int64_t sample = 0) const { return base[slot] ? base[slot] + sample * stride[slot] : nullptr; }
  float* floats(int slot, int64_t sample = 0) const { return reinterpret_cast<float*>(at(slot, sample)); }
  double* doubles(int slot, int64_t part = 0) const { return reinterpret_cast<double*>(at(slot, part)); }
  int64_t float_stride(int slot) const { return stride[slot] / static_cast<int64_t>(sizeof(float)); }

  // f(sample) for each of the call's samples.
  template <typename F>
  void each_sample(F f) const {
    for (int64_t n = first; n < last; n++) f(n);
  }
};

// The number of samples for which a workspace must suffice.
struct WorkspaceScope {
  int group;  // samples of one call, for sample operators
  int batch;  // samples of the batch, for batch operators
};

struct Operator {
  void (*run)(const Call& call);
  // The number of units of a batch operator, from its shape; null for 1.
  int64_t (*units)(const lamella_op& op) = nullptr;
  // Floats of workspace that a call needs; null for none.
  int64_t (*workspace_floats)(const lamella_op& op, const WorkspaceScope& scope) = nullptr;
  // The convolution whose tables a call needs; null if it needs none.
  const lamella_convolution* (*convolution)(const lamella_op& op) = nullptr;
};

// Range [first, last) of elements.
struct Slice {
  int64_t first, last;
};

// The part of n elements that belongs to a unit, with `size` elements per unit.
inline Slice slice(int64_t unit, int64_t size, int64_t n) {
  int64_t last = (unit + 1) * size;
  return {unit * size, last < n ? last : n};
}

inline int64_t units_of(int64_t n, int64_t size) { return (n + size - 1) / size; }

}  // namespace lamella
