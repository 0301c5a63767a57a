// Runs code on a separate stack, and can be left and resumed in the middle. A switch takes a dozen instructions on
// x86-64, and two system calls elsewhere.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <memory>

#ifndef __x86_64__
#include <ucontext.h>
#endif

namespace lamella::sim {

class Fibre {
 public:
  static constexpr size_t kStackBytes = 64 * 1024;

  // body is called on the fibre's stack at the first resume() and must never return.
  explicit Fibre(void (*body)());
  Fibre(const Fibre&) = delete;

  void resume();        // called on the thread's own stack: continues the fibre until it leaves again
  static void leave();  // called on a fibre: back to the caller of resume()
  static bool on_stack(uintptr_t at) { return at - running_stack < kStackBytes; }  // of the fibre that ran last

 private:
  static void begin();

  static uintptr_t running_stack;
  std::unique_ptr<char[]> stack;
  void (*body)();
#ifdef __x86_64__
  void* top;
#else
  ucontext_t context;
#endif
  void* fake_stack = nullptr;  // AddressSanitizer's
};

}  // namespace lamella::sim
