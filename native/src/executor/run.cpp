// Runs a program's stages: for every unit, which kernel with which pointers.
#include <string.h>

#include "program.h"

namespace lamella {
namespace {

// Pointers of an operator's operands, as seen by one thread.
class View {
 public:
  // group: first sample of the group at work; thread-local maps hold the samples of one group.
  View(const lamella_program& program, const lamella_op& op, int thread, int64_t group = 0)
      : p_(program), op_(op), thread_(thread), group_(group) {}

  char* at(int slot, int64_t sample = 0) const {
    const lamella_operand& o = op_.operand[slot];
    char* base = start(o.space);
    if (o.space == LAMELLA_LOCAL) sample -= group_;
    return base ? base + o.offset + sample * o.stride : nullptr;
  }
  float* floats(int slot, int64_t sample = 0) const { return reinterpret_cast<float*>(at(slot, sample)); }
  double* doubles(int slot, int64_t part = 0) const { return reinterpret_cast<double*>(at(slot, part)); }
  int64_t stride(int slot) const { return op_.operand[slot].stride / static_cast<int64_t>(sizeof(float)); }
  float* work() const { return reinterpret_cast<float*>(p_.workspaces.data() + thread_ * p_.workspace_bytes); }

 private:
  char* start(int32_t space) const {
    switch (space) {
      case LAMELLA_NOWHERE: return nullptr;
      case LAMELLA_ARENA: return p_.arena.data();
      case LAMELLA_LOCAL: return p_.locals.data() + thread_ * p_.local_bytes;
      case LAMELLA_INPUT: return reinterpret_cast<char*>(const_cast<float*>(p_.now.input));
      case LAMELLA_TARGET: return reinterpret_cast<char*>(const_cast<float*>(p_.now.targets));
      case LAMELLA_OUTPUT: return reinterpret_cast<char*>(p_.now.output);
      default: return p_.weights->spaces[space].data();
    }
  }

  const lamella_program& p_;
  const lamella_op& op_;
  int thread_;
  int64_t group_;
};

ConvolutionMaps maps_of(const lamella_op& op, const View& v, int64_t n) {
  return {v.floats(LAMELLA_X, n),  v.floats(LAMELLA_Y, n),           reinterpret_cast<uint8_t*>(v.at(LAMELLA_INDEX, n)),
          v.floats(LAMELLA_DY, n), v.floats(LAMELLA_DX, n),          v.stride(LAMELLA_X),
          v.stride(LAMELLA_Y),     op.operand[LAMELLA_INDEX].stride, v.stride(LAMELLA_DY),
          v.stride(LAMELLA_DX)};
}

void run_sample_op(const lamella_program& p, const lamella_op& op, int64_t n, int64_t chunk, const View& v) {
  const KernelTable& k = *p.kernels;
  uint8_t* index = reinterpret_cast<uint8_t*>(v.at(LAMELLA_INDEX, n));
  switch (op.kind) {
    case LAMELLA_POOL:
      k.pool_forward(op, v.floats(LAMELLA_X, n), v.floats(LAMELLA_Y, n), reinterpret_cast<int32_t*>(index), v.work());
      break;
    case LAMELLA_POOL_BACKWARD:
      k.pool_backward(op, v.floats(LAMELLA_DY, n), reinterpret_cast<int32_t*>(index), v.floats(LAMELLA_DX, n));
      break;
    case LAMELLA_ACTIVATE: k.activate_forward(op, v.floats(LAMELLA_X, n), v.floats(LAMELLA_Y, n)); break;
    case LAMELLA_ACTIVATE_BACKWARD:
      k.activate_backward(op, v.floats(LAMELLA_Y, n), v.floats(LAMELLA_DY, n), v.floats(LAMELLA_DX, n));
      break;
    case LAMELLA_NORMALIZE:
      k.normalize(op, v.floats(LAMELLA_X, n), v.floats(LAMELLA_STATISTICS), v.floats(LAMELLA_WEIGHT),
                  v.floats(LAMELLA_BIAS), v.floats(LAMELLA_Y, n));
      break;
    case LAMELLA_NORM_MOMENTS: k.norm_moments(op, v.floats(LAMELLA_X, n), v.doubles(LAMELLA_PARTIAL, chunk)); break;
    case LAMELLA_NORM_GRADIENT_SUMS:
      k.norm_gradient_sums(op, v.floats(LAMELLA_X, n), v.floats(LAMELLA_Y, n), v.floats(LAMELLA_DY, n),
                           v.floats(LAMELLA_STATISTICS), v.floats(LAMELLA_WEIGHT), v.floats(LAMELLA_BIAS),
                           v.doubles(LAMELLA_PARTIAL, chunk));
      break;
    case LAMELLA_NORM_BACKWARD:
      k.norm_backward(op, v.floats(LAMELLA_X, n), v.floats(LAMELLA_Y, n), v.floats(LAMELLA_DY, n),
                      v.floats(LAMELLA_STATISTICS), v.floats(LAMELLA_WEIGHT), v.floats(LAMELLA_BIAS),
                      v.floats(LAMELLA_AUXILIARY), v.floats(LAMELLA_DX, n));
      break;
    case LAMELLA_MASK:
      k.mask(op, v.floats(LAMELLA_AUXILIARY, n), v.floats(LAMELLA_X, n), v.floats(LAMELLA_Y, n));
      break;
    case LAMELLA_DROPOUT:
      k.dropout(op, v.floats(LAMELLA_X, n), v.floats(LAMELLA_Y, n), n, p.now.step, p.now.seed);
      break;
    case LAMELLA_COPY: k.copy(op, v.floats(LAMELLA_X, n), v.floats(LAMELLA_Y, n)); break;
    case LAMELLA_LOSS: {
      const float* mask = p.now.mask ? p.now.mask + n * op.count : nullptr;
      k.loss(op, v.floats(LAMELLA_X, n), p.now.targets + n * op.count, mask, p.positive_weights, p.now.gradient_scale,
             v.floats(LAMELLA_DX, n), reinterpret_cast<lamella_tally*>(v.at(LAMELLA_PARTIAL, chunk)));
      break;
    }
    case LAMELLA_PROBABILITY: k.probability(op, v.floats(LAMELLA_X, n), v.floats(LAMELLA_Y, n)); break;
  }
}

// One operator over the samples [first, last) of a group: convolutions take them together, all others one by one.
void run_group_op(const lamella_program& p, const lamella_op& op, int64_t first, int64_t last, int64_t chunk,
                  int thread) {
  View v(p, op, thread, first);
  const Convolution& convolution = p.convolutions[&op - p.ops];
  int samples = static_cast<int>(last - first);
  if (op.kind == LAMELLA_CONVOLUTION) {
    p.kernels->convolution_forward(convolution, samples, v.floats(LAMELLA_WEIGHT), v.floats(LAMELLA_AUXILIARY),
                                   v.floats(LAMELLA_BIAS), maps_of(op, v, first), v.work());
  } else if (op.kind == LAMELLA_CONVOLUTION_BACKWARD) {
    p.kernels->convolution_backward(convolution, samples, v.floats(LAMELLA_WEIGHT), v.floats(LAMELLA_AUXILIARY),
                                    maps_of(op, v, first), v.floats(LAMELLA_PARTIAL, chunk), op.accumulate != 0,
                                    v.work());
  } else {
    for (int64_t n = first; n < last; n++) run_sample_op(p, op, n, chunk, v);
  }
}

constexpr int64_t kFilterSlice = 16;  // whole vectors at every level
constexpr int64_t kUpdateFloats = 32768;

// The part of n elements that a unit works on.
struct Slice {
  int64_t first, last;
};

Slice slice(int64_t unit, int64_t size, int64_t n) {
  int64_t last = (unit + 1) * size;
  return {unit * size, last < n ? last : n};
}

int64_t units_of(const lamella_program& p, const lamella_op& op) {
  switch (op.kind) {
    case LAMELLA_TRANSPOSE: return p.kernels->transpose_units(op);
    case LAMELLA_DENSE: return p.kernels->dense_units(op);
    case LAMELLA_DENSE_SLICE: return op.count;
    case LAMELLA_DENSE_JOIN: return p.kernels->dense_units(op);
    case LAMELLA_DENSE_BACKWARD: return p.kernels->dense_backward_units(op);
    case LAMELLA_PACK_FILTERS:
    case LAMELLA_JOIN_CONVOLUTION: return (op.filters + kFilterSlice - 1) / kFilterSlice;
    case LAMELLA_UPDATE: return (op.count + kUpdateFloats - 1) / kUpdateFloats;
    default: return 1;
  }
}

void run_batch_op(lamella_program& p, const lamella_op& op, int64_t unit, int thread) {
  const KernelTable& k = *p.kernels;
  View v(p, op, thread);
  const int samples = p.now.samples, chunks = (samples + p.chunk - 1) / p.chunk;
  switch (op.kind) {
    case LAMELLA_TRANSPOSE:
      k.transpose(op, samples, v.stride(LAMELLA_X), v.floats(LAMELLA_X), v.floats(LAMELLA_Y), unit);
      break;
    case LAMELLA_DENSE:
      k.dense_forward(op, samples, v.floats(LAMELLA_X), v.floats(LAMELLA_WEIGHT), v.floats(LAMELLA_BIAS),
                      {v.floats(LAMELLA_Y), v.stride(LAMELLA_Y), v.floats(LAMELLA_AUXILIARY)}, unit, v.work());
      break;
    case LAMELLA_DENSE_SLICE:
      k.dense_slice(op, samples, v.floats(LAMELLA_X), v.stride(LAMELLA_X), v.floats(LAMELLA_WEIGHT),
                    v.floats(LAMELLA_PARTIAL, unit), unit, v.work());
      break;
    case LAMELLA_DENSE_JOIN:
      k.dense_join(op, samples, v.floats(LAMELLA_PARTIAL), v.stride(LAMELLA_PARTIAL), v.floats(LAMELLA_BIAS),
                   {v.floats(LAMELLA_Y), v.stride(LAMELLA_Y), v.floats(LAMELLA_AUXILIARY)}, unit, v.work());
      break;
    case LAMELLA_DENSE_BACKWARD: {
      DenseGradient d{v.floats(LAMELLA_DY),
                      v.floats(LAMELLA_AUXILIARY),
                      v.floats(LAMELLA_X),
                      v.stride(LAMELLA_DY),
                      v.stride(LAMELLA_X),
                      v.floats(LAMELLA_DX),
                      v.stride(LAMELLA_DX),
                      v.floats(LAMELLA_WEIGHT),
                      v.floats(LAMELLA_DWEIGHT),
                      v.floats(LAMELLA_DBIAS),
                      v.floats(LAMELLA_MOMENT1),
                      v.floats(LAMELLA_MOMENT2),
                      p.now.rate,
                      p.now.correction1,
                      p.now.correction2};
      k.dense_backward(op, samples, d, unit, v.work());
      break;
    }
    case LAMELLA_NORM_STATISTICS:
      k.norm_statistics(op, v.doubles(LAMELLA_PARTIAL), chunks, samples, v.floats(LAMELLA_STATISTICS),
                        v.floats(LAMELLA_RUNNING));
      break;
    case LAMELLA_NORM_FROZEN: k.norm_frozen(op, v.floats(LAMELLA_RUNNING), v.floats(LAMELLA_STATISTICS)); break;
    case LAMELLA_NORM_GRADIENT:
      k.norm_gradient(op, v.doubles(LAMELLA_PARTIAL), chunks, samples, v.floats(LAMELLA_DWEIGHT),
                      v.floats(LAMELLA_DBIAS), v.floats(LAMELLA_AUXILIARY));
      break;
    case LAMELLA_JOIN_CONVOLUTION: {
      Slice s = slice(unit, kFilterSlice, op.filters);
      k.join_convolution(op, v.floats(LAMELLA_PARTIAL), v.stride(LAMELLA_PARTIAL), chunks, v.floats(LAMELLA_DWEIGHT),
                         v.floats(LAMELLA_DBIAS), s.first, s.last);
      break;
    }
    case LAMELLA_PACK_FILTERS: {
      Slice s = slice(unit, kFilterSlice, op.filters);
      k.pack_filters(op, v.floats(LAMELLA_WEIGHT), v.floats(LAMELLA_AUXILIARY), s.first, s.last);
      break;
    }
    case LAMELLA_JOIN_LOSS: {
      p.tally = {};
      for (int c = 0; c < chunks; c++) {
        const lamella_tally& part = *reinterpret_cast<const lamella_tally*>(v.at(LAMELLA_PARTIAL, c));
        p.tally.loss += part.loss, p.tally.known += part.known, p.tally.exact += part.exact;
        p.tally.true_positives += part.true_positives, p.tally.false_positives += part.false_positives;
        p.tally.false_negatives += part.false_negatives;
      }
      break;
    }
    case LAMELLA_UPDATE: {
      Slice s = slice(unit, kUpdateFloats, op.count);
      k.update(op, v.floats(LAMELLA_WEIGHT), v.floats(LAMELLA_DWEIGHT), v.floats(LAMELLA_MOMENT1),
               v.floats(LAMELLA_MOMENT2), p.now.rate, p.now.correction1, p.now.correction2, s.first, s.last);
      break;
    }
  }
}

struct StageRun {
  lamella_program* program;
  const lamella_stage* stage;
};

void run_unit(void* context, int64_t unit, int thread) {
  StageRun& run = *static_cast<StageRun*>(context);
  lamella_program& p = *run.program;
  const lamella_op* first = p.ops + run.stage->first;
  const lamella_op* last = first + run.stage->count;
  if (run.stage->schedule == LAMELLA_BY_UNIT) {
    Stopwatch watch(p.profile, thread, first - p.ops);
    return run_batch_op(p, *first, unit, thread);
  }
  const int64_t group = run.stage->group, samples = p.now.samples;
  int64_t size = group;
  if (run.stage->schedule == LAMELLA_BY_CHUNK) {
    size = p.chunk;
    for (const lamella_op* op = first; op < last; op++)
      if (op->operand[LAMELLA_PARTIAL].space != LAMELLA_NOWHERE)
        memset(View(p, *op, thread).at(LAMELLA_PARTIAL, unit), 0, op->operand[LAMELLA_PARTIAL].stride);
  }
  Slice own = slice(unit, size, samples);
  for (int64_t n = own.first; n < own.last; n += group) {
    int64_t end = n + group < own.last ? n + group : own.last;
    for (const lamella_op* op = first; op < last; op++) {
      Stopwatch watch(p.profile, thread, op - p.ops);
      run_group_op(p, *op, n, end, unit, thread);
    }
  }
}

}  // namespace

void run_stages(lamella_program& p) {
  for (int64_t s = 0; s < p.stage_count; s++) {
    StageRun run{&p, p.stages + s};
    int64_t units = (p.now.samples + run.stage->group - 1) / run.stage->group;
    if (run.stage->schedule == LAMELLA_BY_CHUNK) units = (p.now.samples + p.chunk - 1) / p.chunk;
    if (run.stage->schedule == LAMELLA_BY_UNIT) units = units_of(p, p.ops[run.stage->first]);
    p.pool.run(units, run_unit, &run);
  }
}

}  // namespace lamella
