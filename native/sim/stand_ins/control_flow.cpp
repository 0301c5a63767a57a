// Post-dominators by Cooper, Harvey and Kennedy (2001): see control_flow.h.
#include "control_flow.h"

#include <algorithm>
#include <utility>

namespace lamella::sim {

void ControlFlow::add(int from, int to) {
  size_t needed = size_t(std::max(from, to)) + 1;
  if (next.size() < needed) next.resize(needed), changed = true;
  std::vector<int>& ways = next[size_t(from)];
  if (std::find(ways.begin(), ways.end(), to) != ways.end()) return;
  ways.push_back(to);
  changed = true;
}

int ControlFlow::meeting(int block) {
  if (changed) find_meetings();
  return parent[size_t(block)] == int(next.size()) ? kEnd : parent[size_t(block)];
}

int ControlFlow::common(int a, int b) const {
  while (a != b) {
    while (order[size_t(a)] < order[size_t(b)]) a = parent[size_t(a)];
    while (order[size_t(b)] < order[size_t(a)]) b = parent[size_t(b)];
  }
  return a;
}

void ControlFlow::find_meetings() {
  int end = int(next.size());
  std::vector<std::vector<int>> before(next.size() + 1);
  for (int from = 0; from < end; from++)
    for (int to : next[size_t(from)]) before[size_t(to == kEnd ? end : to)].push_back(from);
  // From the end against the ways, in post-order.
  constexpr int kUnknown = -2;
  order.assign(next.size() + 1, kUnknown), parent.assign(next.size() + 1, kUnknown);
  std::vector<int> finished;
  std::vector<std::pair<int, size_t>> stack{{end, 0}};
  std::vector<bool> seen(next.size() + 1);
  seen[size_t(end)] = true;
  while (!stack.empty()) {
    auto& [at, way] = stack.back();
    if (way == before[size_t(at)].size()) {
      order[size_t(at)] = int(finished.size()), finished.push_back(at);
      stack.pop_back();
      continue;
    }
    int from = before[size_t(at)][way++];
    if (!seen[size_t(from)]) seen[size_t(from)] = true, stack.emplace_back(from, 0);
  }
  parent[size_t(end)] = end;
  for (bool moved = true; moved;) {
    moved = false;
    for (auto i = finished.rbegin() + 1; i != finished.rend(); ++i) {
      int found = kUnknown;
      for (int to : next[size_t(*i)]) {
        int way = to == kEnd ? end : to;
        if (parent[size_t(way)] != kUnknown) found = found == kUnknown ? way : common(found, way);
      }
      if (parent[size_t(*i)] != found) parent[size_t(*i)] = found, moved = true;
    }
  }
  for (int& p : parent)
    if (p == kUnknown) p = end;  // a way that never ended: its thread was stopped
  changed = false;
}

}  // namespace lamella::sim
