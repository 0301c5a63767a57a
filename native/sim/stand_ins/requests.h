// Accesses of a warp to memory as requests of a GPU: the sectors, lines and wavefronts that they take.
//   sector: 32 bytes of global memory; line: 128 bytes
//   wavefront: one access to the 32 banks of shared memory, 4 bytes each
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <unordered_set>

namespace lamella::sim {

constexpr unsigned kLanes = 32;
constexpr size_t kWidest = 16;  // bytes that a lane accesses at once

enum class Access : uint8_t { kGlobalLoad, kGlobalStore, kSharedLoad, kSharedStore };
constexpr size_t kAccesses = 4;

// One request: addresses of the lanes that take part.
struct Request {
  unsigned lanes = 0;
  uint64_t at[kLanes];
  size_t bytes = 0;
  Access kind = Access::kGlobalLoad;
};

// Requests of one kind. units: sectors or wavefronts; least: how few would do for as many bytes; lines: of global
// memory
struct Requests {
  uint64_t requests = 0, bytes = 0, units = 0, least = 0, lines = 0;

  // sectors: those that it touches are added
  void add(const Request& request, std::unordered_set<uint64_t>& sectors);
};

}  // namespace lamella::sim
