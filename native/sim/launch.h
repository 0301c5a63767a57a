// Compiled with every kernel by the stand-in for NVRTC: copies the kernel's arguments when it is launched, and runs it.
#pragma once

#include <tuple>
#include <utility>

#include "simulated_block.h"

namespace lamella::sim {

// A launch with its arguments. Returns a fault in one line, or an empty text.
using Launch = std::function<std::string(Dim3 grid, Dim3 block, unsigned seed)>;

template <typename... A, size_t... I>
Launch with_arguments(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
  auto values = std::make_tuple(*static_cast<std::remove_cv_t<A>*>(arguments[I])...);
  return [=](Dim3 grid, Dim3 block, unsigned seed) {
    auto here = kernel;
    auto own = values;  // on the stack, where launches look for them
    return launch(grid, block, seed, [&] { std::apply(here, own); });
  };
}

// arguments: a pointer to each, as cuLaunchKernel takes them.
template <typename... A>
Launch with_arguments(void (*kernel)(A...), void** arguments) {
  return with_arguments(kernel, arguments, std::index_sequence_for<A...>());
}

}  // namespace lamella::sim

// Launch* because C linkage: the caller deletes it.
#define LAMELLA_LAUNCH(NAME)                                                                \
  extern "C" LAMELLA_SHARED lamella::sim::Launch* lamella_launch_##NAME(void** arguments) { \
    return new lamella::sim::Launch(lamella::sim::with_arguments(NAME, arguments));         \
  }
