// Every operator and kernel of one instruction level, declared from kernel_list.h: pure functions over pointers and
// shapes. No allocation, no threads, no errors; their checks were made when the program was built. `work` is the
// thread's workspace, of at least the floats that *_workspace_floats() asks for.
#pragma once

#include "../../include/lamella.h"
#include "carver.h"
#include "kernel_table.h"
#include "vector.h"

namespace lamella::LAMELLA_LEVEL {

#define OPERATOR(kind, object) extern const Operator object;
#define KERNEL(result, name, arguments) result name arguments;
#include "kernel_list.h"
#undef OPERATOR
#undef KERNEL

}  // namespace lamella::LAMELLA_LEVEL
