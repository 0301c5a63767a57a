// The C interface between Java and the native engine. JavaCPP generates the Java bindings from this header, and Java
// calls nothing else.
//
// A program is an array of operators, grouped into stages. Java lowers a network to a program, plans all memory, checks
// every argument, and passes it once; a training or inference step is then one call of lamella_program_step().
// Shapes and offsets are not checked again here: the caller has checked them (see org.lamella.cpu.ProgramEncoder).
#ifndef LAMELLA_H
#define LAMELLA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum lamella_pooling_kind { LAMELLA_NO_POOL = 0, LAMELLA_MAX_POOL = 1, LAMELLA_AVERAGE_POOL = 2 };

// How a convolution is computed; the plan chooses by shape. For pack operators: the layout of the packed filters.
enum lamella_algorithm {
  LAMELLA_DIRECT = 0,         // dense tiles
  LAMELLA_WINOGRAD = 1,       // stride 1, 3 or 5 taps per dimension (or height 1): AUXILIARY holds transformed filters
  LAMELLA_WINOGRAD_DATA = 2,  // pack only: transformed filters for the data gradient
  LAMELLA_ARGMAX = 3          // backward with a fused max pool: over its argmax positions only
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

// The memory of an operand.
enum lamella_space {
  LAMELLA_NOWHERE = 0,  // the slot is not used
  LAMELLA_ARENA = 1,    // the program's arena, shared by all threads
  LAMELLA_LOCAL = 2,    // the thread's own memory: maps used only within their stage, for one group of samples
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

// The shape of one sample.
typedef struct lamella_shape {
  int32_t channels, height, width;
} lamella_shape;

typedef struct lamella_activation {
  int32_t kind;  // 0: none; else lamella_activation_number()
  float slope;   // of leaky ReLU below zero
} lamella_activation;

typedef struct lamella_pooling {
  int32_t kind;  // lamella_pooling_kind; fused pools have no padding and do not overlap
  int32_t window_h, window_w, stride_h, stride_w, pad_h, pad_w;
  int32_t out_h, out_w;
} lamella_pooling;

typedef struct lamella_convolution {
  lamella_shape input;
  int32_t filters, kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w;
  int32_t out_h, out_w;  // of the map before any pooling
  int32_t algorithm;     // lamella_algorithm
  lamella_pooling pooling;
  lamella_activation activation;
} lamella_convolution;

typedef struct lamella_pool {
  lamella_shape input;
  lamella_pooling pooling;
} lamella_pool;

typedef struct lamella_activate {
  lamella_activation activation;
  int32_t elements;  // per sample
} lamella_activate;

typedef struct lamella_norm {
  lamella_shape input;
  lamella_activation activation;
  float epsilon;   // added to the variance
  float momentum;  // share of a new batch in the running statistics
} lamella_norm;

typedef struct lamella_dropout {
  int64_t stream;    // which counter stream
  int32_t elements;  // per sample
  float rate;        // share of units dropped
} lamella_dropout;

// A sequence ends after the last column of the network's input that is not 0 in all channels. The first
// max(1, floor((end + offset) / stride) + 1) columns of the map are kept, the others become `covered`.
typedef struct lamella_mask {
  lamella_shape map;
  int32_t input_channels, input_width;
  int32_t offset, stride;
  float covered;
  int32_t scaled;  // 1: the kept columns are scaled by width / their number
} lamella_mask;

typedef struct lamella_elements {
  int32_t count;  // per sample
} lamella_elements;

typedef struct lamella_update {
  int32_t optimizer;  // lamella_optimizer
  float momentum;     // of SGD; beta1 of Adam
  float beta2;        // of Adam
  float epsilon;      // of Adam
  float decay;        // weight decay per step; decoupled for AdamW
  int32_t reserved;
  int64_t count;  // parameters
} lamella_update;

typedef struct lamella_dense {
  int32_t inputs, outputs;
  int32_t slices;  // parts of the inputs
  int32_t reserved;
  lamella_activation activation;
  lamella_update update;  // backward, if DWEIGHT is not used
} lamella_dense;

typedef struct lamella_loss {
  int32_t labels;
  float gamma_positive, gamma_negative;  // exponents of the focus on hard targets, 0 or more
  float margin;                          // subtracted from the probability of negatives, at least 0 and below 1
} lamella_loss;

// Shapes and options of an operator: the member of its family (see native/src/kernels/kernel_list.h).
typedef union lamella_work {
  lamella_convolution convolution;
  lamella_pool pool;
  lamella_activate activate;
  lamella_norm norm;
  lamella_dropout dropout;
  lamella_mask mask;
  lamella_elements elements;
  lamella_dense dense;
  lamella_loss loss;
  lamella_update update;
} lamella_work;

typedef struct lamella_op {
  int32_t kind;        // lamella_kind_number()
  int32_t accumulate;  // 1: the result is added to the output instead of stored
  lamella_work work;
  lamella_operand operand[15];
} lamella_op;

// How a stage is split into units. Units do not depend on the number of threads, so results do not either.
enum lamella_schedule {
  LAMELLA_BY_SAMPLE = 0,  // a unit is one group of samples, processed by all operators of the stage in turn
  LAMELLA_BY_CHUNK = 1,   // a unit is a fixed run of samples with one partial sum
  LAMELLA_BY_UNIT = 2     // one batch operator, split by its shape
};

// group: samples that go through each operator of the stage together before the next one begins.
typedef struct lamella_stage {
  int32_t schedule, first, count, group;
} lamella_stage;

// Loss and counts of predictions of a chunk of samples, or of a batch.
typedef struct lamella_tally {
  double loss;  // unscaled
  int64_t known, true_positives, false_positives, false_negatives;
  int64_t exact;  // samples whose known labels are all predicted right
} lamella_tally;

typedef struct lamella_weights lamella_weights;
typedef struct lamella_program lamella_program;

// Bytes of the structures, so that Java can check that both sides agree.
int64_t lamella_op_bytes(void);
int64_t lamella_stage_bytes(void);

// The number of an operator or of an activation, by its name in kernel_list.h or activation_list.h, for example
// "POOL_BACKWARD" or "TANH"; -1 if there is none of that name.
int32_t lamella_kind_number(const char* name);
int32_t lamella_activation_number(const char* name);

// The best ISA of this machine: "baseline", "avx2", "avx512" (x86-64) or "neon".
const char* lamella_best_isa(void);
// 1 if this machine has the named ISA and this library has kernels for it, else 0.
int lamella_isa_available(const char* isa);
// Name and major version of the compiler of the kernels, for example "gcc 12": with another one results may round
// differently.
const char* lamella_compiler(void);

// Parameters with their gradients, optimizer state and running statistics, all zero. Counts are floats; moments is the
// number of optimizer arrays (0 to 2); gradients is 0 or 1. Returns null when memory is exhausted.
lamella_weights* lamella_weights_create(int64_t parameters, int32_t gradients, int32_t moments, int64_t running);
void lamella_weights_destroy(lamella_weights* weights);
// Copies count floats, from index first on, out of or into a space (LAMELLA_PARAMETERS ... LAMELLA_RUNNING_STATISTICS).
void lamella_weights_read(const lamella_weights* weights, int32_t space, int64_t first, float* destination,
                          int64_t count);
void lamella_weights_write(lamella_weights* weights, int32_t space, int64_t first, const float* source, int64_t count);

// Bytes of kernel workspace that a program needs per thread, in addition to its planned memory.
int64_t lamella_workspace_bytes(const lamella_op* ops, const lamella_stage* stages, int64_t stage_count, int32_t batch,
                                const char* isa);

// Builds a program. constants holds the positive weights of the loss (one per label) or is null. chunk is the number of
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

// Copies count floats from byte offset `offset` of the arena: for tests and to read the values of a layer.
void lamella_program_read(const lamella_program* program, int64_t offset, float* destination, int64_t count);
// Fills the arena, and every thread's local memory and workspace, with NaN: a step must not read what it did not write.
void lamella_program_poison(lamella_program* program);

// Turns profiling on (1), from zero, or off (0). Returns 0 when memory is exhausted, else 1.
int32_t lamella_program_profile(lamella_program* program, int32_t on);
// Seconds spent in each operator since profiling began, summed over threads: one value per operator.
void lamella_program_profile_read(const lamella_program* program, double* seconds);

// Single-precision multiply-add peak of `threads` threads over about `seconds` seconds, in GFLOP/s, with one ISA.
double lamella_measure_peak(const char* isa, int32_t threads, double seconds);

#ifdef __cplusplus
}
#endif
#endif
