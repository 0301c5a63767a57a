// Zeroed, cache-line aligned memory from the operating system, in huge pages where available. Owned by one object.
#pragma once

#include <stdint.h>
#include <sys/mman.h>

namespace lamella {

class Memory {
 public:
  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() {
    if (data_) munmap(data_, bytes_);
  }

  // False when memory is exhausted.
  bool allocate(int64_t bytes) {
    if (bytes == 0) return true;
    void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return false;
    if (bytes >= (4 << 20)) madvise(p, bytes, MADV_HUGEPAGE);
    data_ = static_cast<char*>(p), bytes_ = bytes;
    return true;
  }

  char* data() const { return data_; }
  float* floats() const { return reinterpret_cast<float*>(data_); }
  int64_t bytes() const { return bytes_; }

 private:
  char* data_ = nullptr;
  int64_t bytes_ = 0;
};

inline int64_t align_line(int64_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace lamella
