// Clocks and shadow words: see activity.h. All functions are called under the schedule's lock.
#include "activity.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>
#include <utility>

namespace lamella::sim {

void Clock::join(const Clock& other) {
  if (times.size() < other.times.size()) times.resize(other.times.size());
  for (size_t i = 0; i < other.times.size(); i++) times[i] = std::max(times[i], other.times[i]);
}

uint32_t& Clock::at(size_t component) {
  if (times.size() <= component) times.resize(component + 1);
  return times[component];
}

namespace {

struct Past {
  uint32_t component, time, name;
};

struct Activities {
  std::vector<Past> past{1};  // number 0 is no activity
  std::vector<std::string> names;
  std::unordered_map<std::string, uint32_t> numbers;
  std::set<std::pair<uint32_t, uint32_t>> reported;
  std::vector<uint32_t> times;  // [component]
  Clock* clock = nullptr;
  int device = 0;
  bool sound = true;
  int coldest = 0;

  uint32_t number(const std::string& name) {
    auto [found, added] = numbers.emplace(name, names.size());
    if (added) names.push_back(name);
    return found->second;
  }

  bool before(uint32_t activity) const {  // before the running activity
    const Past& p = past[activity];
    return p.component < clock->times.size() && clock->times[p.component] >= p.time;
  }
};

Activities& all() {
  static Activities activities;
  return activities;
}

void report(uint32_t other, bool wrote, bool writes, uintptr_t at) {
  Activities& a = all();
  a.sound = false;
  const Past &then = a.past[other], &now = a.past[running.activity];
  if (!a.reported.insert({then.name, now.name}).second) return;
  fprintf(stderr, "simulated CUDA: race: %s %s %s, which %s %s, and nothing orders the two\n",
          a.names[now.name].c_str(), writes ? "writes" : "reads", place(at).c_str(), a.names[then.name].c_str(),
          wrote ? "wrote" : "read");
}

void use_shadow(ShadowWord& word, uintptr_t at, bool writes) {
  Activities& a = all();
  if (word.writer && word.writer != running.activity && !a.before(word.writer)) report(word.writer, true, writes, at);
  if (!writes) {
    word.readers[running.reader] = running.activity;
    return;
  }
  for (uint32_t reader : word.readers)
    if (reader && reader != running.activity && !a.before(reader)) report(reader, false, true, at);
  word.writer = running.activity;
}

}  // namespace

Running running;

void use_words(ShadowWord* shadow, uintptr_t begin, uintptr_t at, size_t bytes, bool writes) {
  for (size_t word = (at - begin) / 4; word <= (at - begin + bytes - 1) / 4; word++)
    use_shadow(shadow[word], at, writes);
}

void begin_activity(const std::string& name, int device, size_t component, Clock& clock) {
  Activities& a = all();
  if (a.times.size() <= component) a.times.resize(component + 1);
  clock.at(component) = ++a.times[component];
  running.activity = uint32_t(a.past.size());
  a.past.push_back({uint32_t(component), a.times[component], a.number(name)});
  a.clock = &clock, a.device = device, a.sound = true;
  running.reader = component % kReaders;
  std::fill(std::begin(running.hot), std::end(running.hot), Hot{});
}

Clock& activity_clock() { return *all().clock; }

bool end_activity() {
  all().clock = nullptr, running.activity = 0;
  return all().sound;
}

int use(const void* pointer, size_t bytes, bool writes, int device, const char* what) {
  AllocationView found = lamella_sim_find(pointer);
  size_t offset = uintptr_t(pointer) - found.begin;
  if (!found.begin || found.device == kHostDevice || (offset >= found.bytes && bytes)) {
    fprintf(stderr, "simulated CUDA: %s of %zu bytes at %p, which lies in no device's memory\n", what, bytes, pointer);
    return kInvalidValue;
  }
  if (offset + bytes > found.bytes) {
    fprintf(stderr, "simulated CUDA: %s of %zu bytes at byte %zu of an allocation of %zu\n", what, bytes, offset,
            found.bytes);
    return kInvalidValue;
  }
  if (device != kAnyDevice && found.device != device) {
    fprintf(stderr, "simulated CUDA: %s lies on device %d and is used by device %d\n", what, found.device, device);
    return kInvalidValue;
  }
  if (running.activity && bytes) use_words(found.shadow, found.begin, uintptr_t(pointer), bytes, writes);
  return kSuccess;
}

void use_host(const void* pointer, size_t bytes, bool writes) {
  AllocationView found = lamella_sim_find(pointer);
  if (!found.begin || uintptr_t(pointer) - found.begin + bytes > found.bytes || !bytes || !running.activity) return;
  use_words(found.shadow, found.begin, uintptr_t(pointer), bytes, writes);
}

bool use_first(uintptr_t at, size_t bytes, bool writes) {
  Activities& a = all();
  AllocationView found = lamella_sim_find(reinterpret_cast<const void*>(at));
  if (!found.begin || at - found.begin + bytes > found.bytes ||
      (found.device != kHostDevice && found.device != a.device))
    return false;
  running.hot[a.coldest] = {found.begin, found.bytes, found.shadow};
  a.coldest = (a.coldest + 1) % int(std::size(running.hot));
  use_words(found.shadow, found.begin, at, bytes, writes);
  return true;
}

std::string place(uintptr_t at) {
  AllocationView found = lamella_sim_find(reinterpret_cast<const void*>(at));
  if (!found.begin) {
    char text[64];
    snprintf(text, sizeof text, "%p, which lies in no device's memory", reinterpret_cast<void*>(at));
    return text;
  }
  std::string where = found.device == kHostDevice ? "pinned memory" : "device " + std::to_string(found.device);
  return "byte " + std::to_string(at - found.begin) + " of an allocation of " + std::to_string(found.bytes) + " on " +
         where;
}

}  // namespace lamella::sim
