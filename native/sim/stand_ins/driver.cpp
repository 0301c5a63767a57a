// The stand-in for libcuda.so.1: the simulated part of NVIDIA's driver interface. The name of a device is "simulated
// device"; it has the K80's compute capability 3.7, unless set otherwise, and the driver version of branch 470.
#include <string.h>

#include "device.h"

using namespace lamella::sim;

namespace {

bool exists(int device) { return device >= 0 && device < lamella_sim_device_count(); }

// CUdevice_attribute
constexpr int kWarpSize = 10, kMultiprocessors = 16, kMajor = 75, kMinor = 76;

}  // namespace

LAMELLA_EXPORT int cuInit(unsigned) { return lamella_sim_device_count() > 0 ? kSuccess : kNoDevice; }

LAMELLA_EXPORT int cuDriverGetVersion(int* version) {
  if (!version) return kInvalidValue;
  *version = 11040;
  return kSuccess;
}

LAMELLA_EXPORT int cuDeviceGetCount(int* count) {
  if (!count) return kInvalidValue;
  *count = lamella_sim_device_count();
  return kSuccess;
}

LAMELLA_EXPORT int cuDeviceGet(int* device, int ordinal) {
  if (!device) return kInvalidValue;
  if (!exists(ordinal)) return kInvalidDevice;
  *device = ordinal;
  return kSuccess;
}

LAMELLA_EXPORT int cuDeviceGetName(char* name, int length, int device) {
  if (!name || length < 1) return kInvalidValue;
  if (!exists(device)) return kInvalidDevice;
  strncpy(name, "simulated device", size_t(length) - 1);
  name[length - 1] = 0;
  return kSuccess;
}

LAMELLA_EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int device) {
  if (!bytes) return kInvalidValue;
  if (!exists(device)) return kInvalidDevice;
  *bytes = lamella_sim_settings().memory;
  return kSuccess;
}

LAMELLA_EXPORT int cuDeviceGetAttribute(int* value, int attribute, int device) {
  if (!value) return kInvalidValue;
  if (!exists(device)) return kInvalidDevice;
  const std::vector<int>& all = lamella_sim_settings().architectures;
  int architecture = all[size_t(device) % all.size()];
  switch (attribute) {
    case kWarpSize: *value = 32; return kSuccess;
    case kMultiprocessors: *value = 13; return kSuccess;
    case kMajor: *value = architecture / 10; return kSuccess;
    case kMinor: *value = architecture % 10; return kSuccess;
    default: fprintf(stderr, "simulated CUDA: device attribute %d is not simulated\n", attribute); return kNotSupported;
  }
}

LAMELLA_EXPORT int cuGetErrorName(int error, const char** name) {
  const ErrorText* e = lamella_sim_error(error);
  if (!name) return kInvalidValue;
  *name = e ? e->driver_name : nullptr;
  return e ? kSuccess : kInvalidValue;
}

LAMELLA_EXPORT int cuGetErrorString(int error, const char** text) {
  const ErrorText* e = lamella_sim_error(error);
  if (!text) return kInvalidValue;
  *text = e ? e->text : nullptr;
  return e ? kSuccess : kInvalidValue;
}
