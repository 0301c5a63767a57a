// A fixed pool of threads that share numbered units of work. The caller is thread 0 and works too. Any thread may take
// any unit: units never share a result, so results do not depend on it.
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
  // Runs work(context, unit, thread) for every unit in [0, units) and returns when all are done.
  void run(int64_t units, Work work, void* context);

  static constexpr int kMaxThreads = 1024;

 private:
  static void* enter(void* self);
  void serve(int thread);
  void take_units(int thread);
  void wait_for_call(uint64_t seen);

  pthread_t handles_[kMaxThreads];
  int workers_ = 0;
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t called_ = PTHREAD_COND_INITIALIZER, finished_ = PTHREAD_COND_INITIALIZER;
  std::atomic<uint64_t> call_{0};
  std::atomic<int> busy_{0}, next_thread_{1};
  std::atomic<bool> stop_{false};
  alignas(64) std::atomic<int64_t> next_{0};
  int64_t units_ = 0;
  Work work_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace lamella
