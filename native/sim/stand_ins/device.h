// The simulated devices and their memory, used by all stand-ins. LAMELLA_SIM is a list of settings such as
// devices=4,memory=12g:
// clang-format off
//   devices=N             number of devices (1)
//   memory=SIZE           memory of each device (12g; k, m and g are powers of 1024)
//   arch=37:75            compute capabilities, repeated over the devices (37, as of a K80)
//   seed=N                seed of the random order (a new one in each run)
//   checks=on|off         whether every load and store of a kernel is checked (on; three times slower)
//   graphs=on|off         whether a stream's work can be captured (on)
//   links=ok|wrong|hang   whether sums between devices are right, wrong, or never end (ok)
//   launch=ok|meet|hang   whether launches of graphs with such sums return at once, when the launches on the other
//                         devices have begun, or never (ok)
//   dnn=ok|missing|fails|empty|many
//                         whether cuDNN can be opened, works, and has one, no or two deterministic algorithms (ok)
//   blas=ok|missing       whether cuBLAS can be opened (ok)
//   fail=D@N, hang=D@N    the N-th activity of device D fails, or never ends
//   counts=FILE           counts what the launches of each kernel do (counters.h), and appends it to a file
//   blocks=N              only N blocks of each launch run, spread evenly over its grid; results are then wrong (all)
//   fill=N                new memory holds random bytes below N, instead of NaN: where blocks do not run, what they would
//                         have written is then at least small numbers, and positions in a window of N elements
//   waits=end|hang        whether a call that would wait for ever ends the process, or never returns, as real ones
//                         (end)
// clang-format on
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string>
#include <vector>

#include "stub.h"

namespace lamella::sim {

// libcuda and libcudart have the same numbers for these; further texts are in device.cpp.
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

constexpr int kHostDevice = -1;  // the device of pinned memory

constexpr int kReaders = 3;

// The last activities that wrote and read a word; 0: none. Readers of different streams mostly have different indices.
struct ShadowWord {
  uint32_t writer;
  uint32_t readers[kReaders];
};

struct AllocationView {
  uintptr_t begin;  // 0: there is none
  size_t bytes;
  int device;
  ShadowWord* shadow;  // [bytes / 4, rounded up]
};

enum class Links { kOk, kWrong, kHang };
enum class LaunchState { kOk, kMeet, kHang };
enum class DnnState { kOk, kMissing, kFails, kEmpty, kMany };

// The N-th activity of a device; device -1: none.
struct Fault {
  int device = -1;
  long activity = 0;
};

struct Settings {
  int devices = 1;
  size_t memory = size_t(12) << 30;
  unsigned seed;
  std::vector<int> architectures{37};
  std::string counts;  // a path; empty: nothing is counted
  int blocks = 0, fill = 0;
  bool checks = true, graphs = true, blas = true, waits_end = true;
  Links links = Links::kOk;
  LaunchState launch = LaunchState::kOk;
  DnnState dnn = DnnState::kOk;
  Fault fail, hang;

  Settings();  // from the environment

 private:
  bool set(const std::string& name, const std::string& value);
};

struct ErrorText {
  int error;
  const char *runtime_name, *driver_name, *text;
};

}  // namespace lamella::sim

// Interface between the two stand-ins: libcuda has the state, libcudart calls it.
LAMELLA_EXPORT const lamella::sim::ErrorText* lamella_sim_error(int error);
LAMELLA_EXPORT const lamella::sim::Settings& lamella_sim_settings();
LAMELLA_EXPORT int lamella_sim_device_count();
LAMELLA_EXPORT int lamella_sim_current();  // the calling thread's device
LAMELLA_EXPORT void lamella_sim_set_current(int device);
LAMELLA_EXPORT size_t lamella_sim_free_memory(int device);
// After a failure nothing can be freed any more, so leaks are not reported at the end of the process.
LAMELLA_EXPORT void lamella_sim_set_failed();
LAMELLA_EXPORT bool lamella_sim_failed();
// Prints the fault to the error stream in one line, in addition to the error that the caller returns.
LAMELLA_EXPORT int lamella_sim_allocate(int device, size_t bytes, void** pointer);
// Host memory that devices can read and write at any time.
LAMELLA_EXPORT int lamella_sim_allocate_pinned(size_t bytes, void** pointer);
LAMELLA_EXPORT int lamella_sim_free(void* pointer, bool pinned);
LAMELLA_EXPORT int lamella_sim_is_pinned(const void* pointer);
// The allocation that contains a byte, or else ends just before it.
LAMELLA_EXPORT lamella::sim::AllocationView lamella_sim_find(const void* pointer);
