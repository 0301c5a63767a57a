// Activations and their gradients. A map is part of a tensor (elements.cuh): `count` floats of each sample, with a
// stride from one sample to the next. vector: FLOATS if all samples of all maps begin at multiples of 16 bytes, else 1.
// A variant has the activation as a constant (-DACTIVATION=1).
#include "elements.cuh"

struct BiasActivation {
  int samples, plane, activation;
  float slope;
  const float* x;
  int x_stride;
  const float* bias;
  float* y;
  int y_stride;

  template <int Count>
  __device__ inline void run(int i) const {
    float shift[Count] = {};
    if (bias) {
      int channel[Count];
      channels_of(i, plane, channel);
#pragma unroll
      for (int j = 0; j < Count; j++) shift[j] = bias[channel[j]];
    }
    for (int n = blockIdx.y; n < samples; n += gridDim.y) {
      Vector<Count> v = load_vector<Count>(x + static_cast<long long>(n) * x_stride + i);
#pragma unroll
      for (int j = 0; j < Count; j++) v.v[j] = activate(ACTIVATION_OR(activation), slope, v.v[j] + shift[j]);
      store_vector(y + static_cast<long long>(n) * y_stride + i, v);
    }
  }
};

// y = act(x + bias[i / plane]); bias may be null. x and y may be the same.
LAMELLA_KERNEL void bias_activation(int samples, int count, int vector, int plane, int activation, float slope,
                                    const float* x, int x_stride, const float* __restrict__ bias, float* y,
                                    int y_stride, Mark mark = kNoMark) {
  record(mark);
  for_elements(count, vector, BiasActivation{samples, plane, activation, slope, x, x_stride, bias, y, y_stride});
}

struct ActivationBackward {
  int samples, activation;
  float slope;
  int accumulate;
  const float* y;
  int y_stride;
  const float* dy;
  int dy_stride;
  float* dx;
  int dx_stride;

  template <int Count>
  __device__ inline void run(int i) const {
    for (int n = blockIdx.y; n < samples; n += gridDim.y) {
      const Vector<Count> g = load_vector<Count>(dy + static_cast<long long>(n) * dy_stride + i);
      float* to = dx + static_cast<long long>(n) * dx_stride + i;
      Vector<Count> value = {}, before = {};
      if (ACTIVATION_OR(activation) != kIdentity)
        value = load_vector<Count>(y + static_cast<long long>(n) * y_stride + i);
      if (accumulate) before = load_vector<Count>(to);
#pragma unroll
      for (int j = 0; j < Count; j++)
        value.v[j] = g.v[j] * derivative(ACTIVATION_OR(activation), slope, value.v[j]) + before.v[j];
      store_vector(to, value);
    }
  }
};

// dx = dy * act'(y). accumulate: dx += instead of dx =. The identity does not read y.
LAMELLA_KERNEL void activation_backward(int samples, int count, int vector, int activation, float slope, int accumulate,
                                        const float* __restrict__ y, int y_stride, const float* __restrict__ dy,
                                        int dy_stride, float* __restrict__ dx, int dx_stride, Mark mark = kNoMark) {
  record(mark);
  for_elements(count, vector,
               ActivationBackward{samples, activation, slope, accumulate, y, y_stride, dy, dy_stride, dx, dx_stride});
}
