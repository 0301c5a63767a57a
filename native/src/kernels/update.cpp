// Optimizer updates of a slice of parameters.
//   SGD:       m = momentum m + g + decay w;  w -= rate m
//   Nesterov:  the same m;                    w -= rate (g + decay w + momentum m)
//   Adam:      Kingma and Ba 2015, decay added to g;  AdamW: Loshchilov and Hutter 2019, decay on w itself.
// correction1 = 1 - beta1^t, correction2 = 1 - beta2^t.
#include "activation.h"
#include "kernels.h"

namespace lamella::LAMELLA_ISA {
namespace {

struct Pointers {
  float* w;
  const float* g;
  float *m1, *m2;
};

template <typename F>
void sweep(const Pointers& p, int64_t first, int64_t last, bool one, bool two, F f) {
  for (int64_t i = first; i < last; i += kLanes) {
    int64_t n = smaller<int64_t>(kLanes, last - i);
    if (n == kLanes) {
      Vector w = load(p.w + i), m1 = one ? load(p.m1 + i) : Vector{}, m2 = two ? load(p.m2 + i) : Vector{};
      f(w, load(p.g + i), m1, m2);
      store(p.w + i, w);
      if (one) store(p.m1 + i, m1);
      if (two) store(p.m2 + i, m2);
      continue;
    }
    Vector w = {}, g = {}, m1 = {}, m2 = {};
    for (int64_t j = 0; j < n; j++) {
      w[j] = p.w[i + j], g[j] = p.g[i + j];
      if (one) m1[j] = p.m1[i + j];
      if (two) m2[j] = p.m2[i + j];
    }
    f(w, g, m1, m2);
    for (int64_t j = 0; j < n; j++) {
      p.w[i + j] = w[j];
      if (one) p.m1[i + j] = m1[j];
      if (two) p.m2[i + j] = m2[j];
    }
  }
}

Vector square_root(Vector x) {
  Vector y;
  for (int i = 0; i < kLanes; i++) y[i] = __builtin_sqrtf(x[i]);
  return y;
}

}  // namespace

void update(const lamella_update& op, float* weights, const float* gradient, float* m1, float* m2, float rate,
            float correction1, float correction2, int64_t first, int64_t last) {
  Pointers p{weights, gradient, m1, m2};
  const float momentum = op.momentum, decay = op.decay;
  switch (op.optimizer) {
    case LAMELLA_SGD:
    case LAMELLA_NESTEROV: {
      bool nesterov = op.optimizer == LAMELLA_NESTEROV;
      sweep(p, first, last, m1 != nullptr, false, [&](Vector& w, Vector g, Vector& m, Vector&) {
        g += w * decay;
        m = m * momentum + g;
        w -= (nesterov ? g + m * momentum : m) * rate;
      });
      break;
    }
    default: {
      bool decoupled = op.optimizer == LAMELLA_ADAMW;
      const float step = rate / correction1, scale = 1.0f / correction2, beta2 = op.beta2, epsilon = op.epsilon;
      sweep(p, first, last, true, true, [&](Vector& w, Vector g, Vector& mean, Vector& square) {
        if (decoupled)
          w -= w * (rate * decay);
        else
          g += w * decay;
        mean += (g - mean) * (1.0f - momentum);
        square += (g * g - square) * (1.0f - beta2);
        w -= mean * step / (square_root(square * scale) + epsilon);
      });
    }
  }
}

constexpr int64_t kUpdateFloats = 32768;

const Operator update_operator = {[](const Call& c) {
                                    const lamella_update& op = c.op->work.update;
                                    Slice s = slice(c.unit, kUpdateFloats, op.count);
                                    update(op, c.floats(LAMELLA_WEIGHT), c.floats(LAMELLA_DWEIGHT),
                                           c.floats(LAMELLA_MOMENT1), c.floats(LAMELLA_MOMENT2), c.step->rate,
                                           c.step->correction1, c.step->correction2, s.first, s.last);
                                  },
                                  [](const lamella_op& op) { return units_of(op.work.update.count, kUpdateFloats); }};

}  // namespace lamella::LAMELLA_ISA
