// Parameters, gradients and optimizer state as flat arrays, so that a checkpoint is one copy.
#pragma once

#include "../../include/lamella.h"
#include "memory.h"

struct lamella_weights {
  lamella::Memory spaces[LAMELLA_SPACES];

  float* space(int32_t s) const { return spaces[s].floats(); }
};
