// Replacements for functions of newer glibc releases that GCC's run-time library calls (libgcc, which is linked
// statically). They use only functions of every release. The linker redirects the calls to them (--wrap, in
// java/core/pom.xml).
#include "glibc.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>

#include <cstring>

#if defined(__x86_64__)
#define OLDEST "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OLDEST "GLIBC_2.17"
#endif

#ifdef OLDEST
__asm__(".symver lamella_pthread_once,pthread_once@" OLDEST);
__asm__(".symver lamella_pthread_key_create,pthread_key_create@" OLDEST);
extern "C" int lamella_pthread_once(pthread_once_t*, void (*)());
extern "C" int lamella_pthread_key_create(pthread_key_t*, void (*)(void*));

extern "C" int __wrap_pthread_once(pthread_once_t* once, void (*function)()) {
  return lamella_pthread_once(once, function);
}

extern "C" int __wrap___pthread_key_create(pthread_key_t* key, void (*destroy)(void*)) {
  return lamella_pthread_key_create(key, destroy);
}
#endif

#ifdef DLFO_STRUCT_HAS_EH_DBASE
// Since glibc 2.35: the loaded file that contains an address, and its table for unwinding.
extern "C" int __wrap__dl_find_object(void* address, dl_find_object* result) {
  struct Search {
    uintptr_t address;
    dl_find_object* result;
  } search{reinterpret_cast<uintptr_t>(address), result};
  auto look = [](dl_phdr_info* file, size_t, void* data) {
    auto* wanted = static_cast<Search*>(data);
    uintptr_t start = UINTPTR_MAX, end = 0, table = 0;
    for (int i = 0; i < file->dlpi_phnum; i++) {
      const auto& part = file->dlpi_phdr[i];
      uintptr_t at = file->dlpi_addr + part.p_vaddr;
      if (part.p_type == PT_GNU_EH_FRAME) table = at;
      if (part.p_type != PT_LOAD) continue;
      if (at < start) start = at;
      if (at + part.p_memsz > end) end = at + part.p_memsz;
    }
    if (wanted->address < start || wanted->address >= end) return 0;
    std::memset(wanted->result, 0, sizeof *wanted->result);
    wanted->result->dlfo_map_start = reinterpret_cast<void*>(start);
    wanted->result->dlfo_map_end = reinterpret_cast<void*>(end);
    wanted->result->dlfo_eh_frame = reinterpret_cast<void*>(table);
    return 1;
  };
  return dl_iterate_phdr(look, &search) == 1 ? 0 : -1;
}
#endif
