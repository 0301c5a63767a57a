// Bias, pooling and activation of a block of convolution sums.
#include "convolution.h"
#include "pooling.h"

namespace lamella::LAMELLA_ISA {
namespace {

// A few windows far apart, without vectors.
void pool_apart(const Convolution& s, const float* rows, int64_t width, float* y, uint8_t* index) {
  for (int q = 0; q < s.pooled_w; q++) {
    const float* window = rows + q * s.pool_stride_w;
    float best = window[0];
    int place = 0;
    for (int i = 0; i < s.pool_h; i++)
      for (int j = 0; j < s.pool_w; j++)
        if (beats(window[i * width + j], best)) best = window[i * width + j], place = i * s.pool_w + j;
    y[q] = best;
    if (index) index[q] = static_cast<uint8_t>(place);
  }
}

// 2 x 2 windows: even and odd columns are separated once, and the two rows need no loop.
Best best_of_four(const float* window, int64_t width) {
  Vector top = load(window), top2 = load(window + kLanes), low = load(window + width),
         low2 = load(window + width + kLanes);
  Vector a = every_second<0>(top, top2), b = every_second<1>(top, top2);
  Vector c = every_second<0>(low, low2), d = every_second<1>(low, low2);
  IntVector right = beats(b, a), right2 = beats(d, c);
  Vector first = select(right, b, a), second = select(right2, d, c);
  IntVector below = beats(second, first);
  return {select(below, second, first), below ? 2 - right2 : -right};
}

// One row of pooled outputs, kLanes windows at a time, without branches. room: outputs from y to the end of its plane.
// The next row overwrites what a vector writes past the end of this one; in the last rows of a plane single outputs are
// copied.
void pool_row(const Convolution& s, const float* rows, int64_t width, float* y, uint8_t* index, int64_t room) {
  PoolWindow w{s.pool_h, s.pool_w, s.pool_stride_w, width, s.pool_w};
  bool four = s.pool_h == 2 && s.pool_w == 2 && s.pool_stride_w == 2;
  if (s.pooled_w < kLanes && s.pool_stride_w > 4) return pool_apart(s, rows, width, y, index);
  for (int done = 0; done < s.pooled_w; done += kLanes) {
    int q = larger(smaller(done, s.pooled_w - kLanes), 0);
    const float* window = rows + q * s.pool_stride_w;
    Best best = four                   ? best_of_four(window, width)
                : s.pool_stride_w == 4 ? best_of<4>(w, window)
                                       : best_of<0>(w, window);
    if (q + kLanes <= room) {
      store(y + q, best.value);
      if (index) store_bytes(index + q, best.place);
      continue;
    }
    float values[kLanes];
    uint8_t places[kLanes];
    store(values, best.value);
    store_bytes(places, best.place);
    for (int l = 0; l < s.pooled_w; l++) y[l] = values[l];
    for (int l = 0; index && l < s.pooled_w; l++) index[l] = places[l];
  }
}

// One window that spans a whole row and more.
void pool_wide(const Convolution& s, const float* rows, int64_t width, float* y, uint8_t* index, int64_t) {
  Argmax best = best_of_all({s.pool_h, s.pool_w, 1, width, s.pool_w}, rows);
  *y = best.value;
  if (index) *index = static_cast<uint8_t>(best.place);
}

}  // namespace

void finish_rows(const Convolution& s, const float* block, int64_t block_stride, int64_t width, int first, int last,
                 const float* bias, float* y, uint8_t* index, bool accumulate) {
  int64_t plane = s.pool ? static_cast<int64_t>(s.pooled_h) * s.pooled_w : static_cast<int64_t>(s.out_h) * s.out_w;
  last = s.pool ? last : smaller(last, s.out_h);
  for (int k = 0; k < s.filters; k++) {
    const float* from = block + k * block_stride;
    float* out = y + k * plane;
    float shift = bias ? bias[k] : 0.0f;
    int64_t begin, count;
    if (s.pool) {
      int top = first / s.pool_stride_h, bottom = smaller(last / s.pool_stride_h, s.pooled_h);
      auto pool = s.pooled_w == 1 && s.pool_w >= kLanes ? pool_wide : pool_row;
      for (int p = top; p < bottom; p++)
        pool(s, from + (p * s.pool_stride_h - first) * width, width, out + p * s.pooled_w,
             index ? index + k * plane + p * s.pooled_w : nullptr, plane - static_cast<int64_t>(p) * s.pooled_w);
      begin = static_cast<int64_t>(top) * s.pooled_w, count = larger<int64_t>(bottom - top, 0) * s.pooled_w;
    } else {
      for (int p = first; p < last; p++) {
        float* to = out + static_cast<int64_t>(p) * s.out_w;
        const float* row = from + (p - first) * width;
        if (accumulate)
          each(s.out_w, to, row, to, [](Vector sum, Vector v) { return sum + v; });
        else
          __builtin_memcpy(to, row, s.out_w * sizeof(float));
      }
      begin = static_cast<int64_t>(first) * s.out_w, count = static_cast<int64_t>(last - first) * s.out_w;
    }
    if (!bias && s.activation == LAMELLA_IDENTITY) continue;
    activate_all(s.activation, s.slope, count, out + begin, 1.0f, shift, out + begin);
  }
}

}  // namespace lamella::LAMELLA_ISA
