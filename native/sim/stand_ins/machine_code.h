// The machine code of the stand-in for NVRTC: this header, then a host library.
#pragma once

#include <stdint.h>

namespace lamella::sim {

constexpr char kMagic[9] = "SIMCUBIN";

struct MachineCode {
  char magic[8];
  uint64_t bytes;  // of the library
};

}  // namespace lamella::sim
