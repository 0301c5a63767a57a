#include "thread_pool.h"

#include <signal.h>
#include <time.h>

#include "../glibc.h"

// libstdc++'s archive reads this variable of glibc 2.32 to skip atomic operations in single-threaded processes. A JVM
// is never single-threaded; our own definition keeps the library loadable on older releases.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
extern "C" __attribute__((visibility("hidden"))) char __libc_single_threaded;
char __libc_single_threaded = 0;
#endif

namespace lamella {
namespace {

// How long a thread spins before it sleeps: longer than a unit of a small dense layer, because waking up takes as long
// again; short enough not to matter on a shared core. Measured by the clock, because the duration of a pause
// instruction differs by a factor of 30 between processors.
constexpr int64_t kSpinNanoseconds = 60'000;
constexpr int kPausesPerLook = 16;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

int64_t now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1'000'000'000) + t.tv_nsec;
}

// Waits for done() for a while; false if the thread should sleep.
template <typename Done>
bool spin(Done done) {
  for (int64_t start = now(); now() - start < kSpinNanoseconds;) {
    for (int i = 0; i < kPausesPerLook; i++) {
      if (done()) return true;
      pause();
    }
  }
  return false;
}

}  // namespace

bool ThreadPool::start(int threads) {
  // Workers handle no signals: they belong to the JVM.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  for (int i = 1; i < threads && started; i++) {
    started = pthread_create(&handles_[workers_], nullptr, enter, this) == 0;
    if (started) workers_++;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

ThreadPool::~ThreadPool() {
  pthread_mutex_lock(&mutex_);
  stop_ = true;
  call_++;
  pthread_cond_broadcast(&called_);
  pthread_mutex_unlock(&mutex_);
  for (int i = 0; i < workers_; i++) pthread_join(handles_[i], nullptr);
}

void* ThreadPool::enter(void* self) {
  ThreadPool* pool = static_cast<ThreadPool*>(self);
  pool->serve(pool->next_thread_++);
  return nullptr;
}

void ThreadPool::wait_for_call(uint64_t seen) {
  if (spin([&] { return call_.load(std::memory_order_acquire) != seen; })) return;
  pthread_mutex_lock(&mutex_);
  while (call_.load(std::memory_order_acquire) == seen) pthread_cond_wait(&called_, &mutex_);
  pthread_mutex_unlock(&mutex_);
}

void ThreadPool::serve(int thread) {
  for (uint64_t seen = 0;; seen++) {
    wait_for_call(seen);
    if (stop_) return;
    take_units(thread);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) != 1) continue;
    pthread_mutex_lock(&mutex_);
    pthread_cond_signal(&finished_);
    pthread_mutex_unlock(&mutex_);
  }
}

void ThreadPool::take_units(int thread) {
  for (;;) {
    int64_t unit = next_.fetch_add(1, std::memory_order_relaxed);
    if (unit >= units_) return;
    work_(context_, unit, thread);
  }
}

void ThreadPool::run(int64_t units, Work work, void* context) {
  if (workers_ == 0 || units <= 1) {
    for (int64_t unit = 0; unit < units; unit++) work(context, unit, 0);
    return;
  }
  work_ = work, context_ = context, units_ = units;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(workers_, std::memory_order_relaxed);
  pthread_mutex_lock(&mutex_);
  call_.fetch_add(1, std::memory_order_release);
  pthread_cond_broadcast(&called_);
  pthread_mutex_unlock(&mutex_);
  take_units(0);
  if (spin([&] { return busy_.load(std::memory_order_acquire) == 0; })) return;
  pthread_mutex_lock(&mutex_);
  while (busy_.load(std::memory_order_acquire) != 0) pthread_cond_wait(&finished_, &mutex_);
  pthread_mutex_unlock(&mutex_);
}

}  // namespace lamella
