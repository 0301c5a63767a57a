// Streams captured into graphs, and graphs launched: see schedule.h.
#include <condition_variable>

#include "schedule_state.h"

namespace lamella::sim {
namespace {

// Captures of the calling thread.
thread_local int capturing = 0;

// Launches of graphs with collectives, of each device.
struct Launches {
  std::mutex mutex;
  std::condition_variable more;
  std::map<int, long> count;
};

bool has_collective(const Graph& graph) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                     [](const Node& n) { return n.name.rfind("nccl", 0) == 0; });
}

// As in NVIDIA's guide to NCCL: a launch of a graph with collectives may block until the other devices' graphs are
// launched too.
void meet_others(int device) {
  static Launches launches;
  std::unique_lock<std::mutex> lock(launches.mutex);
  long own = ++launches.count[device];
  launches.more.notify_all();
  launches.more.wait(lock, [&] {
    for (int d = 0; d < lamella_sim_device_count(); d++)
      if (launches.count[d] < own) return false;
    return true;
  });
}

}  // namespace

int permitted() { return capturing ? kCaptureUnsupported : kSuccess; }

int begin_capture(Stream* stream) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!stream || !all.known(stream)) return kInvalidHandle;
  if (!lamella_sim_settings().graphs) return kNotSupported;
  if (stream->capture) return kIllegalState;
  stream->capture = std::make_shared<Capture>();
  stream->capture->origin = stream, stream->capture->thread = std::this_thread::get_id();
  stream->capture->streams = {stream};
  stream->tail.clear();
  capturing++;
  return kSuccess;
}

int end_capture(Stream* stream, Graph** graph) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!stream || !all.known(stream) || !graph) return kInvalidHandle;
  std::shared_ptr<Capture> capture = stream->capture;
  if (!capture || capture->origin != stream || capture->thread != std::this_thread::get_id()) return kCaptureUnmatched;
  bool complete = joined(*capture->graph, stream->tail);
  for (Stream* s : capture->streams) s->capture = nullptr, s->tail.clear();
  capture->origin = nullptr;
  capturing--;
  *graph = nullptr;
  if (!complete) return kCaptureUnjoined;
  *graph = *all.graphs.insert(new Graph(*capture->graph)).first;
  return kSuccess;
}

int instantiate(const Graph* graph, GraphExec** exec) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!exec || !all.graphs.count(const_cast<Graph*>(graph))) return kInvalidValue;
  if (int error = permitted()) return error;
  *exec = *all.execs.insert(new GraphExec{std::make_shared<const Graph>(*graph)}).first;
  return kSuccess;
}

int launch(GraphExec* exec, Stream* stream) {
  Schedule& all = schedule();
  LaunchState state = lamella_sim_settings().launch;
  bool collective = false;
  if (state != LaunchState::kOk) {
    Lock lock(all.mutex);
    collective = all.execs.count(exec) && has_collective(*exec->graph);
  }
  if (collective && state == LaunchState::kMeet) meet_others(device_of(stream));
  if (collective && state == LaunchState::kHang) {
    lamella_sim_set_failed();
    for (;;) pause();
  }
  Lock lock(all.mutex);
  if (!all.execs.count(exec)) return kInvalidValue;
  if (!stream || !all.known(stream) || stream->capture) return kInvalidHandle;
  if (exec->graph->nodes.empty()) return kSuccess;
  all.give(stream, {"", nullptr, nullptr, 0, false, std::make_shared<GraphRun>(exec->graph), {}});
  return kSuccess;
}

int destroy(Graph* graph) {
  Lock lock(schedule().mutex);
  if (!schedule().graphs.erase(graph)) return kInvalidValue;
  delete graph;
  return kSuccess;
}

int destroy(GraphExec* exec) {  // launches keep what they need
  Lock lock(schedule().mutex);
  if (!schedule().execs.erase(exec)) return kInvalidValue;
  delete exec;
  return kSuccess;
}

}  // namespace lamella::sim
