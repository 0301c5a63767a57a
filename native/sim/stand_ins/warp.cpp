// See warp.h.
#include "warp.h"

#include <algorithm>

namespace lamella::sim {

void Warp::replay() { run(lanes.size() == kLanes ? ~Mask(0) : (Mask(1) << lanes.size()) - 1, ControlFlow::kEnd); }

// Runs lanes until they are all at a block, or at their end.
void Warp::run(Mask mask, int until) {
  while (mask) {
    int first = ControlFlow::kEnd;
    Mask together = 0;
    for (unsigned i = 0; i < lanes.size(); i++) {
      if (!(mask >> i & 1)) continue;
      int at = block(i);
      if (at == ControlFlow::kEnd || at == until) {
        mask &= ~(Mask(1) << i);
        continue;
      }
      if (!together) first = at;
      if (at == first) together |= Mask(1) << i;
    }
    if (!mask) return;
    if (together != mask) {  // begun at different blocks
      run(together, until);
      mask &= ~together;
      continue;
    }
    int meeting = flow.meeting(first);
    run_block(mask);
    for (Mask rest = mask; rest;) {
      unsigned i = unsigned(__builtin_ctz(rest));
      int at = block(i);
      Mask same = 0;
      for (unsigned j = i; j < lanes.size(); j++)
        if (rest >> j & 1 && block(j) == at) same |= Mask(1) << j;
      rest &= ~same;
      if (same == mask) break;
      if (at != ControlFlow::kEnd && at != meeting) run(same, meeting);
    }
  }
}

void Warp::run_block(Mask mask) {
  Lane own[kLanes];
  unsigned count = 0;
  size_t longest = 0;
  const Stretch& s = code[lanes[unsigned(__builtin_ctz(mask))].next->at];
  bool begins = false;
  for (unsigned i = 0; i < lanes.size(); i++) {
    if (!(mask >> i & 1)) continue;
    Lane& lane = lanes[i];
    begins |= !lane.next->resumed;
    const Event* begin = ++lane.next;
    while (lane.next != lane.end && !lane.next->stretch) lane.next++;
    own[count++] = {begin, lane.next};
    longest = std::max(longest, size_t(lane.next - begin));
  }
  if (begins) {
    work.slots += s.instructions, work.lane_slots += uint64_t(s.instructions) * count;
    work.multiply_adds += s.multiply_adds, work.lane_multiply_adds += uint64_t(s.multiply_adds) * count;
  }
  for (size_t k = 0; k < longest;) {
    size_t each = merged(own, count, k, longest);
    Request r;
    for (unsigned i = 0; i < count; i++) {
      if (own[i].next + k >= own[i].end) continue;
      const Event& e = own[i].next[k];
      r.at[r.lanes++] = e.at, r.bytes = std::min(e.bytes * each, kWidest), r.kind = e.kind;
    }
    work.requests[size_t(r.kind)].add(r, sectors);
    k += each;
  }
}

// How many accesses from the k-th on are one of up to 16 bytes.
size_t Warp::merged(const Lane* own, unsigned count, size_t k, size_t longest) const {
  for (size_t each = kWidest / 4; each > 1; each /= 2) {
    bool whole = k + each <= longest;
    for (unsigned i = 0; i < count && whole; i++) {
      const Event* e = own[i].next + k;
      whole = size_t(own[i].end - e) >= each && e->at % (4 * each) == 0 && e->kind >= Access::kSharedLoad;
      for (size_t j = 0; j < each && whole; j++)
        whole = e[j].bytes == 4 && e[j].kind == e->kind && e[j].at == e->at + 4 * j;
    }
    if (whole) return each;
  }
  return 1;
}

}  // namespace lamella::sim
