// What the devices do, one activity (a kernel, a copy, a matrix product) after the other here; on real devices those
// that nothing orders overlap. So every activity has a clock, which says what has happened before it, every word of
// memory remembers who wrote and read it last, and a use that nothing orders behind a write, or a write that nothing
// orders behind a use, is reported as a race. After Lamport's clocks, made vectors as by Fidge and Mattern; the shadow
// words as in FastTrack (Flanagan and Freund 2009).
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

#include "device.h"

namespace lamella::sim {

// [component]: how many activities of a component (a stream, or a stream's part of a graph) have happened before.
struct LAMELLA_SHARED Clock {
  std::vector<uint32_t> times;

  void join(const Clock& other);
  uint32_t& at(size_t component);
};

constexpr int kAnyDevice = -2;

// Begins an activity of a component on a device behind all that `clock` knows; the clock then knows the activity too.
LAMELLA_SHARED void begin_activity(const std::string& name, int device, size_t component, Clock& clock);
// The clock of the activity that runs.
LAMELLA_SHARED Clock& activity_clock();
// Ends it. Returns whether all its uses of memory were in bounds and in order; what was wrong stands on the error
// stream.
LAMELLA_SHARED bool end_activity();

// The activity that runs uses memory of a device. kSuccess if [pointer, pointer + bytes) lies within one allocation of
// `device` (kAnyDevice: of any), else kInvalidValue, with `what` in the message.
LAMELLA_SHARED int use(const void* pointer, size_t bytes, bool writes, int device, const char* what);
// The same of memory that is the host's own if it is not pinned.
LAMELLA_SHARED void use_host(const void* pointer, size_t bytes, bool writes);

// Of a kernel's own instructions: false if neither memory of the activity's device nor pinned memory is there.
inline bool use_by_kernel(uintptr_t at, size_t bytes, bool writes);

// For use_by_kernel(): the activity that runs, and the allocations that it used last, most likely the next one's too.
struct Hot {
  uintptr_t begin = 0;
  size_t bytes = 0;
  ShadowWord* shadow = nullptr;
};
struct Running {
  uint32_t activity = 0;
  unsigned reader = 0;  // its place among a word's readers
  Hot hot[4];
};
extern Running running;
bool use_first(uintptr_t at, size_t bytes, bool writes);  // of an allocation that is not hot
void use_words(ShadowWord* shadow, uintptr_t begin, uintptr_t at, size_t bytes, bool writes);
// Where at lies, in words, for the message.
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
