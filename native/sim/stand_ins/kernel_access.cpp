// Checks every load and store of a kernel. The host compiler inserts the calls (gcc's -fsanitize=kernel-address). An
// access must be in memory of the kernel's own device or in pinned memory, in a shared array, on the thread's stack, or
// in the launch's arguments and constants.
#include <dlfcn.h>
#include <string.h>

#include <iterator>
#include <map>
#include <string>

#include "../fibre.h"
#include "../launch.h"
#include "activity.h"
#include "counters.h"

using namespace lamella::sim;

namespace {

// The compiler's record of a variable that is followed by a red zone.
struct Variable {
  uintptr_t begin;
  size_t bytes, with_space;
  const char *name, *file;
  size_t initialized;
  void *where, *unused;
};

struct Range {
  uintptr_t begin = 0;
  size_t bytes = 0;

  bool holds(uintptr_t at) const { return at - begin < bytes; }
};

std::map<uintptr_t, Variable>& variables() {
  static auto all =
      new std::map<uintptr_t, Variable>;  // never freed: libraries may unregister at the very end of the process
  return *all;
}

// The shared arrays that were used last. A kernel often uses two or three in turns.
Variable hot[4];
unsigned coldest = 0;
Range constants;

std::string text(bool writes, size_t bytes) {
  return (writes ? "writes " : "reads ") + std::to_string(bytes) + " bytes at ";
}

// Faults are not inlined: the checks before them run for every access, and need few registers.
[[gnu::noinline, gnu::cold]] void fail_in_memory(uintptr_t at, size_t bytes, bool writes) {
  fail_thread(text(writes, bytes) + place(at));
}

[[gnu::noinline, gnu::cold]] void fail_in_shared(const Variable& array, uintptr_t at, size_t bytes, bool writes) {
  fail_thread(text(writes, bytes) + "byte " + std::to_string(at - array.begin) + " of shared array " + array.name +
              " of " + std::to_string(array.bytes) + " bytes");
}

// The array that an address belongs to, with the red zone after it; null if there is none.
[[gnu::noinline]] const Variable* find_shared(uintptr_t at) {
  auto after = variables().upper_bound(at);
  if (after == variables().begin()) return nullptr;
  Variable& found = hot[coldest++ % std::size(hot)];
  found = std::prev(after)->second;
  return &found;
}

void use_shared(uintptr_t at, size_t bytes, bool writes) {
  const Variable* array = nullptr;
  for (const Variable& v : hot)
    if (at - v.begin < v.with_space) {
      array = &v;
      break;
    }
  if (!array) array = find_shared(at);
  if (array && at - array->begin + bytes > array->bytes) fail_in_shared(*array, at, bytes, writes);
}

// Constants of a kernel's library, and its tables of external addresses.
[[gnu::noinline]] bool constant(uintptr_t at) {
  Dl_info info;
  if (!dladdr(reinterpret_cast<void*>(at), &info) || !strstr(info.dli_fname, "lamella-sim-kernels")) return false;
  constants = {at / 64 * 64, 64};
  return true;
}

void access(uintptr_t at, size_t bytes, bool writes) {
  const RunningLaunch& launch = running_launch;
  if (Fibre::on_stack(at) || at - uintptr_t(&indices) < sizeof indices || !launch.frames) return;
  if (at - launch.shared < launch.shared_bytes) {
    if (counting) count_access(at, bytes, writes ? Access::kSharedStore : Access::kSharedLoad);
    return use_shared(at, bytes, writes);
  }
  if (!writes && (at - launch.frames < RunningLaunch::kFrameBytes || constants.holds(at))) return;
  if (use_by_kernel(at, bytes, writes)) {
    if (counting) count_access(at, bytes, writes ? Access::kGlobalStore : Access::kGlobalLoad);
    return;
  }
  if (!writes && constant(at)) return;
  fail_in_memory(at, bytes, writes);
}

}  // namespace

LAMELLA_EXPORT void __asan_register_globals(const Variable* all, size_t count) {
  for (size_t i = 0; i < count; i++) variables()[all[i].begin] = all[i];
}

LAMELLA_EXPORT void __asan_unregister_globals(const Variable* all, size_t count) {
  for (size_t i = 0; i < count; i++) variables().erase(all[i].begin);
  for (Variable& v : hot) v = {};
}

LAMELLA_EXPORT void __asan_handle_no_return() {}

// At the beginning of every basic block of a kernel that is compiled for counters.
LAMELLA_EXPORT void __sanitizer_cov_trace_pc() {
  if (counting && running_launch.frames) count_stretch(uintptr_t(__builtin_return_address(0)));
}

#define LAMELLA_ACCESS(BYTES)                                                                  \
  LAMELLA_EXPORT void __asan_load##BYTES##_noabort(uintptr_t at) { access(at, BYTES, false); } \
  LAMELLA_EXPORT void __asan_store##BYTES##_noabort(uintptr_t at) { access(at, BYTES, true); }
LAMELLA_ACCESS(1)
LAMELLA_ACCESS(2)
LAMELLA_ACCESS(4)
LAMELLA_ACCESS(8)
LAMELLA_ACCESS(16)
LAMELLA_EXPORT void __asan_loadN_noabort(uintptr_t at, size_t bytes) { access(at, bytes, false); }
LAMELLA_EXPORT void __asan_storeN_noabort(uintptr_t at, size_t bytes) { access(at, bytes, true); }
