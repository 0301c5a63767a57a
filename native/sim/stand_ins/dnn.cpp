// The stand-in for cuDNN.
#include "schedule.h"
