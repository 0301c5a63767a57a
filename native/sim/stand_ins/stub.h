// A stub for a symbol that is not simulated: it prints its name and returns "not supported". A missing symbol would end
// the JVM.
#pragma once

#include <stdio.h>

#include "../shared.h"

#define LAMELLA_EXPORT extern "C" LAMELLA_SHARED

#define LAMELLA_STUB(NAME)                                            \
  LAMELLA_EXPORT __attribute__((weak)) int NAME() {                   \
    fprintf(stderr, "simulated CUDA: %s is not simulated\n", #NAME);  \
    return 801; /* cudaErrorNotSupported, CUDA_ERROR_NOT_SUPPORTED */ \
  }
