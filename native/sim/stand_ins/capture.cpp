// Streams captured into graphs, and graphs launched: see schedule.h.
#include "schedule_state.h"

namespace lamella::sim {
namespace {

// Captures of the calling thread.
thread_local int capturing = 0;

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
