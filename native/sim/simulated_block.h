// CUDA kernels on the host: definitions with which the host compiler compiles the files of cuda-kernels, and a launch
// that runs them. Blocks, and the threads of a block, take turns in a random order from a seed, on fibres that threads
// leave at barriers, so that a missing barrier leads to a wrong result. For tests only: slow, and one launch at a time.
//
// Shared memory is a static variable. In the sanitized build an access outside of it ends the program; in the plain
// build it is filled with NaN before every block, so that reads of unwritten values lead to a wrong result.
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <functional>
#include <string>

#include "shared.h"

// The linker's names for the bounds of the section; absent where no kernel has shared memory.
extern "C" {
extern char __start_simulated_shared[] __attribute__((weak, visibility("hidden")));
extern char __stop_simulated_shared[] __attribute__((weak, visibility("hidden")));
}

namespace lamella::sim {

struct Dim3 {
  unsigned x = 1, y = 1, z = 1;
};

// The built-in variables of the running thread.
struct Indices {
  Dim3 thread, block, block_size, grid_size;
};
LAMELLA_SHARED extern Indices indices;

// The shared memory of a library's kernels.
struct SharedMemory {
  void *begin, *end;
};

// The reason why every device would refuse a launch of this size, or an empty text.
LAMELLA_SHARED std::string refusal(Dim3 grid, Dim3 block);

// Runs `kernel` once for every thread of every block. Returns a fault in one line, or an empty text: a barrier or a
// shuffle that not all threads reach, or too many threads. After a fault waiting threads are abandoned, and the
// following blocks do not run.
LAMELLA_SHARED std::string launch(Dim3 grid, Dim3 block, unsigned seed, const std::function<void()>& kernel,
                                  SharedMemory shared);

// For counters of what kernels do. `blocks`: how many blocks of a launch run, spread evenly over the grid; 0: all.
// `stopped`: called whenever all threads of the running block have stopped at a barrier, at a shuffle or at their end.
struct Watch {
  unsigned blocks = 0;
  void (*stopped)() = nullptr;
};
LAMELLA_SHARED extern Watch watch;

// Ends the running thread and the launch, with this fault.
LAMELLA_SHARED void fail_thread(const std::string& fault);
// The running launch: its shared memory, and the stack frames of its caller, which contain the kernel's arguments.
struct RunningLaunch {
  uintptr_t shared = 0;
  size_t shared_bytes = 0;
  uintptr_t frames = 0;  // 0: none runs
  static constexpr size_t kFrameBytes = 16 * 1024;
};
extern RunningLaunch running_launch;

LAMELLA_SHARED void synchronize_threads();
// Publishes `bytes` (at most 8) of a lane for its warp and receives those of lane `from`. All lanes of mask must call
// it.
LAMELLA_SHARED void exchange(uint32_t mask, const void* value, void* received, unsigned bytes, int from);

template <typename T>
T shuffle(uint32_t mask, T value, int from) {
  static_assert(sizeof(T) <= 8, "a shuffle moves 4 or 8 bytes");
  T received = value;
  exchange(mask, &value, &received, sizeof(T), from);
  return received;
}

// The shared memory of the library that this is compiled into.
static inline SharedMemory shared_memory() { return {__start_simulated_shared, __stop_simulated_shared}; }

static inline std::string launch(Dim3 grid, Dim3 block, unsigned seed, const std::function<void()>& kernel) {
  return launch(grid, block, seed, kernel, shared_memory());
}

inline int lane() { return static_cast<int>(indices.thread.x % 32); }

}  // namespace lamella::sim

// CUDA's vectors, which one instruction loads.
struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};

#define LAMELLA_KERNEL __attribute__((unused)) static
#ifdef LAMELLA_COUNTED  // all in one function, as on a GPU
#define __device__ __attribute__((unused, always_inline))
#else
#define __device__ __attribute__((unused))
#endif
#define __launch_bounds__(...)
#define __align__(BYTES) __attribute__((aligned(BYTES)))
#if defined(__SANITIZE_ADDRESS__) && !defined(LAMELLA_CHECKED)  // the stand-in for NVRTC checks accesses itself
#define __shared__ static
#else
#define __shared__ static __attribute__((section("simulated_shared")))
#endif
#define threadIdx lamella::sim::indices.thread
#define blockIdx lamella::sim::indices.block
#define blockDim lamella::sim::indices.block_size
#define gridDim lamella::sim::indices.grid_size
#define __syncthreads lamella::sim::synchronize_threads

template <typename T>
inline T __ldg(const T* p) {
  return *p;
}
template <typename T>
inline T __shfl_down_sync(unsigned mask, T v, unsigned delta) {
  int from = lamella::sim::lane() + static_cast<int>(delta);
  return lamella::sim::shuffle(mask, v, from < 32 ? from : lamella::sim::lane());
}
// Blocks run one after the other, each as if all of its writes were visible at once.
inline unsigned atomicAdd(unsigned* at, unsigned value) {
  unsigned before = *at;
  *at += value;
  return before;
}
inline void __threadfence() {}
inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }
