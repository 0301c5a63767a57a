// A fixed pool of threads that share numbered units of work. The caller is thread 0 and works too. Any thread may take
// any unit: units never share a result, so results do not depend on it. A call ends when its units are done; it does
// not wait for threads that have not woken up yet, because on a busy machine one of them may take milliseconds to.
#pragma once

#include <pthread.h>
#include <stdint.h>

#include <atomic>

namespace lamella {

class ThreadPool {
 public:
  using Work = void (*)(void* context, int64_t unit, int thread);

  ThreadPool() = default;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  // Starts threads - 1 workers (1 <= threads <= kMaxThreads). False when a thread cannot be created.
  bool start(int threads);
  // Runs work(context, unit, thread) for every unit in [0, units), units < 2^32, and returns when all are done.
  void run(int64_t units, Work work, void* context);

  static constexpr int kMaxThreads = 1024;

 private:
  static void* enter(void* self);
  void serve(int thread);
  int64_t take_units(int thread, int64_t* units);
  uint64_t wait_for_call(uint64_t seen);
  void wake(int64_t most);

  static constexpr uint64_t kLeft = 0xffffffff;

  pthread_t handles_[kMaxThreads];
  int workers_ = 0;
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t called_ = PTHREAD_COND_INITIALIZER, finished_ = PTHREAD_COND_INITIALIZER;
  std::atomic<uint64_t> call_{0};
  std::atomic<int> next_thread_{1};
  std::atomic<bool> stop_{false};
  // The number of the call above, the units that are left below: in one word, so that a thread that comes late cannot
  // take a unit of one call for a unit of another.
  alignas(64) std::atomic<uint64_t> tickets_{0};
  alignas(64) std::atomic<int64_t> done_{0};
  int64_t units_ = 0;
  Work work_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace lamella
