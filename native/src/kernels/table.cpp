#include "kernels.h"

#define LAMELLA_TEXT_OF(x) #x
#define LAMELLA_TEXT(x) LAMELLA_TEXT_OF(x)

namespace lamella::LAMELLA_ISA {

extern const KernelTable table;
const KernelTable table = {
    LAMELLA_TEXT(LAMELLA_ISA),
    kLanes,
    {
#define OPERATOR(kind, object) &object,
#define KERNEL(result, name, arguments)
#include "kernel_list.h"
#undef OPERATOR
#undef KERNEL
    },
#define OPERATOR(kind, object)
#define KERNEL(result, name, arguments) name,
#include "kernel_list.h"
#undef OPERATOR
#undef KERNEL
};

}  // namespace lamella::LAMELLA_ISA
