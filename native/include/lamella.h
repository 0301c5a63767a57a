// The C interface between Java and the native engine. This header is the contract: JavaCPP generates the
// Java bindings from it, and nothing else crosses the boundary.
//
// A program is an array of operators, cut into stages. Java lowers a network to it, plans all memory, checks every
// argument, and hands it over once; a training or inference step is then one call of lamella_program_step().
// Nothing here checks shapes or offsets again: the caller has (see org.lamella.cpu.ProgramEncoder).
#ifndef LAMELLA_H
#define LAMELLA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What an operator does. "Sample" operators work on one sample at a time, so that a thread can carry a sample through
// a whole stage; "batch" operators work on the whole batch and are cut into units by their own shape.
// clang-format off
enum lamella_kind {
  // Sample operators, forward.
  LAMELLA_CONVOLUTION = 0,         // X, WEIGHT, BIAS [, AUXILIARY: packed filters] -> Y [, INDEX]
                                   // + bias [+ max pool] + activation
  LAMELLA_POOL = 1,                // X -> Y [, INDEX]                 max (INDEX: int32) or average
  LAMELLA_ACTIVATE = 2,            // X -> Y                           count elements
  LAMELLA_NORMALIZE = 3,           // X, STATISTICS, WEIGHT, BIAS -> Y batch norm + activation
  LAMELLA_DROPOUT = 4,             // X -> Y                           also backward: DY as X, DX as Y
  LAMELLA_COPY = 5,                // X -> Y                           count elements, optionally added
  LAMELLA_NORM_MOMENTS = 6,        // X -> PARTIAL                     sums of x and x^2 a chunk
  LAMELLA_LOSS = 7,                // X (logits) -> DX, PARTIAL        sigmoid cross-entropy, its gradient, a
                                   //                                  lamella_tally a chunk
  LAMELLA_PROBABILITY = 8,         // X (logits) -> Y                  sigmoid into the caller's output
  LAMELLA_MASK = 9,                // X, AUXILIARY (the network's input) -> Y   also backward: DY as X, DX as Y.
                                   // A sequence ends behind the last column of the input that is not 0 in all of its
                                   // channels (filters: how many, out_w: columns). The first
                                   // max(1, floor((end + pad_w) / stride_w) + 1) columns of X are kept, the others
                                   // become slope; if algorithm is 1 the kept ones are scaled by width / their number.
  // Sample operators, backward.
  LAMELLA_CONVOLUTION_BACKWARD = 16,  // X, WEIGHT, Y, DY [, INDEX, AUXILIARY: packed filters] -> PARTIAL [, DX]
  LAMELLA_POOL_BACKWARD = 17,         // DY [, INDEX] -> DX
  LAMELLA_ACTIVATE_BACKWARD = 18,     // Y, DY -> DX
  LAMELLA_NORM_GRADIENT_SUMS = 19,    // X, Y, DY, STATISTICS, WEIGHT, BIAS -> PARTIAL
                                      // sums of g and g * xhat a chunk; Y for tanh and sigmoid
  LAMELLA_NORM_BACKWARD = 20,         // X, Y, DY, STATISTICS, WEIGHT, BIAS, AUXILIARY -> DX; Y as above
  // Batch operators.
  LAMELLA_TRANSPOSE = 32,          // X (samples x count) -> Y (count x padded samples)
  LAMELLA_DENSE = 33,              // X (transposed), WEIGHT, BIAS -> [Y,] [AUXILIARY: transposed]    + activation
  LAMELLA_DENSE_SLICE = 34,        // X, WEIGHT -> PARTIAL                 one of count slices of the inputs
  LAMELLA_DENSE_JOIN = 35,         // PARTIAL, BIAS -> [Y,] [AUXILIARY: transposed]    count slices, + activation
  LAMELLA_NORM_STATISTICS = 36,    // PARTIAL -> STATISTICS, RUNNING       mean and 1/deviation; updates running ones
  LAMELLA_NORM_FROZEN = 37,        // RUNNING -> STATISTICS                for inference
  LAMELLA_NORM_GRADIENT = 38,      // PARTIAL -> DWEIGHT, DBIAS, AUXILIARY
  LAMELLA_JOIN_CONVOLUTION = 39,   // PARTIAL -> DWEIGHT, DBIAS            sums the chunks in a fixed order
  LAMELLA_JOIN_LOSS = 40,          // PARTIAL -> the step's loss
  LAMELLA_UPDATE = 41,             // WEIGHT, DWEIGHT, MOMENT1, MOMENT2    the optimizer, count elements
  LAMELLA_PACK_FILTERS = 42,       // WEIGHT -> AUXILIARY                  filters as the algorithm wants them
  LAMELLA_DENSE_BACKWARD = 43      // DY, AUXILIARY: DY transposed, X, WEIGHT -> DBIAS [, DX], and DWEIGHT or
                                   // the update of WEIGHT, MOMENT1, MOMENT2
};
// clang-format on

enum lamella_activation {
  LAMELLA_IDENTITY = 0,
  LAMELLA_TANH = 1,
  LAMELLA_SIGMOID = 2,
  LAMELLA_RELU = 3,
  LAMELLA_LEAKY_RELU = 4
};

enum lamella_pooling { LAMELLA_NO_POOL = 0, LAMELLA_MAX_POOL = 1, LAMELLA_AVERAGE_POOL = 2 };

// How a convolution is computed; the plan chooses by shape. Pack operators: which layout they make.
enum lamella_algorithm {
  LAMELLA_DIRECT = 0,         // dense tiles
  LAMELLA_WINOGRAD = 1,       // stride 1, 3 or 5 taps a way (or a height of 1): AUXILIARY holds transformed filters
  LAMELLA_WINOGRAD_DATA = 2,  // pack only: transformed filters for the data gradient
  LAMELLA_WINNERS = 3         // backward, behind a fused max pool: over its winners only
};

enum lamella_optimizer { LAMELLA_SGD = 0, LAMELLA_NESTEROV = 1, LAMELLA_ADAM = 2, LAMELLA_ADAMW = 3 };

// The slots of lamella_op.operand.
// clang-format off
enum lamella_slot {
  LAMELLA_X = 0, LAMELLA_Y = 1, LAMELLA_DX = 2, LAMELLA_DY = 3, LAMELLA_WEIGHT = 4, LAMELLA_BIAS = 5,
  LAMELLA_DWEIGHT = 6, LAMELLA_DBIAS = 7, LAMELLA_INDEX = 8, LAMELLA_PARTIAL = 9, LAMELLA_STATISTICS = 10,
  LAMELLA_RUNNING = 11, LAMELLA_AUXILIARY = 12, LAMELLA_MOMENT1 = 13, LAMELLA_MOMENT2 = 14, LAMELLA_SLOTS = 15
};
// clang-format on

// Where an operand lives.
enum lamella_space {
  LAMELLA_NOWHERE = 0,  // the slot is not used
  LAMELLA_ARENA = 1,    // the program's arena, shared by all threads
  LAMELLA_LOCAL = 2,    // the thread's part of the arena: maps that never leave their stage, a group of them
  LAMELLA_INPUT = 3,    // the caller's input, samples x elements
  LAMELLA_TARGET = 4,   // the caller's targets (or, without a loss, the gradient of the output)
  LAMELLA_OUTPUT = 5,   // the caller's output buffer
  LAMELLA_PARAMETERS = 6,
  LAMELLA_GRADIENTS = 7,
  LAMELLA_FIRST_MOMENTS = 8,
  LAMELLA_SECOND_MOMENTS = 9,
  LAMELLA_RUNNING_STATISTICS = 10,
  LAMELLA_SPACES = 11
};

typedef struct lamella_operand {
  int32_t space;  // lamella_space
  int32_t reserved;
  int64_t offset;  // bytes from the start of the space
  int64_t stride;  // bytes from one sample to the next
} lamella_operand;

typedef struct lamella_op {
  int32_t kind;        // lamella_kind
  int32_t activation;  // lamella_activation
  int32_t accumulate;  // 1: the result is added to DX or Y instead of stored
  int32_t optimizer;   // lamella_optimizer
  int32_t algorithm;   // lamella_algorithm
  int32_t reserved;
  int32_t channels, height, width;      // of the input; dense: channels = inputs
  int32_t filters, kernel_h, kernel_w;  // dense: filters = outputs
  int32_t stride_h, stride_w, pad_h, pad_w, out_h, out_w;
  int32_t pool;  // lamella_pooling; fused pools have no padding and do not overlap
  int32_t pool_h, pool_w, pool_stride_h, pool_stride_w, pool_pad_h, pool_pad_w, pooled_h, pooled_w;
  float slope;           // of leaky ReLU for x < 0
  float epsilon;         // batch norm, Adam
  float momentum;        // SGD momentum, Adam's beta1, batch norm's share of the new statistics
  float beta2;           // Adam
  float decay;           // weight decay, 1/step for plain decay, decoupled for AdamW
  float rate;            // dropout: share of units dropped
  float gamma_positive;  // loss: exponents of its focus on hard targets, 0 or more, and the margin taken off the
  float gamma_negative;  // probability of negatives, 0 to below 1; all 0 is plain cross-entropy
  float margin;
  float reserved_loss;
  int64_t count;   // elements (a sample, or in all for batch operators)
  int64_t stream;  // dropout: which counter stream
  lamella_operand operand[15];
} lamella_op;

// How the units of a stage are cut. Never by the number of threads: results do not depend on it.
enum lamella_schedule {
  LAMELLA_BY_SAMPLE = 0,  // a unit is one group of samples, carried through all operators of the stage
  LAMELLA_BY_CHUNK = 1,   // a unit is a fixed run of samples with one partial sum
  LAMELLA_BY_UNIT = 2     // one batch operator, cut by its shape
};

// group: samples that go through each operator of the stage together before the next one begins.
typedef struct lamella_stage {
  int32_t schedule, first, count, group;
} lamella_stage;

// What a chunk of samples, or a batch, comes to.
typedef struct lamella_tally {
  double loss;  // unscaled
  int64_t known, true_positives, false_positives, false_negatives;
  int64_t exact;  // samples whose known labels are all right
} lamella_tally;

typedef struct lamella_weights lamella_weights;
typedef struct lamella_program lamella_program;

// Bytes of the structures, so that both sides of the boundary can prove that they agree.
int64_t lamella_op_bytes(void);
int64_t lamella_stage_bytes(void);

// Instruction levels: "baseline", "avx2", "avx512" (x86-64) or "neon". Names the best one that this machine has.
const char* lamella_best_isa(void);
// 1 if this machine can run the named level and this library has it, else 0.
int lamella_isa_available(const char* isa);
// Name and major version of the compiler that made the kernels, for example "gcc 12": another one may round otherwise.
const char* lamella_compiler(void);

// Parameters with their gradients, optimizer state and running statistics, all zero. Counts are floats; moments is
// how many optimizer arrays there are (0 to 2); gradients is 0 or 1. Returns null when memory is exhausted.
lamella_weights* lamella_weights_create(int64_t parameters, int32_t gradients, int32_t moments, int64_t running);
void lamella_weights_destroy(lamella_weights* weights);
// Copies count floats, from index first on, out of or into a space (LAMELLA_PARAMETERS ... LAMELLA_RUNNING_STATISTICS).
void lamella_weights_read(const lamella_weights* weights, int32_t space, int64_t first, float* destination,
                          int64_t count);
void lamella_weights_write(lamella_weights* weights, int32_t space, int64_t first, const float* source, int64_t count);

// Bytes of kernel workspace that a program takes for each thread besides its planned memory.
int64_t lamella_workspace_bytes(const lamella_op* ops, const lamella_stage* stages, int64_t stage_count, int32_t batch,
                                const char* isa);

// Builds a program. constants holds the positive weights of the loss (one a label) or is null. chunk is the number of
// samples in a chunk. Returns null when memory or threads are exhausted. The weights must outlive the program.
lamella_program* lamella_program_create(const lamella_op* ops, int64_t op_count, const lamella_stage* stages,
                                        int64_t stage_count, int64_t arena_bytes, int64_t local_bytes, int32_t batch,
                                        int32_t chunk, int32_t threads, const char* isa, lamella_weights* weights,
                                        const float* positive_weights, int64_t positive_weight_count);
void lamella_program_destroy(lamella_program* program);

// One step over samples <= batch rows. mask (1 known, 0 missing) may be null. gradient_scale multiplies the summed
// loss and its gradient (1 / number of known targets for a mean). rate, correction1 and correction2 drive the
// optimizer; step and seed drive dropout. Returns the scaled loss (0 for a program without one).
double lamella_program_step(lamella_program* program, int32_t samples, const float* input, const float* targets,
                            const float* mask, float* output, double gradient_scale, double rate, double correction1,
                            double correction2, int64_t step, int64_t seed);

// How the last step's predictions (logit > 0) compare with its targets, counted in the same pass as the loss; all 0 for
// a program without one. counts: known targets, true positives, false positives, false negatives, samples without an
// error.
void lamella_program_tally(const lamella_program* program, int64_t counts[5]);

// Copies count floats from byte offset `offset` of the arena: for tests and for layers whose values somebody asked for.
void lamella_program_read(const lamella_program* program, int64_t offset, float* destination, int64_t count);
// Fills the arena, every thread's local part and workspace with NaN: what a step does not write, it must not read.
void lamella_program_poison(lamella_program* program);

// Turns the taking of times on (1) or off (0); they start at zero. False (0) when memory is exhausted.
int32_t lamella_program_profile(lamella_program* program, int32_t on);
// Seconds spent in each operator since, summed over threads: one value an operator.
void lamella_program_profile_read(const lamella_program* program, double* seconds);

// Single-precision multiply-add peak of `threads` threads over about `seconds` seconds, in GFLOP/s, at one level.
double lamella_measure_peak(const char* isa, int32_t threads, double seconds);

#ifdef __cplusplus
}
#endif
#endif
