// Seconds spent in each operator, with one row per thread. When off, it costs one test per operator.
#pragma once

#include <string.h>
#include <time.h>

#include "memory.h"

namespace lamella {

inline double seconds_now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

class Profile {
 public:
  bool start(int threads, int64_t ops) {
    on_ = false;
    threads_ = threads, ops_ = ops;
    if (!memory_.data() && !memory_.allocate(threads * row_bytes())) return false;
    memset(memory_.data(), 0, memory_.bytes());
    return on_ = true;
  }
  void stop() { on_ = false; }
  bool on() const { return on_; }
  void add(int thread, int64_t op, double seconds) { row(thread)[op] += seconds; }
  void read(double* seconds) const {
    for (int64_t i = 0; i < ops_; i++) {
      seconds[i] = 0;
      for (int t = 0; t < threads_; t++) seconds[i] += row(t)[i];
    }
  }

 private:
  // Rows of two threads never share a cache line.
  int64_t row_bytes() const { return align_line(ops_ * static_cast<int64_t>(sizeof(double))) + 64; }
  double* row(int thread) const { return reinterpret_cast<double*>(memory_.data() + thread * row_bytes()); }

  Memory memory_;
  int threads_ = 0;
  int64_t ops_ = 0;
  bool on_ = false;
};

// Adds the time from its construction to its destruction to an operator.
class Stopwatch {
 public:
  Stopwatch(Profile& profile, int thread, int64_t op)
      : profile_(profile), thread_(thread), op_(op), start_(profile.on() ? seconds_now() : 0) {}
  ~Stopwatch() {
    if (profile_.on()) profile_.add(thread_, op_, seconds_now() - start_);
  }

 private:
  Profile& profile_;
  int thread_;
  int64_t op_;
  double start_;
};

}  // namespace lamella
