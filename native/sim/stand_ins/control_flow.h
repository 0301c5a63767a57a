// The control flow of a kernel as its threads have taken it: basic blocks, and where threads that took different ways
// meet again. That is the immediate post-dominator, the first block that all ways lead through; a GPU reconverges
// there, too.
#pragma once

#include <stdint.h>

#include <vector>

namespace lamella::sim {

class ControlFlow {
 public:
  static constexpr int kEnd = -1;  // beyond the last block of a way, or beyond a barrier

  void add(int from, int to);
  // Where the ways that begin in a block meet; kEnd: nowhere before they end.
  int meeting(int block);
  void clear() { next.clear(), changed = true; }

 private:
  void find_meetings();
  int common(int a, int b) const;

  std::vector<std::vector<int>> next;
  std::vector<int> parent, order;  // of the tree of post-dominators
  bool changed = true;
};

}  // namespace lamella::sim
