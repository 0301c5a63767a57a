// The stand-in for cuDNN: convolutions in double precision, checked like kernels, on the handle's stream. Two
// algorithms for each pass: number 0, reported as not deterministic (unless LAMELLA_SIM has dnn=many), and number 1,
// which needs a workspace.
#include <stdlib.h>
#include <string.h>

#include <vector>

#include "schedule.h"

using namespace lamella::sim;

namespace {

enum Status : int { kOk = 0, kNotInitialized = 1, kBadParam = 3, kExecutionFailed = 8 };  // as version 8 numbers them

struct Handle {
  Stream* stream = nullptr;
  int device = 0;
};

struct Tensor {
  int dims[4], strides[4];  // N, C, H, W

  int64_t at(int n, int c, int h, int w) const {
    return int64_t(n) * strides[0] + int64_t(c) * strides[1] + int64_t(h) * strides[2] + int64_t(w) * strides[3];
  }
};

struct Filter {
  int dims[4];  // K, C, R, S
  int64_t count() const { return int64_t(dims[0]) * dims[1] * dims[2] * dims[3]; }
};

struct Convolution {
  int pad_h, pad_w, stride_h, stride_w, math;
};

// As cudnnConvolution...AlgoPerf_t.
struct Performance {
  int algorithm, status;
  float time;
  size_t memory;
  int determinism, math, reserved[3];
};

constexpr size_t kWorkspace = 1024;

size_t workspace(int algorithm) { return algorithm == 1 ? kWorkspace : 0; }

struct Problem {
  Tensor x, y;
  Filter w;
  Convolution convolution;
};

bool fits(const Problem& p) {
  const int *x = p.x.dims, *y = p.y.dims, *w = p.w.dims;
  return x[0] == y[0] && x[1] == w[1] && y[1] == w[0] &&
         y[2] == (x[2] + 2 * p.convolution.pad_h - w[2]) / p.convolution.stride_h + 1 &&
         y[3] == (x[3] + 2 * p.convolution.pad_w - w[3]) / p.convolution.stride_w + 1;
}

// Calls visit(index into x, into w, into y) for every multiply-add.
template <typename V>
void each(const Problem& p, V visit) {
  for (int n = 0; n < p.y.dims[0]; n++)
    for (int k = 0; k < p.y.dims[1]; k++)
      for (int i = 0; i < p.y.dims[2]; i++)
        for (int j = 0; j < p.y.dims[3]; j++)
          for (int c = 0; c < p.w.dims[1]; c++)
            for (int r = 0; r < p.w.dims[2]; r++)
              for (int s = 0; s < p.w.dims[3]; s++) {
                int h = i * p.convolution.stride_h + r - p.convolution.pad_h,
                    v = j * p.convolution.stride_w + s - p.convolution.pad_w;
                if (h < 0 || h >= p.x.dims[2] || v < 0 || v >= p.x.dims[3]) continue;
                visit(p.x.at(n, c, h, v), ((int64_t(k) * p.w.dims[1] + c) * p.w.dims[2] + r) * p.w.dims[3] + s,
                      p.y.at(n, k, i, j));
              }
}

// Sample by sample: other operators may use the memory between samples.
int use_tensor(const Tensor& t, const float* at, bool writes, int device, const char* what) {
  size_t bytes = size_t(t.at(0, t.dims[1] - 1, t.dims[2] - 1, t.dims[3] - 1) + 1) * sizeof(float);
  for (int n = 0; n < t.dims[0]; n++)
    if (int error = use(at + t.at(n, 0, 0, 0), bytes, writes, device, what)) return error;
  return kSuccess;
}

// to = alpha sums + beta to, over a tensor.
void store(const Tensor& t, const std::vector<double>& sums, double alpha, double beta, float* to) {
  for (int n = 0; n < t.dims[0]; n++)
    for (int c = 0; c < t.dims[1]; c++)
      for (int h = 0; h < t.dims[2]; h++)
        for (int w = 0; w < t.dims[3]; w++) {
          int64_t at = t.at(n, c, h, w);
          to[at] = float(alpha * sums[size_t(at)] + (beta == 0 ? 0.0 : beta * to[at]));
        }
}

size_t extent(const Tensor& t) { return size_t(t.at(t.dims[0] - 1, t.dims[1] - 1, t.dims[2] - 1, t.dims[3] - 1) + 1); }

int rank(int wanted, int* count, Performance* all) {
  if (wanted < 1 || !count || !all) return kBadParam;
  DnnState state = lamella_sim_settings().dnn;
  *count = state == DnnState::kEmpty ? 0 : wanted < 2 ? wanted : 2;
  for (int i = 0; i < *count; i++) all[i] = {i, kOk, -1.0f, workspace(i), state == DnnState::kMany ? 1 : i, 3, {}};
  return kOk;
}

// Checks the arguments, and puts the work on the handle's stream.
int give(Handle* handle, const char* name, const Problem& p, int algorithm, void* space, size_t bytes, Work work) {
  if (!handle || !fits(p) || algorithm < 0 || algorithm > 1 || bytes < workspace(algorithm) || (bytes && !space))
    return kBadParam;
  if (lamella_sim_settings().dnn == DnnState::kFails) return kExecutionFailed;
  if (p.convolution.math != 3) {
    fprintf(stderr, "simulated CUDA: %s may round to 10 bits: set CUDNN_FMA_MATH\n", name);
    return kBadParam;
  }
  int device = handle->device;
  size_t wanted = workspace(algorithm);
  return enqueue(handle->stream, name,
                 [=] {
                   int error = wanted ? use(space, wanted, true, device, "cuDNN's workspace") : int(kSuccess);
                   return error ? error : work();
                 })
             ? kExecutionFailed
             : kOk;
}

}  // namespace

LAMELLA_EXPORT size_t cudnnGetVersion() { return 8600; }

LAMELLA_EXPORT size_t cudnnGetCudartVersion() { return 11080; }

LAMELLA_EXPORT const char* cudnnGetErrorString(int status) {
  switch (status) {
    case kOk: return "CUDNN_STATUS_SUCCESS";
    case kNotInitialized: return "CUDNN_STATUS_NOT_INITIALIZED";
    case kBadParam: return "CUDNN_STATUS_BAD_PARAM";
    default: return "CUDNN_STATUS_EXECUTION_FAILED";
  }
}

LAMELLA_EXPORT int cudnnCreate(Handle** handle) {
  if (lamella_sim_settings().dnn == DnnState::kMissing) return kNotInitialized;
  *handle = new Handle{nullptr, lamella_sim_current()};
  return kOk;
}

LAMELLA_EXPORT int cudnnDestroy(Handle* handle) {
  delete handle;
  return kOk;
}

LAMELLA_EXPORT int cudnnSetStream(Handle* handle, Stream* stream) {
  if (!handle) return kBadParam;
  handle->stream = stream;
  return kOk;
}

LAMELLA_EXPORT int cudnnCreateTensorDescriptor(Tensor** made) { return *made = new Tensor{}, kOk; }
LAMELLA_EXPORT int cudnnCreateFilterDescriptor(Filter** made) { return *made = new Filter{}, kOk; }
LAMELLA_EXPORT int cudnnCreateConvolutionDescriptor(Convolution** made) { return *made = new Convolution{}, kOk; }
LAMELLA_EXPORT int cudnnDestroyTensorDescriptor(Tensor* t) { return delete t, kOk; }
LAMELLA_EXPORT int cudnnDestroyFilterDescriptor(Filter* f) { return delete f, kOk; }
LAMELLA_EXPORT int cudnnDestroyConvolutionDescriptor(Convolution* c) { return delete c, kOk; }

LAMELLA_EXPORT int cudnnSetTensor4dDescriptorEx(Tensor* t, int type, int n, int c, int h, int w, int sn, int sc, int sh,
                                                int sw) {
  if (!t || type != 0 || n < 1 || c < 1 || h < 1 || w < 1) return kBadParam;
  *t = {{n, c, h, w}, {sn, sc, sh, sw}};
  return kOk;
}

LAMELLA_EXPORT int cudnnSetFilter4dDescriptor(Filter* f, int type, int format, int k, int c, int r, int s) {
  if (!f || type != 0 || format != 0 || k < 1 || c < 1 || r < 1 || s < 1) return kBadParam;
  *f = {{k, c, r, s}};
  return kOk;
}

LAMELLA_EXPORT int cudnnSetConvolution2dDescriptor(Convolution* c, int pad_h, int pad_w, int stride_h, int stride_w,
                                                   int dilation_h, int dilation_w, int mode, int type) {
  if (!c || pad_h < 0 || pad_w < 0 || stride_h < 1 || stride_w < 1 || dilation_h != 1 || dilation_w != 1 || mode != 1 ||
      type != 0)
    return kBadParam;
  *c = {pad_h, pad_w, stride_h, stride_w, 0};
  return kOk;
}

LAMELLA_EXPORT int cudnnSetConvolutionMathType(Convolution* c, int math) {
  if (!c || math < 0 || math > 3) return kBadParam;
  c->math = math;
  return kOk;
}

LAMELLA_EXPORT int cudnnGetConvolutionForwardAlgorithm_v7(Handle*, Tensor* x, Filter* w, Convolution* c, Tensor* y,
                                                          int wanted, int* count, Performance* all) {
  return fits({*x, *y, *w, *c}) ? rank(wanted, count, all) : kBadParam;
}

LAMELLA_EXPORT int cudnnGetConvolutionBackwardDataAlgorithm_v7(Handle*, Filter* w, Tensor* dy, Convolution* c,
                                                               Tensor* dx, int wanted, int* count, Performance* all) {
  return fits({*dx, *dy, *w, *c}) ? rank(wanted, count, all) : kBadParam;
}

LAMELLA_EXPORT int cudnnGetConvolutionBackwardFilterAlgorithm_v7(Handle*, Tensor* x, Tensor* dy, Convolution* c,
                                                                 Filter* dw, int wanted, int* count, Performance* all) {
  return fits({*x, *dy, *dw, *c}) ? rank(wanted, count, all) : kBadParam;
}

LAMELLA_EXPORT int cudnnGetConvolutionForwardWorkspaceSize(Handle*, Tensor*, Filter*, Convolution*, Tensor*,
                                                           int algorithm, size_t* bytes) {
  return *bytes = workspace(algorithm), kOk;
}

LAMELLA_EXPORT int cudnnGetConvolutionBackwardDataWorkspaceSize(Handle*, Filter*, Tensor*, Convolution*, Tensor*,
                                                                int algorithm, size_t* bytes) {
  return *bytes = workspace(algorithm), kOk;
}

LAMELLA_EXPORT int cudnnGetConvolutionBackwardFilterWorkspaceSize(Handle*, Tensor*, Tensor*, Convolution*, Filter*,
                                                                  int algorithm, size_t* bytes) {
  return *bytes = workspace(algorithm), kOk;
}

LAMELLA_EXPORT int cudnnConvolutionForward(Handle* handle, const float* alpha, Tensor* xd, const float* x, Filter* wd,
                                           const float* w, Convolution* c, int algorithm, void* space, size_t bytes,
                                           const float* beta, Tensor* yd, float* y) {
  Problem p{*xd, *yd, *wd, *c};
  double scale = *alpha, kept = *beta;
  int device = handle ? handle->device : 0;
  return give(handle, "cudnnConvolutionForward", p, algorithm, space, bytes, [=] {
    if (use_tensor(p.x, x, false, device, "cuDNN's x") || use(w, size_t(p.w.count()) * 4, false, device, "cuDNN's w") ||
        use_tensor(p.y, y, true, device, "cuDNN's y"))
      return int(kInvalidValue);
    std::vector<double> sums(extent(p.y));
    each(p, [&](int64_t i, int64_t j, int64_t k) { sums[size_t(k)] += double(x[i]) * w[j]; });
    store(p.y, sums, scale, kept, y);
    return int(kSuccess);
  });
}

LAMELLA_EXPORT int cudnnConvolutionBackwardData(Handle* handle, const float* alpha, Filter* wd, const float* w,
                                                Tensor* dyd, const float* dy, Convolution* c, int algorithm,
                                                void* space, size_t bytes, const float* beta, Tensor* dxd, float* dx) {
  Problem p{*dxd, *dyd, *wd, *c};
  double scale = *alpha, kept = *beta;
  int device = handle ? handle->device : 0;
  return give(handle, "cudnnConvolutionBackwardData", p, algorithm, space, bytes, [=] {
    if (use_tensor(p.y, dy, false, device, "cuDNN's dy") ||
        use(w, size_t(p.w.count()) * 4, false, device, "cuDNN's w") || use_tensor(p.x, dx, true, device, "cuDNN's dx"))
      return int(kInvalidValue);
    std::vector<double> sums(extent(p.x));
    each(p, [&](int64_t i, int64_t j, int64_t k) { sums[size_t(i)] += double(dy[k]) * w[j]; });
    store(p.x, sums, scale, kept, dx);
    return int(kSuccess);
  });
}

LAMELLA_EXPORT int cudnnConvolutionBackwardFilter(Handle* handle, const float* alpha, Tensor* xd, const float* x,
                                                  Tensor* dyd, const float* dy, Convolution* c, int algorithm,
                                                  void* space, size_t bytes, const float* beta, Filter* dwd,
                                                  float* dw) {
  Problem p{*xd, *dyd, *dwd, *c};
  double scale = *alpha, kept = *beta;
  int device = handle ? handle->device : 0;
  return give(handle, "cudnnConvolutionBackwardFilter", p, algorithm, space, bytes, [=] {
    size_t count = size_t(p.w.count());
    if (use_tensor(p.x, x, false, device, "cuDNN's x") || use_tensor(p.y, dy, false, device, "cuDNN's dy") ||
        use(dw, count * 4, true, device, "cuDNN's dw"))
      return int(kInvalidValue);
    std::vector<double> sums(count);
    each(p, [&](int64_t i, int64_t j, int64_t k) { sums[size_t(j)] += double(x[i]) * dy[k]; });
    for (size_t i = 0; i < count; i++) dw[i] = float(scale * sums[i] + (kept == 0 ? 0.0 : kept * dw[i]));
    return int(kSuccess);
  });
}
