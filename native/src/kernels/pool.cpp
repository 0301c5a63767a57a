// Max and average pooling of one sample: any window, stride and padding; global pooling is a window as large as the map.
// Padding never wins a maximum and never counts in an average (the divisor is the number of real elements).
// index: the winner's place in its channel's input plane.
#include "kernels.h"

namespace lamella::LAMELLA_LEVEL {
namespace {

struct Window { int top, bottom, left, right; };

Window window_of(const lamella_op& op, int p, int q) {
  int top = p * op.pool_stride_h - op.pool_pad_h, left = q * op.pool_stride_w - op.pool_pad_w;
  return {larger(top, 0), smaller(top + op.pool_h, op.height), larger(left, 0), smaller(left + op.pool_w, op.width)};
}

}  // namespace

void pool_forward(const lamella_op& op, const float* x, float* y, int32_t* index) {
  int64_t plane = static_cast<int64_t>(op.height) * op.width;
  int64_t out = 0;
  for (int c = 0; c < op.channels; c++, x += plane)
    for (int p = 0; p < op.pooled_h; p++)
      for (int q = 0; q < op.pooled_w; q++, out++) {
        Window w = window_of(op, p, q);
        if (op.pool == LAMELLA_AVERAGE_POOL) {
          float total = 0;
          for (int h = w.top; h < w.bottom; h++)
            for (int i = w.left; i < w.right; i++) total += x[h * op.width + i];
          y[out] = total / static_cast<float>((w.bottom - w.top) * (w.right - w.left));
          continue;
        }
        int32_t winner = w.top * op.width + w.left;
        float best = x[winner];
        for (int h = w.top; h < w.bottom; h++)
          for (int i = w.left; i < w.right; i++)
            if (x[h * op.width + i] > best) winner = h * op.width + i, best = x[winner];
        y[out] = best;
        if (index) index[out] = winner;
      }
}

void pool_backward(const lamella_op& op, const float* dy, const int32_t* index, float* dx) {
  int64_t plane = static_cast<int64_t>(op.height) * op.width;
  if (!op.accumulate) __builtin_memset(dx, 0, op.channels * plane * sizeof(float));
  int64_t out = 0;
  for (int c = 0; c < op.channels; c++, dx += plane)
    for (int p = 0; p < op.pooled_h; p++)
      for (int q = 0; q < op.pooled_w; q++, out++) {
        if (op.pool == LAMELLA_MAX_POOL) {
          dx[index[out]] += dy[out];
          continue;
        }
        Window w = window_of(op, p, q);
        float share = dy[out] / static_cast<float>((w.bottom - w.top) * (w.right - w.left));
        for (int h = w.top; h < w.bottom; h++)
          for (int i = w.left; i < w.right; i++) dx[h * op.width + i] += share;
      }
}

}  // namespace lamella::LAMELLA_LEVEL
