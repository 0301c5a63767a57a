// The stand-in for libcudart: the simulated part of the run-time interface. Device memory is host memory; every use is
// checked when the work runs, not when it is enqueued.
#include <stdlib.h>
#include <string.h>

#include <memory>
#include <string>
#include <vector>

#include "counters.h"
#include "schedule.h"

using namespace lamella::sim;

namespace {

thread_local int last_error = kSuccess;

int result(int error) {
  if (error) last_error = error;
  return error;
}

// cudaMemcpyKind
constexpr int kToDevice = 1, kToHost = 2, kOnDevice = 3;

int copy(void* to, const void* from, size_t bytes, int kind) {
  int error = kSuccess;
  if (kind < kToDevice || kind > kOnDevice) return kInvalidValue;
  if (kind != kToHost)
    error = use(to, bytes, true, kAnyDevice, "a copy to a device");
  else
    use_host(to, bytes, true);
  if (!error && kind != kToDevice)
    error = use(from, bytes, false, kAnyDevice, "a copy from a device");
  else if (!error)
    use_host(from, bytes, false);
  if (!error) memcpy(to, from, bytes);
  return error;
}

std::string copy_name(size_t bytes, int kind) {
  const char* direction = kind == kToDevice ? "to a device" : kind == kToHost ? "to the host" : "on devices";
  return "a copy of " + std::to_string(bytes) + " bytes " + direction;
}

// Waits for all work, like the real one.
int give_back(void* pointer, bool pinned) {
  int error = synchronize_all();
  if (error == kCaptureUnsupported) return result(error);
  int freed = lamella_sim_free(pointer, pinned);
  return result(freed ? freed : error);
}

}  // namespace

LAMELLA_EXPORT int cudaGetDeviceCount(int* count) {
  if (!count) return result(kInvalidValue);
  *count = lamella_sim_device_count();
  return result(*count ? kSuccess : kNoDevice);
}

LAMELLA_EXPORT int cudaSetDevice(int device) {
  if (device < 0 || device >= lamella_sim_device_count()) return result(kInvalidDevice);
  lamella_sim_set_current(device);
  return kSuccess;
}

LAMELLA_EXPORT int cudaGetDevice(int* device) {
  if (!device) return result(kInvalidValue);
  *device = lamella_sim_current();
  return kSuccess;
}

LAMELLA_EXPORT int cudaRuntimeGetVersion(int* version) {
  if (!version) return result(kInvalidValue);
  *version = 11080;
  return kSuccess;
}

LAMELLA_EXPORT int cudaMemGetInfo(size_t* free, size_t* total) {
  if (!free || !total) return result(kInvalidValue);
  *free = lamella_sim_free_memory(lamella_sim_current()), *total = lamella_sim_settings().memory;
  return kSuccess;
}

LAMELLA_EXPORT int cudaMalloc(void** pointer, size_t bytes) {
  if (int error = permitted()) return result(error);
  return result(pointer ? lamella_sim_allocate(lamella_sim_current(), bytes, pointer) : kInvalidValue);
}

LAMELLA_EXPORT int cudaFree(void* pointer) { return give_back(pointer, false); }

LAMELLA_EXPORT int cudaHostAlloc(void** pointer, size_t bytes, unsigned) {
  if (int error = permitted()) return result(error);
  return result(pointer ? lamella_sim_allocate_pinned(bytes, pointer) : kInvalidValue);
}

LAMELLA_EXPORT int cudaMallocHost(void** pointer, size_t bytes) { return cudaHostAlloc(pointer, bytes, 0); }

LAMELLA_EXPORT int cudaFreeHost(void* pointer) { return give_back(pointer, true); }

LAMELLA_EXPORT int cudaMemcpy(void* to, const void* from, size_t bytes, int kind) {
  int error = enqueue(nullptr, copy_name(bytes, kind), [=] { return copy(to, from, bytes, kind); });
  return result(error || kind != kToHost ? error : synchronize(static_cast<Stream*>(nullptr)));
}

// Pinned memory is read when the copy runs. Other memory is read at the call, and copies into other memory are
// synchronous.
LAMELLA_EXPORT int cudaMemcpyAsync(void* to, const void* from, size_t bytes, int kind, Stream* stream) {
  if (kind == kToDevice && !lamella_sim_is_pinned(from)) {
    auto bytes_now =
        std::make_shared<std::vector<char>>(static_cast<const char*>(from), static_cast<const char*>(from) + bytes);
    return result(enqueue(stream, copy_name(bytes, kind), [=] { return copy(to, bytes_now->data(), bytes, kind); }));
  }
  int error = enqueue(stream, copy_name(bytes, kind), [=] { return copy(to, from, bytes, kind); });
  if (!error && kind == kToHost && !lamella_sim_is_pinned(to)) error = synchronize(stream);
  return result(error);
}

LAMELLA_EXPORT int cudaMemsetAsync(void* pointer, int value, size_t bytes, Stream* stream) {
  return result(enqueue(stream, "a memset of " + std::to_string(bytes) + " bytes", [=] {
    int error = use(pointer, bytes, true, kAnyDevice, "a memset");
    if (counting) count_other("memset");
    if (!error) memset(pointer, value, bytes);
    return error;
  }));
}

LAMELLA_EXPORT int cudaMemset(void* pointer, int value, size_t bytes) {
  return cudaMemsetAsync(pointer, value, bytes, nullptr);
}

LAMELLA_EXPORT int cudaStreamCreate(Stream** stream) {
  if (!stream) return result(kInvalidValue);
  *stream = create_stream(lamella_sim_current(), true);
  return kSuccess;
}

LAMELLA_EXPORT int cudaStreamCreateWithFlags(Stream** stream, unsigned flags) {
  constexpr unsigned kNonBlocking = 1;
  if (!stream || flags > kNonBlocking) return result(kInvalidValue);
  *stream = create_stream(lamella_sim_current(), flags != kNonBlocking);
  return kSuccess;
}

LAMELLA_EXPORT int cudaStreamDestroy(Stream* stream) { return result(destroy(stream)); }
LAMELLA_EXPORT int cudaStreamSynchronize(Stream* stream) { return result(synchronize(stream)); }
LAMELLA_EXPORT int cudaStreamWaitEvent(Stream* stream, Event* event, unsigned) { return result(wait(stream, event)); }

// "Not ready" is a result, not an error.
LAMELLA_EXPORT int cudaStreamQuery(Stream* stream) {
  int state = query(stream);
  return state == kNotReady ? state : result(state);
}

LAMELLA_EXPORT int cudaEventCreateWithFlags(Event** event, unsigned) {
  if (!event) return result(kInvalidValue);
  *event = create_event();
  return kSuccess;
}

LAMELLA_EXPORT int cudaEventCreate(Event** event) { return cudaEventCreateWithFlags(event, 0); }
LAMELLA_EXPORT int cudaEventDestroy(Event* event) { return result(destroy(event)); }
LAMELLA_EXPORT int cudaEventRecord(Event* event, Stream* stream) { return result(record(event, stream)); }
LAMELLA_EXPORT int cudaEventSynchronize(Event* event) { return result(synchronize(event)); }

LAMELLA_EXPORT int cudaEventElapsedTime(float* milliseconds, Event* from, Event* to) {
  return result(milliseconds ? elapsed(from, to, milliseconds) : kInvalidValue);
}

LAMELLA_EXPORT int cudaEventQuery(Event* event) {
  int state = query(event);
  return state == kNotReady ? state : result(state);
}

LAMELLA_EXPORT int cudaDeviceSynchronize() { return result(synchronize_all()); }

// mode: 1 is thread-local, 2 relaxed; global captures, which restrict other threads too, are not simulated.
LAMELLA_EXPORT int cudaStreamBeginCapture(Stream* stream, int mode) {
  return result(mode == 1 || mode == 2 ? begin_capture(stream) : kNotSupported);
}

LAMELLA_EXPORT int cudaStreamEndCapture(Stream* stream, Graph** graph) { return result(end_capture(stream, graph)); }

LAMELLA_EXPORT int cudaGraphInstantiateWithFlags(GraphExec** exec, const Graph* graph, unsigned long long) {
  return result(instantiate(graph, exec));
}

LAMELLA_EXPORT int cudaGraphLaunch(GraphExec* exec, Stream* stream) { return result(launch(exec, stream)); }
LAMELLA_EXPORT int cudaGraphDestroy(Graph* graph) { return result(destroy(graph)); }
LAMELLA_EXPORT int cudaGraphExecDestroy(GraphExec* exec) { return result(destroy(exec)); }

LAMELLA_EXPORT int cudaGetLastError() {
  int error = last_error;
  last_error = kSuccess;
  return error;
}

LAMELLA_EXPORT int cudaPeekAtLastError() { return last_error; }

LAMELLA_EXPORT const char* cudaGetErrorName(int error) {
  const ErrorText* e = lamella_sim_error(error);
  return e ? e->runtime_name : "unrecognized error code";
}

LAMELLA_EXPORT const char* cudaGetErrorString(int error) {
  const ErrorText* e = lamella_sim_error(error);
  return e ? e->text : "unrecognized error code";
}
