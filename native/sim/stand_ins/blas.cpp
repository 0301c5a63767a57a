// The stand-in for cuBLAS: matrix products in double precision, checked like kernels, on the handle's stream.
#include <string.h>

#include <algorithm>
#include <vector>

#include "schedule.h"

using namespace lamella::sim;

namespace {

enum Status : int { kOk = 0, kNotInitialized = 1, kInvalid = 7, kExecutionFailed = 13 };

struct Handle {
  Stream* stream = nullptr;
  int device = 0;
};

struct Matrix {
  const float* at;
  int rows, columns, leading;  // column by column
  bool transposed;

  double get(int row, int column) const {
    return transposed ? at[int64_t(row) * leading + column] : at[int64_t(column) * leading + row];
  }
  size_t bytes() const { return (int64_t(columns - 1) * leading + rows) * sizeof(float); }
};

}  // namespace

LAMELLA_EXPORT int cublasCreate_v2(Handle** handle) {
  if (!handle) return kInvalid;
  if (!lamella_sim_settings().blas) return kNotInitialized;
  *handle = new Handle;
  (*handle)->device = lamella_sim_current();
  return kOk;
}

LAMELLA_EXPORT int cublasDestroy_v2(Handle* handle) {
  if (!handle) return kNotInitialized;
  delete handle;
  return kOk;
}

LAMELLA_EXPORT int cublasSetStream_v2(Handle* handle, Stream* stream) {
  if (!handle) return kNotInitialized;
  handle->stream = stream;
  return kOk;
}

// The workspace is recorded but never written: a caller that uses it too is not noticed.
LAMELLA_EXPORT int cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t bytes) {
  if (!handle) return kNotInitialized;
  AllocationView found = lamella_sim_find(workspace);
  bool inside =
      found.begin && found.device == handle->device && uintptr_t(workspace) - found.begin + bytes <= found.bytes;
  return inside && uintptr_t(workspace) % 256 == 0 ? kOk : kInvalid;
}

LAMELLA_EXPORT const char* cublasGetStatusString(int status) {
  switch (status) {
    case kOk: return "CUBLAS_STATUS_SUCCESS";
    case kNotInitialized: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case kInvalid: return "CUBLAS_STATUS_INVALID_VALUE";
    default: return "CUBLAS_STATUS_EXECUTION_FAILED";
  }
}

// c = alpha op(a) op(b) + beta c; scalars are in host memory and read at the call.
LAMELLA_EXPORT int cublasSgemm_v2(Handle* handle, int op_a, int op_b, int m, int n, int k, const float* alpha,
                                  const float* a, int lda, const float* b, int ldb, const float* beta, float* c,
                                  int ldc) {
  if (!handle) return kNotInitialized;
  Matrix left{a, op_a ? k : m, op_a ? m : k, lda, op_a != 0}, right{b, op_b ? n : k, op_b ? k : n, ldb, op_b != 0},
      to{c, m, n, ldc, false};
  if (m < 1 || n < 1 || k < 1 || lda < left.rows || ldb < right.rows || ldc < m || op_a < 0 || op_a > 1 || op_b < 0 ||
      op_b > 1)
    return kInvalid;
  int device = handle->device;
  double scale = *alpha, kept = *beta;
  int error = enqueue(handle->stream, "cublasSgemm", [=] {
    if (use(left.at, left.bytes(), false, device, "cublasSgemm's A") ||
        use(right.at, right.bytes(), false, device, "cublasSgemm's B") ||
        use(to.at, to.bytes(), true, device, "cublasSgemm's C"))
      return int(kInvalidValue);
    std::vector<double> sums(m);
    for (int column = 0; column < n; column++) {
      std::fill(sums.begin(), sums.end(), 0.0);
      for (int i = 0; i < k; i++) {
        double factor = right.get(i, column);
        for (int row = 0; row < m; row++) sums[row] += left.get(row, i) * factor;
      }
      for (int row = 0; row < m; row++) {
        float& value = c[int64_t(column) * ldc + row];
        value = float(scale * sums[row] + (kept == 0 ? 0.0 : kept * value));
      }
    }
    return int(kSuccess);
  });
  return error ? int(kExecutionFailed) : int(kOk);
}

// Major, minor, patch: of CUDA 11.8, as the run-time library has it.
LAMELLA_EXPORT int cublasGetProperty(int which, int* value) {
  constexpr int version[] = {11, 11, 3};
  if (!value || which < 0 || which > 2) return kInvalid;
  *value = version[which];
  return kOk;
}
