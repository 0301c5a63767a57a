// Optimizer updates, one thread per parameter.
//   SGD:       m = momentum m + g + decay w;  w -= rate m
//   Nesterov:  the same m;                    w -= rate (g + decay w + momentum m)
//   Adam:      Kingma and Ba 2015, decay added to g;  AdamW: Loshchilov and Hutter 2019, decay on w itself.
// momentum is Adam's beta1.
#include "device.cuh"

// moment may be null: without momentum SGD and Nesterov are the same.
LAMELLA_KERNEL void update_sgd(long long count, int nesterov, const StepState* __restrict__ now, float momentum,
                               float decay, float* __restrict__ w, const float* __restrict__ gradient,
                               float* __restrict__ moment) {
  const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= count) return;
  const float g = gradient[i] + w[i] * decay, m = (moment ? moment[i] * momentum : 0.0f) + g;
  if (moment) moment[i] = m;
  w[i] -= (nesterov ? g + m * (moment ? momentum : 0.0f) : m) * now->rate;
}

LAMELLA_KERNEL void update_adam(long long count, int decoupled, const StepState* __restrict__ now, float beta1,
                                float beta2, float epsilon, float decay, float* __restrict__ w,
                                const float* __restrict__ gradient, float* __restrict__ mean,
                                float* __restrict__ square) {
  const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i >= count) return;
  float value = w[i], g = gradient[i];
  if (decoupled)
    value -= value * (now->rate * decay);
  else
    g += value * decay;
  const float m = mean[i] + (g - mean[i]) * (1.0f - beta1), v = square[i] + (g * g - square[i]) * (1.0f - beta2);
  mean[i] = m, square[i] = v;
  w[i] = value - m * (now->rate / now->correction1) / (sqrtf(v / now->correction2) + epsilon);
}
