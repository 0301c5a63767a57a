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

uint64_t ThreadPool::wait_for_call(uint64_t seen) {
  if (!spin([&] { return call_.load(std::memory_order_acquire) != seen; })) {
    pthread_mutex_lock(&mutex_);
    while (call_.load(std::memory_order_acquire) == seen) pthread_cond_wait(&called_, &mutex_);
    pthread_mutex_unlock(&mutex_);
  }
  return call_.load(std::memory_order_acquire);
}

void ThreadPool::serve(int thread) {
  for (uint64_t seen = 0;;) {
    seen = wait_for_call(seen);  // a thread that slept through calls skips them
    if (stop_) return;
    int64_t units = 0;
    int64_t taken = take_units(thread, &units);
    if (taken == 0 || done_.fetch_add(taken, std::memory_order_acq_rel) + taken != units) continue;
    pthread_mutex_lock(&mutex_);
    pthread_cond_signal(&finished_);
    pthread_mutex_unlock(&mutex_);
  }
}

// While a thread has units that it has not yet reported as done, the call cannot end, so its fields do not change.
int64_t ThreadPool::take_units(int thread, int64_t* units) {
  int64_t taken = 0;
  uint64_t now = tickets_.load(std::memory_order_acquire);
  while ((now & kLeft) != 0) {
    if (!tickets_.compare_exchange_weak(now, now - 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
    *units = units_;
    work_(context_, units_ - static_cast<int64_t>(now & kLeft), thread);
    taken++;
    now = tickets_.load(std::memory_order_acquire);
  }
  return taken;
}

// Waking a sleeping thread costs microseconds: no more are woken than there are units for.
void ThreadPool::wake(int64_t most) {
  pthread_mutex_lock(&mutex_);
  call_.fetch_add(1, std::memory_order_release);
  if (most >= workers_)
    pthread_cond_broadcast(&called_);
  else
    for (int64_t i = 0; i < most; i++) pthread_cond_signal(&called_);
  pthread_mutex_unlock(&mutex_);
}

void ThreadPool::run(int64_t units, Work work, void* context) {
  if (workers_ == 0 || units <= 1) {
    for (int64_t unit = 0; unit < units; unit++) work(context, unit, 0);
    return;
  }
  work_ = work, context_ = context, units_ = units;
  done_.store(0, std::memory_order_relaxed);
  uint64_t number = (tickets_.load(std::memory_order_relaxed) & ~kLeft) + kLeft + 1;
  tickets_.store(number | static_cast<uint64_t>(units), std::memory_order_release);
  wake(units - 1);
  int64_t all = 0;
  done_.fetch_add(take_units(0, &all), std::memory_order_acq_rel);
  if (spin([&] { return done_.load(std::memory_order_acquire) == units; })) return;
  pthread_mutex_lock(&mutex_);
  while (done_.load(std::memory_order_acquire) != units) pthread_cond_wait(&finished_, &mutex_);
  pthread_mutex_unlock(&mutex_);
}

}  // namespace lamella
