// Runs the stages of a program: calls the operators of every unit with their pointers.
#include <string.h>

#include "program.h"

namespace lamella {
namespace {

char* start_of(const lamella_program& p, int32_t space, int thread) {
  switch (space) {
    case LAMELLA_NOWHERE: return nullptr;
    case LAMELLA_ARENA: return p.arena.data();
    case LAMELLA_LOCAL: return p.locals.data() + thread * p.local_bytes;
    case LAMELLA_INPUT: return reinterpret_cast<char*>(const_cast<float*>(p.now.input));
    case LAMELLA_TARGET: return reinterpret_cast<char*>(const_cast<float*>(p.now.targets));
    case LAMELLA_OUTPUT: return reinterpret_cast<char*>(p.now.output);
    default: return p.weights->spaces[space].data();
  }
}

int chunks_of(const lamella_program& p) { return (p.now.samples + p.chunk - 1) / p.chunk; }

// A call of an operator by one thread. first: the first sample of the group; thread-local maps hold one group.
Call call_of(lamella_program& p, const lamella_op& op, int thread, int64_t first) {
  Call c;
  c.op = &op, c.step = &p.now, c.positive_weights = p.positive_weights, c.tally = &p.tally;
  c.convolution = p.convolutions + (&op - p.ops);
  c.work = reinterpret_cast<float*>(p.workspaces.data() + thread * p.workspace_bytes);
  c.first = first, c.last = first, c.chunk = 0, c.unit = 0, c.chunks = chunks_of(p);
  for (int slot = 0; slot < LAMELLA_SLOTS; slot++) {
    const lamella_operand& o = op.operand[slot];
    char* start = start_of(p, o.space, thread);
    int64_t shift = o.offset - (o.space == LAMELLA_LOCAL ? first * o.stride : 0);
    c.base[slot] = start ? start + shift : nullptr;
    c.stride[slot] = o.stride;
  }
  return c;
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
    Call call = call_of(p, *first, thread, 0);
    call.unit = unit;
    return p.kernels->operator_of(*first).run(call);
  }
  const int64_t group = run.stage->group, samples = p.now.samples;
  int64_t size = group;
  if (run.stage->schedule == LAMELLA_BY_CHUNK) {
    size = p.chunk;
    for (const lamella_op* op = first; op < last; op++)
      if (op->operand[LAMELLA_PARTIAL].space != LAMELLA_NOWHERE)
        memset(call_of(p, *op, thread, 0).at(LAMELLA_PARTIAL, unit), 0, op->operand[LAMELLA_PARTIAL].stride);
  }
  Slice own = slice(unit, size, samples);
  for (int64_t n = own.first; n < own.last; n += group) {
    int64_t end = n + group < own.last ? n + group : own.last;
    for (const lamella_op* op = first; op < last; op++) {
      Stopwatch watch(p.profile, thread, op - p.ops);
      Call call = call_of(p, *op, thread, n);
      call.last = end, call.chunk = unit;
      p.kernels->operator_of(*op).run(call);
    }
  }
}

}  // namespace

void run_stages(lamella_program& p) {
  for (int64_t s = 0; s < p.stage_count; s++) {
    StageRun run{&p, p.stages + s};
    int64_t units = units_of(p.now.samples, run.stage->group);
    if (run.stage->schedule == LAMELLA_BY_CHUNK) units = chunks_of(p);
    if (run.stage->schedule == LAMELLA_BY_UNIT) {
      const lamella_op& op = p.ops[run.stage->first];
      const Operator& batch = p.kernels->operator_of(op);
      units = batch.units ? batch.units(op) : 1;
    }
    p.pool.run(units, run_unit, &run);
  }
}

}  // namespace lamella
