// Pooling that is not fused: max and average. Windows may overlap and contain padding, which is never the maximum and
// is not counted.
//   max:      y = max over the window's elements inside x, index: where it is in its plane
//   average:  y = sum over these elements / their number
// A global pool is one window as large as the map. Backward, every element of dx gathers from the windows that contain
// it: no atomics, and results are bit-identical in every run. A thread has one position of an output plane, in several
// planes (elements.cuh).
#include "elements.cuh"

struct PoolShape {
  int samples, channels, height, width, pool_h, pool_w, stride_h, stride_w, pad_h, pad_w, pooled_h, pooled_w;
  int y_stride;  // floats from a sample of y, or of dy, to the next
};
#ifdef POOL_SHAPE_BYTES
static_assert(sizeof(PoolShape) == POOL_SHAPE_BYTES, "PoolShape has another size in Java");
#endif

// The start of a plane in y.
static __device__ inline long long plane_in_y(const PoolShape& s, const Split& plane) {
  return static_cast<long long>(plane.row) * s.y_stride + plane.column * (s.pooled_h * s.pooled_w);
}

struct PoolWindow {
  int top, left, bottom, right;
};

static __device__ inline PoolWindow window_of(const PoolShape& s, int p, int q) {
  const int top = p * s.stride_h - s.pad_h, left = q * s.stride_w - s.pad_w;
  return {max(top, 0), max(left, 0), min(top + s.pool_h, s.height), min(left + s.pool_w, s.width)};
}

LAMELLA_KERNEL void pool_max_forward(PoolShape s, const float* __restrict__ x, float* __restrict__ y,
                                     int* __restrict__ index, Mark mark = kNoMark) {
  record(mark);
  const int windows = s.pooled_h * s.pooled_w;
  Planes planes = planes_of(windows, s.channels);
  const int at = planes.at, p = at / s.pooled_w;
  const PoolWindow window = window_of(s, p, at - p * s.pooled_w);
  for (; planes.live(s.samples); planes.next.step()) {
    const float* plane = x + planes.index() * (s.height * s.width);
    float best = -INFINITY;
    int place = window.top * s.width + window.left;
    for (int h = window.top; h < window.bottom; h++)
      for (int v = window.left; v < window.right; v++)
        if (beats(plane[h * s.width + v], best)) best = plane[h * s.width + v], place = h * s.width + v;
    y[plane_in_y(s, planes.next) + at] = best;
    if (index) index[planes.index() * windows + at] = place;
  }
}

LAMELLA_KERNEL void pool_average_forward(PoolShape s, const float* __restrict__ x, float* __restrict__ y,
                                         Mark mark = kNoMark) {
  record(mark);
  Planes planes = planes_of(s.pooled_h * s.pooled_w, s.channels);
  const int at = planes.at, p = at / s.pooled_w;
  const PoolWindow window = window_of(s, p, at - p * s.pooled_w);
  const float elements = static_cast<float>((window.bottom - window.top) * (window.right - window.left));
  for (; planes.live(s.samples); planes.next.step()) {
    const float* plane = x + planes.index() * (s.height * s.width);
    float sum = 0.0f;
    for (int h = window.top; h < window.bottom; h++)
      for (int v = window.left; v < window.right; v++) sum += plane[h * s.width + v];
    y[plane_in_y(s, planes.next) + at] = sum / elements;
  }
}

// index null: average. accumulate: dx += instead of dx =.
LAMELLA_KERNEL void pool_backward(PoolShape s, int accumulate, const float* __restrict__ dy,
                                  const int* __restrict__ index, float* __restrict__ dx, Mark mark = kNoMark) {
  record(mark);
  const int elements = s.height * s.width, windows = s.pooled_h * s.pooled_w;
  Planes planes = planes_of(elements, s.channels);
  const int at = planes.at, h = at / s.width, v = at - h * s.width;
  // The windows that begin at most pool - 1 rows above.
  const int top = max(h + s.pad_h - s.pool_h + s.stride_h, 0) / s.stride_h,
            left = max(v + s.pad_w - s.pool_w + s.stride_w, 0) / s.stride_w;
  for (; planes.live(s.samples); planes.next.step()) {
    const float* slopes = dy + plane_in_y(s, planes.next);
    const int* places = index ? index + planes.index() * windows : nullptr;
    float sum = 0.0f;
    for (int p = top; p < s.pooled_h && p * s.stride_h - s.pad_h <= h; p++)
      for (int q = left; q < s.pooled_w && q * s.stride_w - s.pad_w <= v; q++) {
        const float slope = slopes[p * s.pooled_w + q];
        if (places) {
          if (places[p * s.pooled_w + q] == at) sum += slope;
        } else {
          const PoolWindow window = window_of(s, p, q);
          sum += slope / static_cast<float>((window.bottom - window.top) * (window.right - window.left));
        }
      }
    float* to = dx + planes.index() * elements + at;
    *to = sum + (accumulate ? *to : 0.0f);
  }
}

// Pools the map of a convolution by another library, with the result of convolution_pool_forward: y = act(max over the
// window, + b[k]), and argmax, its position in the window. bias and argmax may be null.
LAMELLA_KERNEL void pool_argmax_forward(ConvolutionShape s, int activation, float slope, const float* __restrict__ map,
                                        const float* __restrict__ bias, float* __restrict__ y,
                                        uint8* __restrict__ argmax, Mark mark = kNoMark) {
  record(mark);
  const int windows = s.pooled_h * s.pooled_w;
  Planes planes = planes_of(windows, s.filters);
  const int at = planes.at, p = at / s.pooled_w, q = at - p * s.pooled_w;
  const int corner = p * s.pool_h * s.out_w + q * s.pool_w;
  for (; planes.live(s.samples); planes.next.step()) {
    const float* window = map + planes.index() * (s.out_h * s.out_w) + corner;
    const int k = planes.next.column;
    float best = -INFINITY;
    int place = 0;
    for (int i = 0; i < s.pool_h; i++)
      for (int j = 0; j < s.pool_w; j++)
        if (beats(window[i * s.out_w + j], best)) best = window[i * s.out_w + j], place = i * s.pool_w + j;
    y[static_cast<long long>(planes.next.row) * s.y_stride + k * windows + at] =
        activate(activation, slope, best + (bias ? bias[k] : 0.0f));
    if (argmax) argmax[planes.index() * windows + at] = static_cast<uint8>(place);
  }
}

// The gradient of the un-pooled map: zero except at the argmax of each window. One position of the map per thread.
LAMELLA_KERNEL void pool_argmax_backward(ConvolutionShape s, const float* __restrict__ g,
                                         const uint8* __restrict__ argmax, float* __restrict__ map,
                                         Mark mark = kNoMark) {
  record(mark);
  const int elements = s.out_h * s.out_w, windows = s.pooled_h * s.pooled_w;
  Planes planes = planes_of(elements, s.filters);
  const int at = planes.at, p = at / s.out_w, q = at - p * s.out_w;
  const int down = p / s.pool_h, right = q / s.pool_w, window = down * s.pooled_w + right;
  const int place = (p - down * s.pool_h) * s.pool_w + q - right * s.pool_w;
  const bool inside = down < s.pooled_h && right < s.pooled_w;
  for (; planes.live(s.samples); planes.next.step()) {
    const long long from = planes.index() * windows + window;
    map[planes.index() * elements + at] = inside && argmax[from] == place ? g[from] : 0.0f;
  }
}
