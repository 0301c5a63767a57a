// A program ready to run: operators, the tables of their kernels, memory, threads.
#pragma once

#include "../kernels/kernel_table.h"
#include "memory.h"
#include "profile.h"
#include "thread_pool.h"
#include "weights.h"

struct lamella_program {
  const lamella::KernelTable* kernels = nullptr;
  lamella::Memory op_memory, stage_memory, shape_memory, table_memory, arena, locals, workspaces, weight_of_positives;
  const lamella_op* ops = nullptr;
  const lamella_stage* stages = nullptr;
  int64_t op_count = 0, stage_count = 0, local_bytes = 0, workspace_bytes = 0;
  int32_t batch = 0, chunk = 1, threads = 1;
  const lamella::Convolution* convolutions = nullptr;  // one per operator; filled for convolutions
  const float* positive_weights = nullptr;
  lamella_weights* weights = nullptr;
  lamella::Profile profile;
  lamella::ThreadPool pool;
  lamella::StepInputs now = {};
  lamella_tally tally = {};
};
