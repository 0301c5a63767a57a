// Sums per channel over the whole grid, always in the same order. Grid: x covers slices of the elements of a channel, y
// the channels. Each block has the sums of one slice; the block of a channel that is last to end adds the slices, in
// their order. The counters that tell which one is last are integers, and are 0 again afterwards.
#pragma once
#include "device.cuh"

// Memory of the slices: of each channel and slice the sums, and for each channel how many slices have ended. Unused if
// there is one slice.
struct Slices {
  double* partial;
  unsigned* ended;
};
#ifdef SLICES_BYTES
static_assert(sizeof(Slices) == SLICES_BYTES, "Slices has another size in Java");
#endif

// Calls work.at<Count>(n, i) for all elements i to i + Count - 1 of a channel's plane in sample n that are in this
// block's slice. vector: 1, or FLOATS if `plane` is a multiple of it. samples * plane is below 2^31.
template <int Count, typename Work>
__device__ inline void for_slice(int samples, int plane, Work& work) {
  const unsigned across = unsigned(plane) / Count, all = samples * across, each = (all + gridDim.x - 1) / gridDim.x;
  const unsigned begin = blockIdx.x * each, end = begin + each < all ? begin + each : all;
  const unsigned first = begin + threadIdx.x, rows = blockDim.x / across, columns = blockDim.x - rows * across;
  unsigned n = first / across, at = first - n * across;
  for (unsigned i = first; i < end; i += blockDim.x) {
    work.template at<Count>(static_cast<int>(n), static_cast<int>(at * Count));
    n += rows, at += columns;
    if (at >= across) at -= across, n++;
  }
}

template <typename Work>
__device__ inline void for_slice(int samples, int plane, int vector, Work& work) {
  if (vector == FLOATS)
    for_slice<FLOATS>(samples, plane, work);
  else
    for_slice<1>(samples, plane, work);
}

// True in all threads of the block of this channel that comes last. Its reads of what the others wrote before the call
// must be volatile.
__device__ inline bool ends_last(unsigned* ended, int& last) {
  if (threadIdx.x == 0) {
    __threadfence();
    last = atomicAdd(ended, 1u) == gridDim.x - 1;
    if (last) *ended = 0;
    __threadfence();
  }
  __syncthreads();
  return last;
}

// Shared memory of join_slices().
struct SumScratch {
  double of_warp[kMaxWarps];
  int last;
};

// Adds the sums of all threads and slices of this block's channel. Returns true in one thread of the grid per channel,
// which has them then. To be called by all threads; blocks of whole warps.
template <int Count>
__device__ inline bool join_slices(const Slices& slices, double (&total)[Count], SumScratch& shared) {
#pragma unroll
  for (int k = 0; k < Count; k++) total[k] = block_sum(total[k], shared.of_warp);
  if (gridDim.x == 1) return threadIdx.x == 0;
  volatile double* all = slices.partial + blockIdx.y * gridDim.x * Count;
  if (threadIdx.x == 0)
    for (int k = 0; k < Count; k++) all[blockIdx.x * Count + k] = total[k];
  if (!ends_last(slices.ended + blockIdx.y, shared.last)) return false;
#pragma unroll
  for (int k = 0; k < Count; k++) {
    double sum = 0;
    for (unsigned z = threadIdx.x; z < gridDim.x; z += blockDim.x) sum += all[z * Count + k];
    total[k] = block_sum(sum, shared.of_warp);
  }
  return threadIdx.x == 0;
}
