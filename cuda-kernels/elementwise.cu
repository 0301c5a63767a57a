// Sums, copies, masks and dropout. A map is part of a tensor (elements.cuh): `count` floats of each sample, with
// a stride from one sample to the next. vector: FLOATS if all samples of all maps begin at multiples of 16 bytes,
// else 1.
#include "elements.cuh"
#include "sums.cuh"

struct CopyMap {
  int samples, accumulate;
  const float* x;
  int x_stride;
  float* y;
  int y_stride;

  template <int Count>
  __device__ inline void run(int i) const {
    for (int n = blockIdx.y; n < samples; n += gridDim.y) {
      Vector<Count> v = load_vector<Count>(x + static_cast<long long>(n) * x_stride + i), before = {};
      float* to = y + static_cast<long long>(n) * y_stride + i;
      if (accumulate) {
        before = load_vector<Count>(to);
#pragma unroll
        for (int j = 0; j < Count; j++) v.v[j] += before.v[j];
      }
      store_vector(to, v);
    }
  }
};

// y = x, or y += x.
LAMELLA_KERNEL void copy_map(int samples, int count, int vector, int accumulate, const float* __restrict__ x,
                             int x_stride, float* __restrict__ y, int y_stride, Mark mark = kNoMark) {
  record(mark);
  for_elements(count, vector, CopyMap{samples, accumulate, x, x_stride, y, y_stride});
}

struct MapSum {
  const float* g;
  int stride;
  double total[1];

  template <int Count>
  __device__ inline void at(int n, int i) {
    const Vector<Count> v = load_vector<Count>(g + static_cast<long long>(n) * stride + i);
#pragma unroll
    for (int j = 0; j < Count; j++) total[0] += v.v[j];
  }
};

// db[k] = sum over samples and positions of g, with channel k on grid y (sums.cuh).
LAMELLA_KERNEL void bias_gradient(int samples, int plane, int vector, const float* __restrict__ g, int g_stride,
                                  Slices slices, float* __restrict__ db, Mark mark = kNoMark) {
  record(mark);
  __shared__ SumScratch shared;
  MapSum sum = {g + static_cast<long long>(blockIdx.y) * plane, g_stride, {0}};
  for_slice(samples, plane, vector, sum);
  if (join_slices(slices, sum.total, shared)) db[blockIdx.y] = static_cast<float>(sum.total[0]);
}

// The same for planes of one element: a thread of a warp's lane has one column of the matrix g, samples x count, and
// each warp of the block every 32nd row at most. Grid: x covers the columns, 32 per block.
LAMELLA_KERNEL void bias_gradient_columns(int samples, int count, const float* __restrict__ g, int g_stride,
                                          float* __restrict__ db, Mark mark = kNoMark) {
  record(mark);
  __shared__ double sums[kMaxWarps][32];
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = blockDim.x / 32;
  const int k = static_cast<int>(blockIdx.x) * 32 + lane;
  double total = 0;
  if (k < count)
    for (int n = warp; n < samples; n += warps) total += g[static_cast<long long>(n) * g_stride + k];
  sums[warp][lane] = total;
  __syncthreads();
  if (warp || k >= count) return;
  for (int other = 1; other < warps; other++) total += sums[other][lane];
  db[k] = static_cast<float>(total);
}

// to[i] = sum over slices of partial[slice][i], in order: bit-identical on every device that adds the same slices.
template <typename T>
static __device__ inline void add_slices(long long count, int slices, const T* partial, T* to) {
  const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= count) return;
  T total = 0;
  partial += i;
  for (int z = 0; z < slices; z++, partial += count) total += *partial;
  to[i] = total;
}

LAMELLA_KERNEL void sum_slices(long long count, int slices, const float* __restrict__ partial, float* __restrict__ to) {
  add_slices(count, slices, partial, to);
}

LAMELLA_KERNEL void sum_slices_of_doubles(long long count, int slices, const double* __restrict__ partial,
                                          double* __restrict__ to) {
  add_slices(count, slices, partial, to);
}

// The largest value of a block of whole warps, in all threads. `shared` holds one value per warp; it may be used again
// after a barrier.
static __device__ inline int block_max(int v, int* shared) {
  for (int d = 16; d > 0; d /= 2) v = max(v, __shfl_down_sync(0xffffffffu, v, d));
  if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32] = v;
  __syncthreads();
  v = shared[0];
  for (int other = 1; other < static_cast<int>(blockDim.x / 32); other++) v = max(v, shared[other]);
  return v;
}

// The column after the last one that is not 0 in all rows; 0 if there is none. Looks from the end: most sequences are
// nearly as long as the input.
static __device__ inline int end_of(const float* sequence, int rows, int width, int* shared) {
  for (int begin = width; begin > 0; begin -= blockDim.x) {
    const int column = begin - 1 - static_cast<int>(threadIdx.x);
    int end = 0;
    for (int row = 0; row < rows && column >= 0 && end == 0; row++)
      if (sequence[row * width + column] != 0.0f) end = column + 1;
    end = block_max(end, shared);
    __syncthreads();
    if (end > 0) return end;
  }
  return 0;
}

// Keeps the columns of a map that come from a sequence and covers those that come from its padding. A sequence ends
// after the last column of the network's input that is not 0 in all channels. The first max(1, floor((end + offset) /
// stride) + 1) columns of the map are kept, and if `scaled` multiplied by width / their number. The others become
// `cover`, or add nothing. Grid: x is the sample, y covers parts of its map.
LAMELLA_KERNEL void mask_padding(int channels, int width, int in_channels, int in_width, int offset, int stride,
                                 float cover, int scaled, int accumulate, const float* __restrict__ input,
                                 const float* __restrict__ x, int x_stride, float* __restrict__ y, int y_stride,
                                 Mark mark = kNoMark) {
  record(mark);
  __shared__ int ends[kMaxWarps];
  const long long n = blockIdx.x;
  const int end = end_of(input + n * in_channels * in_width, in_channels, in_width, ends);
  const int reach = end + offset, floor = reach >= 0 ? reach / stride : -((stride - 1 - reach) / stride);
  const int kept = floor + 1 < 1 ? 1 : floor + 1 > width ? width : floor + 1;
  const float scale = scaled ? static_cast<float>(width) / static_cast<float>(kept) : 1.0f;
  const int size = channels * width, each = (size + static_cast<int>(gridDim.y) - 1) / static_cast<int>(gridDim.y);
  const int begin = static_cast<int>(blockIdx.y) * each, last = min(begin + each, size);
  x += n * x_stride, y += n * y_stride;
  Split place(begin + static_cast<int>(threadIdx.x), static_cast<int>(blockDim.x), width);
  for (int i = begin + static_cast<int>(threadIdx.x); i < last; i += blockDim.x, place.step()) {
    const bool own = place.column < kept;
    y[i] = accumulate ? y[i] + (own ? x[i] * scale : 0.0f) : own ? x[i] * scale : cover;
  }
}

// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). Whether a unit is dropped depends only on seed,
// step, layer, sample and position, as on the CPU, so the backward pass computes the same mask.
static __device__ inline uint64 mix(uint64 z) {
  z += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

struct Dropout {
  int samples;
  unsigned dropped;  // of 2^24
  float scale;
  int accumulate;
  uint64 stream, first_sample, key;
  const float* x;
  int x_stride;
  float* y;
  int y_stride;

  template <int Count>
  __device__ inline void run(int i) const {
    for (int n = blockIdx.y; n < samples; n += gridDim.y) {
      const uint64 own = mix(key ^ mix(stream << 32 | (first_sample + static_cast<uint64>(n))));
      const Vector<Count> from = load_vector<Count>(x + static_cast<long long>(n) * x_stride + i);
      float* to = y + static_cast<long long>(n) * y_stride + i;
      Vector<Count> v = {};
      if (accumulate) v = load_vector<Count>(to);
#pragma unroll
      for (int j = 0; j < Count; j++) {
        const bool drops = static_cast<unsigned>(mix(own + static_cast<uint64>(i + j)) >> 40) < dropped;
        v.v[j] = (drops ? 0.0f : from.v[j] * scale) + v.v[j];
      }
      store_vector(to, v);
    }
  }
};

// dropped: rate * 2^24, rounded down. scale: 1 / (1 - rate). first_sample: index of the first sample in the whole
// batch, so that several devices that share a batch drop the same units as a single device.
LAMELLA_KERNEL void dropout(int samples, int count, int vector, unsigned dropped, float scale, int accumulate,
                            long long stream, long long first_sample, const StepState* __restrict__ now,
                            const float* __restrict__ x, int x_stride, float* __restrict__ y, int y_stride,
                            Mark mark = kNoMark) {
  record(mark);
  const uint64 key = mix(mix(static_cast<uint64>(now->seed)) ^ static_cast<uint64>(now->step));
  for_elements(count, vector,
               Dropout{samples, dropped, scale, accumulate, static_cast<uint64>(stream),
                       static_cast<uint64>(first_sample), key, x, x_stride, y, y_stride});
}
