// Optimizer updates of all parameters in one launch.
//   SGD:       m = momentum m + g + decay w;  w -= rate m
//   Nesterov:  the same m;                    w -= rate (g + decay w + momentum m)
//   Adam:      Kingma and Ba 2015, decay added to g;  AdamW: Loshchilov and Hutter 2019, decay on w itself.
// momentum is Adam's beta1. A thread updates FLOATS neighbours of the flat arrays, which begin at multiples of 16
// bytes. decays: a bit for each parameter, lowest first, 1 where weight decay applies; null: it applies to all of them.
#include "device.cuh"

// The weight decay of the parameters from i on: bit j is set if it applies to i + j. i is a multiple of FLOATS, or only
// bit 0 is used.
static __device__ inline unsigned decaying(const unsigned* decays, uint64 i) {
  return decays ? decays[i / 32] >> (i % 32) : ~0u;
}

// Applies a rule to the parameters of this thread: FLOATS of them, or one of the last ones.
template <typename Rule>
static __device__ inline void update_parameters(long long count, const Rule& rule) {
  const long long id = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x, vectors = count / FLOATS;
  const long long i = id < vectors ? id * FLOATS : vectors * FLOATS + (id - vectors);
  if (id < vectors)
    rule.template at<FLOATS>(i);
  else if (i < count)
    rule.template at<1>(i);
}

struct Sgd {
  int nesterov;
  float rate, momentum, decay;
  const unsigned* decays;
  float* w;
  const float* gradient;
  float* moment;

  template <int Count>
  __device__ inline void at(long long i) const {
    Vector<Count> value = load_vector<Count>(w + i), m = {};
    const Vector<Count> slope = load_vector<Count>(gradient + i);
    const unsigned mask = decaying(decays, i);
    if (moment) m = load_vector<Count>(moment + i);
#pragma unroll
    for (int j = 0; j < Count; j++) {
      const float g = slope.v[j] + value.v[j] * (mask >> j & 1 ? decay : 0.0f);
      m.v[j] = (moment ? m.v[j] * momentum : 0.0f) + g;
      value.v[j] -= (nesterov ? g + m.v[j] * (moment ? momentum : 0.0f) : m.v[j]) * rate;
    }
    if (moment) store_vector(moment + i, m);
    store_vector(w + i, value);
  }
};

struct Adam {
  int decoupled;
  float rate, correction1, correction2, beta1, beta2, epsilon, decay;
  const unsigned* decays;
  float* w;
  const float* gradient;
  float *mean, *square;

  template <int Count>
  __device__ inline void at(long long i) const {
    Vector<Count> value = load_vector<Count>(w + i), m = load_vector<Count>(mean + i),
                  v = load_vector<Count>(square + i);
    const Vector<Count> slope = load_vector<Count>(gradient + i);
    const unsigned mask = decaying(decays, i);
#pragma unroll
    for (int j = 0; j < Count; j++) {
      const float own = mask >> j & 1 ? decay : 0.0f;
      float g = slope.v[j];
      if (decoupled)
        value.v[j] -= value.v[j] * (rate * own);
      else
        g += value.v[j] * own;
      m.v[j] += (g - m.v[j]) * (1.0f - beta1), v.v[j] += (g * g - v.v[j]) * (1.0f - beta2);
      value.v[j] -= m.v[j] * (rate / correction1) / (sqrtf(v.v[j] / correction2) + epsilon);
    }
    store_vector(mean + i, m), store_vector(square + i, v), store_vector(w + i, value);
  }
};

// moment may be null: without momentum SGD and Nesterov are the same.
LAMELLA_KERNEL void update_sgd(long long count, int nesterov, const StepState* __restrict__ now, float momentum,
                               float decay, const unsigned* __restrict__ decays, float* __restrict__ w,
                               const float* __restrict__ gradient, float* __restrict__ moment, Mark mark = kNoMark) {
  record(mark);
  const Sgd rule = {nesterov, now->rate, momentum, decay, decays, w, gradient, moment};
  update_parameters(count, rule);
}

LAMELLA_KERNEL void update_adam(long long count, int decoupled, const StepState* __restrict__ now, float beta1,
                                float beta2, float epsilon, float decay, const unsigned* __restrict__ decays,
                                float* __restrict__ w, const float* __restrict__ gradient, float* __restrict__ mean,
                                float* __restrict__ square, Mark mark = kNoMark) {
  record(mark);
  const Adam rule = {
      decoupled, now->rate, now->correction1, now->correction2, beta1, beta2, epsilon, decay, decays, w, gradient,
      mean,      square};
  update_parameters(count, rule);
}
