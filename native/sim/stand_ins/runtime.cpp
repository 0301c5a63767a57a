// The stand-in for libcudart: the run-time interface as far as it is simulated. Device memory is host memory of which every use is
// checked; copies are done at once.
#include <stdlib.h>
#include <string.h>

#include "device.h"

using namespace lamella::sim;

namespace {

thread_local int current = 0;
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
  current = device;
  return kSuccess;
}

LAMELLA_EXPORT int cudaGetDevice(int* device) {
  if (!device) return result(kInvalidValue);
  *device = current;
  return kSuccess;
}

LAMELLA_EXPORT int cudaRuntimeGetVersion(int* version) {
  if (!version) return result(kInvalidValue);
  *version = 11080;
  return kSuccess;
}

LAMELLA_EXPORT int cudaMemGetInfo(size_t* free, size_t* total) {
  if (!free || !total) return result(kInvalidValue);
  *free = lamella_sim_free_memory(current), *total = lamella_sim_memory();
  return kSuccess;
}

LAMELLA_EXPORT int cudaMalloc(void** pointer, size_t bytes) {
  return result(pointer ? lamella_sim_allocate(current, bytes, pointer) : kInvalidValue);
}

LAMELLA_EXPORT int cudaFree(void* pointer) { return result(lamella_sim_free(pointer)); }

LAMELLA_EXPORT int cudaMemcpy(void* to, const void* from, size_t bytes, int kind) { return result(copy(to, from, bytes, kind)); }

LAMELLA_EXPORT int cudaMemset(void* pointer, int value, size_t bytes) {
  int device = 0, error = lamella_sim_check(pointer, bytes, "a memset", &device);
  if (!error) memset(pointer, value, bytes);
  return result(error);
}

LAMELLA_EXPORT int cudaDeviceSynchronize() { return kSuccess; }

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
