// Chooses the ISA at run time.
#include <string.h>

#include "kernel_table.h"

namespace lamella {

#if defined(__x86_64__)
namespace avx512 {
extern const KernelTable table;
}
namespace avx2 {
extern const KernelTable table;
}
namespace baseline {
extern const KernelTable table;
}

static bool runs(const KernelTable& kernels) {
  if (&kernels == &avx512::table)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
  if (&kernels == &avx2::table) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return true;
}

static const KernelTable* const kIsas[] = {&avx512::table, &avx2::table, &baseline::table};
#else
namespace neon {
extern const KernelTable table;
}

static bool runs(const KernelTable&) { return true; }

static const KernelTable* const kIsas[] = {&neon::table};
#endif

const KernelTable* best_kernels() {
  for (const KernelTable* isa : kIsas)
    if (runs(*isa)) return isa;
  return nullptr;
}

const KernelTable* find_kernels(const char* name) {
  for (const KernelTable* isa : kIsas)
    if (strcmp(isa->name, name) == 0) return runs(*isa) ? isa : nullptr;
  return nullptr;
}

static int number_in(const char* const* names, int count, const char* name) {
  for (int i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return i;
  return -1;
}

int kind_number(const char* name) {
  static const char* const names[] = {
#define OPERATOR(kind, object) #kind,
#define KERNEL(result, name, arguments)
#include "kernel_list.h"
#undef OPERATOR
#undef KERNEL
  };
  return number_in(names, KINDS, name);
}

int activation_number(const char* name) {
  static const char* const names[] = {
      "IDENTITY",
#define ACTIVATION(name, ...) #name,
#include "activation_list.h"
#undef ACTIVATION
  };
  return number_in(names, sizeof(names) / sizeof(names[0]), name);
}

}  // namespace lamella
