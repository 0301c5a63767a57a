// The fibres of a simulated block: see simulated_block.h.
#include "simulated_block.h"

#include <ucontext.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace lamella::sim {

Dim3 thread_index, block_index, block_size, grid_size;

namespace {

constexpr size_t kStackBytes = 64 * 1024;
constexpr unsigned kMostThreads = 1024;

enum class State { kReady, kBarrier, kShuffle, kDone };

struct Fibre {
  ucontext_t context;
  std::unique_ptr<char[]> stack;
  State state;
  Dim3 index;
  uint32_t mask;   // lanes that a shuffle waits for
  void* fake_stack;
};

// The block that runs.
struct Block {
  std::vector<Fibre> fibres;
  std::vector<uint64_t> published;   // [thread]: what lanes show each other
  unsigned running = 0;
  ucontext_t scheduler;
  void* scheduler_fake_stack = nullptr;
  const void* scheduler_stack = nullptr;
  size_t scheduler_stack_bytes = 0;
  const std::function<void()>* kernel = nullptr;
};

Block* block = nullptr;

#ifdef __SANITIZE_ADDRESS__
void leaving(void** fake, const void* stack, size_t bytes) { __sanitizer_start_switch_fiber(fake, stack, bytes); }
void arrived(void* fake, const void** stack, size_t* bytes) { __sanitizer_finish_switch_fiber(fake, stack, bytes); }
#else
void leaving(void**, const void*, size_t) {}
void arrived(void*, const void**, size_t*) {}
#endif

// Back to the scheduler until it is this fibre's turn again.
void wait(State state) {
  Fibre& own = block->fibres[block->running];
  own.state = state;
  leaving(state == State::kDone ? nullptr : &own.fake_stack, block->scheduler_stack, block->scheduler_stack_bytes);
  swapcontext(&own.context, &block->scheduler);
  arrived(own.fake_stack, &block->scheduler_stack, &block->scheduler_stack_bytes);
}

void enter() {
  arrived(nullptr, &block->scheduler_stack, &block->scheduler_stack_bytes);
  (*block->kernel)();
  wait(State::kDone);
}

void run(unsigned i) {
  Fibre& f = block->fibres[i];
  block->running = i;
  thread_index = f.index;
  f.state = State::kReady;
  leaving(&block->scheduler_fake_stack, f.stack.get(), kStackBytes);
  swapcontext(&block->scheduler, &f.context);
  arrived(block->scheduler_fake_stack, nullptr, nullptr);
}

// Lanes of a warp whose shuffle is complete may go on.
bool release_warp(unsigned warp) {
  unsigned first = warp * 32, last = std::min<size_t>(first + 32, block->fibres.size());
  bool released = false;
  for (unsigned i = first; i < last; i++) {
    Fibre& f = block->fibres[i];
    if (f.state != State::kShuffle) continue;
    bool all = true;
    for (unsigned j = first; j < first + 32; j++)  // a lane that the block does not have never comes
      if (f.mask >> (j - first) & 1 && (j >= last || block->fibres[j].state != State::kShuffle)) all = false;
    if (!all) continue;
    for (unsigned j = first; j < last; j++)
      if (f.mask >> (j - first) & 1) block->fibres[j].state = State::kReady;
    released = true;
  }
  return released;
}

std::string name(Dim3 i) { return "(" + std::to_string(i.x) + "," + std::to_string(i.y) + "," + std::to_string(i.z) + ")"; }

// Nobody is ready: a barrier or shuffles are complete, all are done (true), or some wait for ever (fault).
bool release(std::string& fault) {
  size_t done = 0, barrier = 0;
  const Fibre *finished = nullptr, *waiting = nullptr, *shuffling = nullptr;
  for (const Fibre& f : block->fibres) {
    if (f.state == State::kDone) done++, finished = &f;
    if (f.state == State::kBarrier) barrier++, waiting = &f;
    if (f.state == State::kShuffle) shuffling = &f;
  }
  if (done == block->fibres.size()) return true;
  if (barrier == block->fibres.size()) {
    for (Fibre& f : block->fibres) f.state = State::kReady;
    return false;
  }
  bool released = false;
  for (unsigned warp = 0; warp * 32 < block->fibres.size(); warp++) released |= release_warp(warp);
  if (released) return false;
  if (shuffling)
    fault = "block " + name(block_index) + ": thread " + name(shuffling->index) + " waits at a shuffle that not all lanes of its mask reach";
  else
    fault = "block " + name(block_index) + ": thread " + name(waiting->index) + " waits at a barrier that thread " +
            name(finished->index) + " never reaches";
  return true;
}

// By itself: compilers take getcontext() for a function that may return twice.
__attribute__((noinline)) void prepare(Fibre& f) {
  getcontext(&f.context);
  f.context.uc_stack.ss_sp = f.stack.get(), f.context.uc_stack.ss_size = kStackBytes, f.context.uc_link = nullptr;
  makecontext(&f.context, enter, 0);
}

std::string run_block(std::mt19937& random, SharedMemory shared) {
  if (shared.begin) memset(shared.begin, 0xff, static_cast<char*>(shared.end) - static_cast<char*>(shared.begin));
  for (unsigned i = 0; i < block->fibres.size(); i++) {
    Fibre& f = block->fibres[i];
    f.index = {i % block_size.x, i / block_size.x % block_size.y, i / (block_size.x * block_size.y)};
    f.state = State::kReady, f.fake_stack = nullptr;
    prepare(f);
  }
  std::vector<unsigned> ready;
  for (;;) {
    ready.clear();
    for (unsigned i = 0; i < block->fibres.size(); i++)
      if (block->fibres[i].state == State::kReady) ready.push_back(i);
    std::shuffle(ready.begin(), ready.end(), random);
    for (unsigned i : ready) run(i);
    std::string fault;
    if (ready.empty() && release(fault)) return fault;
  }
}

}  // namespace

void synchronize_threads() { wait(State::kBarrier); }

void exchange(uint32_t mask, const void* value, void* received, unsigned bytes, int from) {
  unsigned own = block->running, warp = own / 32 * 32;
  memcpy(&block->published[own], value, bytes);
  block->fibres[own].mask = mask;
  wait(State::kShuffle);
  memcpy(received, &block->published[warp + from], bytes);
  wait(State::kShuffle);  // nobody publishes again before all have read
}

std::string refusal(Dim3 grid, Dim3 size) {
  size_t threads = size_t(size.x) * size.y * size.z;
  if (threads == 0 || threads > kMostThreads) return std::to_string(threads) + " threads a block: 1 to 1024 are possible";
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.y > 65535 || grid.z > 65535)
    return "grid " + name(grid) + " is empty or beyond 65535 along y or z";
  return "";
}

std::string launch(Dim3 grid, Dim3 size, unsigned seed, const std::function<void()>& kernel, SharedMemory shared) {
  std::string fault = refusal(grid, size);
  if (!fault.empty()) return fault;
  size_t threads = size_t(size.x) * size.y * size.z;
  Block own;
  own.fibres.resize(threads), own.published.resize(threads + 31), own.kernel = &kernel;
  for (Fibre& f : own.fibres) f.stack.reset(new char[kStackBytes]);
  std::mt19937 random(seed);
  block = &own, block_size = size, grid_size = grid;
  for (unsigned z = 0; z < grid.z && fault.empty(); z++)
    for (unsigned y = 0; y < grid.y && fault.empty(); y++)
      for (unsigned x = 0; x < grid.x && fault.empty(); x++) block_index = {x, y, z}, fault = run_block(random, shared);
  block = nullptr;
  return fault;
}

}  // namespace lamella::sim
