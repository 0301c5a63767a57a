// Winograd convolution, backward: see winograd.h.
#include "planes.h"
#include "winograd.h"

namespace lamella::LAMELLA_ISA {
namespace {

// dU is read and written once per block. Blocks are therefore large, and V and M stay in the third-level cache.
constexpr int64_t kBlockBytes = 2 << 20;

// The convolution that computes dx from g: channels and filters exchanged.
Convolution transposed_shape(const Convolution& s) {
  Convolution t = s;
  t.channels = s.filters, t.filters = s.channels;
  t.height = s.out_h, t.width = s.out_w, t.out_h = s.height, t.out_w = s.width;
  t.pad_h = s.kernel_h - 1 - s.pad_h, t.pad_w = s.kernel_w - 1 - s.pad_w;
  t.taps = t.channels * t.kernel_h * t.kernel_w;
  t.activation = LAMELLA_IDENTITY;
  return t;
}

// A g A^T of a run of tiles of one filter.
template <int TILE_H, int TILE_W>
void transform_gradient(const float* planes, int64_t plane, int64_t tiles, float* m, int64_t point) {
  constexpr int kRows = TILE_H == 1 ? 1 : kPoints;
  for (int64_t t = 0; t < tiles; t += kLanes) {
    Vector rows[kRows][TILE_W];
#pragma GCC unroll 4
    for (int j = 0; j < TILE_W; j++) {
      if constexpr (TILE_H == 1) {
        rows[0][j] = load(planes + j * plane + t);
      } else {
        Vector in[TILE_H], out[kPoints];
#pragma GCC unroll 4
        for (int i = 0; i < TILE_H; i++) in[i] = load(planes + (i * TILE_W + j) * plane + t);
        gradient_points<TILE_H>(in, out);
#pragma GCC unroll 6
        for (int i = 0; i < kPoints; i++) rows[i][j] = out[i];
      }
    }
#pragma GCC unroll 6
    for (int i = 0; i < kRows; i++) {
      Vector out[kPoints];
      gradient_points<TILE_W>(rows[i], out);
#pragma GCC unroll 6
      for (int j = 0; j < kPoints; j++) store(m + (i * kPoints + j) * point + t, out[j]);
    }
  }
}

// M of tile rows [first, first + rows): [points][filters][row_floats].
void gradient_points_of(const Convolution& s, const WinogradShape& w, const Image& g, int first, int rows,
                        float* planes, float* m, int64_t row_floats) {
  int64_t plane = plane_floats(w, rows), point = point_floats(s.filters * row_floats),
          tiles = static_cast<int64_t>(rows) * w.line;
  float* line = planes + w.tile_h * w.tile_w * plane;
  for (int k = 0; k < s.filters; k++) {
    if (w.tile_w == 4)
      split_channel<4, 4>(w, g, k, first, rows, line, planes, plane);
    else
      split_channel<2, 2>(w, g, k, first, rows, line, planes, plane);
    float* to = m + k * row_floats;
    if (w.tile_h == 1)
      (w.tile_w == 4 ? transform_gradient<1, 4> : transform_gradient<1, 2>)(planes, plane, tiles, to, point);
    else
      (w.tile_w == 4 ? transform_gradient<4, 4> : transform_gradient<2, 2>)(planes, plane, tiles, to, point);
  }
}

struct Sizes {
  WinogradShape w;
  int rows;
  int64_t row_floats, wide, planes, v, transposed, m, du;
};

Sizes sizes_of(const Convolution& s, int samples) {
  Sizes z = {};
  const WinogradShape& w = z.w = winograd_shape(s, samples);
  z.rows = winograd_block_rows(s, w, kBlockBytes);
  z.row_floats = round_up(static_cast<int64_t>(z.rows) * w.line, kLanes);
  z.wide = padded_columns(s.channels);
  z.planes = winograd_plane_floats(w, z.rows);
  z.v = w.points * point_floats(s.channels * z.row_floats);
  z.transposed = z.row_floats * z.wide;
  z.m = w.points * point_floats(s.filters * z.row_floats);
  z.du = w.points * point_floats(s.filters * z.wide);
  return z;
}

// dw += G^T dU G, vectors along the channels.
template <int R, int S>
void add_filter_gradient(const Convolution& s, const float* du, int64_t wide, float* partial) {
  int64_t point = point_floats(s.filters * wide);
  for (int64_t k = 0; k < s.filters; k++)
    for (int64_t c = 0; c < wide; c += kLanes) {
      Vector across[R][kPoints];
      for (int j = 0; j < kPoints; j++) {
        const float* from = du + j * point + k * wide + c;
        if constexpr (R == 1) {
          across[0][j] = load(from);
        } else {
          Vector column[kPoints], taps[R];
#pragma GCC unroll 6
          for (int i = 0; i < kPoints; i++) column[i] = load(from + i * kPoints * point);
          tap_points<R>(column, taps);
#pragma GCC unroll 5
          for (int r = 0; r < R; r++) across[r][j] = taps[r];
        }
      }
      for (int r = 0; r < R; r++) {
        Vector taps[S];
        tap_points<S>(across[r], taps);
        float* to = partial + (k * R + r) * S * wide + c;
#pragma GCC unroll 5
        for (int q = 0; q < S; q++) store(to + q * wide, load(to + q * wide) + taps[q]);
      }
    }
}

void filter_gradient(const Convolution& s, const float* du, int64_t wide, float* partial) {
  if (s.kernel_h == 1) {
    if (s.kernel_w == 3)
      add_filter_gradient<1, 3>(s, du, wide, partial);
    else
      add_filter_gradient<1, 5>(s, du, wide, partial);
  } else {
    if (s.kernel_w == 3)
      add_filter_gradient<3, 3>(s, du, wide, partial);
    else
      add_filter_gradient<5, 5>(s, du, wide, partial);
  }
}

}  // namespace

int64_t winograd_partial_floats(const Convolution& s) {
  return static_cast<int64_t>(s.filters) * s.kernel_h * s.kernel_w * padded_columns(s.channels);
}

namespace {

// Floats of g = dy * act'(y) of a group; 0 where g is dy itself.
int64_t gradient_floats(const Convolution& s, int samples) {
  if (s.activation == LAMELLA_IDENTITY) return 0;
  return round_up(static_cast<int64_t>(samples) * s.filters * s.out_h * s.out_w, kLanes);
}

// The arrays of the filter gradient.
struct Work {
  float *planes, *v, *transposed, *m, *du;
  int64_t floats;

  explicit Work(const Sizes& z, float* memory = nullptr) {
    Carver carver(memory);
    planes = carver.take(z.planes);
    v = carver.take(z.v);
    transposed = carver.take(z.transposed);
    m = carver.take(z.m);
    du = carver.take(z.du);
    floats = carver.floats();
  }
};

}  // namespace

int64_t winograd_backward_workspace_floats(const Convolution& s, int samples) {
  int64_t gradient = 0;
  for (int n = 1; n <= samples; n++) {  // fewer samples may be processed in larger blocks
    gradient = larger(gradient, Work(sizes_of(s, n)).floats);
  }
  return gradient_floats(s, samples) +
         larger(gradient, winograd_forward_workspace_floats(transposed_shape(s), samples));
}

void winograd_backward(const Convolution& s, int samples, const float* x, int64_t x_stride, const float* packed,
                       const float* y, int64_t y_stride, const float* dy, int64_t dy_stride, float* partial, float* dx,
                       int64_t dx_stride, bool accumulate, float* work) {
  Sizes z = sizes_of(s, samples);
  const WinogradShape& w = z.w;
  int64_t map = static_cast<int64_t>(s.out_h) * s.out_w, maps = s.filters * map;
  const float* g = dy;
  int64_t g_stride = dy_stride;
  if (s.activation != LAMELLA_IDENTITY) {
    for (int n = 0; n < samples; n++)
      slope_all(s.activation, s.slope, maps, y + n * y_stride, dy + n * dy_stride, work + n * maps);
    g = work, g_stride = maps;
  }
  work += gradient_floats(s, samples);
  float* db = partial + winograd_partial_floats(s);
  for (int n = 0; n < samples; n++)
    for (int k = 0; k < s.filters; k++) db[k] += sum(g + n * g_stride + k * map, map);
  Work arrays(z, work);
  float *planes = arrays.planes, *v = arrays.v, *transposed = arrays.transposed, *m = arrays.m, *du = arrays.du;
  Image image = image_of(s, samples, x, x_stride);
  Image gradient{g, g + (samples - 1) * g_stride + maps, g_stride, s.out_h, s.out_w, 0, 0};
  int64_t v_point = point_floats(s.channels * z.row_floats), m_point = point_floats(s.filters * z.row_floats);
  int64_t du_point = point_floats(s.filters * z.wide);
  for (int first = 0; first < w.tiles_h; first += z.rows) {
    int rows = smaller(z.rows, w.tiles_h - first);
    int64_t tiles = static_cast<int64_t>(rows) * w.line;
    winograd_input(s, w, image, first, rows, v, z.row_floats, planes);
    gradient_points_of(s, w, gradient, first, rows, planes, m, z.row_floats);
    for (int p = 0; p < w.points; p++) {
      transpose_block(s.channels, tiles, v + p * v_point, z.row_floats, transposed, z.wide);
      if (z.wide > s.channels)
        for (int64_t t = 0; t < tiles; t++)
          for (int64_t c = s.channels; c < z.wide; c++) transposed[t * z.wide + c] = 0;
      for_each_tile(s.filters, s.channels, [&](int64_t k, int64_t c) {
        return Tile{
            tiles,   m + p * m_point + k * z.row_floats, z.row_floats, 1,        nullptr, transposed + c, z.wide,
            nullptr, du + p * du_point + k * z.wide + c, z.wide,       first > 0};
      });
    }
  }
  filter_gradient(s, du, z.wide, partial);
  if (dx)
    winograd_forward(transposed_shape(s), samples, g, g_stride, packed,
                     {nullptr, dx, dx_stride, nullptr, 0, accumulate}, work);
}

}  // namespace lamella::LAMELLA_ISA
