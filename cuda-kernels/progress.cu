// Records the progress of a step before work that is none of our kernels: GPUs report an error late, and then for every
// call. Only this record shows in which operator it occurred.
#include "device.cuh"

// One thread.
LAMELLA_KERNEL void reach(Mark mark) { record(mark); }
