// Activations, sums, copies and dropout, one thread per element. A map is part of a tensor: `count` elements of each
// sample, with `stride` elements from one sample to the next, so that concatenations are written and read in place.
#include "device.cuh"

static __device__ inline long long element() { return static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x; }

// y = act(x + bias[i / plane]); bias may be null. x and y may be the same.
LAMELLA_KERNEL void bias_activation(int samples, long long count, long long plane, int activation, float slope,
                                    const float* x, long long x_stride, const float* __restrict__ bias, float* y,
                                    long long y_stride) {
  const long long id = element(), n = id / count, i = id % count;
  if (n >= samples) return;
  y[n * y_stride + i] = activate(activation, slope, x[n * x_stride + i] + (bias ? bias[i / plane] : 0.0f));
}

// dx = dy * act'(y). accumulate: dx += instead of dx =.
LAMELLA_KERNEL void activation_backward(int samples, long long count, int activation, float slope, int accumulate,
                                        const float* __restrict__ y, long long y_stride, const float* __restrict__ dy,
                                        long long dy_stride, float* __restrict__ dx, long long dx_stride) {
  const long long id = element(), n = id / count, i = id % count;
  if (n >= samples) return;
  const float value = dy[n * dy_stride + i] * derivative(activation, slope, y[n * y_stride + i]);
  dx[n * dx_stride + i] = value + (accumulate ? dx[n * dx_stride + i] : 0.0f);
}

// y = x, or y += x.
LAMELLA_KERNEL void copy_map(int samples, long long count, int accumulate, const float* __restrict__ x,
                             long long x_stride, float* __restrict__ y, long long y_stride) {
  const long long id = element(), n = id / count, i = id % count;
  if (n >= samples) return;
  y[n * y_stride + i] = x[n * x_stride + i] + (accumulate ? y[n * y_stride + i] : 0.0f);
}

// db[k] = sum over samples and positions of g. One block of whole warps per filter.
LAMELLA_KERNEL void bias_gradient(int samples, int plane, const float* __restrict__ g, long long g_stride,
                                  float* __restrict__ db) {
  __shared__ double sums[kMaxWarps];
  const int k = blockIdx.x;
  double total = 0;
  for (long long i = threadIdx.x; i < static_cast<long long>(samples) * plane; i += blockDim.x)
    total += g[i / plane * g_stride + static_cast<long long>(k) * plane + i % plane];
  total = block_sum(total, sums);
  if (threadIdx.x == 0) db[k] = static_cast<float>(total);
}

// to[i] = sum over slices of partial[slice][i], in order: bit-identical on every device that adds the same slices.
template <typename T>
static __device__ inline void add_slices(long long count, int slices, const T* partial, T* to) {
  const long long i = element();
  if (i >= count) return;
  T total = 0;
  for (int z = 0; z < slices; z++) total += partial[z * count + i];
  to[i] = total;
}

LAMELLA_KERNEL void sum_slices(long long count, int slices, const float* __restrict__ partial, float* __restrict__ to) {
  add_slices(count, slices, partial, to);
}

LAMELLA_KERNEL void sum_slices_of_doubles(long long count, int slices, const double* __restrict__ partial,
                                          double* __restrict__ to) {
  add_slices(count, slices, partial, to);
}

// Keeps the columns of a map that come from a sequence and covers those that come from its padding. A sequence ends
// after the last column of the network's input that is not 0 in all channels. The first max(1, floor((end + offset) /
// stride) + 1) columns of the map are kept, and if `scaled` multiplied by width / their number. The others become
// `cover`, or add nothing. One block per sample.
LAMELLA_KERNEL void mask_padding(int channels, int width, int in_channels, int in_width, int offset, int stride,
                                 float cover, int scaled, int accumulate, const float* __restrict__ input,
                                 const float* __restrict__ x, long long x_stride, float* __restrict__ y,
                                 long long y_stride) {
  __shared__ int ends[kMaxWarps * 32];
  const long long n = blockIdx.x;
  const float* sequence = input + n * in_channels * in_width;
  int end = 0;
  for (int i = threadIdx.x; i < in_channels * in_width; i += blockDim.x)
    if (sequence[i] != 0.0f && i % in_width >= end) end = i % in_width + 1;
  ends[threadIdx.x] = end;
  __syncthreads();
  for (int other = 0; other < static_cast<int>(blockDim.x); other++) end = ends[other] > end ? ends[other] : end;
  const int reach = end + offset, floor = reach >= 0 ? reach / stride : -((stride - 1 - reach) / stride);
  const int kept = floor + 1 < 1 ? 1 : floor + 1 > width ? width : floor + 1;
  const float scale = scaled ? static_cast<float>(width) / static_cast<float>(kept) : 1.0f;
  for (int i = threadIdx.x; i < channels * width; i += blockDim.x) {
    float* to = y + n * y_stride + i;
    const bool own = i % width < kept;
    *to = accumulate ? *to + (own ? x[n * x_stride + i] * scale : 0.0f) : own ? x[n * x_stride + i] * scale : cover;
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

// first_sample: index of the first sample in the whole batch, so that several devices that share a batch drop the same
// units as a single device.
LAMELLA_KERNEL void dropout(int samples, long long count, float rate, int accumulate, long long stream,
                            long long first_sample, const StepState* __restrict__ now, const float* __restrict__ x,
                            long long x_stride, float* __restrict__ y, long long y_stride) {
  const long long id = element(), n = id / count, i = id % count;
  if (n >= samples) return;
  const uint64 key = mix(mix(mix(static_cast<uint64>(now->seed)) ^ static_cast<uint64>(now->step)) ^
                         mix(static_cast<uint64>(stream) << 32 | static_cast<uint64>(first_sample + n)));
  const uint64 dropped = static_cast<uint64>(static_cast<double>(rate) * 16777216.0);
  const float value =
      (mix(key + static_cast<uint64>(i)) >> 40) < dropped ? 0.0f : x[n * x_stride + i] * (1.0f / (1.0f - rate));
  y[n * y_stride + i] = value + (accumulate ? y[n * y_stride + i] : 0.0f);
}
