// Counts what launches do, warp by warp: accesses to memory as the requests of a GPU, and the lanes that take part. The
// host compiler marks every basic block and every access of a kernel. Each thread keeps a log of them until the block
// stops at a barrier. Then the logs of a warp's lanes are replayed together, as a GPU runs them: lanes that take
// different ways run one after the other until the ways meet. The k-th accesses of lanes that run a basic block
// together are one request. Neighbouring accesses of a lane to shared memory count as one of up to 16 bytes where all
// lanes are aligned, as nvcc compiles them.
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

#include "../shared.h"
#include "machine_code.h"
#include "requests.h"

namespace lamella::sim {

// A library with its basic blocks, by the offsets of their marks.
struct Stretches {
  uintptr_t base = 0;
  std::vector<Stretch> at;  // [offset]
};

// Whether launches are counted; the calls below are permitted only then.
LAMELLA_SHARED extern bool counting;

// Reads the settings; called once, before any work.
void start_counters();
void begin_launch(const Stretches* library);
// Appends a line of JSON to the file.
void end_launch(const std::string& kernel, const std::string& variant, const unsigned grid[3], unsigned block);
// Of the running thread.
void count_access(uintptr_t at, size_t bytes, Access kind);
void count_stretch(uintptr_t mark);
// Appends a line: an event was recorded on a stream, or work that is no kernel ran.
void count_event(uint64_t number);
LAMELLA_SHARED void count_other(const std::string& name);

}  // namespace lamella::sim
