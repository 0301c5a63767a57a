// Race detection. Simulated devices run one activity (a kernel, a copy, a matrix product) after the other; on real
// devices activities overlap unless something orders them. Every activity therefore has a vector clock of the
// activities before it (Fidge; Mattern), and every word of memory has a shadow word with its last writer and readers
// (FastTrack, Flanagan and Freund 2009). A use that is not ordered after a write, or a write that is not ordered after
// a use, is reported as a race.
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

#include "device.h"

namespace lamella::sim {

// [component]: the number of earlier activities of a component (a stream, or a stream's part of a graph).
struct LAMELLA_SHARED Clock {
  std::vector<uint32_t> times;

  void join(const Clock& other);
  uint32_t& at(size_t component);
};

constexpr int kAnyDevice = -2;

// Begins an activity of a component on a device, after all activities in `clock`, and adds it to the clock.
LAMELLA_SHARED void begin_activity(const std::string& name, int device, size_t component, Clock& clock);
// The clock of the running activity.
LAMELLA_SHARED Clock& activity_clock();
// Ends the running activity. Returns whether all its uses of memory were in bounds and in order; faults are printed to
// the error stream.
LAMELLA_SHARED bool end_activity();

// Records that the running activity uses memory of a device. kSuccess if [pointer, pointer + bytes) is within one
// allocation of `device` (kAnyDevice: of any device), else kInvalidValue, with `what` in the message.
LAMELLA_SHARED int use(const void* pointer, size_t bytes, bool writes, int device, const char* what);
// The same for host memory; only pinned memory is checked.
LAMELLA_SHARED void use_host(const void* pointer, size_t bytes, bool writes);

// The same for a load or store of a kernel: false if it is neither in memory of the activity's device nor pinned
// memory.
inline bool use_by_kernel(uintptr_t at, size_t bytes, bool writes);

// For use_by_kernel(): the running activity, and the allocations that it used last, which it most likely uses next.
struct Hot {
  uintptr_t begin = 0;
  size_t bytes = 0;
  ShadowWord* shadow = nullptr;
};
struct Running {
  uint32_t activity = 0;
  unsigned reader = 0;  // its index among the readers of a word
  Hot hot[4];
};
extern Running running;
bool use_first(uintptr_t at, size_t bytes, bool writes);  // for an allocation that is not hot
void use_words(ShadowWord* shadow, uintptr_t begin, uintptr_t at, size_t bytes, bool writes);
// Describes an address, for messages.
LAMELLA_SHARED std::string place(uintptr_t at);

inline bool use_by_kernel(uintptr_t at, size_t bytes, bool writes) {
  for (const Hot& h : running.hot) {
    size_t offset = at - h.begin;
    if (offset >= h.bytes || offset + bytes > h.bytes) continue;
    const ShadowWord& word = h.shadow[offset / 4];
    bool again =
        (writes ? word.writer : word.readers[running.reader]) == running.activity;  // nothing that is not known
    if (!again || bytes > 4 || offset % 4 + bytes > 4) use_words(h.shadow, h.begin, at, bytes, writes);
    return true;
  }
  return use_first(at, bytes, writes);
}

}  // namespace lamella::sim
