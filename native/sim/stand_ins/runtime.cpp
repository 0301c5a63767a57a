// The stand-in for libcudart: the run-time interface as far as it is simulated. Device memory is host memory of which every use is
// checked, when work is done and not when it is asked for.
#include <stdlib.h>
#include <string.h>

#include <memory>
#include <vector>

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
  int device = 0, error = kSuccess;
  if (kind < kToDevice || kind > kOnDevice) return kInvalidValue;
  if (kind != kToHost) error = lamella_sim_check(to, bytes, "a copy to a device", &device);
  if (!error && kind != kToDevice) error = lamella_sim_check(from, bytes, "a copy from a device", &device);
  if (!error) memcpy(to, from, bytes);
  return error;
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
  *free = lamella_sim_free_memory(lamella_sim_current()), *total = lamella_sim_memory();
  return kSuccess;
}

LAMELLA_EXPORT int cudaMalloc(void** pointer, size_t bytes) {
  return result(pointer ? lamella_sim_allocate(lamella_sim_current(), bytes, pointer) : kInvalidValue);
}

LAMELLA_EXPORT int cudaFree(void* pointer) {  // waits for all work, like the real one
  int error = synchronize(static_cast<Stream*>(nullptr)), freed = lamella_sim_free(pointer);
  return result(freed ? freed : error);
}

LAMELLA_EXPORT int cudaHostAlloc(void** pointer, size_t bytes, unsigned) {
  return result(pointer ? lamella_sim_allocate_pinned(bytes, pointer) : kInvalidValue);
}

LAMELLA_EXPORT int cudaMallocHost(void** pointer, size_t bytes) { return cudaHostAlloc(pointer, bytes, 0); }

LAMELLA_EXPORT int cudaFreeHost(void* pointer) { return cudaFree(pointer); }

LAMELLA_EXPORT int cudaMemcpy(void* to, const void* from, size_t bytes, int kind) {
  return result(enqueue(nullptr, [=] { return copy(to, from, bytes, kind); }));
}

// From pinned memory the bytes are read when the copy's turn comes; from other memory they are taken now, and copies into other
// memory are waited for.
LAMELLA_EXPORT int cudaMemcpyAsync(void* to, const void* from, size_t bytes, int kind, Stream* stream) {
  if (kind == kToDevice && !lamella_sim_is_pinned(from)) {
    auto bytes_now = std::make_shared<std::vector<char>>(static_cast<const char*>(from), static_cast<const char*>(from) + bytes);
    return result(enqueue(stream, [=] { return copy(to, bytes_now->data(), bytes, kind); }));
  }
  int error = enqueue(stream, [=] { return copy(to, from, bytes, kind); });
  if (!error && kind == kToHost && !lamella_sim_is_pinned(to)) error = synchronize(stream);
  return result(error);
}

LAMELLA_EXPORT int cudaMemsetAsync(void* pointer, int value, size_t bytes, Stream* stream) {
  return result(enqueue(stream, [=] {
    int device = 0, error = lamella_sim_check(pointer, bytes, "a memset", &device);
    if (!error) memset(pointer, value, bytes);
    return error;
  }));
}

LAMELLA_EXPORT int cudaMemset(void* pointer, int value, size_t bytes) { return cudaMemsetAsync(pointer, value, bytes, nullptr); }

LAMELLA_EXPORT int cudaStreamCreate(Stream** stream) {
  if (!stream) return result(kInvalidValue);
  *stream = create_stream(lamella_sim_current());
  return kSuccess;
}

LAMELLA_EXPORT int cudaStreamCreateWithFlags(Stream** stream, unsigned) { return cudaStreamCreate(stream); }
LAMELLA_EXPORT int cudaStreamDestroy(Stream* stream) { return result(destroy(stream)); }
LAMELLA_EXPORT int cudaStreamSynchronize(Stream* stream) { return result(synchronize(stream)); }
LAMELLA_EXPORT int cudaStreamWaitEvent(Stream* stream, Event* event, unsigned) { return result(wait(stream, event)); }

// "Not ready" is an answer, no error.
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

LAMELLA_EXPORT int cudaDeviceSynchronize() { return result(synchronize(static_cast<Stream*>(nullptr))); }

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
