// How the threads of a grid share the elements of tensors. All indices have 32 bits and no loop has a division; only
// the address of a sample has 64 bits. Java chooses the grid (Grid.java).
#pragma once
#include "device.cuh"

// Part of a tensor: `count` floats of each sample, with a stride from one sample to the next, so that concatenations
// are written and read in place. Grid: x covers the floats of a sample, y the samples, several per thread in large
// batches. vector: the neighbours of a thread, 1 or FLOATS; the last ones of a sample then have a thread each. Calls
// work.run<Count>(i) for the floats i to i + Count - 1, which visits the thread's samples.
template <typename Work>
__device__ inline void for_elements(int count, int vector, const Work& work) {
  const int id = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x), vectors = vector == 1 ? 0 : count / FLOATS;
  const int i = id < vectors ? id * FLOATS : vectors * FLOATS + (id - vectors);
  if (id < vectors)
    work.template run<FLOATS>(i);
  else if (i < count)
    work.template run<1>(i);
}

// The channels of the floats i to i + Count - 1 of a sample, if each channel has `plane` floats.
template <int Count>
__device__ inline void channels_of(int i, int plane, int (&channel)[Count]) {
  int c = i / plane, at = i - c * plane;
#pragma unroll
  for (int j = 0; j < Count; j++) {
    channel[j] = c;
    if (++at == plane) at = 0, c++;
  }
}

// An index that grows in equal steps, as a pair: index / width and index % width.
struct Split {
  int row, column;
  int rows, columns, width;  // of a step

  __device__ inline Split(int index, int step, int wide)
      : row(index / wide),
        column(index - index / wide * wide),
        rows(step / wide),
        columns(step - step / wide * wide),
        width(wide) {}
  __device__ inline void step() {
    row += rows, column += columns;
    if (column >= width) column -= width, row++;
  }
};

// The planes (samples x channels) that a thread visits, at one position of `count` in each. Grid: x covers the
// positions of a plane, or a block has several planes where they are small; y covers the planes.
struct Planes {
  int at;      // the position; -1: this thread has none
  Split next;  // row: the sample, column: the channel

  __device__ inline bool live(int samples) const { return at >= 0 && next.row < samples; }
  // The index of the plane, counted over all samples.
  __device__ inline long long index() const { return static_cast<long long>(next.row) * next.width + next.column; }
};

__device__ inline Planes planes_of(int count, int channels) {
  const int threads = static_cast<int>(blockDim.x), own = static_cast<int>(threadIdx.x);
  const int each = count < threads ? threads / count : 1, plane = count < threads ? own / count : 0;
  const int at = count < threads ? own - plane * count : static_cast<int>(blockIdx.x) * threads + own;
  return {plane < each && at < count ? at : -1,
          Split(static_cast<int>(blockIdx.y) * each + plane, static_cast<int>(gridDim.y) * each, channels)};
}
