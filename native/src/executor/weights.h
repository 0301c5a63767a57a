// Parameters, gradients and optimizer state: flat arrays, so that a checkpoint or an all-reduce is one call each.
#pragma once

#include "../../include/lamella.h"
#include "memory.h"

struct lamella_weights {
  lamella::Memory spaces[LAMELLA_SPACES];

  float* space(int32_t s) const { return spaces[s].floats(); }
};
