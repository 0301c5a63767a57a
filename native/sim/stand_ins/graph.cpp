#include "graph.h"

namespace lamella::sim {

bool GraphRun::ready(size_t node) const {
  for (size_t before : graph->nodes[node].after)
    if (!done[before]) return false;
  return true;
}

bool joined(const Graph& graph, const std::vector<size_t>& ends) {
  std::vector<char> reached(graph.nodes.size());
  for (size_t end : ends) reached[end] = true;
  for (size_t i = graph.nodes.size(); i-- > 0;)  // a node comes after earlier ones
    if (reached[i])
      for (size_t before : graph.nodes[i].after) reached[before] = true;
  for (char r : reached)
    if (!r) return false;
  return true;
}

}  // namespace lamella::sim
