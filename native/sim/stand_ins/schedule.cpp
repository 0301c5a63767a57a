// Streams and events: see schedule.h. One lock: the host's threads take turns, and so does the work of all streams.
#include "schedule.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "graph.h"

namespace lamella::sim {

struct Event {
  int device;
  uint64_t recorded = 0, completed = 0;  // how many times
  std::map<uint64_t, Clock> clocks;      // of recordings that are complete; the last few
  std::chrono::steady_clock::time_point at;
  std::shared_ptr<Capture> capture;      // if it was recorded last while its stream was captured
  std::vector<size_t> nodes;
  bool gone = false;  // destroyed, though streams may still name it
};

// Work, or the recording of an event, or a wait for one of its recordings, or a launch of a graph.
struct Item {
  std::string name;
  Work work;
  Event* event;
  uint64_t version;
  bool waits;
  std::shared_ptr<GraphRun> run;
  Clock host;  // what the host knew to be done when it gave this
};

struct Stream {
  int device;
  bool blocking;
  size_t component;
  std::deque<Item> items;
  Clock clock;
  std::shared_ptr<Capture> capture;
  std::vector<size_t> tail;  // captured nodes that its next one comes after
  bool gone;                 // destroyed, though its work may go on
};

namespace {

constexpr size_t kMostClocks = 16;

struct Schedule {
  std::recursive_mutex mutex;
  std::set<Stream*> streams;
  std::set<Event*> events;
  std::set<Graph*> graphs;
  std::set<GraphExec*> execs;
  std::mt19937 random;
  std::map<int, int> errors;  // the first of each device, which then does nothing more
  Clock host;      // what the host has waited for
  Clock standard;  // the default stream's, whose work is done at once, which the host does not know before it waits
  std::map<std::pair<size_t, size_t>, size_t> components;  // of a stream's part in graphs that another launches
  size_t next_component = 1;                               // 0 is the default stream's
  std::map<int, long> activities;                          // of each device

  Schedule() {
    random.seed(lamella_sim_settings().seed);
    fprintf(stderr, "simulated CUDA: order of streams from seed=%u\n", lamella_sim_settings().seed);
  }

  ~Schedule() {  // at the end leaks are an error
    if (lamella_sim_failed()) return;
    auto left = [](const auto& all) { return std::count_if(all.begin(), all.end(), [](auto* one) { return !one->gone; }); };
    if (left(streams) + left(events) + graphs.size() + execs.size() == 0) return;
    fprintf(stderr, "simulated CUDA: %zu streams, %zu events and %zu graphs were never destroyed\n", size_t(left(streams)),
            size_t(left(events)), graphs.size() + execs.size());
    _exit(99);
  }

  // The front may go on, as far as events say.
  static bool ready(const Stream* s) {
    return !s->items.empty() && (!s->items.front().waits || s->items.front().event->completed >= s->items.front().version);
  }

  bool idle() const {
    return std::all_of(streams.begin(), streams.end(), [](const Stream* s) { return s->items.empty(); });
  }

  bool known(Stream* stream) const { return !stream || (streams.count(stream) && !stream->gone); }
  bool known(Event* event) const { return events.count(event) && !event->gone; }

  size_t component(const Stream* launches, size_t captured) {
    auto [found, added] = components.emplace(std::make_pair(launches->component, captured), next_component);
    next_component += added;
    return found->second;
  }

  // An activity, begun anew each time that it turns out to be blocked.
  int perform(const std::string& name, const Work& work, int device, size_t component, Clock& clock) {
    const Settings& settings = lamella_sim_settings();
    begin_activity(name, device, component, clock);
    long number = ++activities[device];
    int result;
    if (settings.hang.device == device && number >= settings.hang.activity) {
      lamella_sim_set_failed();
      result = kBlocked;
    } else if (settings.fail.device == device && number >= settings.fail.activity) {
      fprintf(stderr, "simulated CUDA: %s on device %d fails as LAMELLA_SIM says\n", name.c_str(), device);
      result = kLaunchFailed;
    } else {
      result = work();
    }
    if (result == kBlocked) activities[device]--;
    bool sound = end_activity();
    return result == kSuccess && !sound ? kLaunchFailed : result;
  }

  void complete(Event* event, uint64_t version, const Clock& clock) {
    if (event->completed >= version) return;
    event->completed = version, event->at = std::chrono::steady_clock::now();
    event->clocks[version] = clock;
    if (event->clocks.size() > kMostClocks) event->clocks.erase(event->clocks.begin());
  }

  // Of the recording, or of the next one that is known.
  static const Clock& clock_of(const Event* event, uint64_t version) {
    static const Clock nothing;
    auto found = event->clocks.lower_bound(version);
    return found == event->clocks.end() || version == 0 ? nothing : found->second;
  }

  int error(int device) const {
    auto found = errors.find(device);
    return found == errors.end() ? int(kSuccess) : found->second;
  }

  int fail(int device, int result) {
    if (result) errors.emplace(device, result), lamella_sim_set_failed();
    return result;
  }

  // One turn of a stream whose front is ready. False if it waits for others.
  bool advance(Stream* s) {
    if (error(s->device)) return false;
    Item& item = s->items.front();
    s->clock.join(item.host);
    int result = kSuccess;
    if (item.run) {
      item.run->start(s->clock);
      result = item.run->step(random, [&](const Node& node, Clock& clock) {
        return perform(node.name, node.work, node.device, component(s, node.component), clock);
      });
      if (item.run->complete()) s->clock.join(item.run->clock);
    } else if (item.work) {
      result = perform(item.name, item.work, s->device, s->component, s->clock);
    } else if (item.waits) {
      s->clock.join(clock_of(item.event, item.version));
    } else {
      complete(item.event, item.version, s->clock);
    }
    if (result == kBlocked) return false;
    fail(s->device, result);
    if (!item.run || item.run->complete()) s->items.pop_front();
    return true;
  }

  // One item of one stream that may go on; false if none may.
  bool step() {
    std::vector<Stream*> able;
    for (Stream* s : streams)
      if (ready(s)) able.push_back(s);
    std::shuffle(able.begin(), able.end(), random);
    return std::any_of(able.begin(), able.end(), [this](Stream* s) { return advance(s); });
  }

  // Time passes: some of the work gets done, or none.
  void pass() {
    for (unsigned n = random() % 3; n > 0 && step(); n--) {
    }
  }

  // The host waits on behalf of a device, until it is done or the device has failed.
  template <typename F> int until(int device, F done) {
    while (!done() && !error(device))
      if (!step()) {
        fprintf(stderr, "simulated CUDA: the host waits for streams that wait for each other, or for a device that hangs\n");
        _exit(98);
      }
    return error(device);
  }

  void give(Stream* stream, Item item) {
    item.host = host;
    if (stream->blocking) item.host.join(standard);
    stream->items.push_back(std::move(item));
    pass();
  }

  void drain_blocking() {
    until(lamella_sim_current(),
          [this] { return std::all_of(streams.begin(), streams.end(), [](Stream* s) { return !s->blocking || s->items.empty(); }); });
    standard.join(host);
    for (Stream* s : streams)
      if (s->blocking) standard.join(s->clock);
  }

  int capture(Stream* stream, const std::string& name, Work work) {
    Graph& graph = *stream->capture->graph;
    graph.nodes.push_back({name, std::move(work), stream->device, stream->component, stream->tail});
    stream->tail = {graph.nodes.size() - 1};
    return kSuccess;
  }
};

Schedule& schedule() {
  static Schedule all;
  return all;
}

using Lock = std::lock_guard<std::recursive_mutex>;

// Captures of the calling thread.
thread_local int capturing = 0;

void add(std::vector<size_t>& tail, const std::vector<size_t>& more) {
  tail.insert(tail.end(), more.begin(), more.end());
  std::sort(tail.begin(), tail.end());
  tail.erase(std::unique(tail.begin(), tail.end()), tail.end());
}

}  // namespace

int permitted() { return capturing ? kCaptureUnsupported : kSuccess; }

Stream* create_stream(int device, bool blocking) {
  Lock lock(schedule().mutex);
  auto made = new Stream{device, blocking, schedule().next_component++, {}, {}, nullptr, {}, false};
  return *schedule().streams.insert(made).first;
}

int device_of(const Stream* stream) { return stream->device; }

Event* create_event() {
  Lock lock(schedule().mutex);
  auto made = new Event;
  made->device = lamella_sim_current();
  return *schedule().events.insert(made).first;
}

int destroy(Stream* stream) {  // returns at once, like the real one
  Lock lock(schedule().mutex);
  if (!stream || !schedule().known(stream)) return kInvalidHandle;
  stream->gone = true;
  return kSuccess;
}

int destroy(Event* event) {
  Lock lock(schedule().mutex);
  if (!schedule().known(event)) return kInvalidHandle;
  event->gone = true;
  return kSuccess;
}

int enqueue(Stream* stream, const std::string& name, Work work) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!stream) {
    if (int error = permitted()) return error;
    all.drain_blocking();
    if (int error = all.error(lamella_sim_current())) return error;
    int result = all.perform(name, work, lamella_sim_current(), 0, all.standard);
    return result == kLaunchFailed ? all.fail(lamella_sim_current(), result) : result;  // others are heard of at once and do not stay
  }
  if (!all.known(stream)) return kInvalidHandle;
  if (int error = all.error(stream->device)) return error;
  if (stream->capture) return all.capture(stream, name, std::move(work));
  all.give(stream, {name, std::move(work), nullptr, 0, false, nullptr, {}});
  return kSuccess;
}

int record(Event* event, Stream* stream) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(event) || !all.known(stream)) return kInvalidHandle;
  event->capture = stream ? stream->capture : nullptr;
  if (!stream) {
    all.drain_blocking();
    all.complete(event, ++event->recorded, all.standard);
  } else if (stream->capture) {
    event->nodes = stream->tail;
  } else {
    all.give(stream, {"", nullptr, event, ++event->recorded, false, nullptr, {}});
  }
  return kSuccess;
}

int wait(Stream* stream, Event* event) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(event) || !all.known(stream)) return kInvalidHandle;
  if (!stream) return synchronize(event);
  if (event->capture) {
    if (!event->capture->origin) return kCapturedEvent;  // of a capture that has ended
    if (stream->capture && stream->capture != event->capture) return kCaptureIsolation;
    if (!stream->capture) event->capture->streams.insert(stream), stream->capture = event->capture, stream->tail.clear();
    add(stream->tail, event->nodes);
    return kSuccess;
  }
  if (stream->capture) return kCaptureIsolation;
  all.give(stream, {"", nullptr, event, event->recorded, true, nullptr, {}});  // never recorded: nothing to wait for
  return kSuccess;
}

int query(Stream* stream) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(stream)) return kInvalidHandle;
  if (int error = permitted()) return error;
  all.pass();
  if (int error = all.error(stream ? stream->device : lamella_sim_current())) return error;
  if (stream ? !stream->items.empty() : !all.idle()) return kNotReady;
  if (stream) all.host.join(stream->clock);
  return kSuccess;
}

int query(Event* event) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(event)) return kInvalidHandle;
  if (event->capture) return kCapturedEvent;
  if (int error = permitted()) return error;
  all.pass();
  if (int error = all.error(event->device)) return error;
  if (event->completed < event->recorded) return kNotReady;
  all.host.join(Schedule::clock_of(event, event->completed));
  return kSuccess;
}

int elapsed(Event* from, Event* to, float* milliseconds) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(from) || !all.known(to)) return kInvalidHandle;
  if (from->completed < from->recorded || to->completed < to->recorded) return kNotReady;
  *milliseconds = std::chrono::duration<float, std::milli>(to->at - from->at).count();
  return kSuccess;
}

int synchronize(Stream* stream) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(stream)) return kInvalidHandle;
  if (int error = permitted()) return error;
  if (!stream) {
    all.drain_blocking();
    all.host.join(all.standard);
    return all.error(lamella_sim_current());
  }
  int error = all.until(stream->device, [&] { return stream->items.empty(); });
  all.host.join(stream->clock);
  return error;
}

int synchronize(Event* event) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(event)) return kInvalidHandle;
  if (event->capture) return kCapturedEvent;
  if (int error = permitted()) return error;
  uint64_t version = event->recorded;
  int error = all.until(event->device, [&] { return event->completed >= version; });
  all.host.join(Schedule::clock_of(event, version));
  return error;
}

int synchronize_all() {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (int error = permitted()) return error;
  int error = all.until(lamella_sim_current(), [&] { return all.idle(); });
  for (Stream* s : all.streams) all.host.join(s->clock);
  all.host.join(all.standard);
  return error;
}

// ---- Graphs.

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
