// A training step allocates nothing: every allocation function is counted while steps run.
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "lamella.h"
#include "testing.h"

using namespace testing;

namespace {
std::atomic<int64_t> requests{0};
}

// The sanitizers have their own allocator; with them the steps run, but nothing is counted.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define LAMELLA_COUNTED 1
extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

void* malloc(size_t n) { return requests++, __libc_malloc(n); }
void* calloc(size_t n, size_t size) { return requests++, __libc_calloc(n, size); }
void* realloc(void* p, size_t n) { return requests++, __libc_realloc(p, n); }
void* memalign(size_t alignment, size_t n) { return requests++, __libc_memalign(alignment, n); }
void* aligned_alloc(size_t alignment, size_t n) { return requests++, __libc_memalign(alignment, n); }
int posix_memalign(void** p, size_t alignment, size_t n) {
  requests++;
  *p = __libc_memalign(alignment, n);
  return *p ? 0 : ENOMEM;
}
void* mmap(void* at, size_t n, int protection, int flags, int file, off_t offset) noexcept {
  requests++;
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, n, protection, flags, file, offset));
}
}
#endif

namespace {

constexpr int kBatch = 8, kChunk = 4, kLabels = 5, kFeatures = 100, kWide = 16;

// Convolution + max pool + tanh, dense, loss, and all the way back: a LeNet with one layer of each kind.
struct SmallNetwork {
  std::vector<lamella_op> ops;
  std::vector<lamella_stage> stages;
  int64_t arena = 0;

  int64_t take(int64_t bytes) {
    int64_t at = arena;
    arena += (bytes + 63) / 64 * 64;
    return at;
  }
  static void set(lamella_op& op, int slot, int space, int64_t offset, int64_t stride) {
    op.operand[slot] = {space, 0, offset, stride};
  }
  void add(const lamella_op& op, int schedule) {
    stages.push_back({schedule, static_cast<int32_t>(ops.size()), 1, 1});
    ops.push_back(op);
  }

  SmallNetwork() {
    lamella_op conv = {};
    lamella_convolution& shape = conv.work.convolution;
    shape.input = {3, 12, 12}, shape.filters = 4, shape.kernel_h = shape.kernel_w = 3;
    shape.stride_h = shape.stride_w = 1, shape.out_h = shape.out_w = 10, shape.activation.kind = lamella::LAMELLA_TANH;
    shape.pooling = {LAMELLA_MAX_POOL, 2, 2, 2, 2, 0, 0, 5, 5};
    lamella_op dense = {};
    dense.work.dense.inputs = kFeatures, dense.work.dense.outputs = kLabels;

    const int64_t f = sizeof(float), map = kFeatures * f, input = 3 * 12 * 12 * f, row = kLabels * f;
    const int64_t conv_bias = 108 * f, dense_weight = 112 * f, dense_bias = 612 * f;
    int64_t y = take(kBatch * map), index = take(kBatch * kFeatures), transposed = take(kFeatures * kWide * f);
    int64_t z = take(kBatch * row), dz = take(kBatch * row), tally = take(2 * 64),
            transposed_dz = take(kLabels * kWide * f);
    int64_t dy = take(kBatch * map);
    lamella_op back = conv;
    back.work.convolution.algorithm = LAMELLA_ARGMAX;
    int64_t partial = lamella::best_kernels()->convolution_partial_floats(back.work.convolution) * f,
            partials = take(2 * partial);

    set(conv, LAMELLA_X, LAMELLA_INPUT, 0, input), set(conv, LAMELLA_WEIGHT, LAMELLA_PARAMETERS, 0, 0);
    set(conv, LAMELLA_BIAS, LAMELLA_PARAMETERS, conv_bias, 0), set(conv, LAMELLA_Y, LAMELLA_ARENA, y, map);
    set(conv, LAMELLA_INDEX, LAMELLA_ARENA, index, kFeatures);
    conv.kind = lamella_kind_number("CONVOLUTION");
    add(conv, LAMELLA_BY_SAMPLE);

    lamella_op op = {};
    op.kind = lamella_kind_number("TRANSPOSE"), op.work.elements.count = kFeatures;
    set(op, LAMELLA_X, LAMELLA_ARENA, y, map), set(op, LAMELLA_Y, LAMELLA_ARENA, transposed, 0);
    add(op, LAMELLA_BY_UNIT);
    op = dense, op.kind = lamella_kind_number("DENSE");
    set(op, LAMELLA_X, LAMELLA_ARENA, transposed, 0), set(op, LAMELLA_WEIGHT, LAMELLA_PARAMETERS, dense_weight, 0);
    set(op, LAMELLA_BIAS, LAMELLA_PARAMETERS, dense_bias, 0), set(op, LAMELLA_Y, LAMELLA_ARENA, z, row);
    add(op, LAMELLA_BY_UNIT);
    op = {}, op.kind = lamella_kind_number("LOSS"), op.work.loss.labels = kLabels;
    set(op, LAMELLA_X, LAMELLA_ARENA, z, row), set(op, LAMELLA_DX, LAMELLA_ARENA, dz, row);
    set(op, LAMELLA_PARTIAL, LAMELLA_ARENA, tally, 64);
    add(op, LAMELLA_BY_CHUNK);
    op = {}, op.kind = lamella_kind_number("TRANSPOSE"), op.work.elements.count = kLabels;
    set(op, LAMELLA_X, LAMELLA_ARENA, dz, row), set(op, LAMELLA_Y, LAMELLA_ARENA, transposed_dz, 0);
    add(op, LAMELLA_BY_UNIT);
    op = dense, op.kind = lamella_kind_number("DENSE_BACKWARD"), op.work.dense.update.optimizer = LAMELLA_SGD,
    op.work.dense.update.momentum = 0.9f;
    set(op, LAMELLA_DY, LAMELLA_ARENA, dz, row), set(op, LAMELLA_AUXILIARY, LAMELLA_ARENA, transposed_dz, 0);
    set(op, LAMELLA_X, LAMELLA_ARENA, y, map), set(op, LAMELLA_WEIGHT, LAMELLA_PARAMETERS, dense_weight, 0);
    set(op, LAMELLA_DBIAS, LAMELLA_GRADIENTS, dense_bias, 0), set(op, LAMELLA_DX, LAMELLA_ARENA, dy, map);
    set(op, LAMELLA_MOMENT1, LAMELLA_FIRST_MOMENTS, dense_weight, 0);
    add(op, LAMELLA_BY_UNIT);
    set(back, LAMELLA_X, LAMELLA_INPUT, 0, input), set(back, LAMELLA_Y, LAMELLA_ARENA, y, map);
    set(back, LAMELLA_DY, LAMELLA_ARENA, dy, map), set(back, LAMELLA_WEIGHT, LAMELLA_PARAMETERS, 0, 0);
    set(back, LAMELLA_INDEX, LAMELLA_ARENA, index, kFeatures),
        set(back, LAMELLA_PARTIAL, LAMELLA_ARENA, partials, partial);
    back.kind = lamella_kind_number("CONVOLUTION_BACKWARD");
    add(back, LAMELLA_BY_CHUNK);
    op = {}, op.kind = lamella_kind_number("JOIN_LOSS");
    set(op, LAMELLA_PARTIAL, LAMELLA_ARENA, tally, 64);
    add(op, LAMELLA_BY_UNIT);
    op = back, op.kind = lamella_kind_number("JOIN_CONVOLUTION");
    set(op, LAMELLA_DWEIGHT, LAMELLA_GRADIENTS, 0, 0), set(op, LAMELLA_DBIAS, LAMELLA_GRADIENTS, conv_bias, 0);
    add(op, LAMELLA_BY_UNIT);
    op = {}, op.kind = lamella_kind_number("UPDATE"), op.work.update.count = 112, op.work.update.momentum = 0.9f;
    set(op, LAMELLA_WEIGHT, LAMELLA_PARAMETERS, 0, 0), set(op, LAMELLA_DWEIGHT, LAMELLA_GRADIENTS, 0, 0);
    set(op, LAMELLA_MOMENT1, LAMELLA_FIRST_MOMENTS, 0, 0);
    add(op, LAMELLA_BY_UNIT);
  }
};

}  // namespace

TEST_CASE("after the first step nothing is allocated") {
  SmallNetwork network;
  lamella_weights* weights = lamella_weights_create(617, 1, 1, 0);
  std::vector<float> start = random_floats(617, 1), x = random_floats(kBatch * 3 * 12 * 12, 2), t(kBatch * kLabels);
  for (float& v : start) v *= 0.1f;
  for (size_t i = 0; i < t.size(); i++) t[i] = i % 3 == 0;
  lamella_weights_write(weights, LAMELLA_PARAMETERS, 0, start.data(), 617);
  lamella_program* program =
      lamella_program_create(network.ops.data(), static_cast<int64_t>(network.ops.size()), network.stages.data(),
                             static_cast<int64_t>(network.stages.size()), network.arena, 0, kBatch, kChunk, 3,
                             lamella_best_isa(), weights, nullptr, 0);
  REQUIRE(program != nullptr);
  auto step = [&](int64_t number) {
    return lamella_program_step(program, kBatch, x.data(), t.data(), nullptr, nullptr, 1.0 / (kBatch * kLabels), 0.1, 1,
                                1, number, 1);
  };
  double first = step(1), last = 0;
  int64_t before = requests;
  for (int64_t i = 2; i <= 40; i++) last = step(i);
  int64_t asked = requests - before;
#if defined(LAMELLA_COUNTED)
  CHECK(before > 0);  // the counter counts
#endif
  CHECK(asked == 0);
  CHECK(last < first);  // and the steps were steps
  int64_t counts[5];
  lamella_program_tally(program, counts);
  CHECK(counts[0] == kBatch * kLabels);
  lamella_program_destroy(program);
  lamella_weights_destroy(weights);
}
