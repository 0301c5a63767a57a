// The one-dimensional transforms of Winograd's minimal filtering with six points, 0, 1, -1, 2, -2 and infinity
// (Winograd 1980; Lavin and Gray, "Fast algorithms for convolutional neural networks", CVPR 2016):
//   m outputs of a filter with r taps from six inputs and six multiplications, m + r = 7
//   y = A^T ((G w) . (B^T d))
// B^T is the same for every m; A and G contain the powers of the points. In two dimensions the transforms are applied
// to columns, then to rows.
#pragma once

#include "vector.h"

namespace lamella::LAMELLA_ISA {

constexpr int kPoints = 6;

// B^T d.
static inline void input_points(const Vector* d, Vector* v) {
  Vector a = d[4] - 4.0f * d[2], b = d[3] - 4.0f * d[1], c = d[4] - d[2], e = 2.0f * (d[3] - d[1]);
  v[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
  v[1] = a + b, v[2] = a - b;
  v[3] = c + e, v[4] = c - e;
  v[5] = 4.0f * d[1] - 5.0f * d[3] + d[5];
}

// A^T m: M outputs (2 or 4) of six products.
template <int M>
static inline void output_points(const Vector* m, Vector* y) {
  static_assert(M == 2 || M == 4, "outputs of a tile");
  Vector sum1 = m[1] + m[2], difference1 = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
  y[0] = m[0] + sum1 + sum2;
  y[1] = difference1 + 2.0f * difference2;
  if constexpr (M == 2) y[1] += m[5];
  if constexpr (M == 4) {
    y[2] = sum1 + 4.0f * sum2;
    y[3] = difference1 + 8.0f * difference2 + m[5];
  }
}

// A g: the gradient of output_points().
template <int M>
static inline void gradient_points(const Vector* g, Vector* m) {
  Vector even1 = g[0], odd1 = g[1], even2 = g[0], odd2 = 2.0f * g[1];
  if constexpr (M == 4) {
    even1 += g[2], odd1 += g[3];
    even2 += 4.0f * g[2], odd2 += 8.0f * g[3];
  }
  m[0] = g[0];
  m[1] = even1 + odd1, m[2] = even1 - odd1;
  m[3] = even2 + odd2, m[4] = even2 - odd2;
  m[5] = g[M - 1];
}

// G^T u: R taps (3 or 5) of a filter's gradient.
template <int R>
static inline void tap_points(const Vector* u, Vector* taps) {
  Vector even1 = (u[1] + u[2]) * (-1.0f / 6), odd1 = (u[1] - u[2]) * (-1.0f / 6);
  Vector even2 = (u[3] + u[4]) * (1.0f / 24), odd2 = (u[3] - u[4]) * (1.0f / 24);
  taps[0] = u[0] * (1.0f / 4) + even1 + even2;
  taps[1] = odd1 + 2.0f * odd2;
  taps[2] = even1 + 4.0f * even2;
  if constexpr (R == 5) {
    taps[3] = odd1 + 8.0f * odd2;
    taps[4] = even1 + 16.0f * even2;
  }
  taps[R - 1] += u[5];
}

// G w: R taps (3 or 5) of a filter.
template <int R>
static inline void filter_points(const Vector* w, Vector* u) {
  Vector even1 = w[0] + w[2], odd1 = w[1], even2 = w[0] + 4.0f * w[2], odd2 = 2.0f * w[1];
  if constexpr (R == 5) {
    even1 += w[4], odd1 += w[3];
    even2 += 16.0f * w[4], odd2 += 8.0f * w[3];
  }
  u[0] = w[0] * (1.0f / 4);
  u[1] = (even1 + odd1) * (-1.0f / 6), u[2] = (even1 - odd1) * (-1.0f / 6);
  u[3] = (even2 + odd2) * (1.0f / 24), u[4] = (even2 - odd2) * (1.0f / 24);
  u[5] = w[R - 1];
}

}  // namespace lamella::LAMELLA_ISA
