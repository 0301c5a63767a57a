// Pooling that is not fused: max and average. Windows may overlap and contain padding, which is never the maximum and
// is not counted.
//   max:      y = max over the window's elements inside x, index: where it is in its plane
//   average:  y = sum over these elements / their number
// A global pool is one window as large as the map. Backward, every element of dx gathers from the windows that contain
// it: no atomics, and results are bit-identical in every run. One thread per output.
#include "device.cuh"

struct PoolShape {
  long long planes;  // samples * channels
  int height, width, pool_h, pool_w, stride_h, stride_w, pad_h, pad_w, pooled_h, pooled_w;
  int channels, y_stride;  // y_stride: floats from a sample of y, or of dy, to the next
};
#ifdef POOL_SHAPE_BYTES
static_assert(sizeof(PoolShape) == POOL_SHAPE_BYTES, "PoolShape has another size in Java");
#endif

// Offset of window `at` of a plane in y.
static __device__ inline long long place_in_y(const PoolShape& s, long long plane, int at) {
  return plane / s.channels * s.y_stride + plane % s.channels * s.pooled_h * s.pooled_w + at;
}

struct PoolWindow {
  int top, left, bottom, right;
};

static __device__ inline PoolWindow window_of(const PoolShape& s, int p, int q) {
  const int top = p * s.stride_h - s.pad_h, left = q * s.stride_w - s.pad_w;
  return {max(top, 0), max(left, 0), min(top + s.pool_h, s.height), min(left + s.pool_w, s.width)};
}

LAMELLA_KERNEL void pool_max_forward(PoolShape s, const float* __restrict__ x, float* __restrict__ y,
                                     int* __restrict__ index) {
  const long long id = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int windows = s.pooled_h * s.pooled_w, at = static_cast<int>(id % windows);
  if (id >= s.planes * windows) return;
  const PoolWindow window = window_of(s, at / s.pooled_w, at % s.pooled_w);
  const float* plane = x + id / windows * s.height * s.width;
  float best = -INFINITY;
  int place = window.top * s.width + window.left;
  for (int h = window.top; h < window.bottom; h++)
    for (int v = window.left; v < window.right; v++)
      if (beats(plane[h * s.width + v], best)) best = plane[h * s.width + v], place = h * s.width + v;
  y[place_in_y(s, id / windows, at)] = best;
  if (index) index[id] = place;
}

LAMELLA_KERNEL void pool_average_forward(PoolShape s, const float* __restrict__ x, float* __restrict__ y) {
  const long long id = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int windows = s.pooled_h * s.pooled_w, at = static_cast<int>(id % windows);
  if (id >= s.planes * windows) return;
  const PoolWindow window = window_of(s, at / s.pooled_w, at % s.pooled_w);
  const float* plane = x + id / windows * s.height * s.width;
  float sum = 0.0f;
  for (int h = window.top; h < window.bottom; h++)
    for (int v = window.left; v < window.right; v++) sum += plane[h * s.width + v];
  y[place_in_y(s, id / windows, at)] =
      sum / static_cast<float>((window.bottom - window.top) * (window.right - window.left));
}

// index null: average. accumulate: dx += instead of dx =.
LAMELLA_KERNEL void pool_backward(PoolShape s, int accumulate, const float* __restrict__ dy,
                                  const int* __restrict__ index, float* __restrict__ dx) {
  const long long id = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int elements = s.height * s.width, at = static_cast<int>(id % elements), windows = s.pooled_h * s.pooled_w;
  if (id >= s.planes * elements) return;
  const int h = at / s.width, v = at % s.width;
  const long long plane = id / elements;
  // The windows that begin at most pool - 1 rows above.
  const int top = max(h + s.pad_h - s.pool_h + s.stride_h, 0) / s.stride_h,
            left = max(v + s.pad_w - s.pool_w + s.stride_w, 0) / s.stride_w;
  float sum = 0.0f;
  for (int p = top; p < s.pooled_h && p * s.stride_h - s.pad_h <= h; p++)
    for (int q = left; q < s.pooled_w && q * s.stride_w - s.pad_w <= v; q++) {
      const float slope = dy[place_in_y(s, plane, p * s.pooled_w + q)];
      if (index) {
        if (index[plane * windows + p * s.pooled_w + q] == at) sum += slope;
      } else {
        const PoolWindow window = window_of(s, p, q);
        sum += slope / static_cast<float>((window.bottom - window.top) * (window.right - window.left));
      }
    }
  dx[id] = sum + (accumulate ? dx[id] : 0.0f);
}

// Pools the map of a convolution by another library, with the result of convolution_pool_forward: y = act(max over the
// window, + b[k]), and argmax, its position in the window. One thread per window. bias and argmax may be null.
LAMELLA_KERNEL void pool_argmax_forward(ConvolutionShape s, int activation, float slope, const float* __restrict__ map,
                                        const float* __restrict__ bias, float* __restrict__ y,
                                        uint8* __restrict__ argmax) {
  const int windows = s.pooled_h * s.pooled_w;
  const long long id = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x,
                  sample = static_cast<long long>(s.filters) * windows;
  if (id >= s.samples * sample) return;
  const int k = static_cast<int>(id / windows % s.filters), at = static_cast<int>(id % windows);
  const float* corner =
      map + id / windows * s.out_h * s.out_w + at / s.pooled_w * s.pool_h * s.out_w + at % s.pooled_w * s.pool_w;
  float best = -INFINITY;
  int place = 0;
  for (int i = 0; i < s.pool_h; i++)
    for (int j = 0; j < s.pool_w; j++)
      if (beats(corner[i * s.out_w + j], best)) best = corner[i * s.out_w + j], place = i * s.pool_w + j;
  y[id / sample * s.y_stride + id % sample] = activate(activation, slope, best + (bias ? bias[k] : 0.0f));
  if (argmax) argmax[id] = static_cast<uint8>(place);
}

// The gradient of the un-pooled map: zero except at the argmax of each window. One thread per element of the map.
LAMELLA_KERNEL void pool_argmax_backward(ConvolutionShape s, const float* __restrict__ g,
                                         const uint8* __restrict__ argmax, float* __restrict__ map) {
  const int elements = s.out_h * s.out_w;
  const long long id = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (id >= static_cast<long long>(s.samples) * s.filters * elements) return;
  const int p = static_cast<int>(id % elements) / s.out_w, q = static_cast<int>(id % s.out_w);
  const int down = p / s.pool_h, right = q / s.pool_w;
  const long long window = (id / elements * s.pooled_h + down) * s.pooled_w + right;
  const bool inside = down < s.pooled_h && right < s.pooled_w;
  map[id] = inside && argmax[window] == p % s.pool_h * s.pool_w + q % s.pool_w ? g[window] : 0.0f;
}
