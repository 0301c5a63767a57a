// Replays the logs of a warp's lanes together: see counters.h.
#pragma once

#include <stdint.h>

#include <unordered_set>
#include <vector>

#include "control_flow.h"
#include "machine_code.h"
#include "requests.h"

namespace lamella::sim {

// A basic block or an access of a thread.
struct Event {
  uint64_t at;  // the number of the block, or the address
  uint8_t bytes;
  bool stretch, resumed;  // resumed: the rest of a block that was interrupted
  Access kind;
};

// What warps do. slots: instructions of the host, issued for a warp; lane_slots: the same for each lane that takes part
struct Work {
  uint64_t slots = 0, lane_slots = 0, multiply_adds = 0, lane_multiply_adds = 0;
  Requests requests[kAccesses];
};

class Warp {
 public:
  // code: of the blocks, by their numbers; sectors: those that are touched are added
  Warp(const std::vector<Stretch>& code, ControlFlow& flow, Work& work, std::unordered_set<uint64_t>& sectors)
      : code(code), flow(flow), work(work), sectors(sectors) {}

  void add(const std::vector<Event>& log) { lanes.push_back({log.data(), log.data() + log.size()}); }
  void replay();

 private:
  struct Lane {
    const Event *next, *end;
  };
  using Mask = uint32_t;

  int block(unsigned lane) const {
    return lanes[lane].next == lanes[lane].end ? ControlFlow::kEnd : int(lanes[lane].next->at);
  }
  void run(Mask mask, int until);
  void run_block(Mask mask);
  size_t merged(const Lane* begin, unsigned count, size_t k, size_t longest) const;

  std::vector<Lane> lanes;
  const std::vector<Stretch>& code;
  ControlFlow& flow;
  Work& work;
  std::unordered_set<uint64_t>& sectors;
};

}  // namespace lamella::sim
