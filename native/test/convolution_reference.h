// A convolution and its gradients in double precision, directly from the formulas.
#pragma once

#include "testing.h"

namespace testing {

struct Case {
  int c, h, w, k, r, s, stride, pad, pool;
};

inline lamella_convolution op_of(const Case& t, int activation) {
  lamella_convolution op = {};
  op.input = {t.c, t.h, t.w}, op.filters = t.k, op.kernel_h = t.r, op.kernel_w = t.s;
  op.stride_h = op.stride_w = t.stride, op.pad_h = t.r == 1 ? 0 : t.pad, op.pad_w = t.pad;
  op.out_h = (t.h + 2 * op.pad_h - t.r) / t.stride + 1, op.out_w = (t.w + 2 * t.pad - t.s) / t.stride + 1;
  op.activation.kind = activation;
  if (t.pool) {
    int high = t.h == 1 ? 1 : t.pool;  // along sequences only
    op.pooling = {LAMELLA_MAX_POOL, high, t.pool, high, t.pool, 0, 0, op.out_h / high, op.out_w / t.pool};
  }
  return op;
}

struct Reference {
  std::vector<double> y, g, dw, db, dx;  // g: the gradient before the activation
  std::vector<unsigned char> argmax;
};

// Forward, tanh, max pooling; then the gradients for dy, directly from the formulas.
inline Reference reference(const lamella_convolution& op, const std::vector<float>& x, const std::vector<float>& w,
                           const std::vector<float>& b, const std::vector<float>& dy) {
  Reference ref;
  ref.dw.resize(w.size()), ref.db.resize(b.size()), ref.dx.resize(x.size());
  int ph = op.pooling.kind ? op.pooling.out_h : op.out_h, pw = op.pooling.kind ? op.pooling.out_w : op.out_w;
  int high = op.pooling.kind ? op.pooling.window_h : 1, wide = op.pooling.kind ? op.pooling.window_w : 1;
  auto each_tap = [&](int k, int p, int q, auto f) {
    for (int c = 0; c < op.input.channels; c++)
      for (int r = 0; r < op.kernel_h; r++)
        for (int s = 0; s < op.kernel_w; s++) {
          int h = p * op.stride_h + r - op.pad_h, v = q * op.stride_w + s - op.pad_w;
          if (h < 0 || h >= op.input.height || v < 0 || v >= op.input.width) continue;
          f((c * op.input.height + h) * op.input.width + v,
            ((k * op.input.channels + c) * op.kernel_h + r) * op.kernel_w + s);
        }
  };
  for (int k = 0; k < op.filters; k++)
    for (int p = 0; p < ph; p++)
      for (int q = 0; q < pw; q++) {
        double best = -1e300;
        int top = 0, left = 0;
        for (int i = 0; i < high; i++)
          for (int j = 0; j < wide; j++) {
            double sum = b[k];
            each_tap(k, p * high + i, q * wide + j, [&](int at, int tap) { sum += double(x[at]) * w[tap]; });
            if (sum > best) best = sum, top = p * high + i, left = q * wide + j;
          }
        double y = std::tanh(best);
        double g = dy[ref.y.size()] * (1 - y * y);
        ref.y.push_back(y), ref.g.push_back(g);
        ref.argmax.push_back(static_cast<unsigned char>((top - p * high) * wide + left - q * wide));
        ref.db[k] += g;
        each_tap(k, top, left, [&](int at, int tap) { ref.dw[tap] += g * x[at], ref.dx[at] += g * w[tap]; });
      }
  return ref;
}

}  // namespace testing
