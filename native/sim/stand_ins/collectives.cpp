// The stand-in for NCCL: sums and broadcasts between the simulated devices of one process. A device's part of a
// collective waits on its stream for the parts of all other devices. As with NCCL, the k-th part of one device belongs
// to the k-th part of each other device, so devices that disagree about the order are found. With
// LAMELLA_SIM=links=wrong sums are wrong, with links=hang they never end.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "schedule.h"

using namespace lamella::sim;

namespace {

enum Result : int { kOk = 0, kInternal = 3, kInvalidArgument = 4, kInvalidUsage = 5 };
enum Type : int { kFloat = 7, kDouble = 8 };
enum class Kind { kSum, kBroadcast };

// One device's part of a collective.
struct Part {
  Kind kind;
  const void* from;
  void* to;
  size_t count;
  int type, root;
  Clock clock;  // of its own arrival, then of the arrival of all parts
  bool done = false;
  int result = kSuccess;
};

size_t bytes(const Part& p) { return p.count * (p.type == kDouble ? sizeof(double) : sizeof(float)); }

struct Clique {
  size_t devices;
  std::vector<std::deque<std::shared_ptr<Part>>> coming;  // [rank]
  bool aborted = false;
};

struct Communicator {
  std::shared_ptr<Clique> clique;
  int rank, device;
};

struct Communicators {
  std::set<Communicator*> live;

  ~Communicators() {  // at the end leaks are an error
    if (live.empty() || lamella_sim_failed()) return;
    fprintf(stderr, "simulated CUDA: %zu communicators were never destroyed\n", live.size());
    _exit(99);
  }
};

Communicators& communicators() {
  static Communicators all;
  return all;
}

struct Call {
  Communicator* communicator;
  Part part;
  Stream* stream;
};

thread_local int group = 0;
thread_local std::vector<Call> calls;

template <typename T>
void add_up(const std::vector<std::shared_ptr<Part>>& parts) {
  std::vector<T> sums(parts[0]->count);
  for (auto& p : parts)
    for (size_t i = 0; i < p->count; i++) sums[i] += static_cast<const T*>(p->from)[i];
  for (auto& p : parts) memcpy(p->to, sums.data(), bytes(*p));
  if (lamella_sim_settings().links == Links::kWrong) static_cast<T*>(parts.back()->to)[parts[0]->count / 2] += 1;
}

void perform(const std::vector<std::shared_ptr<Part>>& parts) {
  for (auto& p : parts)
    if (p->kind != parts[0]->kind || p->count != parts[0]->count || p->type != parts[0]->type ||
        p->root != parts[0]->root) {
      fprintf(stderr,
              "simulated CUDA: devices disagree about a collective: %zu elements of type %d on one, %zu of type %d on "
              "another\n",
              parts[0]->count, parts[0]->type, p->count, p->type);
      for (auto& each : parts) each->result = kLaunchFailed;
      return;
    }
  if (parts[0]->kind == Kind::kBroadcast) {
    for (auto& p : parts) memmove(p->to, parts[size_t(p->root)]->from, bytes(*p));
  } else if (parts[0]->type == kDouble) {
    add_up<double>(parts);
  } else {
    add_up<float>(parts);
  }
}

// Completes a collective when all parts have arrived.
void meet(Clique& clique) {
  std::vector<std::shared_ptr<Part>> parts;
  for (auto& queue : clique.coming) {
    if (queue.empty()) return;
    parts.push_back(queue.front());
  }
  Clock together;
  for (auto& p : parts) together.join(p->clock);
  perform(parts);
  for (auto& p : parts) p->clock = together, p->done = true;
  for (auto& queue : clique.coming) queue.pop_front();
}

Work work(const Call& call) {
  auto came = std::make_shared<std::shared_ptr<Part>>();  // the part while it waits; in a graph once per launch
  return [clique = call.communicator->clique, rank = call.communicator->rank, device = call.communicator->device,
          part = call.part, came] {
    if (clique->aborted) return came->reset(), int(kSuccess);
    if (lamella_sim_settings().links == Links::kHang) return kBlocked;
    if (!*came) {
      *came = std::make_shared<Part>(part);
      (*came)->clock = activity_clock();
      clique->coming[size_t(rank)].push_back(*came);
      meet(*clique);
    }
    if (!(*came)->done) return kBlocked;
    Part done = **came;
    came->reset();
    activity_clock().join(done.clock);
    int error = use(done.from, bytes(done), false, device, "what a collective reads");
    if (!error) error = use(done.to, bytes(done), true, device, "what a collective writes");
    return error ? error : done.result;
  };
}

int give(const Call& call) {
  const char* name = call.part.kind == Kind::kSum ? "ncclAllReduce" : "ncclBroadcast";
  return enqueue(call.stream, name, work(call)) ? kInternal : kOk;
}

int collective(Communicator* c, Part part, Stream* stream) {
  if (!c || !communicators().live.count(c) || !stream || device_of(stream) != c->device) return kInvalidArgument;
  if (!part.count || (part.type != kFloat && part.type != kDouble)) return kInvalidArgument;
  if (!group && c->clique->devices > 1) {
    fprintf(stderr, "simulated CUDA: one thread serves several devices and calls a collective outside of a group\n");
    return kInvalidUsage;
  }
  calls.push_back({c, part, stream});
  if (group) return kOk;
  int result = give(calls.back());
  calls.clear();
  return result;
}

}  // namespace

LAMELLA_EXPORT int ncclCommInitAll(Communicator** made, int count, const int* devices) {
  if (!made || count < 1 || count > lamella_sim_device_count()) return kInvalidArgument;
  auto clique = std::make_shared<Clique>();
  clique->devices = size_t(count), clique->coming.resize(size_t(count));
  for (int i = 0; i < count; i++)
    made[i] = *communicators().live.insert(new Communicator{clique, i, devices ? devices[i] : i}).first;
  return kOk;
}

LAMELLA_EXPORT int ncclCommDestroy(Communicator* c) {
  if (!communicators().live.erase(c)) return kInvalidArgument;
  delete c;
  return kOk;
}

LAMELLA_EXPORT int ncclCommAbort(Communicator* c) {
  if (!communicators().live.count(c)) return kInvalidArgument;
  c->clique->aborted = true;
  return ncclCommDestroy(c);
}

LAMELLA_EXPORT int ncclCommGetAsyncError(Communicator* c, int* error) {
  if (!communicators().live.count(c) || !error) return kInvalidArgument;
  *error = kOk;
  return kOk;
}

LAMELLA_EXPORT int ncclGetVersion(int* version) {
  if (!version) return kInvalidArgument;
  *version = 21500;
  return kOk;
}

LAMELLA_EXPORT const char* ncclGetErrorString(int result) {
  switch (result) {
    case kOk: return "no error";
    case kInvalidArgument: return "invalid argument";
    case kInvalidUsage: return "invalid usage";
    default: return "internal error";
  }
}

LAMELLA_EXPORT int ncclGroupStart() {
  group++;
  return kOk;
}

LAMELLA_EXPORT int ncclGroupEnd() {
  if (!group) return kInvalidUsage;
  if (--group) return kOk;
  std::vector<Call> given;
  given.swap(calls);
  int result = kOk;
  for (const Call& call : given)
    if (int error = give(call)) result = error;
  return result;
}

LAMELLA_EXPORT int ncclAllReduce(const void* from, void* to, size_t count, int type, int operation, Communicator* c,
                                 Stream* stream) {
  return operation ? kInvalidArgument : collective(c, {Kind::kSum, from, to, count, type, 0, {}}, stream);
}

LAMELLA_EXPORT int ncclBroadcast(const void* from, void* to, size_t count, int type, int root, Communicator* c,
                                 Stream* stream) {
  bool exists = c && communicators().live.count(c) && root >= 0 && size_t(root) < c->clique->devices;
  return exists ? collective(c, {Kind::kBroadcast, from, to, count, type, root, {}}, stream) : kInvalidArgument;
}
