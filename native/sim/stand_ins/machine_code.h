// The machine code of the stand-in for NVRTC: this header, then a host library, then what counters need to know.
#pragma once

#include <stdint.h>

namespace lamella::sim {

constexpr char kMagic[9] = "SIMCUBIN";

struct MachineCode {
  char magic[8];
  uint64_t bytes;      // of the library
  uint64_t stretches;  // their number; 0: the library was not compiled for counters
  char variant[400];   // the kernel file and its constants
};

// A stretch of the library's code that runs from its beginning to its end: a basic block.
struct Stretch {
  uint32_t offset;        // of its mark's return address in the library
  uint16_t instructions;  // of the host
  uint16_t multiply_adds;
  uint32_t function;  // the number of the function that it is part of
};

}  // namespace lamella::sim
