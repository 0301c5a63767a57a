// One variant: the build compiles this file once for each set of constants.
#include "convolution_gemm_variant.h"

#define LAMELLA_SIMULATED
#include "device.cuh"

namespace {

// The formatter sorts includes, and drops repeated ones, up to the next blank line.
namespace forward {
#include "convolution_gemm_forward.cu"
}  // namespace forward
#undef BLOCKS

namespace data {
#include "convolution_gemm_backward_data.cu"
}  // namespace data
#undef BLOCKS

namespace filter {
#include "convolution_gemm_backward_filter.cu"
}  // namespace filter

static_assert(STRIDE_H == STRIDE_W, "the reference has one stride");
const bool kAdded =
    (gemm_variants().push_back({LAMELLA_VARIANT, KERNEL_H, KERNEL_W, STRIDE_H, PAD_H, PAD_W, TILE_M, forward::kTileN,
                                filter::kUnits, filter::kUnitTaps, VECTOR, forward::convolution_gemm_forward,
                                data::convolution_gemm_backward_data, filter::convolution_gemm_backward_filter}),
     true);

}  // namespace
