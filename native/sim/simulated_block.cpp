// The threads of a simulated block: see simulated_block.h.
#include "simulated_block.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "fibre.h"

namespace lamella::sim {

Indices indices;
RunningLaunch running_launch;
Watch watch;

namespace {

constexpr unsigned kMaxThreads = 1024;

enum class State { kReady, kBarrier, kShuffle, kFailed, kDone };

struct Thread {
  State state;
  Dim3 index;
  Fibre* fibre;   // on which it has stopped; null: it has not begun
  uint32_t mask;  // lanes for which its shuffle waits; below: its own value, and the value to receive from a lane
  uint64_t published;
  void* received;
  unsigned bytes;
  int from;
};

// The running block. Threads that never wait run one after the other on one fibre, which is enough for most kernels.
struct Block {
  std::vector<Thread> threads;
  std::vector<unsigned> ready;  // in the order of their turns
  size_t turn = 0;
  unsigned running = 0;
  Fibre* fibre = nullptr;  // the running one
  std::vector<std::unique_ptr<Fibre>> idle;
  const std::function<void()>* kernel = nullptr;
  SharedMemory shared{};
  std::string fault;
};

Block* block = nullptr;

// Waits until it is this thread's turn again.
void wait(State state) {
  unsigned own = block->running;
  block->threads[own].state = state, block->threads[own].fibre = block->fibre;
  Fibre::leave();
}

// The body of a fibre: runs threads that have not begun yet, as long as it is their turn.
void run_threads() {
  for (;;) {
    (*block->kernel)();
    block->threads[block->running].state = State::kDone;
    if (block->turn < block->ready.size() && !block->threads[block->ready[block->turn]].fibre) {
      block->running = block->ready[block->turn++];
      indices.thread = block->threads[block->running].index;
      continue;
    }
    block->idle.emplace_back(block->fibre);
    Fibre::leave();
  }
}

void take_turns() {
  for (block->turn = 0; block->turn < block->ready.size();) {
    unsigned i = block->ready[block->turn++];
    Thread& t = block->threads[i];
    if (t.fibre) {
      block->fibre = t.fibre;
    } else if (block->idle.empty()) {
      block->fibre = new Fibre(run_threads);
    } else {
      block->fibre = block->idle.back().release();
      block->idle.pop_back();
    }
    block->running = i, indices.thread = t.index;
    block->fibre->resume();
  }
}

// Lanes of a warp whose shuffle is complete receive their values and become ready.
bool release_warp(unsigned warp) {
  unsigned first = warp * 32, last = std::min<size_t>(first + 32, block->threads.size());
  uint32_t waiting = 0, released = 0;
  for (unsigned i = first; i < last; i++)
    if (block->threads[i].state == State::kShuffle) waiting |= 1u << (i - first);
  for (unsigned i = first; i < last; i++) {
    Thread& t = block->threads[i];
    if (t.state != State::kShuffle || t.mask & ~waiting)
      continue;  // waits for ever for a lane that the block does not have
    if (first + t.from < last) memcpy(t.received, &block->threads[first + t.from].published, t.bytes);
    released |= 1u << (i - first);
  }
  for (unsigned i = first; i < last; i++)
    if (released >> (i - first) & 1) block->threads[i].state = State::kReady;
  return released;
}

std::string name(Dim3 i) {
  return "(" + std::to_string(i.x) + "," + std::to_string(i.y) + "," + std::to_string(i.z) + ")";
}

// No thread is ready: a barrier or shuffles are complete (false), or all are done or some wait for ever (true).
bool release(std::string& fault) {
  size_t done = 0, barrier = 0;
  const Thread *finished = nullptr, *waiting = nullptr, *shuffling = nullptr;
  for (const Thread& t : block->threads) {
    if (t.state == State::kDone) done++, finished = &t;
    if (t.state == State::kBarrier) barrier++, waiting = &t;
    if (t.state == State::kShuffle) shuffling = &t;
  }
  if (done == block->threads.size()) return true;
  if (barrier == block->threads.size()) {
    for (Thread& t : block->threads) t.state = State::kReady;
    return false;
  }
  bool released = false;
  for (unsigned warp = 0; warp * 32 < block->threads.size(); warp++) released |= release_warp(warp);
  if (released) return false;
  if (shuffling)
    fault = "block " + name(indices.block) + ": thread " + name(shuffling->index) +
            " waits at a shuffle that not all lanes of its mask reach";
  else
    fault = "block " + name(indices.block) + ": thread " + name(waiting->index) + " waits at a barrier that thread " +
            name(finished->index) + " never reaches";
  return true;
}

// A random order, from a fast generator: it is drawn anew at every barrier.
void shuffle(std::vector<unsigned>& order, std::minstd_rand& random) {
  for (size_t i = order.size(); i > 1; i--) std::swap(order[i - 1], order[uint64_t(random()) * i >> 31]);
}

// A step with which all blocks have their turns in an order that differs between seeds: it has no factor in common with
// their number.
uint64_t stride_through(uint64_t blocks, std::minstd_rand& random) {
  uint64_t stride = random() % blocks;
  while (std::gcd(stride, blocks) != 1) stride = random() % blocks;
  return stride;
}

std::string run_block(std::minstd_rand& random) {
  SharedMemory shared = block->shared;
  if (shared.begin) memset(shared.begin, 0xff, static_cast<char*>(shared.end) - static_cast<char*>(shared.begin));
  for (unsigned i = 0; i < block->threads.size(); i++)
    block->threads[i] = {State::kReady,
                         {i % indices.block_size.x, i / indices.block_size.x % indices.block_size.y,
                          i / (indices.block_size.x * indices.block_size.y)},
                         nullptr,
                         0,
                         0,
                         nullptr,
                         0,
                         0};
  for (;;) {
    block->ready.clear();
    for (unsigned i = 0; i < block->threads.size(); i++)
      if (block->threads[i].state == State::kReady) block->ready.push_back(i);
    shuffle(block->ready, random);
    take_turns();
    if (watch.stopped) watch.stopped();
    if (!block->fault.empty()) return block->fault;
    std::string fault;
    if (block->ready.empty() && release(fault)) return fault;
  }
}

}  // namespace

void fail_thread(const std::string& fault) {
  if (block->fault.empty())
    block->fault = "block " + name(indices.block) + ": thread " + name(indices.thread) + " " + fault;
  wait(State::kFailed);
}

void synchronize_threads() { wait(State::kBarrier); }

void exchange(uint32_t mask, const void* value, void* received, unsigned bytes, int from) {
  Thread& own = block->threads[block->running];
  memcpy(&own.published, value, bytes);
  own.mask = mask, own.received = received, own.bytes = bytes, own.from = from;
  wait(State::kShuffle);
}

std::string refusal(Dim3 grid, Dim3 size) {
  size_t threads = size_t(size.x) * size.y * size.z;
  if (threads == 0 || threads > kMaxThreads)
    return std::to_string(threads) + " threads per block: 1 to 1024 are possible";
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.y > 65535 || grid.z > 65535)
    return "grid " + name(grid) + " is empty or beyond 65535 along y or z";
  return "";
}

std::string launch(Dim3 grid, Dim3 size, unsigned seed, const std::function<void()>& kernel, SharedMemory shared) {
  std::string fault = refusal(grid, size);
  if (!fault.empty()) return fault;
  size_t threads = size_t(size.x) * size.y * size.z;
  static Block only;  // keeps its fibres for all launches
  only.threads.resize(threads), only.kernel = &kernel, only.shared = shared, only.fault.clear();
  running_launch.shared = reinterpret_cast<uintptr_t>(shared.begin);
  running_launch.shared_bytes = reinterpret_cast<uintptr_t>(shared.end) - running_launch.shared;
  running_launch.frames = reinterpret_cast<uintptr_t>(&threads) - RunningLaunch::kFrameBytes / 2;
  std::minstd_rand random(seed);
  block = &only, indices.block_size = size, indices.grid_size = grid;
  uint64_t all = uint64_t(grid.x) * grid.y * grid.z, run = watch.blocks ? std::min<uint64_t>(watch.blocks, all) : all;
  uint64_t stride = run == all ? stride_through(all, random) : 1;
  for (uint64_t i = 0, next = random() % all; i < run && fault.empty(); i++, next = (next + stride) % all) {
    uint64_t at = run == all ? next : (2 * i + 1) * all / (2 * run);
    indices.block = {unsigned(at % grid.x), unsigned(at / grid.x % grid.y), unsigned(at / grid.x / grid.y)};
    fault = run_block(random);
  }
  if (!fault.empty())  // deletes the fibres of waiting threads, with their stacks
    for (const Thread& t : only.threads)
      if (t.state != State::kDone && t.fibre) delete t.fibre;
  block = nullptr, running_launch = {};
  return fault;
}

}  // namespace lamella::sim
