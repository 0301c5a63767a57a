#include "fibre.h"

#include <stdint.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace lamella::sim {
namespace {

Fibre* running = nullptr;

// The caller of resume() of the running fibre.
#ifdef __x86_64__
void* resumer;
#else
ucontext_t resumer;
#endif
void* resumer_fake_stack = nullptr;
const void* resumer_stack = nullptr;
size_t resumer_stack_bytes = 0;

#ifdef __SANITIZE_ADDRESS__
void leaving(void** fake, const void* stack, size_t bytes) { __sanitizer_start_switch_fiber(fake, stack, bytes); }
void arrived(void* fake, const void** stack, size_t* bytes) { __sanitizer_finish_switch_fiber(fake, stack, bytes); }
#else
void leaving(void**, const void*, size_t) {}
void arrived(void*, const void**, size_t*) {}
#endif

#ifdef __x86_64__
// Varies where stacks begin within their pages: else all of them would map to the same few cache lines.
size_t colour() {
  static size_t next = 0;
  return next = (next + 320) % 8192;
}
#endif

}  // namespace

#ifdef __x86_64__
// Saves the registers that a call must preserve (System V ABI) on the current stack, *from, and restores them from the
// new stack, to. A jump instead of ret, whose target the processor would predict wrongly from the calls on this stack.
extern "C" void lamella_switch_stacks(void** from, void* to);
asm(R"(
.text
.p2align 4
.hidden lamella_switch_stacks
.globl lamella_switch_stacks
.type lamella_switch_stacks, @function
lamella_switch_stacks:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  popq %rcx
  jmp *%rcx
.size lamella_switch_stacks, . - lamella_switch_stacks
)");
#endif

Fibre::Fibre(void (*body)()) : stack(new char[kStackBytes]), body(body) {
#ifdef __x86_64__
  // The stack as if begin() had been left just before its first instruction: six registers, then the address to jump
  // to, aligned to 16 bytes as before a call.
  auto at =
      reinterpret_cast<void**>((reinterpret_cast<uintptr_t>(stack.get()) + kStackBytes - colour()) & ~uintptr_t(15));
  *--at = nullptr;
  *--at = reinterpret_cast<void*>(&Fibre::begin);
  for (int i = 0; i < 6; i++) *--at = nullptr;
  top = at;
#else
  getcontext(&context);
  context.uc_stack.ss_sp = stack.get(), context.uc_stack.ss_size = kStackBytes, context.uc_link = nullptr;
  makecontext(&context, &Fibre::begin, 0);
#endif
}

uintptr_t Fibre::running_stack = 0;

void Fibre::begin() {
  arrived(nullptr, &resumer_stack, &resumer_stack_bytes);
  running->body();
}

void Fibre::resume() {
  running = this;
  running_stack = reinterpret_cast<uintptr_t>(stack.get());
  leaving(&resumer_fake_stack, stack.get(), kStackBytes);
#ifdef __x86_64__
  lamella_switch_stacks(&resumer, top);
#else
  swapcontext(&resumer, &context);
#endif
  arrived(resumer_fake_stack, nullptr, nullptr);
}

void Fibre::leave() {
  Fibre* own = running;
  leaving(&own->fake_stack, resumer_stack, resumer_stack_bytes);
#ifdef __x86_64__
  lamella_switch_stacks(&own->top, resumer);
#else
  swapcontext(&own->context, &resumer);
#endif
  arrived(own->fake_stack, &resumer_stack, &resumer_stack_bytes);
}

}  // namespace lamella::sim
