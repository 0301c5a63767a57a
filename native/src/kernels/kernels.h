// Every operator and kernel of one ISA, declared from kernel_list.h: pure functions over pointers and shapes. They do
// not allocate, start threads or report errors; arguments were checked when the program was built. `work` is the
// thread's workspace, with at least as many floats as *_workspace_floats() returns.
#pragma once

#include "../../include/lamella.h"
#include "carver.h"
#include "kernel_table.h"
#include "vector.h"

namespace lamella::LAMELLA_ISA {

#define OPERATOR(kind, object) extern const Operator object;
#define KERNEL(result, name, arguments) result name arguments;
#include "kernel_list.h"
#undef OPERATOR
#undef KERNEL

}  // namespace lamella::LAMELLA_ISA
