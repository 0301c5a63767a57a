// The transforms of Winograd convolution: filters and images in.
#include "transpose.h"
#include "winograd.h"

namespace lamella::LAMELLA_LEVEL {

WinogradShape winograd_shape(const Convolution& s) {
  WinogradShape w = {};
  w.tile_h = s.kernel_h == 1 ? 1 : kPoints + 1 - s.kernel_h, w.tile_w = kPoints + 1 - s.kernel_w;
  w.points_h = s.kernel_h == 1 ? 1 : kPoints, w.points = w.points_h * kPoints;
  int rows = s.pool ? (s.pooled_h - 1) * s.pool_stride_h + s.pool_h : s.out_h;
  int columns = s.pool ? (s.pooled_w - 1) * s.pool_stride_w + s.pool_w : s.out_w;
  w.tiles_h = (rows + w.tile_h - 1) / w.tile_h, w.tiles_w = (columns + w.tile_w - 1) / w.tile_w;
  w.bordered_h = w.tiles_h * w.tile_h + s.kernel_h - 1, w.bordered_w = w.tiles_w * w.tile_w + s.kernel_w - 1;
  w.width = round_up(w.tiles_w, kLanes) * w.tile_w;
  return w;
}

int winograd_segments(const Convolution& s, int samples, int64_t bytes) {
  WinogradShape w = winograd_shape(s);
  int64_t all = static_cast<int64_t>(samples) * w.tiles_h;
  int64_t fit = bytes / (static_cast<int64_t>(sizeof(float)) * w.points * (s.channels + s.filters));
  int64_t most = larger<int64_t>(larger<int64_t>(fit, kMaxVectors * kLanes) / w.tiles_w, 1);
  // Of the sizes around that one the one that leaves the fewest lanes idle, in all blocks together.
  int64_t least = smaller((most + 1) / 2, all), largest = larger(smaller(3 * most / 2, all), least);
  int64_t best = least, fewest = INT64_MAX;
  for (int64_t n = least; n <= largest; n++) {
    int64_t lanes = all / n * round_up(n * w.tiles_w, kLanes) + round_up(all % n * w.tiles_w, kLanes);
    if (lanes <= fewest) fewest = lanes, best = n;
  }
  return static_cast<int>(best);
}

int64_t winograd_bordered_floats(const Convolution& s, int samples) {
  WinogradShape w = winograd_shape(s);
  return round_up(static_cast<int64_t>(samples) * s.channels * w.bordered_h * w.bordered_w + kPoolSlack, kLanes);
}

WinogradImage winograd_image(const Convolution& s, int samples, const float* x, int64_t x_stride, float* bordered) {
  WinogradShape w = winograd_shape(s);
  int64_t plane = static_cast<int64_t>(w.bordered_h) * w.bordered_w;
  bool inside = s.pad_h == 0 && s.pad_w == 0 && w.bordered_h <= s.height && w.bordered_w <= s.width &&
                w.bordered_w >= kLanes && w.points_h > 1;
  if (inside) return {x, x_stride, static_cast<int64_t>(s.height) * s.width, s.width};
  __builtin_memset(bordered, 0, winograd_bordered_floats(s, samples) * sizeof(float));
  int rows = smaller(s.height, w.bordered_h - s.pad_h), columns = smaller(s.width, w.bordered_w - s.pad_w);
  for (int n = 0; n < samples; n++)
    for (int c = 0; c < s.channels; c++) {
      float* to = bordered + (static_cast<int64_t>(n) * s.channels + c) * plane + static_cast<int64_t>(s.pad_h) * w.bordered_w;
      const float* from = x + n * x_stride + static_cast<int64_t>(c) * s.height * s.width;
      for (int h = 0; h < rows; h++)
        __builtin_memcpy(to + static_cast<int64_t>(h) * w.bordered_w + s.pad_w, from + static_cast<int64_t>(h) * s.width,
                         columns * sizeof(float));
    }
  return {bordered, s.channels * plane, plane, w.bordered_w};
}

namespace {

// B^T over six rows at once: line[point][column]; one pass serves all tiles of the row. Reads whole vectors and nothing
// behind the row, unless the row is shorter than a vector.
void transform_rows(const float* image, int64_t image_row, int64_t width, int64_t columns, float* line) {
  for (int64_t at = 0; at < width; at += kLanes) {
    int64_t i = larger<int64_t>(smaller<int64_t>(at, width - kLanes), 0);
    Vector d[kPoints], v[kPoints];
#pragma GCC unroll 6
    for (int r = 0; r < kPoints; r++) d[r] = load(image + r * image_row + i);
    input_points(d, v);
#pragma GCC unroll 6
    for (int r = 0; r < kPoints; r++) store(line + r * columns + i, v[r]);
  }
}

// Column j of every tile, j = 0 ... 5, as vectors; p: the pieces.
template <int TILE> void six_columns(const float* const* p, Vector* d) {
  if constexpr (TILE == 2) {
#pragma GCC unroll 3
    for (int j = 0; j < 3; j++) {
      Vector low = load(p[0] + 2 * j), high = load(p[1] + 2 * j);
      d[2 * j] = every_second<0>(low, high), d[2 * j + 1] = every_second<1>(low, high);
    }
  } else {
    Vector first[4], next[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) first[i] = load(p[i]), next[i] = load(p[i] + 4);
    Vector even = every_second<0>(first[0], first[1]), even2 = every_second<0>(first[2], first[3]);
    Vector odd = every_second<1>(first[0], first[1]), odd2 = every_second<1>(first[2], first[3]);
    d[0] = every_second<0>(even, even2), d[2] = every_second<1>(even, even2);
    d[1] = every_second<0>(odd, odd2), d[3] = every_second<1>(odd, odd2);
    d[4] = every_second<0>(every_second<0>(next[0], next[1]), every_second<0>(next[2], next[3]));
    d[5] = every_second<0>(every_second<1>(next[0], next[1]), every_second<1>(next[2], next[3]));
  }
}

template <int TILE> void transform_columns(const float* const* pieces, float* v, int64_t point) {
  Vector d[kPoints], out[kPoints];
  six_columns<TILE>(pieces, d);
  input_points(d, out);
#pragma GCC unroll 6
  for (int j = 0; j < kPoints; j++) store(v + j * point, out[j]);
}

// V of one channel: lines of the segments that share a vector, then their tiles.
template <int TILE>
void transform_channel(const WinogradShape& w, const WinogradImage& image, int channel, int first, int count, float* v,
                       int64_t point, float* lines) {
  Pieces pieces = pieces_of(w);
  int64_t columns = round_up(w.bordered_w, kLanes), stride = kPoints * columns + kPoolSlack;
  for_each_vector(w, count, [&](int q, int segment, int shared) {
    const float* p[TILE];
    for (int i = 0; i < TILE; i++) p[i] = lines;
    for (int i = 0; i < shared; i++) {
      int at = first + segment + i;
      const float* from = image.start + at / w.tiles_h * image.sample + channel * image.plane +
                          static_cast<int64_t>(at % w.tiles_h) * w.tile_h * image.row;
      const float* line = from;
      if (w.points_h > 1) {
        if (q == 0) transform_rows(from, image.row, w.bordered_w, columns, lines + i * stride);
        line = lines + i * stride;
      }
      for (int j = 0; j < pieces.each; j++) p[i * pieces.each + j] = line + static_cast<int64_t>(q) * TILE + j * kLanes;
    }
    float* to = v + static_cast<int64_t>(segment) * w.tiles_w + q;
    for (int r = 0; r < w.points_h; r++, to += kPoints * point) {
      transform_columns<TILE>(p, to, point);
      for (int i = 0; i < TILE; i++) p[i] += columns;
    }
  });
}

}  // namespace

int64_t winograd_line_floats(const Convolution& s) {
  WinogradShape w = winograd_shape(s);
  return pieces_of(w).segments * (kPoints * round_up(w.bordered_w, kLanes) + kPoolSlack) + (w.tile_w + 1) * kLanes;
}

// What a vector writes behind the last tile of its segment, the next segment or the next channel overwrites; behind the
// last channel there is slack.
void winograd_input(const Convolution& s, const WinogradImage& image, int first, int count, float* v, int64_t row,
                    float* lines) {
  WinogradShape w = winograd_shape(s);
  int64_t point = s.channels * row + kLanes;
  for (int c = 0; c < s.channels; c++) {
    if (w.tile_w == 4) transform_channel<4>(w, image, c, first, count, v + c * row, point, lines);
    else transform_channel<2>(w, image, c, first, count, v + c * row, point, lines);
  }
}

namespace {

// G W G^T of kLanes filters at once; taps: [r][s] in memory, vectors side by side. The first n lanes go to `to`.
template <int R, int S> void transform_filters(const float* taps, int64_t n, float* to, int64_t point) {
  constexpr int kRows = R == 1 ? 1 : kPoints;
  Vector lines[kRows][S];
#pragma GCC unroll 5
  for (int q = 0; q < S; q++) {
    Vector column[R], out[kRows];
#pragma GCC unroll 5
    for (int r = 0; r < R; r++) column[r] = load(taps + (r * S + q) * kLanes);
    if constexpr (R == 1) out[0] = column[0];
    else filter_points<R>(column, out);
#pragma GCC unroll 6
    for (int i = 0; i < kRows; i++) lines[i][q] = out[i];
  }
  for (int i = 0; i < kRows; i++) {
    Vector out[kPoints];
    filter_points<S>(lines[i], out);
    for (int j = 0; j < kPoints; j++, to += point) {
      if (n == kLanes) store(to, out[j]);
      else for (int64_t l = 0; l < n; l++) to[l] = out[j][l];
    }
  }
}

// Filters [first, last) as they lie, vectors along the channels: U[point][filter][channel].
template <int R, int S> void pack_channels(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last) {
  float taps[R * S * kLanes] = {};
  for (int64_t k = first; k < last; k++)
    for (int64_t c = 0; c < s.channels; c += kLanes) {
      int64_t n = smaller<int64_t>(kLanes, s.channels - c);
      transpose_block(n, R * S, w + (k * s.channels + c) * R * S, R * S, taps, kLanes);
      transform_filters<R, S>(taps, n, packed + k * s.channels + c, static_cast<int64_t>(s.filters) * s.channels);
    }
}

// Turned round, vectors along the filters: U[point][channel][filter].
template <int R, int S> void pack_filters_turned(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last) {
  constexpr int64_t kTogether = 8;  // channels, so that the transposition sees whole squares
  float turned[kTogether * R * S * kLanes] = {}, taps[R * S * kLanes];
  for (int64_t k = first; k < last; k += kLanes)
    for (int64_t c = 0; c < s.channels; c += kTogether) {
      int64_t n = smaller<int64_t>(kLanes, last - k), channels = smaller<int64_t>(kTogether, s.channels - c);
      transpose_block(n, channels * R * S, w + (k * s.channels + c) * R * S, s.taps, turned, kLanes);
      for (int64_t i = 0; i < channels; i++) {
        for (int t = 0; t < R * S; t++) store(taps + t * kLanes, load(turned + ((i + 1) * R * S - 1 - t) * kLanes));
        transform_filters<R, S>(taps, n, packed + (c + i) * s.filters + k, static_cast<int64_t>(s.filters) * s.channels);
      }
    }
}

template <int R, int S>
void pack(const Convolution& s, bool turned, const float* w, float* packed, int64_t first, int64_t last) {
  if (turned) pack_filters_turned<R, S>(s, w, packed, first, last);
  else pack_channels<R, S>(s, w, packed, first, last);
}

}  // namespace

void winograd_pack(const Convolution& s, bool turned, const float* w, float* packed, int64_t first, int64_t last) {
  auto chosen = s.kernel_w == 3 ? (s.kernel_h == 1 ? pack<1, 3> : pack<3, 3>) : (s.kernel_h == 1 ? pack<1, 5> : pack<5, 5>);
  chosen(s, turned, w, packed, first, last);
}

}  // namespace lamella::LAMELLA_LEVEL
