// Dense layers over the whole batch.
//   y[n][o]  = act(b[o] + sum_k x[n][k] * w[o][k])
//   dx[n][k] = sum_o g[n][o] * w[o][k]
//   dw[o][k] = sum_n g[n][o] * x[n][k],   db[o] = sum_n g[n][o]
// The weights are read as they lie, never repacked: forward they are the broadcast side of the tile, backward the
// vector side, copied panel by panel into the cache where every group of samples uses them again.
#include "activation.h"
#include "gemm_tile.h"
#include "kernels.h"

namespace lamella::LAMELLA_LEVEL {
namespace {

constexpr int64_t kDepthBlock = 256;              // inputs whose transposed batch stays in the second-level cache
constexpr int64_t kOutputGroup = 24;              // outputs of a forward unit: whole tiles for every tile height
constexpr int64_t kTransposeBlock = 64;           // inputs of a transpose unit
constexpr int64_t kPanel = kMaxVectors * kLanes;  // columns of a backward unit's panel
constexpr int64_t kPanels = 3;                    // panels a backward unit

}  // namespace

int64_t dense_padded_batch(int batch) { return padded_columns(batch); }

int64_t transpose_units(const lamella_op& op) { return (op.count + kTransposeBlock - 1) / kTransposeBlock; }

void transpose(const lamella_op& op, int samples, int64_t stride, const float* x, float* y, int64_t unit) {
  int64_t first = unit * kTransposeBlock, last = smaller(first + kTransposeBlock, op.count);
  int64_t wide = padded_columns(samples);
  for (int n = 0; n < samples; n++)
    for (int64_t k = first; k < last; k++) y[k * wide + n] = x[n * stride + k];
  for (int64_t k = first; k < last; k++)
    for (int64_t n = samples; n < wide; n++) y[k * wide + n] = 0;
}

int64_t dense_units(const lamella_op& op) { return (op.filters + kOutputGroup - 1) / kOutputGroup; }

int64_t dense_workspace_floats(const lamella_op& op, int batch) {
  int64_t forward = kOutputGroup * padded_columns(batch);
  int64_t panel = kPanels * kPanel;
  int64_t backward = larger<int64_t>(batch, op.filters) * panel + kMaxRows[1] * kPanel;
  return larger(forward, backward);
}

void dense_forward(const lamella_op& op, int samples, const float* xt, const float* w, const float* bias, float* y,
                   int64_t y_stride, int64_t unit, float* work) {
  int64_t inputs = op.channels, wide = padded_columns(samples);
  int64_t first = unit * kOutputGroup, rows = smaller<int64_t>(kOutputGroup, op.filters - first);
  for (int64_t k = 0; k < inputs; k += kDepthBlock) {
    int64_t depth = smaller(kDepthBlock, inputs - k);
    for_each_tile(rows, samples, [&](int64_t m, int64_t n) {
      return Tile{depth, w + (first + m) * inputs + k, inputs, 1, nullptr, xt + k * wide + n, wide, nullptr,
                  work + m * wide + n, wide, k > 0};
    });
  }
  for (int64_t m = 0; m < rows; m++) {
    float shift = bias ? bias[first + m] : 0.0f;
    float* line = work + m * wide;
    activate_all(op.activation, op.slope, samples, line, 1.0f, shift, line);
    for (int n = 0; n < samples; n++) y[n * y_stride + first + m] = line[n];
  }
}

int64_t dense_backward_units(const lamella_op& op) {
  return (op.channels + kPanels * kPanel - 1) / (kPanels * kPanel);
}

namespace {

// Copies rows x columns into a panel whose rows are whole vectors.
void copy_panel(const float* from, int64_t stride, int64_t rows, int64_t columns, float* panel, int64_t wide) {
  for (int64_t r = 0; r < rows; r++) {
    __builtin_memcpy(panel + r * wide, from + r * stride, columns * sizeof(float));
    for (int64_t j = columns; j < wide; j++) panel[r * wide + j] = 0;
  }
}

// c[m][n] (+)= a * panel for rows x columns, straight into c where a tile is whole, else through a padded copy.
void multiply_panel(int64_t rows, int64_t columns, int64_t depth, const float* a, int64_t a_row, int64_t a_step,
                    const float* panel, int64_t wide, float* c, int64_t c_row, bool accumulate) {
  float edge[kMaxRows[1] * kPanel];
  for (int64_t n = 0; n < columns;) {
    int64_t left = columns - n;
    int vectors = static_cast<int>(smaller<int64_t>(kMaxVectors, padded_columns(left) / kLanes));
    int64_t width = smaller<int64_t>(vectors * kLanes, left);
    bool whole = width == vectors * kLanes;
    int most = kMaxRows[vectors];
    for (int64_t m = 0; m < rows; m += most) {
      int height = static_cast<int>(smaller<int64_t>(most, rows - m));
      float* to = c + m * c_row + n;
      Tile tile{depth, a + m * a_row, a_row, a_step, nullptr, panel + n, wide, nullptr, to, c_row, accumulate};
      if (!whole) tile.c = edge, tile.c_row = kPanel, tile.accumulate = false;
      multiply_tile(height, vectors, tile);
      if (whole) continue;
      for (int i = 0; i < height; i++)
        for (int64_t j = 0; j < width; j++)
          to[i * c_row + j] = edge[i * kPanel + j] + (accumulate ? to[i * c_row + j] : 0.0f);
    }
    n += width;
  }
}

}  // namespace

void dense_backward_data(const lamella_op& op, int samples, const float* g, int64_t g_stride, const float* w,
                         float* dx, int64_t dx_stride, int64_t unit, float* work) {
  int64_t inputs = op.channels, first = unit * kPanels * kPanel;
  int64_t columns = smaller<int64_t>(kPanels * kPanel, inputs - first), wide = padded_columns(columns);
  copy_panel(w + first, inputs, op.filters, columns, work, wide);
  multiply_panel(samples, columns, op.filters, g, g_stride, 1, work, wide, dx + first, dx_stride, op.accumulate != 0);
}

void dense_backward_weight(const lamella_op& op, int samples, const float* g, int64_t g_stride, const float* x,
                           int64_t x_stride, float* dw, float* db, int64_t unit, float* work) {
  int64_t inputs = op.channels, first = unit * kPanels * kPanel;
  int64_t columns = smaller<int64_t>(kPanels * kPanel, inputs - first), wide = padded_columns(columns);
  copy_panel(x + first, x_stride, samples, columns, work, wide);
  multiply_panel(op.filters, columns, samples, g, 1, g_stride, work, wide, dw + first, inputs, false);
  if (unit != 0 || !db) return;
  for (int o = 0; o < op.filters; o++) {
    float total = 0;
    for (int n = 0; n < samples; n++) total += g[n * g_stride + o];
    db[o] = total;
  }
}

}  // namespace lamella::LAMELLA_LEVEL
