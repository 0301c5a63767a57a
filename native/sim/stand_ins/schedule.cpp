// Streams and events: see schedule.h. One lock: the host's threads take turns, and so does the work of all streams.
#include "schedule.h"

#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <deque>
#include <mutex>
#include <random>
#include <set>
#include <vector>

namespace lamella::sim {

struct Event {
  uint64_t recorded = 0, completed = 0;  // how many times
  std::chrono::steady_clock::time_point at;
};

// Work, or the recording of an event, or a wait for one of its recordings.
struct Item {
  Work work;
  Event* event;
  uint64_t version;
  bool waits;
};

struct Stream {
  int device;
  std::deque<Item> items;
};

namespace {

struct Schedule {
  std::recursive_mutex mutex;
  std::set<Stream*> streams;
  std::set<Event*> events;
  std::mt19937 random;
  int error = kSuccess;

  Schedule() {
    unsigned seed = lamella_sim_seed();
    random.seed(seed);
    fprintf(stderr, "simulated CUDA: order of streams from seed=%u\n", seed);
  }

  ~Schedule() {  // at the end leaks are an error
    if (streams.empty() && events.empty()) return;
    fprintf(stderr, "simulated CUDA: %zu streams and %zu events were never destroyed\n", streams.size(), events.size());
    _exit(99);
  }

  static bool ready(const Stream* s) {
    return !s->items.empty() && (!s->items.front().waits || s->items.front().event->completed >= s->items.front().version);
  }

  // Whether a stream has no work left; null: no stream has any.
  bool idle(const Stream* stream) const {
    for (const Stream* s : streams)
      if ((!stream || s == stream) && !s->items.empty()) return false;
    return true;
  }

  bool known(Stream* stream) const { return !stream || streams.count(stream); }  // null is the default stream
  bool known(Event* event) const { return events.count(event); }

  // One item of one stream that may go on; false if none may.
  bool step() {
    std::vector<Stream*> able;
    for (Stream* s : streams)
      if (ready(s)) able.push_back(s);
    if (able.empty()) return false;
    Stream* s = able[random() % able.size()];
    Item item = std::move(s->items.front());
    s->items.pop_front();
    if (item.work) {
      int result = item.work();
      if (result && !error) error = result;
    } else if (!item.waits && item.event->completed < item.version) {
      item.event->completed = item.version, item.event->at = std::chrono::steady_clock::now();
    }
    return true;
  }

  // Time passes: some of the work gets done, or none.
  void pass() {
    for (unsigned n = random() % 3; n > 0 && step(); n--) {
    }
  }

  template <typename F> int until(F done) {
    while (!done())
      if (!step()) {  // an event is recorded before anything waits for it, so this is a fault of the simulator
        fprintf(stderr, "simulated CUDA: streams wait for each other\n");
        abort();
      }
    return error;
  }
};

Schedule& schedule() {
  static Schedule all;
  return all;
}

using Lock = std::lock_guard<std::recursive_mutex>;

}  // namespace

Stream* create_stream(int device) {
  Lock lock(schedule().mutex);
  return *schedule().streams.insert(new Stream{device, {}}).first;
}

int device_of(const Stream* stream) { return stream->device; }

Event* create_event() {
  Lock lock(schedule().mutex);
  return *schedule().events.insert(new Event).first;
}

int destroy(Stream* stream) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.streams.count(stream)) return kInvalidHandle;
  all.until([&] { return all.idle(stream); });
  all.streams.erase(stream);
  delete stream;
  return kSuccess;
}

int destroy(Event* event) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(event)) return kInvalidHandle;
  all.until([&] {  // what still waits for it or records it
    for (Stream* s : all.streams)
      for (const Item& i : s->items)
        if (i.event == event) return false;
    return true;
  });
  all.events.erase(event);
  delete event;
  return kSuccess;
}

int enqueue(Stream* stream, Work work) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!stream) {  // the default stream: behind everything, before everything
    int error = all.until([&] { return all.idle(nullptr); });
    int result = work();  // the caller hears of it at once, so it does not stay
    return error ? error : result;
  }
  if (!all.known(stream)) return kInvalidHandle;
  stream->items.push_back({std::move(work), nullptr, 0, false});
  all.pass();
  return kSuccess;
}

int record(Event* event, Stream* stream) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(event) || !all.known(stream)) return kInvalidHandle;
  if (!stream) {
    synchronize(stream);
    event->completed = ++event->recorded;
    return kSuccess;
  }
  stream->items.push_back({nullptr, event, ++event->recorded, false});
  all.pass();
  return kSuccess;
}

int wait(Stream* stream, Event* event) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(event) || !all.known(stream)) return kInvalidHandle;
  if (!stream) return synchronize(event);
  stream->items.push_back({nullptr, event, event->recorded, true});  // never recorded: nothing to wait for
  all.pass();
  return kSuccess;
}

int query(Stream* stream) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(stream)) return kInvalidHandle;
  all.pass();
  return all.error ? all.error : all.idle(stream) ? int(kSuccess) : int(kNotReady);
}

int query(Event* event) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(event)) return kInvalidHandle;
  all.pass();
  return all.error ? all.error : event->completed < event->recorded ? int(kNotReady) : int(kSuccess);
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
  return all.until([&] { return all.idle(stream); });
}

int synchronize(Event* event) {
  Schedule& all = schedule();
  Lock lock(all.mutex);
  if (!all.known(event)) return kInvalidHandle;
  uint64_t version = event->recorded;
  return all.until([&] { return event->completed >= version; });
}

}  // namespace lamella::sim
