// Dense layers over the whole batch, backward, with the optimizer's update of the weights.
//   dx[n][k] = sum_o g[n][o] * w[o][k]
//   dw[o][k] = sum_n g[n][o] * x[n][k],   db[o] = sum_n g[n][o]
// A unit processes a panel of inputs. Its weights are read once, for dx; they are updated and written back while their
// gradient is still in registers and the first-level cache. Even millions of weights are thus read and written once.
// Where the input needs no gradient and is too narrow for several threads, the outputs of a panel are split too.
#include "gemm_tile.h"
#include "kernels.h"

namespace lamella::LAMELLA_ISA {
namespace {

constexpr int64_t kWidest = 4 * kMaxVectors;  // vectors of a panel's row
constexpr int64_t kRows = 24;                 // rows of dw at a time: whole tiles for every tile height
constexpr int64_t kFewUnits = 8;              // enough for several threads to share a small layer

// Panels have nearly equal width.
int64_t panel_floats(const lamella_dense& op) {
  int64_t vectors = padded_columns(op.inputs) / kLanes;
  int64_t few = smaller(kFewUnits, (vectors + kMaxVectors - 1) / kMaxVectors);
  int64_t units = larger((vectors + kWidest - 1) / kWidest, few);
  return (vectors + units - 1) / units * kLanes;
}

int64_t panels_of(const lamella_dense& op) {
  int64_t panel = panel_floats(op);
  return (op.inputs + panel - 1) / panel;
}

// Parts of each panel's outputs. dx is a sum over all outputs, so only a layer without dx is split.
int64_t cuts_of(const lamella_dense& op, bool wants_dx) {
  if (wants_dx) return 1;
  int64_t rows = (op.outputs + kRows - 1) / kRows;
  return smaller(rows, (kFewUnits + panels_of(op) - 1) / panels_of(op));
}

// A panel is cut into strips as wide as a register tile, each strip contiguous: f(first column, vectors).
template <typename F>
void for_each_strip(int64_t wide, F f) {
  int64_t all = wide / kLanes, strips = (all + kMaxVectors - 1) / kMaxVectors;
  int vectors = 0;
  for (int64_t v = 0; v < all; v += vectors, strips--) {
    vectors = static_cast<int>((all - v + strips - 1) / strips);
    f(v * kLanes, vectors);
  }
}

constexpr int64_t kAhead = 12;  // rows to prefetch: they are far apart in memory

void copy_panel(const float* from, int64_t stride, int64_t rows, int64_t columns, float* panel, int64_t wide) {
  for (int64_t r = 0; r < rows; r++) {
    const float* row = from + r * stride;
    if (r + kAhead < rows)
      for (int64_t j = 0; j < columns; j += 16) __builtin_prefetch(row + kAhead * stride + j);
    for_each_strip(wide, [&](int64_t n, int vectors) {
      int64_t strip = vectors * kLanes, width = smaller(strip, columns - n);
      float* to = panel + n * rows + r * strip;
      if (width == strip)
        for (int v = 0; v < vectors; v++) store(to + v * kLanes, load(row + n + v * kLanes));
      else
        for (int64_t j = 0; j < strip; j++) to[j] = j < width ? row[n + j] : 0.0f;
    });
  }
}

// c[m][n] (+)= g * panel for rows x columns: directly into c where a tile is whole, else through a padded copy.
void multiply_panel(int64_t rows, int64_t columns, int64_t depth, const float* g, int64_t g_stride, const float* panel,
                    int64_t wide, float* c, int64_t c_row, bool accumulate) {
  float edge[kMaxRows[1] * kMaxVectors * kLanes];
  for_each_strip(wide, [&](int64_t n, int vectors) {
    int64_t strip = vectors * kLanes, width = smaller(strip, columns - n);
    int most = kMaxRows[vectors];
    for (int64_t m = 0; m < rows; m += most) {
      int height = static_cast<int>(smaller<int64_t>(most, rows - m));
      float* to = c + m * c_row + n;
      Tile tile{depth, g + m * g_stride, g_stride, 1,     nullptr,   panel + n * depth,
                strip, nullptr,          to,       c_row, accumulate};
      if (width < strip) tile.c = edge, tile.c_row = strip, tile.accumulate = false;
      multiply_tile(height, vectors, tile);
      if (width == strip) continue;
      for (int i = 0; i < height; i++)
        for (int64_t j = 0; j < width; j++)
          to[i * c_row + j] = edge[i * strip + j] + (accumulate ? to[i * c_row + j] : 0.0f);
    }
  });
}

// Prefetches the rows that the next update reads and writes: they are too short for the hardware prefetcher.
void prefetch_rows(const float* base, int64_t stride, int64_t first, int64_t last, int64_t columns) {
  for (int64_t o = first; base && o < last; o++)
    for (int64_t j = 0; j < columns; j += 16) __builtin_prefetch(base + o * stride + j, 1);
}

// The arrays of a unit, for a panel of `columns` columns.
struct Work {
  float* panel;       // of the weights, then of x
  float* rows_of_dw;  // [kRows][columns]
  int64_t floats;

  Work(int64_t rows, int64_t columns, float* memory = nullptr) {
    Carver carver(memory);
    panel = carver.take(rows * columns);
    rows_of_dw = carver.take(kRows * columns);
    floats = carver.floats();
  }
};

}  // namespace

int64_t dense_backward_units(const lamella_dense& op, bool wants_dx) { return panels_of(op) * cuts_of(op, wants_dx); }

int64_t dense_backward_workspace_floats(const lamella_dense& op, int batch) {
  return Work(larger<int64_t>(batch, op.outputs), panel_floats(op)).floats;
}

void dense_backward(const lamella_dense& op, int samples, const DenseGradient& d, bool accumulate, int64_t unit,
                    float* work) {
  int64_t inputs = op.inputs, outputs = op.outputs, panel = panel_floats(op), cuts = cuts_of(op, d.dx != nullptr);
  int64_t first = unit / cuts * panel,
          group = (outputs + kRows * cuts - 1) / (kRows * cuts) * kRows;  // whole groups of rows
  int64_t from = smaller(unit % cuts * group, outputs), to = smaller(from + group, outputs);
  int64_t columns = smaller(panel, inputs - first), wide = padded_columns(columns);
  int64_t transposed = padded_columns(samples);
  Work arrays(larger<int64_t>(samples, outputs), wide, work);
  float *panel_copy = arrays.panel, *rows_of_dw = arrays.rows_of_dw;
  if (d.dx) {
    copy_panel(d.w + first, inputs, outputs, columns, panel_copy, wide);
    multiply_panel(samples, columns, outputs, d.g, d.g_stride, panel_copy, wide, d.dx + first, d.dx_stride, accumulate);
  }
  copy_panel(d.x + first, d.x_stride, samples, columns, panel_copy, wide);
  for (int64_t o = from; o < to; o += kRows) {
    int64_t rows = smaller(kRows, to - o), next = smaller(o + 2 * kRows, to);
    if (!d.dw) {
      prefetch_rows(d.w + first, inputs, o + rows, next, columns);
      prefetch_rows(d.moment1 ? d.moment1 + first : nullptr, inputs, o + rows, next, columns);
      prefetch_rows(d.moment2 ? d.moment2 + first : nullptr, inputs, o + rows, next, columns);
    }
    for_each_strip(wide, [&](int64_t n, int vectors) {
      int most = kMaxRows[vectors];
      for (int64_t m = 0; m < rows; m += most)
        multiply_tile(
            static_cast<int>(smaller<int64_t>(most, rows - m)), vectors,
            Tile{samples, d.transposed_g + (o + m) * transposed, transposed, 1, nullptr, panel_copy + n * samples,
                 vectors * kLanes, nullptr, rows_of_dw + m * wide + n, wide, false});
    });
    for (int64_t m = 0; m < rows; m++) {
      int64_t at = (o + m) * inputs + first;
      const float* row = rows_of_dw + m * wide;
      if (d.dw)
        __builtin_memcpy(d.dw + at, row, columns * sizeof(float));
      else
        update(op.update, d.w + at, row, d.moment1 ? d.moment1 + at : nullptr, d.moment2 ? d.moment2 + at : nullptr,
               d.rate, d.correction1, d.correction2, 0, columns);
    }
  }
  if (first != 0 || !d.db) return;
  for (int64_t o = from; o < to; o++) d.db[o] = sum(d.transposed_g + o * transposed, samples);
}

const Operator dense_backward_operator = {
    [](const Call& c) {
      DenseGradient d{c.floats(LAMELLA_DY),
                      c.floats(LAMELLA_AUXILIARY),
                      c.floats(LAMELLA_X),
                      c.float_stride(LAMELLA_DY),
                      c.float_stride(LAMELLA_X),
                      c.floats(LAMELLA_DX),
                      c.float_stride(LAMELLA_DX),
                      c.floats(LAMELLA_WEIGHT),
                      c.floats(LAMELLA_DWEIGHT),
                      c.floats(LAMELLA_DBIAS),
                      c.floats(LAMELLA_MOMENT1),
                      c.floats(LAMELLA_MOMENT2),
                      c.step->rate,
                      c.step->correction1,
                      c.step->correction2};
      dense_backward(c.op->work.dense, c.samples(), d, c.accumulate(), c.unit, c.work);
    },
    [](const lamella_op& op) {
      return dense_backward_units(op.work.dense, op.operand[LAMELLA_DX].space != LAMELLA_NOWHERE);
    },
    [](const lamella_op& op, const WorkspaceScope& scope) {
      return dense_backward_workspace_floats(op.work.dense, scope.batch);
    }};

}  // namespace lamella::LAMELLA_ISA
