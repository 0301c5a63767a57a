// The dense backward passes of convolution + activation, one sample. For a fused max pool argmax_backward.cpp needs
// fewer multiply-adds.
//   g[k][y][x]       = dy * act'(y)
//   dw[c][r][s][k]  += sum over y,x of x[c][y+r][x+s] * g[k][y][x]
//   db[k]           += sum over y,x of g[k][y][x]
//   dx[c][y+r][x+s] += sum over k of w[k][c][r][s] * g[k][y][x]
// Within a chunk the filter gradient is stored as [taps][filters], so that the image is broadcast in its own layout and
// only g is transposed. join_convolution() transposes the gradient once per step.
#include "argmax.h"
#include "convolution.h"
#include "transpose.h"
#include "winograd.h"

namespace lamella::LAMELLA_ISA {
namespace {

int64_t positions_of(const Convolution& s) { return static_cast<int64_t>(s.out_h) * s.out_w; }
int64_t map_stride(const Convolution& s) { return round_up(positions_of(s), kLanes) + kSlack; }

// Positions whose transposed gradients stay in the second-level cache.
constexpr int64_t kPositionBlock = 256;

void slope_gradient(const Convolution& s, const float* y, const float* dy, float* g) {
  int64_t stride = map_stride(s), positions = positions_of(s);
  for (int k = 0; k < s.filters; k++) {
    slope_all(s.activation, s.slope, positions, y + k * positions, dy + k * positions, g + k * stride);
    __builtin_memset(g + k * stride + positions, 0, (stride - positions) * sizeof(float));
  }
}

// A 1x1 filter that reads every position once: the padded copy would be the maps themselves.
bool pointwise(const Convolution& s) { return s.taps == s.channels && s.padded_h * s.padded_w == positions_of(s); }

void filter_gradient(const Convolution& s, const float* padded_map, const float* g, float* dw, float* transposed) {
  int64_t positions = positions_of(s), stride = map_stride(s), wide = padded_columns(s.filters);
  // Rows of a tile are taps at one constant distance: channels of one (r, s), or neighbours s of one (c, r).
  bool along_channels = s.channels >= 6 || s.kernel_w == 1 || s.stride_w > 1;
  int64_t plane = static_cast<int64_t>(s.padded_h) * s.padded_w;
  int64_t outer = along_channels ? s.kernel_h * s.kernel_w : s.channels * s.kernel_h;
  int64_t inner = along_channels ? s.channels : s.kernel_w;
  for (int64_t begin = 0; begin < positions; begin += kPositionBlock) {
    int64_t count = smaller(kPositionBlock, positions - begin);
    for (int64_t j = 0; j < count; j++)
      for (int64_t k = s.filters; k < wide; k++) transposed[j * wide + k] = 0;
    transpose_block(s.filters, count, g + begin, stride, transposed, wide);
    for (int64_t o = 0; o < outer; o++) {
      int64_t first_tap = along_channels ? o : o * s.kernel_w;
      int64_t tap_step = along_channels ? static_cast<int64_t>(s.kernel_h) * s.kernel_w : 1;
      for_each_tile(inner, s.filters, [&](int64_t m, int64_t k) {
        int64_t tap = first_tap + m * tap_step;
        return Tile{count,
                    padded_map + s.tap_table[tap],
                    along_channels ? plane : 1,
                    0,
                    s.position_table + begin,
                    transposed + k,
                    wide,
                    nullptr,
                    dw + tap * wide + k,
                    tap_step * wide,
                    true};
      });
    }
  }
}

// Adds whole vectors even at the end: zeros beyond the run; both buffers have slack.
void add_run(int64_t run, const float* from, float* to) {
  const IntVector lane = lane_numbers();
  for (int64_t i = 0; i < run; i += kLanes) {
    IntVector inside = lane < static_cast<int32_t>(run - i);
    store(to + i, load(to + i) + select(inside, load(from + i), Vector{}));
  }
}

// The outer loop is over taps, not positions: the next tap of the same position overlaps the values just stored by one
// float, and its load would wait for that store.
void add_to_image(const Convolution& s, const float* tile, int64_t tile_row, int64_t taps, int64_t first_tap,
                  int64_t begin, int64_t count, float* image) {
  for (int64_t t = 0; t < taps; t++) {
    float* to = image + s.tap_table[first_tap + t];
    int64_t run = smaller<int64_t>(count, s.out_w - begin % s.out_w);
    for (int64_t j = 0; j < count; j += run, run = smaller<int64_t>(count - j, s.out_w))
      add_run(run, tile + t * tile_row + j, to + s.position_table[begin + j]);
  }
}

// Writes n floats of dx, `step` apart.
void write_run(const float* from, int64_t n, bool accumulate, int step, float* dx) {
  if (step > 1)
    for (int64_t i = 0; i < n; i++) dx[i * step] = from[i] + (accumulate ? dx[i * step] : 0.0f);
  else if (accumulate)
    each(n, dx, from, dx, [](Vector a, Vector b) { return a + b; });
  else
    __builtin_memcpy(dx, from, n * sizeof(float));
}

// dx of a 1x1 filter, stored directly where vectors are full.
void pointwise_data_gradient(const Convolution& s, const float* w, const float* g, float* dx, bool accumulate) {
  int64_t positions = positions_of(s), stride = map_stride(s), whole = positions / kLanes * kLanes;
  for_each_tile(s.channels, whole, [&](int64_t c, int64_t n) {
    return Tile{s.filters, w + c,     1, s.taps, nullptr, g + n, stride, nullptr, dx + c * positions + n,
                positions, accumulate};
  });
  if (whole == positions) return;
  float tile[kMaxRows[1] * kLanes];
  for (int64_t c = 0; c < s.channels; c += kMaxRows[1]) {
    int rows = static_cast<int>(smaller<int64_t>(kMaxRows[1], s.channels - c));
    multiply_tile(rows, 1, Tile{s.filters, w + c, 1, s.taps, nullptr, g + whole, stride, nullptr, tile, kLanes, false});
    for (int i = 0; i < rows; i++)
      write_run(tile + i * kLanes, positions - whole, accumulate, 1, dx + (c + i) * positions + whole);
  }
}

void data_gradient(const Convolution& s, const float* w, const float* g, float* dx, bool accumulate, float* image) {
  int64_t positions = positions_of(s), stride = map_stride(s);
  __builtin_memset(image, 0, padded_floats(s) * sizeof(float));
  float tile[kMaxRows[1] * kSlack + kSlack] = {};
  int64_t wide = static_cast<int64_t>(tile_vectors(positions)) * kLanes;
  for (int64_t n = 0; n < positions; n += wide) {
    int64_t count = smaller(wide, positions - n);
    int vectors = static_cast<int>(padded_columns(count) / kLanes), most = kMaxRows[vectors];
    for (int64_t t = 0; t < s.taps; t += most) {
      int rows = static_cast<int>(smaller<int64_t>(most, s.taps - t));
      multiply_tile(rows, vectors,
                    Tile{s.filters, w + t, 1, s.taps, nullptr, g + n, stride, nullptr, tile, vectors * kLanes, false});
      add_to_image(s, tile, vectors * kLanes, rows, t, n, count, image);
    }
  }
  for (int c = 0; c < s.channels; c++)
    for (int h = 0; h < s.height; h++)
      for (int phase = 0; phase < s.stride_w; phase++) {
        Phase p = phase_of(s, phase);
        write_run(
            image + (static_cast<int64_t>(c) * s.padded_h + h + s.pad_h) * s.padded_w + phase * s.phase_w + p.before,
            p.count, accumulate, s.stride_w, dx + (static_cast<int64_t>(c) * s.height + h) * s.width + p.first);
      }
}

// Floats of a chunk's filter gradients. The bias gradients follow them.
int64_t filter_gradient_floats(const Convolution& s) {
  switch (s.algorithm) {
    case LAMELLA_ARGMAX: return s.filters * argmax_filter_floats(s);
    case LAMELLA_WINOGRAD: return winograd_partial_floats(s);
    default: return s.taps * padded_columns(s.filters);
  }
}

// The arrays of the direct backward pass.
struct DirectWork {
  float* padded_map;  // the sample with its padding
  float* image;       // the gradient of padded_map
  float* g;           // gradient before the activation, [filters][map_stride]
  float* transposed;  // of a block of positions
  int64_t floats;

  explicit DirectWork(const Convolution& s, float* memory = nullptr) {
    Carver carver(memory);
    padded_map = carver.take(padded_floats(s));
    image = carver.take(padded_floats(s));
    g = carver.take(s.filters * map_stride(s));
    transposed = carver.take(kPositionBlock * padded_columns(s.filters));
    floats = carver.floats();
  }
};

void direct_backward(const Convolution& s, const float* x, const float* w, const float* y, const float* dy,
                     float* partial, float* dx, bool accumulate, float* work) {
  DirectWork arrays(s, work);
  float *padded_map = arrays.padded_map, *image = arrays.image, *g = arrays.g, *transposed = arrays.transposed;
  slope_gradient(s, y, dy, g);
  if (!pointwise(s)) padding(s, x, padded_map);
  filter_gradient(s, pointwise(s) ? x : padded_map, g, partial, transposed);
  float* db = partial + filter_gradient_floats(s);
  for (int k = 0; k < s.filters; k++) {
    Vector total = {};
    for (int64_t j = 0; j < round_up(positions_of(s), kLanes); j += kLanes) total += load(g + k * map_stride(s) + j);
    db[k] += sum(total);
  }
  if (!dx) return;
  if (pointwise(s))
    pointwise_data_gradient(s, w, g, dx, accumulate);
  else
    data_gradient(s, w, g, dx, accumulate, image);
}

}  // namespace

int64_t convolution_partial_floats(const lamella_convolution& op) {
  Convolution s = convolution_shape(op);
  return filter_gradient_floats(s) + padded_columns(s.filters);
}

int64_t convolution_backward_workspace_floats(const lamella_convolution& op, int samples) {
  Convolution s = convolution_shape(op);
  if (s.algorithm == LAMELLA_ARGMAX) return argmax_workspace_floats(s);
  if (s.algorithm == LAMELLA_WINOGRAD) return winograd_backward_workspace_floats(s, samples);
  return DirectWork(s).floats;
}

void convolution_backward(const Convolution& s, int samples, const float* w, const float* packed,
                          const ConvolutionMaps& maps, float* partial, bool accumulate, float* work) {
  if (s.algorithm == LAMELLA_WINOGRAD)
    return winograd_backward(s, samples, maps.x, maps.x_stride, packed, maps.y, maps.y_stride, maps.dy, maps.dy_stride,
                             partial, maps.dx, maps.dx_stride, accumulate, work);
  for (int n = 0; n < samples; n++) {
    const float *x = maps.x + n * maps.x_stride, *y = maps.y + n * maps.y_stride, *dy = maps.dy + n * maps.dy_stride;
    float* dx = maps.dx ? maps.dx + n * maps.dx_stride : nullptr;
    if (s.algorithm == LAMELLA_ARGMAX)
      argmax_backward(s, x, packed, y, dy, maps.index + n * maps.index_stride, partial, dx, accumulate, work);
    else
      direct_backward(s, x, w, y, dy, partial, dx, accumulate, work);
  }
}

void pack_filters(const lamella_convolution& op, const float* w, float* packed, int64_t first, int64_t last) {
  Convolution s = convolution_shape(op);
  if (s.algorithm == LAMELLA_ARGMAX)
    argmax_pack(s, w, packed, first, last);
  else
    winograd_pack(s, s.algorithm == LAMELLA_WINOGRAD_DATA, w, packed, first, last);
}

void join_convolution(const lamella_convolution& op, float* partials, int64_t stride, int chunks, float* dw, float* db,
                      int64_t first, int64_t last) {
  Convolution s = convolution_shape(op);
  auto total = [&](int64_t at, int64_t count) {  // into the first chunk, in chunk order
    for (int64_t i = at; i < at + count; i += kLanes) {
      Vector sum = load(partials + i);
      for (int c = 1; c < chunks; c++) sum += load(partials + c * stride + i);
      store(partials + i, sum);
    }
  };
  int64_t bias = filter_gradient_floats(s);
  total(bias + first, last - first);
  for (int64_t k = first; k < last && db; k++) db[k] = partials[bias + k];
  if (s.algorithm == LAMELLA_DIRECT) {  // [tap][filter]
    int64_t wide = padded_columns(s.filters);
    for (int t = 0; t < s.taps; t++) total(t * wide + first, last - first);
    return transpose_block(s.taps, last - first, partials + first, wide, dw + first * s.taps, s.taps);
  }
  // [filter][r][q][channel], rows and pixels padded as the algorithm requires.
  bool positions = s.algorithm == LAMELLA_ARGMAX;
  int64_t pixel = positions ? argmax_pixel_floats(s) : padded_columns(s.channels);
  int64_t row = positions ? argmax_row_floats(s) : s.kernel_w * pixel;
  for (int64_t k = first; k < last; k++) {
    total(k * s.kernel_h * row, s.kernel_h * row);
    for (int r = 0; r < s.kernel_h; r++)
      transpose_block(s.kernel_w, s.channels, partials + (k * s.kernel_h + r) * row, pixel,
                      dw + k * s.taps + r * s.kernel_w, static_cast<int64_t>(s.kernel_h) * s.kernel_w);
  }
}

namespace {

constexpr int64_t kFilterSlice = 16;  // whole vectors on every ISA

int64_t filter_units(const lamella_op& op) { return units_of(op.work.convolution.filters, kFilterSlice); }

Slice filters_of(const Call& c) { return slice(c.unit, kFilterSlice, c.op->work.convolution.filters); }

}  // namespace

const Operator convolution_backward_operator = {
    [](const Call& c) {
      convolution_backward(*c.convolution, static_cast<int>(c.last - c.first), c.floats(LAMELLA_WEIGHT),
                           c.floats(LAMELLA_AUXILIARY), maps_of(c), c.floats(LAMELLA_PARTIAL, c.chunk), c.accumulate(),
                           c.work);
    },
    nullptr,
    [](const lamella_op& op, const WorkspaceScope& scope) {
      return convolution_backward_workspace_floats(op.work.convolution, scope.group);
    },
    convolution_of};

const Operator join_convolution_operator = {
    [](const Call& c) {
      Slice s = filters_of(c);
      join_convolution(c.op->work.convolution, c.floats(LAMELLA_PARTIAL), c.float_stride(LAMELLA_PARTIAL), c.chunks,
                       c.floats(LAMELLA_DWEIGHT), c.floats(LAMELLA_DBIAS), s.first, s.last);
    },
    filter_units};

const Operator pack_filters_operator = {[](const Call& c) {
                                          Slice s = filters_of(c);
                                          pack_filters(c.op->work.convolution, c.floats(LAMELLA_WEIGHT),
                                                       c.floats(LAMELLA_AUXILIARY), s.first, s.last);
                                        },
                                        filter_units};

}  // namespace lamella::LAMELLA_ISA
