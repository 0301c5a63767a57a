// Streams and events: see schedule.h. One lock: the host's threads take turns, and so does the work of all streams.
#include "schedule_state.h"

namespace lamella::sim {

Schedule& schedule() {
  static Schedule all;
  return all;
}

namespace {

void add(std::vector<size_t>& tail, const std::vector<size_t>& more) {
  tail.insert(tail.end(), more.begin(), more.end());
  std::sort(tail.begin(), tail.end());
  tail.erase(std::unique(tail.begin(), tail.end()), tail.end());
}

}  // namespace

Stream* create_stream(int device, bool blocking) {
  Lock lock(schedule().mutex);
  auto made = new Stream{device, blocking, schedule().next_component++, {}, {}, nullptr, {}, false};
  return *schedule().streams.insert(made).first;
}

int device_of(const Stream* stream) { return stream->device; }

Event* create_event() {
  Lock lock(schedule().mutex);
  auto made = new Event;
  made->device = lamella_sim_current(), made->number = schedule().next_event++;
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
    return result == kLaunchFailed ? all.fail(lamella_sim_current(), result)
                                   : result;  // other errors are returned once and not kept
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
    if (!stream->capture)
      event->capture->streams.insert(stream), stream->capture = event->capture, stream->tail.clear();
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

}  // namespace lamella::sim
