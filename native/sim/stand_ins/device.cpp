// The simulated devices and their memory: see device.h.
#include "device.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <initializer_list>
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
    {401, "cudaErrorIllegalState", "CUDA_ERROR_ILLEGAL_STATE",
     "the operation cannot be performed in the present state"},
    {719, "cudaErrorLaunchFailure", "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {kNotSupported, "cudaErrorNotSupported", "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {900, "cudaErrorStreamCaptureUnsupported", "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {903, "cudaErrorStreamCaptureUnmatched", "CUDA_ERROR_STREAM_CAPTURE_UNMATCHED",
     "capture was not initiated in this stream"},
    {904, "cudaErrorStreamCaptureUnjoined", "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"},
    {905, "cudaErrorStreamCaptureIsolation", "CUDA_ERROR_STREAM_CAPTURE_ISOLATION",
     "dependency created on uncaptured work in another stream"},
    {907, "cudaErrorCapturedEvent", "CUDA_ERROR_CAPTURED_EVENT",
     "operation not permitted on an event last recorded in a capturing stream"},
};

struct Allocation {
  int device;
  size_t bytes;
  ShadowWord* shadow;
};

size_t shadow_bytes(size_t bytes) { return (bytes + 3) / 4 * sizeof(ShadowWord); }

// Untouched pages take no memory.
ShadowWord* make_shadow(size_t bytes) {
  void* made =
      mmap(nullptr, shadow_bytes(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return made == MAP_FAILED ? nullptr : static_cast<ShadowWord*>(made);
}

struct Devices {
  Settings settings;
  std::mutex mutex;
  std::map<uintptr_t, Allocation> live;
  std::map<uintptr_t, Allocation> freed;  // to recognise a double free; an address that is allocated again is removed
  std::map<int, size_t> used;

  ~Devices() {  // at the end leaks are an error
    if (live.empty() || lamella_sim_failed()) return;
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

// Null if there is none. Under the lock.
const std::pair<const uintptr_t, Allocation>* holder(const void* pointer) {
  auto after = devices().live.upper_bound(uintptr_t(pointer));
  if (after == devices().live.begin()) return nullptr;
  --after;
  return uintptr_t(pointer) - after->first <= after->second.bytes ? &*after : nullptr;
}

int registered(int device, size_t bytes, void* memory, void** pointer) {
  ShadowWord* shadow = make_shadow(bytes);
  if (!shadow) return free(memory), kOutOfMemory;
  devices().freed.erase(uintptr_t(memory));
  devices().live[uintptr_t(memory)] = {device, bytes, shadow};
  devices().used[device] += bytes;
  *pointer = memory;
  return kSuccess;
}

}  // namespace

Settings::Settings() : seed(std::random_device()()) {
  const char* text = getenv("LAMELLA_SIM");
  std::string all = text ? text : "";
  for (size_t at = 0; at < all.size();) {
    size_t end = std::min(all.find(',', at), all.size()), equals = std::min(all.find('=', at), end);
    if (equals == end || !set(all.substr(at, equals - at), all.substr(equals + 1, end - equals - 1))) {
      fprintf(
          stderr,
          "simulated CUDA: LAMELLA_SIM=%s: expected devices=N, memory=SIZE, arch=N:M, seed=N, "
          "checks=on|off, graphs=on|off, links=ok|wrong|hang, launch=ok|meet|hang, dnn=ok|missing|fails|empty|many, "
          "blas=ok|missing, waits=end|hang, counts=FILE, blocks=N, fill=N, fail=DEVICE@N and hang=DEVICE@N, for "
          "example devices=2,memory=12g\n",
          text);
      _Exit(2);
    }
    at = end + 1;
  }
  if (!counts.empty() && !checks) {
    fprintf(stderr, "simulated CUDA: LAMELLA_SIM=%s: counts=FILE needs checks=on, which see every access\n", text);
    _Exit(2);
  }
}

bool Settings::set(const std::string& name, const std::string& value) {
  auto whole = [](const std::string& digits, long most) {
    bool good = !digits.empty() && digits.size() < 11 && digits.find_first_not_of("0123456789") == std::string::npos;
    long n = good ? std::stol(digits) : -1;
    return n <= most ? n : -1;
  };
  auto one_of = [&](std::initializer_list<const char*> words) {
    auto found = std::find(words.begin(), words.end(), value);
    return found == words.end() ? -1 : int(found - words.begin());
  };
  if (name == "devices") return (devices = int(whole(value, 64))) >= 0;
  if (name == "counts") return !(counts = value).empty();
  if (name == "blocks") return (blocks = int(whole(value, 1 << 20))) > 0;
  if (name == "fill") return (fill = int(whole(value, 255))) > 0;
  if (name == "seed") {
    long n = whole(value, UINT32_MAX);
    seed = unsigned(n);
    return n >= 0;
  }
  if (name == "memory") {
    int shift = value.empty() ? 0 : value.back() == 'k' ? 10 : value.back() == 'm' ? 20 : value.back() == 'g' ? 30 : 0;
    long n = whole(shift ? value.substr(0, value.size() - 1) : value, (1 << 20) - 1);
    memory = size_t(n) << shift;
    return n > 0;
  }
  if (name == "arch") {
    architectures.clear();
    for (size_t at = 0; at <= value.size();) {
      size_t end = std::min(value.find(':', at), value.size());
      architectures.push_back(int(whole(value.substr(at, end - at), 999)));
      at = end + 1;
    }
    return std::all_of(architectures.begin(), architectures.end(), [](int a) { return a >= 10; });
  }
  if (name == "graphs" || name == "checks") {
    int n = one_of({"off", "on"});
    (name == "graphs" ? graphs : checks) = n == 1;
    return n >= 0;
  }
  if (name == "links") {
    int n = one_of({"ok", "wrong", "hang"});
    links = Links(n);
    return n >= 0;
  }
  if (name == "launch") {
    int n = one_of({"ok", "meet", "hang"});
    launch = LaunchState(n);
    return n >= 0;
  }
  if (name == "waits") {
    int n = one_of({"hang", "end"});
    waits_end = n == 1;
    return n >= 0;
  }
  if (name == "blas") {
    int n = one_of({"missing", "ok"});
    blas = n == 1;
    return n >= 0;
  }
  if (name == "dnn") {
    int n = one_of({"ok", "missing", "fails", "empty", "many"});
    dnn = DnnState(n);
    return n >= 0;
  }
  if (name != "fail" && name != "hang") return false;
  size_t at = std::min(value.find('@'), value.size());
  Fault& fault = name == "fail" ? fail : hang;
  fault = {int(whole(value.substr(0, at), 63)), at < value.size() ? whole(value.substr(at + 1), 1 << 30) : -1};
  return fault.device >= 0 && fault.activity > 0;
}

}  // namespace lamella::sim

using namespace lamella::sim;

const ErrorText* lamella_sim_error(int error) {
  for (const ErrorText& e : kErrors)
    if (e.error == error) return &e;
  return nullptr;
}

const Settings& lamella_sim_settings() { return devices().settings; }
int lamella_sim_device_count() { return devices().settings.devices; }
namespace {
thread_local int current = 0;
std::atomic<bool> failed{false};
}  // namespace
void lamella_sim_set_failed() { failed = true; }
bool lamella_sim_failed() { return failed; }
int lamella_sim_current() { return current; }
void lamella_sim_set_current(int device) { current = device; }

size_t lamella_sim_free_memory(int device) {
  std::lock_guard<std::mutex> lock(devices().mutex);
  return devices().settings.memory - devices().used[device];
}

int lamella_sim_allocate(int device, size_t bytes, void** pointer) {
  Devices& all = devices();
  std::lock_guard<std::mutex> lock(all.mutex);
  *pointer = nullptr;
  if (!bytes) return kSuccess;
  if (bytes > all.settings.memory - all.used[device]) return kOutOfMemory;
  size_t rounded = (bytes + 255) / 256 * 256;
  void* memory = aligned_alloc(256, rounded);
  if (!memory) return kOutOfMemory;
  if (all.settings.fill) {
    std::minstd_rand random(all.settings.seed);
    for (size_t i = 0; i < rounded; i++) static_cast<unsigned char*>(memory)[i] = random() / 8 % all.settings.fill;
  } else {
    memset(memory, 0xff, rounded);  // NaN, to reveal reads of unwritten memory
  }
  return registered(device, bytes, memory, pointer);
}

int lamella_sim_allocate_pinned(size_t bytes, void** pointer) {
  void* memory = bytes ? aligned_alloc(4096, (bytes + 4095) / 4096 * 4096) : nullptr;
  if (!memory) return kOutOfMemory;
  std::lock_guard<std::mutex> lock(devices().mutex);
  return registered(kHostDevice, bytes, memory, pointer);
}

AllocationView lamella_sim_find(const void* pointer) {
  std::lock_guard<std::mutex> lock(devices().mutex);
  auto found = holder(pointer);
  if (!found) return {0, 0, 0, nullptr};
  return {found->first, found->second.bytes, found->second.device, found->second.shadow};
}

int lamella_sim_is_pinned(const void* pointer) {
  AllocationView found = lamella_sim_find(pointer);
  return found.begin && found.device == kHostDevice && uintptr_t(pointer) - found.begin < found.bytes;
}

int lamella_sim_free(void* pointer, bool pinned) {
  if (!pointer) return kSuccess;
  Devices& all = devices();
  std::lock_guard<std::mutex> lock(all.mutex);
  auto found = all.live.find(uintptr_t(pointer));
  if (found == all.live.end() || (found->second.device == kHostDevice) != pinned) {
    const char* why = found != all.live.end() ? pinned ? "which is a device's memory" : "which is pinned memory"
                      : all.freed.count(uintptr_t(pointer)) ? "which was freed before"
                                                            : "which was never allocated";
    fprintf(stderr, "simulated CUDA: free of %p, %s\n", pointer, why);
    return kInvalidValue;
  }
  all.used[found->second.device] -= found->second.bytes;
  munmap(found->second.shadow, shadow_bytes(found->second.bytes));
  all.freed[found->first] = found->second;
  all.live.erase(found);
  free(pointer);
  return kSuccess;
}
