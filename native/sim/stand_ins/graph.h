// Graphs: the captured nodes, and one running launch of them.
#pragma once

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "schedule.h"

namespace lamella::sim {

struct Node {
  std::string name;
  Work work;
  int device;
  size_t component;           // of the stream that it was captured from
  std::vector<size_t> after;  // nodes that come before it
};

struct Graph {
  std::vector<Node> nodes;
};

struct GraphExec {
  std::shared_ptr<const Graph> graph;
};

// A running capture: its streams, each with the nodes before its next node.
struct Capture {
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();
  Stream* origin;
  std::thread::id thread;
  std::set<Stream*> streams;
};

// Whether all nodes come before `ends`, or are among them.
bool joined(const Graph& graph, const std::vector<size_t>& ends);

// What a stream does while a launch of a graph is at its front.
class GraphRun {
 public:
  explicit GraphRun(std::shared_ptr<const Graph> captured)
      : graph(std::move(captured)), clocks(graph->nodes.size()), done(graph->nodes.size()) {}

  // Starts the launch after everything in `before`; further calls have no effect.
  void start(const Clock& before) {
    if (count == 0) begin = clock = before;
  }

  // Runs one node by `run(node, its clock)`, in a random order that the graph allows. Returns its result; kBlocked if
  // all nodes wait.
  template <typename Run>
  int step(std::mt19937& random, Run run);
  bool complete() const { return count == done.size(); }

  Clock clock;  // of its start, then also of all nodes that are done

 private:
  bool ready(size_t node) const;

  std::shared_ptr<const Graph> graph;
  std::vector<Clock> clocks;
  std::vector<char> done;
  size_t count = 0;
  Clock begin;
};

template <typename Run>
int GraphRun::step(std::mt19937& random, Run run) {
  std::vector<size_t> able;
  for (size_t i = 0; i < done.size(); i++)
    if (!done[i] && ready(i)) able.push_back(i);
  std::shuffle(able.begin(), able.end(), random);
  for (size_t i : able) {
    clocks[i] = begin;
    for (size_t before : graph->nodes[i].after) clocks[i].join(clocks[before]);
    int result = run(graph->nodes[i], clocks[i]);
    if (result == kBlocked) continue;
    done[i] = true, count++, clock.join(clocks[i]);
    return result;
  }
  return kBlocked;
}

}  // namespace lamella::sim
