// Modules and kernels of the stand-in for libcuda: machine code is a host library built by the stand-in for NVRTC.
#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "../launch.h"
#include "counters.h"
#include "machine_code.h"
#include "schedule.h"

using namespace lamella::sim;

namespace lamella::sim {

struct Module;

struct Function {
  std::string name;
  Launch* (*bind)(void**);
  Module* module;
};

struct Module {
  void* library;
  int device;
  std::set<std::unique_ptr<Function>> functions;
  std::string variant;
  Stretches stretches;  // for counters
};

}  // namespace lamella::sim

namespace {

constexpr int kInvalidImage = 200, kNotFound = 500;

struct Modules {
  std::mutex mutex;
  std::set<Module*> live;

  ~Modules() {  // at the end leaks are an error
    if (live.empty() || lamella_sim_failed()) return;
    fprintf(stderr, "simulated CUDA: %zu modules were never unloaded\n", live.size());
    _exit(99);
  }
};

Modules& modules() {
  static Modules all;
  return all;
}

std::atomic<unsigned> launches{0};

Stretches stretches_of(void* library, const MachineCode& head, const char* image) {
  Stretches found;
  link_map* map = nullptr;
  if (dlinfo(library, RTLD_DI_LINKMAP, &map) == 0) found.base = map->l_addr;
  const char* at = image + sizeof head + head.bytes;
  for (uint64_t i = 0; i < head.stretches; i++, at += sizeof(Stretch)) {
    Stretch one;
    memcpy(&one, at, sizeof one);
    if (found.at.size() <= one.offset) found.at.resize(one.offset + 1);
    found.at[one.offset] = one;
  }
  return found;
}

}  // namespace

LAMELLA_EXPORT int cuModuleLoadData(Module** module, const void* image) {
  MachineCode head;
  if (!module || !image) return kInvalidValue;
  if (int error = permitted()) return error;
  memcpy(&head, image, sizeof head);
  if (memcmp(head.magic, kMagic, sizeof head.magic) != 0) return kInvalidImage;
  char path[] =
      "/tmp/lamella-sim-kernels-XXXXXX";  // a name that was never used: the loader knows libraries by their names
  int file = mkstemp(path);
  bool written =
      file >= 0 && write(file, static_cast<const char*>(image) + sizeof head, head.bytes) == ssize_t(head.bytes);
  void* library = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
  if (written && !library) fprintf(stderr, "simulated CUDA: %s\n", dlerror());
  if (file >= 0) close(file), unlink(path);
  if (!library) return kInvalidImage;
  auto made = new Module{
      library, lamella_sim_current(), {}, head.variant, stretches_of(library, head, static_cast<const char*>(image))};
  std::lock_guard<std::mutex> lock(modules().mutex);
  *module = *modules().live.insert(made).first;
  return kSuccess;
}

LAMELLA_EXPORT int cuModuleUnload(Module* module) {
  int error = synchronize_all();
  std::lock_guard<std::mutex> lock(modules().mutex);
  if (!modules().live.erase(module)) return kInvalidHandle;
  dlclose(module->library);
  delete module;
  return error;
}

LAMELLA_EXPORT int cuModuleGetFunction(Function** function, Module* module, const char* name) {
  if (!function || !name) return kInvalidValue;
  std::lock_guard<std::mutex> lock(modules().mutex);
  if (!modules().live.count(module)) return kInvalidHandle;
  void* symbol = dlsym(module->library, (std::string("lamella_launch_") + name).c_str());
  if (!symbol) return kNotFound;
  auto made = std::make_unique<Function>(Function{name, reinterpret_cast<Launch* (*)(void**)>(symbol), module});
  *function = made.get();
  module->functions.insert(std::move(made));
  return kSuccess;
}

LAMELLA_EXPORT int cuLaunchKernel(Function* f, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                                  unsigned block_y, unsigned block_z, unsigned shared_bytes, Stream* stream,
                                  void** arguments, void** extra) {
  if (!f || !arguments || extra || shared_bytes) return kInvalidValue;  // kernels here have static shared memory only
  Dim3 grid{grid_x, grid_y, grid_z}, block{block_x, block_y, block_z};
  if (!refusal(grid, block).empty()) return kInvalidValue;
  if (stream && device_of(stream) != f->module->device) {
    fprintf(stderr, "simulated CUDA: kernel %s is loaded on device %d, its stream belongs to device %d\n",
            f->name.c_str(), f->module->device, device_of(stream));
    return kInvalidHandle;
  }
  std::shared_ptr<Launch> launch(f->bind(arguments));
  std::string name = f->name + " <<<" + std::to_string(grid_x) + " x " + std::to_string(grid_y) + " x " +
                     std::to_string(grid_z) + ", " + std::to_string(block_x) + ">>>";
  return enqueue(stream, name, [=] {
    if (counting) begin_launch(&f->module->stretches);
    std::string fault = (*launch)(grid, block, lamella_sim_settings().seed + launches++);
    const unsigned sizes[] = {grid.x, grid.y, grid.z};
    if (counting) end_launch(f->name, f->module->variant, sizes, block_x * block_y * block_z);
    if (!fault.empty()) fprintf(stderr, "simulated CUDA: kernel %s: %s\n", name.c_str(), fault.c_str());
    return fault.empty() ? int(kSuccess) : kLaunchFailed;
  });
}
