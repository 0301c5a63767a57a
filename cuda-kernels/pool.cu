// Pooling of its own: max and average, windows may overlap and reach into the padding, which never wins and never counts.
//   max:      y = max over the window's elements inside x, index: where it is in its plane
//   average:  y = sum over them / how many they are
// A global pool is one window as large as the map. Backward every element of dx gathers from the windows that it is in: no
// atomics, the same sum every time. One thread an output.
#include "device.cuh"

struct PoolShape {
  long long planes;                                  // samples * channels
  int height, width, pool_h, pool_w, stride_h, stride_w, pad_h, pad_w, pooled_h, pooled_w;
};

struct PoolWindow { int top, left, bottom, right; };

static __device__ inline PoolWindow window_of(const PoolShape& s, int p, int q) {
  const int top = p * s.stride_h - s.pad_h, left = q * s.stride_w - s.pad_w;
  return {max(top, 0), max(left, 0), min(top + s.pool_h, s.height), min(left + s.pool_w, s.width)};
}

LAMELLA_KERNEL void pool_max_forward(PoolShape s, const float* __restrict__ x, float* __restrict__ y, int* __restrict__ index) {
  const long long id = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int windows = s.pooled_h * s.pooled_w, at = static_cast<int>(id % windows);
  if (id >= s.planes * windows) return;
  const PoolWindow window = window_of(s, at / s.pooled_w, at % s.pooled_w);
  const float* plane = x + id / windows * s.height * s.width;
  float best = -INFINITY;
  int place = window.top * s.width + window.left;
  for (int h = window.top; h < window.bottom; h++)
    for (int v = window.left; v < window.right; v++)
      if (plane[h * s.width + v] > best) best = plane[h * s.width + v], place = h * s.width + v;
  y[id] = best;
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
  y[id] = sum / static_cast<float>((window.bottom - window.top) * (window.right - window.left));
}

// index null: average. accumulate: dx += instead of dx =.
LAMELLA_KERNEL void pool_backward(PoolShape s, int accumulate, const float* __restrict__ dy, const int* __restrict__ index,
                                  float* __restrict__ dx) {
  const long long id = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int elements = s.height * s.width, at = static_cast<int>(id % elements), windows = s.pooled_h * s.pooled_w;
  if (id >= s.planes * elements) return;
  const int h = at / s.width, v = at % s.width;
  const long long map = id / elements * windows;
  // The windows that begin at most pool - 1 rows above.
  const int top = max(h + s.pad_h - s.pool_h + s.stride_h, 0) / s.stride_h, left = max(v + s.pad_w - s.pool_w + s.stride_w, 0) / s.stride_w;
  float sum = 0.0f;
  for (int p = top; p < s.pooled_h && p * s.stride_h - s.pad_h <= h; p++)
    for (int q = left; q < s.pooled_w && q * s.stride_w - s.pad_w <= v; q++) {
      const long long from = map + p * s.pooled_w + q;
      if (index) {
        if (index[from] == at) sum += dy[from];
      } else {
        const PoolWindow window = window_of(s, p, q);
        sum += dy[from] / static_cast<float>((window.bottom - window.top) * (window.right - window.left));
      }
    }
  dx[id] = sum + (accumulate ? dx[id] : 0.0f);
}
