// State shared by schedule.cpp and capture.cpp: all streams, events and graphs, under one lock, and their progress.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "counters.h"
#include "graph.h"

namespace lamella::sim {

struct Event {
  int device;
  uint64_t number = 0;                   // in the order of their creation
  uint64_t recorded = 0, completed = 0;  // how many times
  std::map<uint64_t, Clock> clocks;      // of recordings that are complete; the last few
  std::chrono::steady_clock::time_point at;
  std::shared_ptr<Capture> capture;  // if it was recorded last while its stream was captured
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
  Clock host;  // the work that the host had waited for when it enqueued this
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

constexpr size_t kMostClocks = 16;

struct Schedule {
  std::recursive_mutex mutex;
  std::set<Stream*> streams;
  std::set<Event*> events;
  std::set<Graph*> graphs;
  std::set<GraphExec*> execs;
  std::mt19937 random;
  std::map<int, int> errors;  // the first error of each device, which then does nothing more
  Clock host;                 // the work that the host has waited for
  Clock standard;  // of the default stream, whose work runs at once, although the host must still wait for it
  std::map<std::pair<size_t, size_t>, size_t> components;  // of a stream's part in graphs that another launches
  uint64_t next_event = 0;
  size_t next_component = 1;       // 0 is the default stream's
  std::map<int, long> activities;  // of each device

  Schedule() {
    random.seed(lamella_sim_settings().seed);
    start_counters();
    fprintf(stderr, "simulated CUDA: order of streams from seed=%u\n", lamella_sim_settings().seed);
  }

  ~Schedule() {  // at the end leaks are an error
    if (lamella_sim_failed()) return;
    auto left = [](const auto& all) {
      return std::count_if(all.begin(), all.end(), [](auto* one) { return !one->gone; });
    };
    if (left(streams) + left(events) + graphs.size() + execs.size() == 0) return;
    fprintf(stderr, "simulated CUDA: %zu streams, %zu events and %zu graphs were never destroyed\n",
            size_t(left(streams)), size_t(left(events)), graphs.size() + execs.size());
    _exit(99);
  }

  // Whether the events allow the front to run.
  static bool ready(const Stream* s) {
    return !s->items.empty() &&
           (!s->items.front().waits || s->items.front().event->completed >= s->items.front().version);
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

  // Runs an activity; a blocked one is begun anew each time.
  int perform(const std::string& name, const Work& work, int device, size_t component, Clock& clock) {
    const Settings& settings = lamella_sim_settings();
    begin_activity(name, device, component, clock);
    long number = ++activities[device];
    int result;
    if (settings.hang.device == device && number >= settings.hang.activity) {
      lamella_sim_set_failed();
      result = kBlocked;
    } else {
      result = work();
      if (result != kBlocked && settings.fail.device == device && number >= settings.fail.activity) {
        // As on a GPU, the kernel has begun: what its first statements write is there.
        fprintf(stderr, "simulated CUDA: %s on device %d fails as LAMELLA_SIM says\n", name.c_str(), device);
        result = kLaunchFailed;
      }
    }
    if (result == kBlocked) activities[device]--;
    bool sound = end_activity();
    return result == kSuccess && !sound ? kLaunchFailed : result;
  }

  void complete(Event* event, uint64_t version, const Clock& clock) {
    if (event->completed >= version) return;
    if (counting) count_event(event->number);
    event->completed = version, event->at = std::chrono::steady_clock::now();
    event->clocks[version] = clock;
    if (event->clocks.size() > kMostClocks) event->clocks.erase(event->clocks.begin());
  }

  // The clock of the recording, or of the next known one.
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

  // Runs the front of a ready stream. False if it waits for other devices.
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

  // Runs one item of a ready stream; false if no stream is ready.
  bool step() {
    std::vector<Stream*> able;
    for (Stream* s : streams)
      if (ready(s)) able.push_back(s);
    std::shuffle(able.begin(), able.end(), random);
    return std::any_of(able.begin(), able.end(), [this](Stream* s) { return advance(s); });
  }

  // Simulates the passing of time: runs some of the work, or none.
  void pass() {
    for (unsigned n = random() % 3; n > 0 && step(); n--) {}
  }

  // The host waits until done or until the device has failed.
  template <typename F>
  int until(int device, F done) {
    while (!done() && !error(device))
      if (!step()) {
        while (!lamella_sim_settings().waits_end) pause();
        fprintf(stderr,
                "simulated CUDA: the host waits for streams that wait for each other, or for a device that hangs\n");
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
    until(lamella_sim_current(), [this] {
      return std::all_of(streams.begin(), streams.end(), [](Stream* s) { return !s->blocking || s->items.empty(); });
    });
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

Schedule& schedule();

using Lock = std::lock_guard<std::recursive_mutex>;

}  // namespace lamella::sim
