// Winograd convolution, forward: see winograd.h.
#include "planes.h"
#include "pooling.h"
#include "winograd.h"

namespace lamella::LAMELLA_ISA {
namespace {

// V and M of a block stay in the second-level cache. The products of a run of filters are transformed before the next
// run is multiplied; with a longer run V is read less often. Measured with caches of 32 KB and 512 KB: 120 KB of
// products are faster than 28 and 56.
constexpr int64_t kBlockBytes = 320 * 1024, kProductBytes = 120 * 1024;

// Filters of a run: whole register tiles.
int filter_run(const Convolution& s, const WinogradShape& w, int64_t row_floats) {
  int64_t bytes = static_cast<int64_t>(sizeof(float)) * w.points * row_floats;
  int64_t rows = kMaxRows[tile_vectors(row_floats)];
  int64_t most = larger<int64_t>(kProductBytes / bytes / rows, 1) * rows, runs = (s.filters + most - 1) / most;
  return static_cast<int>((s.filters + runs - 1) / runs);
}

// How outputs are written.
enum class OutputPath {
  kPlain,   // no pooling: bias and activation on whole vectors, then rows
  kPooled,  // tiles are the pool windows, 2 x 2 or 1 x 4: one vector of argmax positions
  kRows     // any other pooling: rows of a block, finished as for every convolution
};

OutputPath output_path(const Convolution& s, const WinogradShape& w) {
  if (!s.pool) return OutputPath::kPlain;
  bool window =
      s.pool_h == w.tile_h && s.pool_w == w.tile_w && s.pool_stride_h == w.tile_h && s.pool_stride_w == w.tile_w;
  return window && w.tile_h * w.tile_w == 4 ? OutputPath::kPooled : OutputPath::kRows;
}

// A^T M A of a vector of tiles of one filter.
template <int TILE_H, int TILE_W>
void transform_output(const float* m, int64_t point, Vector (*y)[TILE_W]) {
  Vector lines[TILE_H][kPoints];
#pragma GCC unroll 6
  for (int j = 0; j < kPoints; j++) {
    if constexpr (TILE_H == 1) {
      lines[0][j] = load(m + j * point);
    } else {
      Vector column[kPoints], out[TILE_H];
#pragma GCC unroll 6
      for (int i = 0; i < kPoints; i++) column[i] = load(m + (i * kPoints + j) * point);
      output_points<TILE_H>(column, out);
#pragma GCC unroll 4
      for (int i = 0; i < TILE_H; i++) lines[i][j] = out[i];
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < TILE_H; i++) output_points<TILE_W>(lines[i], y[i]);
}

struct Sizes {
  WinogradShape w;
  int rows, run;              // tile rows of a block, filters of a run
  int64_t row_floats, width;  // of V and M; of a row of the block that pooling reads
  int64_t planes, v, m, out, out_plane, block_filter, block;
};

Sizes sizes_of(const Convolution& s, int samples) {
  Sizes z = {};
  const WinogradShape& w = z.w = winograd_shape(s, samples);
  z.rows = winograd_block_rows(s, w, kBlockBytes);
  z.row_floats = round_up(static_cast<int64_t>(z.rows) * w.line, kLanes);
  z.run = filter_run(s, w, z.row_floats);
  z.width = round_up(static_cast<int64_t>(w.tiles_w) * w.tile_w, kLanes);
  z.planes = winograd_plane_floats(w, z.rows);
  z.v = w.points * point_floats(w.channels * z.row_floats);
  z.m = w.points * point_floats(z.run * z.row_floats);
  z.out_plane = point_floats(z.row_floats + kLanes);
  z.out = w.tile_h * w.tile_w * z.out_plane + round_up(larger<int64_t>(z.width, s.out_w), 2 * kLanes);
  z.block_filter = w.samples * z.rows * w.tile_h * z.width;
  z.block = output_path(s, w) == OutputPath::kRows ? s.filters * z.block_filter + kPoolSlack + 2 * kLanes : 0;
  return z;
}

// The outputs of one filter in a block. Planes hold z.rows tile rows from `first` on.
struct Output {
  const Convolution& s;
  const Sizes& z;
  const WinogradOutput& to;
  int first, rows, filter;
  float* planes;  // [tile_h * tile_w], then a row
};

// Writes a row of `width` outputs from TILE planes. room: floats from `to` to the end of its map. The next row
// overwrites what whole vectors write past the end of this one.
template <int TILE>
void write_row(const Output& l, const float* from, int64_t width, int64_t room, float* to) {
  if (!l.to.accumulate && round_up(width, kLanes) <= room) return join_row<TILE>(from, l.z.out_plane, width, to);
  float* row = l.planes + l.z.w.tile_h * l.z.w.tile_w * l.z.out_plane;
  join_row<TILE>(from, l.z.out_plane, width, row);
  if (l.to.accumulate)
    each(width, to, row, to, [](Vector sum, Vector v) { return sum + v; });
  else
    __builtin_memcpy(to, row, width * sizeof(float));
}

template <int TILE_W>
void write_plain(const Output& l) {
  const WinogradShape& w = l.z.w;
  int64_t map = static_cast<int64_t>(l.s.out_h) * l.s.out_w;
  for (int n = 0; n < w.samples; n++)
    for (int row = 0; row < l.rows; row++)
      for (int i = 0; i < w.tile_h; i++) {
        int64_t y = static_cast<int64_t>(l.first + row) * w.tile_h + i;
        if (y >= l.s.out_h) break;
        write_row<TILE_W>(l, l.planes + i * TILE_W * l.z.out_plane + static_cast<int64_t>(row) * w.line + n * w.tiles_w,
                          l.s.out_w, map - y * l.s.out_w, l.to.y + n * l.to.y_stride + l.filter * map + y * l.s.out_w);
      }
}

// From the plane of values and, after it, the plane of argmax positions as bytes.
void write_pooled(const Output& l) {
  const WinogradShape& w = l.z.w;
  int64_t map = static_cast<int64_t>(l.s.pooled_h) * l.s.pooled_w;
  const uint8_t* places = reinterpret_cast<const uint8_t*>(l.planes + l.z.out_plane);
  for (int n = 0; n < w.samples; n++)
    for (int row = 0; row < l.rows; row++) {
      int64_t at = static_cast<int64_t>(row) * w.line + n * w.tiles_w,
              y = l.filter * map + static_cast<int64_t>(l.first + row) * w.tiles_w;
      write_row<1>(l, l.planes + at, w.tiles_w, map - static_cast<int64_t>(l.first + row) * w.tiles_w,
                   l.to.y + n * l.to.y_stride + y);
      if (l.to.index) __builtin_memcpy(l.to.index + n * l.to.index_stride + y, places + at, w.tiles_w);
    }
}

// Into rows of a block: block[sample][row].
template <int TILE_W>
void write_block_rows(const Output& l, float* block) {
  const WinogradShape& w = l.z.w;
  for (int n = 0; n < w.samples; n++)
    for (int row = 0; row < l.rows; row++)
      for (int i = 0; i < w.tile_h; i++)
        join_row<TILE_W>(l.planes + i * TILE_W * l.z.out_plane + static_cast<int64_t>(row) * w.line + n * w.tiles_w,
                         l.z.out_plane, static_cast<int64_t>(w.tiles_w) * TILE_W,
                         block + ((static_cast<int64_t>(n) * l.z.rows + row) * w.tile_h + i) * l.z.width);
}

// The argmax of each window; a window is a tile of four outputs.
Best best_of_tile(const Vector* y) {
  IntVector right = beats(y[1], y[0]), right2 = beats(y[3], y[2]);
  Vector first = select(right, y[1], y[0]), second = select(right2, y[3], y[2]);
  IntVector below = beats(second, first);
  return {select(below, second, first), below ? 2 - right2 : -right};
}

// Transforms all products of one filter; adds bias and activation where that is possible on whole vectors.
template <int TILE_H, int TILE_W>
void write_outputs(const Output& l, OutputPath path, const float* m, int64_t point, float* block) {
  int64_t tiles = static_cast<int64_t>(l.rows) * l.z.w.line, plane = l.z.out_plane;
  float bias = l.to.bias ? l.to.bias[l.filter] : 0.0f;
  uint8_t* places = reinterpret_cast<uint8_t*>(l.planes + plane);
  with_activation(path == OutputPath::kRows ? LAMELLA_IDENTITY : l.s.activation, [&](auto kind) {
    for (int64_t t = 0; t < tiles; t += kLanes) {
      Vector y[TILE_H][TILE_W];
      transform_output<TILE_H, TILE_W>(m + t, point, y);
      if constexpr (TILE_H * TILE_W == 4) {
        if (path == OutputPath::kPooled) {
          Best best = best_of_tile(&y[0][0]);
          store(l.planes + t, activate(kind.value, l.s.slope, best.value + bias));
          store_bytes(places + t, best.place);
          continue;
        }
      }
      Vector shift = splat(path == OutputPath::kRows ? 0.0f : bias);
#pragma GCC unroll 4
      for (int i = 0; i < TILE_H; i++)
#pragma GCC unroll 4
        for (int j = 0; j < TILE_W; j++)
          store(l.planes + (i * TILE_W + j) * plane + t, activate(kind.value, l.s.slope, y[i][j] + shift));
    }
  });
  if (path == OutputPath::kPlain)
    write_plain<TILE_W>(l);
  else if (path == OutputPath::kPooled)
    write_pooled(l);
  else
    write_block_rows<TILE_W>(l, block + l.filter * l.z.block_filter);
}

using Writer = void (*)(const Output&, OutputPath, const float*, int64_t, float*);

Writer writer_of(const WinogradShape& w) {
  if (w.tile_h == 1) return w.tile_w == 4 ? write_outputs<1, 4> : write_outputs<1, 2>;
  return w.tile_w == 4 ? write_outputs<4, 4> : write_outputs<2, 2>;
}

// The arrays of the pass.
struct Work {
  float *planes, *v, *m, *out, *block;
  int64_t floats;

  explicit Work(const Sizes& z, float* memory = nullptr) {
    Carver carver(memory);
    planes = carver.take(z.planes);
    v = carver.take(z.v);
    m = carver.take(z.m);
    out = carver.take(round_up(z.out, kLanes));
    block = carver.take(z.block);
    floats = carver.floats();
  }
};

}  // namespace

int64_t winograd_forward_workspace_floats(const Convolution& s, int samples) {
  int64_t most = 0;
  for (int n = 1; n <= samples; n++) {  // fewer samples may be processed in larger blocks
    most = larger(most, Work(sizes_of(s, n)).floats);
  }
  return most;
}

void winograd_forward(const Convolution& s, int samples, const float* x, int64_t x_stride, const float* packed,
                      const WinogradOutput& to, float* work) {
  Sizes z = sizes_of(s, samples);
  const WinogradShape& w = z.w;
  Work arrays(z, work);
  float *planes = arrays.planes, *v = arrays.v, *m = arrays.m, *out = arrays.out, *block = arrays.block;
  OutputPath path = output_path(s, w);
  Writer write = writer_of(w);
  Image image = image_of(s, samples, x, x_stride);
  int64_t v_point = point_floats(w.channels * z.row_floats), m_point = point_floats(z.run * z.row_floats);
  for (int first = 0; first < w.tiles_h; first += z.rows) {
    int rows = smaller(z.rows, w.tiles_h - first);
    int64_t tiles = static_cast<int64_t>(rows) * w.line;
    winograd_input(s, w, image, first, rows, v, z.row_floats, planes);
    for (int k = 0; k < s.filters; k += z.run) {
      int filters = smaller(z.run, s.filters - k);
      for (int p = 0; p < w.points; p++)
        for_each_tile(filters, tiles, [&](int64_t row, int64_t n) {
          return Tile{w.channels,
                      packed + (static_cast<int64_t>(p) * s.filters + k + row) * w.channels,
                      w.channels,
                      1,
                      nullptr,
                      v + p * v_point + n,
                      z.row_floats,
                      nullptr,
                      m + p * m_point + row * z.row_floats + n,
                      z.row_floats,
                      false};
        });
      for (int i = 0; i < filters; i++)
        write(Output{s, z, to, first, rows, k + i, out}, path, m + i * z.row_floats, m_point, block);
    }
    if (path != OutputPath::kRows) continue;
    for (int n = 0; n < samples; n++)
      finish_rows(s, block + static_cast<int64_t>(n) * z.rows * w.tile_h * z.width, z.block_filter, z.width,
                  first * w.tile_h, (first + rows) * w.tile_h, to.bias, to.y + n * to.y_stride,
                  to.index ? to.index + n * to.index_stride : nullptr, to.accumulate);
  }
}

}  // namespace lamella::LAMELLA_ISA
