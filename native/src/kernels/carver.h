// Cuts a workspace into the arrays of a kernel. One list of take() calls serves two purposes: with memory it yields the
// pointers, without memory it counts the floats that they need.
#pragma once

#include <stdint.h>

namespace lamella {

class Carver {
 public:
  explicit Carver(float* memory) : memory_(memory) {}

  // n values of a type whose size is a multiple of a float's.
  template <typename T = float>
  T* take(int64_t n) {
    static_assert(sizeof(T) % sizeof(float) == 0, "a workspace is cut by floats");
    T* at = memory_ ? reinterpret_cast<T*>(memory_ + floats_) : nullptr;
    floats_ += n * static_cast<int64_t>(sizeof(T) / sizeof(float));
    return at;
  }

  int64_t floats() const { return floats_; }

 private:
  float* memory_;
  int64_t floats_ = 0;
};

}  // namespace lamella
