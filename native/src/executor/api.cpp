// The C interface: makes, runs and frees programs and weights.
#include <string.h>

#include <initializer_list>
#include <new>

#include "program.h"

using namespace lamella;

namespace lamella {
void run_stages(lamella_program& p);
}

namespace {

int64_t workspace_of(const KernelTable& k, const lamella_op* ops, const lamella_stage* stages, int64_t count,
                     int32_t batch) {
  int64_t most = 0;
  for (const lamella_stage* stage = stages; stage < stages + count; stage++)
    for (const lamella_op* op = ops + stage->first; op < ops + stage->first + stage->count; op++) {
      auto floats_of = k.operator_of(*op).workspace_floats;
      int64_t floats = floats_of ? floats_of(*op, {stage->group, batch}) : 0;
      if (floats > most) most = floats;
    }
  return align_line(most * static_cast<int64_t>(sizeof(float)));
}

// The convolution whose tables an operator needs, or null.
const lamella_convolution* convolution_of(const lamella_program& p, int64_t op) {
  auto find = p.kernels->operator_of(p.ops[op]).convolution;
  return find ? find(p.ops[op]) : nullptr;
}

bool copy_in(Memory& memory, const void* source, int64_t bytes) {
  if (!memory.allocate(bytes)) return false;
  if (bytes) memcpy(memory.data(), source, bytes);
  return true;
}

bool make_tables(lamella_program& p) {
  int64_t entries = 0;
  for (int64_t i = 0; i < p.op_count; i++)
    if (auto convolution = convolution_of(p, i)) entries += p.kernels->convolution_table_count(*convolution);
  if (!p.shape_memory.allocate(p.op_count * static_cast<int64_t>(sizeof(Convolution)))) return false;
  if (!p.table_memory.allocate(entries * static_cast<int64_t>(sizeof(int32_t)))) return false;
  Convolution* shapes = reinterpret_cast<Convolution*>(p.shape_memory.data());
  int32_t* next = reinterpret_cast<int32_t*>(p.table_memory.data());
  for (int64_t i = 0; i < p.op_count; i++)
    if (auto convolution = convolution_of(p, i)) {
      shapes[i] = p.kernels->make_convolution(*convolution, next);
      next += p.kernels->convolution_table_count(*convolution);
    }
  p.convolutions = shapes;
  return true;
}

}  // namespace

extern "C" {

int64_t lamella_op_bytes(void) { return sizeof(lamella_op); }
int64_t lamella_stage_bytes(void) { return sizeof(lamella_stage); }
int32_t lamella_kind_number(const char* name) { return kind_number(name); }
int32_t lamella_activation_number(const char* name) { return activation_number(name); }

const char* lamella_best_isa(void) { return best_kernels()->name; }
int32_t lamella_isa_available(const char* isa) { return find_kernels(isa) != nullptr; }

#define LAMELLA_TEXT_OF(value) #value
#define LAMELLA_TEXT(value) LAMELLA_TEXT_OF(value)
const char* lamella_compiler(void) {
#if defined(__clang__)
  return "clang " LAMELLA_TEXT(__clang_major__);
#else
  return "gcc " LAMELLA_TEXT(__GNUC__);
#endif
}

lamella_weights* lamella_weights_create(int64_t parameters, int32_t gradients, int32_t moments, int64_t running) {
  lamella_weights* w = new (std::nothrow) lamella_weights;
  if (!w) return nullptr;
  int64_t bytes = align_line(parameters * static_cast<int64_t>(sizeof(float)));
  bool ok = w->spaces[LAMELLA_PARAMETERS].allocate(bytes) &&
            w->spaces[LAMELLA_GRADIENTS].allocate(gradients ? bytes : 0) &&
            w->spaces[LAMELLA_FIRST_MOMENTS].allocate(moments > 0 ? bytes : 0) &&
            w->spaces[LAMELLA_SECOND_MOMENTS].allocate(moments > 1 ? bytes : 0) &&
            w->spaces[LAMELLA_RUNNING_STATISTICS].allocate(align_line(running * static_cast<int64_t>(sizeof(float))));
  if (ok) return w;
  delete w;
  return nullptr;
}

void lamella_weights_destroy(lamella_weights* weights) { delete weights; }

void lamella_weights_read(const lamella_weights* weights, int32_t space, int64_t first, float* destination,
                          int64_t count) {
  memcpy(destination, weights->space(space) + first, count * sizeof(float));
}

void lamella_weights_write(lamella_weights* weights, int32_t space, int64_t first, const float* source, int64_t count) {
  memcpy(weights->space(space) + first, source, count * sizeof(float));
}

int64_t lamella_workspace_bytes(const lamella_op* ops, const lamella_stage* stages, int64_t stage_count, int32_t batch,
                                const char* isa) {
  const KernelTable* kernels = find_kernels(isa);
  return kernels ? workspace_of(*kernels, ops, stages, stage_count, batch) : -1;
}

lamella_program* lamella_program_create(const lamella_op* ops, int64_t op_count, const lamella_stage* stages,
                                        int64_t stage_count, int64_t arena_bytes, int64_t local_bytes, int32_t batch,
                                        int32_t chunk, int32_t threads, const char* isa, lamella_weights* weights,
                                        const float* positive_weights, int64_t positive_weight_count) {
  const KernelTable* kernels = find_kernels(isa);
  lamella_program* p = kernels ? new (std::nothrow) lamella_program : nullptr;
  if (!p) return nullptr;
  p->kernels = kernels, p->weights = weights, p->batch = batch, p->chunk = chunk;
  p->op_count = op_count, p->stage_count = stage_count, p->threads = threads;
  p->local_bytes = align_line(local_bytes);
  p->workspace_bytes = workspace_of(*kernels, ops, stages, stage_count, batch);
  bool ok =
      copy_in(p->op_memory, ops, op_count * static_cast<int64_t>(sizeof(lamella_op))) &&
      copy_in(p->stage_memory, stages, stage_count * static_cast<int64_t>(sizeof(lamella_stage))) &&
      copy_in(p->weight_of_positives, positive_weights, positive_weight_count * static_cast<int64_t>(sizeof(float))) &&
      p->arena.allocate(arena_bytes) && p->locals.allocate(p->local_bytes * threads) &&
      p->workspaces.allocate(p->workspace_bytes * threads);
  if (ok) {
    p->ops = reinterpret_cast<const lamella_op*>(p->op_memory.data());
    p->stages = reinterpret_cast<const lamella_stage*>(p->stage_memory.data());
    p->positive_weights = p->weight_of_positives.floats();
    ok = make_tables(*p) && p->pool.start(threads);
  }
  if (ok) return p;
  delete p;
  return nullptr;
}

void lamella_program_destroy(lamella_program* program) { delete program; }

double lamella_program_step(lamella_program* program, int32_t samples, const float* input, const float* targets,
                            const float* mask, float* output, double gradient_scale, double rate, double correction1,
                            double correction2, int64_t step, int64_t seed) {
  program->now = {samples,
                  input,
                  targets,
                  mask,
                  output,
                  static_cast<float>(gradient_scale),
                  static_cast<float>(rate),
                  static_cast<float>(correction1),
                  static_cast<float>(correction2),
                  step,
                  seed};
  program->tally = {};
  run_stages(*program);
  return program->tally.loss * gradient_scale;
}

void lamella_program_tally(const lamella_program* program, int64_t counts[5]) {
  const lamella_tally& t = program->tally;
  counts[0] = t.known, counts[1] = t.true_positives, counts[2] = t.false_positives, counts[3] = t.false_negatives;
  counts[4] = t.exact;
}

void lamella_program_read(const lamella_program* program, int64_t offset, float* destination, int64_t count) {
  memcpy(destination, program->arena.data() + offset, count * sizeof(float));
}

void lamella_program_poison(lamella_program* program) {
  for (Memory* memory : {&program->arena, &program->locals, &program->workspaces})
    if (memory->data()) memset(memory->data(), 0xff, memory->bytes());
}

int32_t lamella_program_profile(lamella_program* program, int32_t on) {
  if (on) return program->profile.start(program->threads, program->op_count);
  program->profile.stop();
  return 1;
}

void lamella_program_profile_read(const lamella_program* program, double* seconds) { program->profile.read(seconds); }

double lamella_measure_peak(const char* isa, int32_t threads, double seconds) {
  const KernelTable* kernels = find_kernels(isa);
  ThreadPool* pool = kernels ? new (std::nothrow) ThreadPool : nullptr;
  if (!pool) return -1;
  if (!pool->start(threads)) {
    delete pool;
    return -1;
  }
  struct Context {
    const KernelTable* kernels;
    double seconds;
    double rate[ThreadPool::kMaxThreads];
  } context = {kernels, seconds, {}};
  pool->run(
      threads,
      [](void* c, int64_t unit, int) {
        Context& own = *static_cast<Context*>(c);
        float sink = 1.0f;
        double done = 0, start = seconds_now(), spent = 0;
        while (spent < own.seconds) {
          sink = 0.999f;
          done += own.kernels->peak_iterations(1 << 16, &sink);
          spent = seconds_now() - start;
        }
        own.rate[unit] = done / spent * 1e-9;
      },
      &context);
  double total = 0;
  for (int i = 0; i < threads; i++) total += context.rate[i];
  delete pool;
  return total;
}

}  // extern "C"
