// One variant: the build compiles this file once for each set of constants.
#include "convolution_rows_variant.h"

#define LAMELLA_SIMULATED
#include "device.cuh"

#include "convolution_rows_forward.cu"

namespace {

static_assert(STRIDE_H == STRIDE_W, "the reference has one stride");
const bool kAdded = (rows_variants().push_back({LAMELLA_VARIANT, KERNEL_H, KERNEL_W, STRIDE_H, PAD_H, PAD_W, POOL_H,
                                                POOL_W, TILE_K, PATCH_H, PATCH_W, VECTOR, convolution_rows_forward}),
                     true);

}  // namespace
