// Every operator and every kernel of the engine, once: declarations, the kernel table of an ISA, and names are made
// from this list. Included with OPERATOR(KIND, object) and KERNEL(result, name, (arguments)) defined.
//
// A program runs operators: `object` is the Operator, in the file of its kernels. "Sample" operators process one sample
// at a time, so that one thread can process a sample through a whole stage. "Batch" operators process the whole batch
// and are split into units by their own shape. Operands in [] are optional.

// ---- Sample operators, forward.

// X, WEIGHT, BIAS [, AUXILIARY: packed filters] -> Y [, INDEX]: + bias [+ max pool] + activation
OPERATOR(CONVOLUTION, convolution_forward_operator)
// X -> Y [, INDEX]: max (INDEX: int32) or average
OPERATOR(POOL, pool_operator)
// X -> Y
OPERATOR(ACTIVATE, activate_operator)
// X, STATISTICS, WEIGHT, BIAS -> Y: batch norm + activation
OPERATOR(NORMALIZE, normalize_operator)
// X -> Y
OPERATOR(DROPOUT, dropout_operator)
// X, AUXILIARY: the input of the network -> Y
OPERATOR(MASK, mask_operator)
// X -> Y
OPERATOR(COPY, copy_operator)
// X -> PARTIAL: sums of x and x^2 per chunk
OPERATOR(NORM_MOMENTS, norm_moments_operator)
// X, WEIGHT, BIAS -> Y, STATISTICS: mean and 1 / deviation of each sample
OPERATOR(LAYER_NORM, layer_norm_operator)
// X (logits) -> DX, PARTIAL: sigmoid cross-entropy, its gradient, a lamella_tally per chunk
OPERATOR(LOSS, loss_operator)
// X (logits) -> Y
OPERATOR(PROBABILITY, probability_operator)

// ---- Sample operators, backward.

// X, WEIGHT, Y, DY [, INDEX, AUXILIARY: packed filters] -> PARTIAL [, DX]
OPERATOR(CONVOLUTION_BACKWARD, convolution_backward_operator)
// DY [, INDEX] -> DX
OPERATOR(POOL_BACKWARD, pool_backward_operator)
// DY and Y or X, from which the slope is computed -> DX
OPERATOR(ACTIVATE_BACKWARD, activate_backward_operator)
// DY as X -> DX as Y; the same for the next two
OPERATOR(DROPOUT_BACKWARD, dropout_operator)
OPERATOR(MASK_BACKWARD, mask_operator)
OPERATOR(COPY_BACKWARD, copy_operator)
// X, DY, STATISTICS, WEIGHT, BIAS [, Y: if the slope needs it] -> PARTIAL: sums of g and g * xhat per chunk
OPERATOR(NORM_GRADIENT_SUMS, norm_gradient_sums_operator)
// X, DY, STATISTICS, WEIGHT, BIAS, AUXILIARY [, Y: as above] -> DX
OPERATOR(NORM_BACKWARD, norm_backward_operator)
// X, DY, WEIGHT, STATISTICS -> PARTIAL [, DX]: sums of dy and dy * xhat per chunk
OPERATOR(LAYER_NORM_BACKWARD, layer_norm_backward_operator)

// ---- Batch operators.

// X (samples x count) -> Y (count x padded samples)
OPERATOR(TRANSPOSE, transpose_operator)
OPERATOR(TRANSPOSE_BACKWARD, transpose_operator)
// X (transposed), WEIGHT, BIAS -> [Y,] [AUXILIARY: transposed]: + activation
OPERATOR(DENSE, dense_operator)
// X, WEIGHT -> PARTIAL: one slice of the inputs
OPERATOR(DENSE_SLICE, dense_slice_operator)
// PARTIAL, BIAS -> [Y,] [AUXILIARY: transposed]: + activation
OPERATOR(DENSE_JOIN, dense_join_operator)
// DY, AUXILIARY: DY transposed, X, WEIGHT -> DBIAS [, DX], and DWEIGHT or the update of WEIGHT, MOMENT1, MOMENT2
OPERATOR(DENSE_BACKWARD, dense_backward_operator)
// PARTIAL -> STATISTICS: mean and 1 / deviation; updates RUNNING
OPERATOR(NORM_STATISTICS, norm_statistics_operator)
// RUNNING -> STATISTICS: for inference
OPERATOR(NORM_FROZEN, norm_frozen_operator)
// PARTIAL -> DWEIGHT, DBIAS [, AUXILIARY]
OPERATOR(NORM_GRADIENT, norm_gradient_operator)
// PARTIAL -> DWEIGHT, DBIAS: sums the chunks in a fixed order
OPERATOR(JOIN_CONVOLUTION, join_convolution_operator)
// WEIGHT -> AUXILIARY: filters in the layout of the algorithm
OPERATOR(PACK_FILTERS, pack_filters_operator)
OPERATOR(PACK_FILTERS_BACKWARD, pack_filters_operator)
// PARTIAL -> the step's loss
OPERATOR(JOIN_LOSS, join_loss_operator)
// WEIGHT, DWEIGHT [, MOMENT1, MOMENT2]: the optimizer
OPERATOR(UPDATE, update_operator)

// ---- Kernels that the executor, tests and measurements call by themselves.
KERNEL(int64_t, convolution_table_count, (const lamella_convolution& op))
KERNEL(Convolution, make_convolution, (const lamella_convolution& op, int32_t* tables))
KERNEL(int64_t, convolution_workspace_floats, (const lamella_convolution& op, int samples))
KERNEL(int64_t, convolution_backward_workspace_floats, (const lamella_convolution& op, int samples))
// Floats of one chunk's partial sums: filter gradient as the algorithm lays it out, then bias gradient [filters].
KERNEL(int64_t, convolution_partial_floats, (const lamella_convolution& op))
// Reads maps.x, writes maps.y and maps.index. packed: the filters as pack_filters() lays them out for this algorithm; w
// is read by the direct one.
KERNEL(void, convolution_forward,
       (const Convolution& s, int samples, const float* w, const float* packed, const float* bias,
        const ConvolutionMaps& maps, float* work))
// Reads maps.x, y, dy and index; adds to partial, writes maps.dx.
KERNEL(void, convolution_backward,
       (const Convolution& s, int samples, const float* w, const float* packed, const ConvolutionMaps& maps,
        float* partial, bool accumulate, float* work))
// Filters [first, last) in the layout of op.algorithm.
KERNEL(void, pack_filters, (const lamella_convolution& op, const float* w, float* packed, int64_t first, int64_t last))
KERNEL(void, join_convolution,
       (const lamella_convolution& op, float* partials, int64_t stride, int chunks, float* dw, float* db, int64_t first,
        int64_t last))

// Sigmoid cross-entropy of one sample; adds its unscaled loss and its hits and misses to *tally, writes the scaled
// gradient.
KERNEL(void, loss,
       (const lamella_loss& op, const float* logits, const float* targets, const float* mask,
        const float* positive_weights, float scale, float* gradient, lamella_tally* tally))

// Dense layers over the batch; each call does one unit of what *_units() says.
KERNEL(int64_t, dense_padded_batch, (int batch))
KERNEL(int64_t, transpose_units, (const lamella_elements& op))
KERNEL(void, transpose,
       (const lamella_elements& op, int samples, int64_t stride, const float* x, float* y, int64_t unit))
KERNEL(int64_t, dense_units, (const lamella_dense& op))
KERNEL(void, dense_forward,
       (const lamella_dense& op, int samples, const float* xt, const float* w, const float* bias,
        const DenseOutputs& out, int64_t unit, float* work))
// A layer of many inputs, cut into op.slices of them: sums of one slice, [outputs][padded batch], then their join.
KERNEL(void, dense_slice,
       (const lamella_dense& op, int samples, const float* x, int64_t x_stride, const float* w, float* partial,
        int64_t slice, float* work))
KERNEL(void, dense_join,
       (const lamella_dense& op, int samples, const float* partials, int64_t stride, const float* bias,
        const DenseOutputs& out, int64_t unit, float* work))
KERNEL(int64_t, dense_workspace_floats, (int batch))
KERNEL(int64_t, dense_backward_units, (const lamella_dense& op, bool wants_dx))
KERNEL(void, dense_backward,
       (const lamella_dense& op, int samples, const DenseGradient& d, bool accumulate, int64_t unit, float* work))
KERNEL(int64_t, dense_backward_workspace_floats, (const lamella_dense& op, int batch))
// Parameters [first, last) of an optimizer's update.
KERNEL(void, update,
       (const lamella_update& op, float* w, const float* g, float* m1, float* m2, float rate, float correction1,
        float correction2, int64_t first, int64_t last))

KERNEL(double, peak_iterations, (int64_t rounds, float* sink))  // multiply-adds done, counted as two operations each
