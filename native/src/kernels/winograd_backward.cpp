// Winograd convolution, backward: see winograd.h.
#include "transpose.h"
#include "winograd.h"

namespace lamella::LAMELLA_LEVEL {
namespace {

// dU is read and written once a block: large blocks, whose V and M come from the third-level cache.
constexpr int64_t kBlockBytes = 2 << 20;

// The convolution that makes dx from g: as many channels as there are filters, and the other way round.
Convolution turned_shape(const Convolution& s) {
  Convolution t = s;
  t.channels = s.filters, t.filters = s.channels;
  t.height = s.out_h, t.width = s.out_w, t.out_h = s.height, t.out_w = s.width;
  t.pad_h = s.kernel_h - 1 - s.pad_h, t.pad_w = s.kernel_w - 1 - s.pad_w;
  t.taps = t.channels * t.kernel_h * t.kernel_w;
  t.activation = LAMELLA_IDENTITY;
  return t;
}

// g, cut into the tiles of the forward pass: as an image without a border that they do not overlap on.
int64_t tiled_floats(const Convolution& s, const WinogradShape& w) {
  return static_cast<int64_t>(s.filters) * w.tiles_h * w.tile_h * w.tiles_w * w.tile_w;
}

// A g A^T of a vector of tiles of one filter; rows of g lie `width` floats apart, in pieces.
template <int TILE_H, int TILE_W>
void transform_gradient(const float* const* pieces, int64_t width, float* m, int64_t point) {
  Vector columns[TILE_H][TILE_W];
#pragma GCC unroll 4
  for (int i = 0; i < TILE_H; i++) {
    Vector p[TILE_W];
#pragma GCC unroll 4
    for (int v = 0; v < TILE_W; v++) p[v] = load(pieces[v] + i * width);
    if constexpr (TILE_W == 2) {
      columns[i][0] = every_second<0>(p[0], p[1]), columns[i][1] = every_second<1>(p[0], p[1]);
    } else {
      Vector even = every_second<0>(p[0], p[1]), even2 = every_second<0>(p[2], p[3]);
      Vector odd = every_second<1>(p[0], p[1]), odd2 = every_second<1>(p[2], p[3]);
      columns[i][0] = every_second<0>(even, even2), columns[i][2] = every_second<1>(even, even2);
      columns[i][1] = every_second<0>(odd, odd2), columns[i][3] = every_second<1>(odd, odd2);
    }
  }
  Vector rows[TILE_H == 1 ? 1 : kPoints][TILE_W];
#pragma GCC unroll 4
  for (int j = 0; j < TILE_W; j++) {
    if constexpr (TILE_H == 1) {
      rows[0][j] = columns[0][j];
    } else {
      Vector in[TILE_H], out[kPoints];
#pragma GCC unroll 4
      for (int i = 0; i < TILE_H; i++) in[i] = columns[i][j];
      gradient_points<TILE_H>(in, out);
#pragma GCC unroll 6
      for (int i = 0; i < kPoints; i++) rows[i][j] = out[i];
    }
  }
#pragma GCC unroll 6
  for (int i = 0; i < (TILE_H == 1 ? 1 : kPoints); i++) {
    Vector out[kPoints];
    gradient_points<TILE_W>(rows[i], out);
#pragma GCC unroll 6
    for (int j = 0; j < kPoints; j++) store(m + (i * kPoints + j) * point, out[j]);
  }
}

using Transform = void (*)(const float* const*, int64_t, float*, int64_t);

Transform gradient_transform(const WinogradShape& w) {
  if (w.tile_h == 1) return w.tile_w == 4 ? transform_gradient<1, 4> : transform_gradient<1, 2>;
  return w.tile_w == 4 ? transform_gradient<4, 4> : transform_gradient<2, 2>;
}

// g of one sample with rows and columns filled up with zeros to whole tiles; adds the bias's gradient.
void tile_gradient(const Convolution& s, const WinogradShape& w, const float* y, const float* dy, float* tiled, float* db) {
  int64_t plane = static_cast<int64_t>(s.out_h) * s.out_w, row = static_cast<int64_t>(w.tiles_w) * w.tile_w;
  __builtin_memset(tiled, 0, tiled_floats(s, w) * sizeof(float));
  for (int k = 0; k < s.filters; k++) {
    float* to = tiled + static_cast<int64_t>(k) * w.tiles_h * w.tile_h * row;
    float total = 0;
    for (int p = 0; p < s.out_h; p++, to += row) {
      int64_t at = k * plane + static_cast<int64_t>(p) * s.out_w;
      slope_all(s.activation, s.slope, s.out_w, y + at, dy + at, to);
      total += sum(to, s.out_w);
    }
    db[k] += total;
  }
}

struct Sizes {
  int segments;
  int64_t row, wide, bordered, tiled, line, v, turned, m, du;
};

Sizes sizes_of(const Convolution& s, int samples) {
  WinogradShape w = winograd_shape(s);
  Sizes z = {};
  z.segments = winograd_segments(s, samples, kBlockBytes);
  z.row = round_up(static_cast<int64_t>(z.segments) * w.tiles_w, kLanes);
  z.wide = padded_columns(s.channels);
  z.bordered = winograd_bordered_floats(s, samples);
  z.tiled = round_up(samples * tiled_floats(s, w) + 4 * kLanes, kLanes);
  z.line = round_up(winograd_line_floats(s), kLanes);
  z.v = round_up(w.points * (s.channels * z.row + kLanes), kLanes);
  z.turned = z.row * z.wide;
  z.m = round_up(w.points * (s.filters * z.row + kLanes), kLanes);
  z.du = w.points * s.filters * z.wide;
  return z;
}

// dw += G^T dU G, vectors along the channels.
template <int R, int S> void add_filter_gradient(const Convolution& s, const float* du, int64_t wide, float* partial) {
  int64_t point = s.filters * wide;
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
    if (s.kernel_w == 3) add_filter_gradient<1, 3>(s, du, wide, partial);
    else add_filter_gradient<1, 5>(s, du, wide, partial);
  } else {
    if (s.kernel_w == 3) add_filter_gradient<3, 3>(s, du, wide, partial);
    else add_filter_gradient<5, 5>(s, du, wide, partial);
  }
}

}  // namespace

int64_t winograd_partial_floats(const Convolution& s) {
  return static_cast<int64_t>(s.filters) * s.kernel_h * s.kernel_w * padded_columns(s.channels);
}

int64_t winograd_backward_workspace_floats(const Convolution& s, int samples) {
  int64_t gradient = 0;
  for (int n = 1; n <= samples; n++) {  // fewer samples may go in larger blocks
    Sizes z = sizes_of(s, n);
    gradient = larger(gradient, z.bordered + z.tiled + z.line + z.v + z.turned + z.m + z.du);
  }
  int64_t g = round_up(static_cast<int64_t>(samples) * s.filters * s.out_h * s.out_w, kLanes);
  return larger(gradient, g + winograd_forward_workspace_floats(turned_shape(s), samples));
}

void winograd_backward(const Convolution& s, int samples, const float* x, int64_t x_stride, const float* packed,
                       const float* y, int64_t y_stride, const float* dy, int64_t dy_stride, float* partial, float* dx,
                       int64_t dx_stride, bool accumulate, float* work) {
  WinogradShape w = winograd_shape(s);
  Sizes z = sizes_of(s, samples);
  float* bordered = work;
  float* tiled = bordered + z.bordered;
  float* line = tiled + z.tiled;
  float* v = line + z.line;
  float* turned = v + z.v;
  float* m = turned + z.turned;
  float* du = m + z.m;
  Transform transform = gradient_transform(w);
  Pieces pieces = pieces_of(w);
  WinogradImage image = winograd_image(s, samples, x, x_stride, bordered);
  for (int n = 0; n < samples; n++)
    tile_gradient(s, w, y + n * y_stride, dy + n * dy_stride, tiled + n * tiled_floats(s, w),
                  partial + winograd_partial_floats(s));
  int all = samples * w.tiles_h;
  int64_t v_point = s.channels * z.row + kLanes, m_point = s.filters * z.row + kLanes;
  int64_t g_row = static_cast<int64_t>(w.tiles_w) * w.tile_w, g_plane = w.tiles_h * w.tile_h * g_row;
  for (int first = 0; first < all; first += z.segments) {
    int count = smaller(z.segments, all - first);
    int64_t tiles = static_cast<int64_t>(count) * w.tiles_w;
    winograd_input(s, image, first, count, v, z.row, line);
    for (int k = 0; k < s.filters; k++)
      for_each_vector(w, count, [&](int q, int segment, int shared) {
        const float* from[4];
        for (int piece = 0; piece < w.tile_w; piece++) {
          int own = first + segment + smaller(piece / pieces.each, shared - 1);
          from[piece] = tiled + own / w.tiles_h * tiled_floats(s, w) + k * g_plane +
                        static_cast<int64_t>(own % w.tiles_h) * w.tile_h * g_row + static_cast<int64_t>(q) * w.tile_w +
                        piece % pieces.each * kLanes;
        }
        transform(from, g_row, m + k * z.row + static_cast<int64_t>(segment) * w.tiles_w + q, m_point);
      });
    for (int p = 0; p < w.points; p++) {
      transpose_block(s.channels, tiles, v + p * v_point, z.row, turned, z.wide);
      if (z.wide > s.channels)
        for (int64_t t = 0; t < tiles; t++)
          for (int64_t c = s.channels; c < z.wide; c++) turned[t * z.wide + c] = 0;
      for_each_tile(s.filters, s.channels, [&](int64_t k, int64_t c) {
        return Tile{tiles, m + p * m_point + k * z.row, z.row, 1, nullptr, turned + c, z.wide, nullptr,
                    du + (p * static_cast<int64_t>(s.filters) + k) * z.wide + c, z.wide, first > 0};
      });
    }
  }
  filter_gradient(s, du, z.wide, partial);
  if (!dx) return;
  Convolution t = turned_shape(s);
  WinogradOutput to{nullptr, dx, dx_stride, nullptr, 0, accumulate};
  if (s.activation == LAMELLA_IDENTITY) {
    winograd_forward(t, samples, dy, dy_stride, packed, to, work);
    return;
  }
  int64_t maps = static_cast<int64_t>(s.filters) * s.out_h * s.out_w;
  for (int n = 0; n < samples; n++)
    slope_all(s.activation, s.slope, maps, y + n * y_stride, dy + n * dy_stride, work + n * maps);
  winograd_forward(t, samples, work, maps, packed, to, work + round_up(samples * maps, kLanes));
}

}  // namespace lamella::LAMELLA_LEVEL
