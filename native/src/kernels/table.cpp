#include "kernels.h"

#define LAMELLA_TEXT_OF(x) #x
#define LAMELLA_TEXT(x) LAMELLA_TEXT_OF(x)

namespace lamella::LAMELLA_LEVEL {

extern const KernelTable table;
const KernelTable table = {LAMELLA_TEXT(LAMELLA_LEVEL),
                           kLanes,
                           convolution_table_count,
                           make_convolution,
                           convolution_workspace_floats,
                           convolution_backward_workspace_floats,
                           convolution_partial_floats,
                           convolution_forward,
                           convolution_backward,
                           pack_filters,
                           join_convolution,
                           pool_workspace_floats,
                           pool_forward,
                           pool_backward,
                           activate_forward,
                           activate_backward,
                           copy,
                           mask,
                           dropout,
                           norm_moments,
                           norm_statistics,
                           norm_frozen,
                           normalize,
                           norm_gradient_sums,
                           norm_gradient,
                           norm_backward,
                           loss,
                           probability,
                           dense_padded_batch,
                           transpose_units,
                           transpose,
                           dense_units,
                           dense_forward,
                           dense_slice,
                           dense_join,
                           dense_workspace_floats,
                           dense_backward_units,
                           dense_backward,
                           dense_backward_workspace_floats,
                           update,
                           peak_iterations};

}  // namespace lamella::LAMELLA_LEVEL
