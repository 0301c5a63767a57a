// Logs of threads, and the file: see counters.h.
#include "counters.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <unordered_set>
#include <utility>

#include "../simulated_block.h"
#include "device.h"
#include "warp.h"

namespace lamella::sim {

bool counting = false;

namespace {

constexpr size_t kMostThreads = 1024;
constexpr size_t kMostEvents = 1 << 16;  // of a thread in a block; the rest is taken to be alike

struct Log {
  std::vector<Event> events;
  Dim3 block{0, 0, 0};  // to which it belongs; x counts from 1: 0 is no block
  size_t left = kMostEvents;
  int last = ControlFlow::kEnd;  // basic block that the thread is in
};

struct State {
  std::FILE* file = nullptr;
  const Stretches* library = nullptr;
  std::vector<int> numbers;  // of basic blocks, by the offsets of their marks
  std::vector<Stretch> code;
  ControlFlow flow;
  std::vector<Log> logs;
  Work work;
  uint64_t blocks = 0, events = 0, logged = 0;
  uint64_t block_sectors = 0;  // different ones of each block, added up
  std::unordered_set<uint64_t> sectors, of_block;
  Dim3 block;
};

State& state() {
  static State only;
  return only;
}

bool same(const Dim3& a, const Dim3& b) { return a.x == b.x && a.y == b.y && a.z == b.z; }

// Begins anew with each block.
Log& own_log() {
  const Dim3 &t = indices.thread, &size = indices.block_size, b{indices.block.x + 1, indices.block.y, indices.block.z};
  Log& own = state().logs[t.x + size.x * (t.y + size.y * t.z)];
  if (!same(own.block, b)) own.events.clear(), own.block = b, own.left = kMostEvents, own.last = ControlFlow::kEnd;
  return own;
}

void append(Log& to, const Event& event) {
  state().events++;
  if (to.left == 0) return;
  to.left--, state().logged++;
  to.events.push_back(event);
}

int number(uintptr_t mark) {
  State& s = state();
  size_t offset = mark - s.library->base;
  if (s.numbers.size() <= offset) s.numbers.resize(offset + 1, ControlFlow::kEnd);
  int& own = s.numbers[offset];
  if (own == ControlFlow::kEnd) {
    own = int(s.code.size());
    s.code.push_back(offset < s.library->at.size() ? s.library->at[offset] : Stretch{});
  }
  return own;
}

void end_block() {
  State& s = state();
  s.block_sectors += s.of_block.size();
  s.sectors.insert(s.of_block.begin(), s.of_block.end());
  s.of_block.clear();
}

// The ways between basic blocks in a log.
void add_ways(const Log& log) {
  int from = ControlFlow::kEnd;
  for (const Event& e : log.events) {
    if (!e.stretch) continue;
    if (from != ControlFlow::kEnd) state().flow.add(from, int(e.at));
    from = int(e.at);
  }
  if (from != ControlFlow::kEnd) state().flow.add(from, ControlFlow::kEnd);
}

void stopped() {
  State& s = state();
  size_t threads = size_t(indices.block_size.x) * indices.block_size.y * indices.block_size.z;
  if (s.blocks == 0 || !same(s.block, indices.block)) end_block(), s.blocks++, s.block = indices.block;
  for (size_t i = 0; i < threads; i++) add_ways(s.logs[i]);
  for (size_t first = 0; first < threads; first += kLanes) {
    Warp warp(s.code, s.flow, s.work, s.of_block);
    for (size_t i = first; i < std::min(first + kLanes, threads); i++) warp.add(s.logs[i].events);
    warp.replay();
  }
  for (size_t i = 0; i < threads; i++) {
    Log& log = s.logs[i];
    log.events.clear();
    if (log.last != ControlFlow::kEnd) log.events.push_back({uint64_t(log.last), 0, true, true, Access::kGlobalLoad});
  }
}

// Instructions of the functions that ran, and of their basic blocks that ran.
std::pair<uint64_t, uint64_t> reached() {
  const State& s = state();
  std::unordered_set<uint32_t> functions;
  uint64_t all = 0, ran = 0;
  for (const Stretch& code : s.code) functions.insert(code.function), ran += code.instructions;
  for (const Stretch& code : s.library->at)
    if (code.offset && functions.count(code.function)) all += code.instructions;
  return {all, ran};
}

void write(const char* name, uint64_t value) {
  std::fprintf(state().file, ",\"%s\":%llu", name, static_cast<unsigned long long>(value));
}

void write(const char* name, const Requests& r) {
  std::fprintf(state().file, ",\"%s\":{\"requests\":%llu", name, static_cast<unsigned long long>(r.requests));
  write("bytes", r.bytes), write("units", r.units), write("least", r.least), write("lines", r.lines);
  std::fputs("}", state().file);
}

}  // namespace

void start_counters() {
  const Settings& settings = lamella_sim_settings();
  watch.blocks = unsigned(settings.blocks);
  if (settings.counts.empty()) return;
  state().file = std::fopen(settings.counts.c_str(), "a");
  if (!state().file) {
    std::fprintf(stderr, "simulated CUDA: counts=%s cannot be written\n", settings.counts.c_str());
    std::_Exit(2);
  }
  std::setvbuf(state().file, nullptr, _IOLBF, 1 << 16);
  watch.stopped = stopped, counting = true;
}

void begin_launch(const Stretches* library) {
  State& s = state();
  s.library = library, s.numbers.clear(), s.code.clear(), s.flow.clear();
  s.logs.assign(kMostThreads, {});
  s.work = {}, s.blocks = s.events = s.logged = s.block_sectors = 0;
  s.sectors.clear(), s.of_block.clear();
}

void end_launch(const std::string& kernel, const std::string& variant, const unsigned grid[3], unsigned block) {
  State& s = state();
  end_block();
  std::fprintf(s.file, "{\"kernel\":\"%s\",\"variant\":\"%s\",\"grid\":[%u,%u,%u]", kernel.c_str(), variant.c_str(),
               grid[0], grid[1], grid[2]);
  const Work& w = s.work;
  write("block", block), write("blocks", s.blocks), write("events", s.events), write("logged", s.logged);
  auto [all, ran] = reached();
  write("code", all), write("reached", ran);
  write("slots", w.slots), write("lane_slots", w.lane_slots);
  write("multiply_adds", w.multiply_adds), write("lane_multiply_adds", w.lane_multiply_adds);
  write("block_sectors", s.block_sectors), write("sectors", s.sectors.size());
  const char* names[kAccesses] = {"global_loads", "global_stores", "shared_loads", "shared_stores"};
  for (size_t i = 0; i < kAccesses; i++) write(names[i], w.requests[i]);
  std::fputs("}\n", s.file);
}

void count_access(uintptr_t at, size_t bytes, Access kind) {
  append(own_log(), {at, uint8_t(std::min(bytes, kWidest)), false, false, kind});
}

void count_stretch(uintptr_t mark) {
  Log& to = own_log();
  to.last = number(mark);
  append(to, {uint64_t(to.last), 0, true, false, Access::kGlobalLoad});
}

void count_event(uint64_t number) {
  std::fprintf(state().file, "{\"event\":%llu}\n", static_cast<unsigned long long>(number));
}

void count_other(const std::string& name) { std::fprintf(state().file, "{\"other\":\"%s\"}\n", name.c_str()); }

}  // namespace lamella::sim
