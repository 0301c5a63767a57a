// The CUDA gradients of a convolution behind a fused max pool, compiled with the constants of one shape, to be included
// in a namespace. The includer defines those constants, TILE_C, TILE_K and DATA_THREADS; none is defined afterwards.
namespace filter {
#include "convolution_pool_backward_filter.cu"
}  // namespace filter
#undef THREADS

namespace few {
#include "convolution_pool_backward_filter_few.cu"
}  // namespace few
#undef THREADS
#define THREADS DATA_THREADS

namespace data {
#include "convolution_pool_backward_data.cu"
}  // namespace data

const Variant kVariant = {32 * TILE_C,
                          filter::kFilters,
                          TILE_K,
                          data::kWarps,
                          data::kAcross,
                          data::kDown,
                          filter::convolution_pool_backward_filter,
                          few::convolution_pool_backward_filter_few,
                          data::convolution_pool_backward_data};
#undef DATA_THREADS
#include "forget_constants.h"
