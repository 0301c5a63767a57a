// The simulated devices and their memory: see device.h.
#include "device.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <random>
#include <string>

namespace lamella::sim {
namespace {

constexpr ErrorText kErrors[] = {
    {kSuccess, "cudaSuccess", "CUDA_SUCCESS", "no error"},
    {kInvalidValue, "cudaErrorInvalidValue", "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {kOutOfMemory, "cudaErrorMemoryAllocation", "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {kNoDevice, "cudaErrorNoDevice", "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {kInvalidDevice, "cudaErrorInvalidDevice", "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {kInvalidHandle, "cudaErrorInvalidResourceHandle", "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {kNotReady, "cudaErrorNotReady", "CUDA_ERROR_NOT_READY", "device not ready"},
    {200, "cudaErrorInvalidKernelImage", "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {500, "cudaErrorSymbolNotFound", "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {719, "cudaErrorLaunchFailure", "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {kNotSupported, "cudaErrorNotSupported", "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
};

struct Settings {
  int devices = 1;
  size_t memory = size_t(12) << 30;
  unsigned seed = std::random_device()();

  Settings() {
    const char* text = getenv("LAMELLA_SIM");
    std::string all = text ? text : "";
    for (size_t at = 0; at < all.size();) {
      size_t end = all.find(',', at);
      if (end == std::string::npos) end = all.size();
      if (!set(all.substr(at, end - at))) {
        fprintf(stderr, "simulated CUDA: LAMELLA_SIM=%s: expected devices=N, memory=SIZE and seed=N, for example devices=2,memory=12g\n", text);
        _Exit(2);
      }
      at = end + 1;
    }
  }

  bool set(const std::string& part) {
    char* rest = nullptr;
    if (part.rfind("devices=", 0) == 0) {
      long n = strtol(part.c_str() + 8, &rest, 10);
      devices = int(n);
      return *rest == 0 && n >= 0 && n <= 64 && part.size() > 8;
    }
    if (part.rfind("seed=", 0) == 0) {
      seed = unsigned(strtoul(part.c_str() + 5, &rest, 10));
      return *rest == 0 && part.size() > 5;
    }
    if (part.rfind("memory=", 0) != 0) return false;
    unsigned long long n = strtoull(part.c_str() + 7, &rest, 10);
    int shift = *rest == 'k' ? 10 : *rest == 'm' ? 20 : *rest == 'g' ? 30 : 0;
    memory = size_t(n) << shift;
    return n > 0 && n < (1 << 20) && rest[shift ? 1 : 0] == 0;
  }
};

struct Allocation {
  int device;
  size_t bytes;
};

struct Devices {
  Settings settings;
  std::mutex mutex;
  std::map<uintptr_t, Allocation> live;
  std::map<uintptr_t, Allocation> freed;  // to tell a double free; an address that is given out again leaves it
  std::map<int, size_t> used;

  ~Devices() {  // at the end leaks are an error
    if (live.empty()) return;
    size_t bytes = 0;
    for (auto& [pointer, a] : live) bytes += a.bytes;
    fprintf(stderr, "simulated CUDA: %zu allocations, %zu bytes, were never freed\n", live.size(), bytes);
    _exit(99);
  }
};

Devices& devices() {
  static Devices all;
  return all;
}

constexpr int kHost = -1;  // the "device" of pinned memory

// The allocation that a byte lies in or, with none, just behind; null if there is none. Under the lock.
const std::pair<const uintptr_t, Allocation>* holder(const void* pointer) {
  auto after = devices().live.upper_bound(uintptr_t(pointer));
  if (after == devices().live.begin()) return nullptr;
  --after;
  return uintptr_t(pointer) - after->first <= after->second.bytes ? &*after : nullptr;
}

}  // namespace
}  // namespace lamella::sim

using namespace lamella::sim;

const ErrorText* lamella_sim_error(int error) {
  for (const ErrorText& e : kErrors)
    if (e.error == error) return &e;
  return nullptr;
}

int lamella_sim_device_count() { return devices().settings.devices; }
namespace {
thread_local int current = 0;
}
int lamella_sim_current() { return current; }
void lamella_sim_set_current(int device) { current = device; }
unsigned lamella_sim_seed() { return devices().settings.seed; }
size_t lamella_sim_memory() { return devices().settings.memory; }

size_t lamella_sim_free_memory(int device) {
  std::lock_guard<std::mutex> lock(devices().mutex);
  return devices().settings.memory - devices().used[device];
}

int lamella_sim_allocate(int device, size_t bytes, void** pointer) {
  Devices& all = devices();
  std::lock_guard<std::mutex> lock(all.mutex);
  if (bytes > all.settings.memory - all.used[device]) return kOutOfMemory;
  size_t rounded = (bytes + 255) / 256 * 256;
  void* memory = bytes ? aligned_alloc(256, rounded) : nullptr;
  if (bytes && !memory) return kOutOfMemory;
  *pointer = memory;
  if (!bytes) return kSuccess;
  memset(memory, 0xff, rounded);  // NaN: what nobody wrote must not be read
  all.freed.erase(uintptr_t(memory));
  all.live[uintptr_t(memory)] = {device, bytes};
  all.used[device] += bytes;
  return kSuccess;
}

int lamella_sim_allocate_pinned(size_t bytes, void** pointer) {
  void* memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (!memory) return kOutOfMemory;
  Devices& all = devices();
  std::lock_guard<std::mutex> lock(all.mutex);
  all.freed.erase(uintptr_t(memory));
  all.live[uintptr_t(memory)] = {kHost, bytes};
  all.used[kHost] += bytes;
  *pointer = memory;
  return kSuccess;
}

int lamella_sim_is_pinned(const void* pointer) {
  Devices& all = devices();
  std::lock_guard<std::mutex> lock(all.mutex);
  auto found = holder(pointer);
  return found && found->second.device == kHost && uintptr_t(pointer) - found->first < found->second.bytes;
}

int lamella_sim_free(void* pointer) {
  if (!pointer) return kSuccess;
  Devices& all = devices();
  std::lock_guard<std::mutex> lock(all.mutex);
  auto found = all.live.find(uintptr_t(pointer));
  if (found == all.live.end()) {
    bool twice = all.freed.count(uintptr_t(pointer));
    fprintf(stderr, "simulated CUDA: free of %p, %s\n", pointer, twice ? "which was freed before" : "which was never allocated");
    return kInvalidValue;
  }
  all.used[found->second.device] -= found->second.bytes;
  all.freed[found->first] = found->second;
  all.live.erase(found);
  free(pointer);
  return kSuccess;
}

int lamella_sim_check(const void* pointer, size_t bytes, const char* what, int* device) {
  Devices& all = devices();
  std::lock_guard<std::mutex> lock(all.mutex);
  if (auto found = holder(pointer)) {
    auto& [start, a] = *found;
    size_t offset = uintptr_t(pointer) - start;
    if (a.device != kHost && (offset < a.bytes || bytes == 0)) {
      if (offset + bytes <= a.bytes) {
        *device = a.device;
        return kSuccess;
      }
      fprintf(stderr, "simulated CUDA: %s of %zu bytes at byte %zu of an allocation of %zu\n", what, bytes, offset, a.bytes);
      return kInvalidValue;
    }
  }
  fprintf(stderr, "simulated CUDA: %s of %zu bytes at %p, which lies in no device's memory\n", what, bytes, pointer);
  return kInvalidValue;
}
