// The simulated devices and their memory, behind both stand-ins. LAMELLA_SIM=devices=4,memory=12g,seed=7 says how many there are
// (1), how much memory each has (12 GiB; k, m and g are powers of 1024), and what chance is drawn from (anew each time).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "stub.h"

namespace lamella::sim {

// Both libraries number these alike; further texts are in device.cpp.
enum Error : int {
  kSuccess = 0,
  kInvalidValue = 1,
  kOutOfMemory = 2,
  kNoDevice = 100,
  kInvalidDevice = 101,
  kInvalidHandle = 400,
  kNotReady = 600,
  kNotSupported = 801
};

struct ErrorText {
  int error;
  const char *runtime_name, *driver_name, *text;
};

}  // namespace lamella::sim

// Between the two stand-ins: libcuda has the state, libcudart calls it.
LAMELLA_EXPORT const lamella::sim::ErrorText* lamella_sim_error(int error);
LAMELLA_EXPORT int lamella_sim_device_count();
LAMELLA_EXPORT unsigned lamella_sim_seed();
LAMELLA_EXPORT int lamella_sim_current();                      // the calling thread's device
LAMELLA_EXPORT void lamella_sim_set_current(int device);
LAMELLA_EXPORT size_t lamella_sim_memory();                    // of each device, bytes
LAMELLA_EXPORT size_t lamella_sim_free_memory(int device);
// What is wrong goes to the error stream in one line, beside the error that the caller returns.
LAMELLA_EXPORT int lamella_sim_allocate(int device, size_t bytes, void** pointer);
LAMELLA_EXPORT int lamella_sim_free(void* pointer);
// Host memory that devices can read and write at any time; `device` -1 in the list of allocations.
LAMELLA_EXPORT int lamella_sim_allocate_pinned(size_t bytes, void** pointer);
LAMELLA_EXPORT int lamella_sim_is_pinned(const void* pointer);
// Whether [pointer, pointer + bytes) lies within one allocation; `what` names the access. device: where, if so.
LAMELLA_EXPORT int lamella_sim_check(const void* pointer, size_t bytes, const char* what, int* device);
