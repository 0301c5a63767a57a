// Convolution + bias [+ max pool] + activation of one sample.
//   y[k][p][q] = act(b[k] + max over the pool window of sum over c,r,s of x[c][y+r][x+s] * w[k][c][r][s])
// Activations never decrease, so the maximum comes first: a quarter of the activations for 2 x 2, and the un-pooled
// map lives in a cache block only. index: the argmax's place in its window, row by row.
#include "convolution.h"
#include "pooling.h"
#include "winograd.h"

namespace lamella::LAMELLA_LEVEL {

int64_t convolution_table_count(const lamella_convolution& op) {
  return static_cast<int64_t>(op.input.channels) * op.kernel_h * op.kernel_w +
         static_cast<int64_t>(op.out_h) * op.out_w;
}

Convolution convolution_shape(const lamella_convolution& op) {
  Convolution s = {};
  s.channels = op.input.channels, s.height = op.input.height, s.width = op.input.width;
  s.filters = op.filters, s.kernel_h = op.kernel_h, s.kernel_w = op.kernel_w;
  s.stride_h = op.stride_h, s.stride_w = op.stride_w, s.pad_h = op.pad_h, s.pad_w = op.pad_w;
  s.out_h = op.out_h, s.out_w = op.out_w;
  s.pool = op.pooling.kind, s.pool_h = op.pooling.window_h, s.pool_w = op.pooling.window_w;
  s.pool_stride_h = op.pooling.stride_h, s.pool_stride_w = op.pooling.stride_w;
  s.pooled_h = op.pooling.out_h, s.pooled_w = op.pooling.out_w;
  s.activation = op.activation.kind, s.slope = op.activation.slope, s.algorithm = op.algorithm;
  bool pointwise = op.kernel_h == 1 && op.kernel_w == 1 && op.stride_h == 1 && op.stride_w == 1 && op.pad_h == 0 &&
                   op.pad_w == 0 && op.pooling.kind == LAMELLA_NO_POOL && op.algorithm == LAMELLA_DIRECT;
  if (pointwise) {  // the map is one long row: no edges
    s.width = s.height * s.width, s.height = 1;
    s.out_w = s.width, s.out_h = 1;
  }
  s.padded_h = s.height + 2 * s.pad_h;
  s.phase_w = (s.width + 2 * s.pad_w + s.stride_w - 1) / s.stride_w, s.padded_w = s.phase_w * s.stride_w;
  s.taps = s.channels * s.kernel_h * s.kernel_w;
  return s;
}

Convolution make_convolution(const lamella_convolution& op, int32_t* tables) {
  Convolution s = convolution_shape(op);
  s.tap_table = tables;
  s.position_table = tables + s.taps;
  for (int c = 0, t = 0; c < s.channels; c++)
    for (int r = 0; r < s.kernel_h; r++)
      for (int q = 0; q < s.kernel_w; q++, t++)
        s.tap_table[t] = (c * s.padded_h + r) * s.padded_w + q % s.stride_w * s.phase_w + q / s.stride_w;
  for (int p = 0, t = 0; p < s.out_h; p++)
    for (int q = 0; q < s.out_w; q++, t++) s.position_table[t] = p * s.stride_h * s.padded_w + q;
  return s;
}

namespace {

// The arrays of the direct forward pass.
struct DirectWork {
  int64_t stride;     // floats of a filter's rows of a block
  float* padded_map;  // the sample with its padding
  float* block;       // [filters][stride]
  float* gathered;
  int64_t floats;

  explicit DirectWork(const Convolution& s, float* memory = nullptr)
      : stride(round_up(block_rows(s) * row_floats(s), kLanes) + kPoolSlack) {
    Carver carver(memory);
    padded_map = carver.take(padded_floats(s));
    block = carver.take(s.filters * stride);
    gathered = carver.take((s.taps + 1) * kSlack);
    floats = carver.floats();
  }
};

}  // namespace

int64_t convolution_workspace_floats(const lamella_convolution& op, int samples) {
  Convolution s = convolution_shape(op);
  if (s.algorithm == LAMELLA_WINOGRAD) return winograd_forward_workspace_floats(s, samples);
  return DirectWork(s).floats;
}

namespace {

// Whole vectors: up to one more than n floats.
void clear(float* to, int64_t n) {
  for (int64_t i = 0; i < n; i += kLanes) store(to + i, Vector{});
}

// from[0], from[step], ...: whole vectors while they stay before end.
void copy_every(const float* from, int step, int64_t n, const float* end, float* to) {
  int64_t i = 0;
  for (; step == 2 && i < n && from + 2 * (i + kLanes) <= end; i += kLanes)
    store(to + i, every_second<0>(load(from + 2 * i), load(from + 2 * i + kLanes)));
  for (; i < n; i++) to[i] = from[i * step];
}

// In address order: what is written behind a run, the next one overwrites.
void pad_phases(const Convolution& s, const float* x, float* padded_map) {
  constexpr int kTabled = 8;  // a division a row would cost as much as the row
  Phase table[kTabled];
  for (int phase = 0; phase < smaller(s.stride_w, kTabled); phase++) table[phase] = phase_of(s, phase);
  const float* end = x + static_cast<int64_t>(s.channels) * s.height * s.width;
  for (int c = 0; c < s.channels; c++)
    for (int row = 0; row < s.padded_h; row++) {
      int h = row - s.pad_h;
      if (h < 0 || h >= s.height) {
        clear(padded_map, s.padded_w);
        padded_map += s.padded_w;
        continue;
      }
      const float* from = x + (static_cast<int64_t>(c) * s.height + h) * s.width;
      for (int phase = 0; phase < s.stride_w; phase++, padded_map += s.phase_w) {
        Phase p = phase < kTabled ? table[phase] : phase_of(s, phase);
        clear(padded_map, p.before);
        copy_every(from + p.first, s.stride_w, p.count, end, padded_map + p.before);
        clear(padded_map + p.before + p.count, s.phase_w - p.before - p.count);
      }
    }
  clear(padded_map, kSlack);
}

}  // namespace

void padding(const Convolution& s, const float* x, float* padded_map) {
  if (s.stride_w > 1) return pad_phases(s, x, padded_map);
  if (s.pad_h == 0 && s.pad_w == 0) {
    int64_t n = static_cast<int64_t>(s.channels) * s.height * s.width;
    __builtin_memcpy(padded_map, x, n * sizeof(float));
    __builtin_memset(padded_map + n, 0, (padded_floats(s) - n) * sizeof(float));
    return;
  }
  __builtin_memset(padded_map, 0, padded_floats(s) * sizeof(float));
  for (int c = 0; c < s.channels; c++)
    for (int h = 0; h < s.height; h++)
      __builtin_memcpy(padded_map + (static_cast<int64_t>(c) * s.padded_h + h + s.pad_h) * s.padded_w + s.pad_w,
                       x + (static_cast<int64_t>(c) * s.height + h) * s.width, s.width * sizeof(float));
}

namespace {

// block[k][row][column] for output rows [first, last), vectors along the row.
void convolve_rows(const Convolution& s, const float* padded_map, const float* w, int first, int last, float* block,
                   int64_t block_stride) {
  int64_t width = row_floats(s);
  for (int p = first; p < last; p++) {
    const float* line = padded_map + static_cast<int64_t>(p) * s.stride_h * s.padded_w;
    float* out = block + (p - first) * width;
    for_each_tile(s.filters, s.out_w, [&](int64_t k, int64_t q) {
      return Tile{
          s.taps,       w + k * s.taps, s.taps, 1, nullptr, line + q, 0, s.tap_table, out + k * block_stride + q,
          block_stride, false};
    });
  }
}

// Positions that lie side by side in one output row.
struct Run {
  int64_t column, count;
  const float* source;
};

// One tap of every position, run by run. Whole vectors are copied: what a run writes past its end the next one, or the
// next tap, overwrites; the workspace has room behind the last.
void gather_tap(const Run* runs, int count, int32_t tap, float* to) {
  for (const Run* run = runs; run < runs + count; run++) {
    const float* from = run->source + tap;
    for (int64_t i = 0; i < run->count; i += kLanes) store(to + run->column + i, load(from + i));
  }
}

// The same, positions of all rows side by side: windows are gathered into [taps][columns] first.
void convolve_gathered(const Convolution& s, const float* padded_map, const float* w, int first, int last, float* block,
                       int64_t block_stride, float* gathered) {
  int64_t begin = static_cast<int64_t>(first) * s.out_w;
  int64_t columns = static_cast<int64_t>(last - first) * s.out_w;
  int64_t wide = static_cast<int64_t>(tile_vectors(columns)) * kLanes;
  for (int64_t n = 0; n < columns; n += wide) {
    int64_t count = smaller(wide, columns - n), stride = padded_columns(count);
    Run runs[kSlack + 1];
    int last_run = 0;
    for (int64_t j = 0; j < count; j += runs[last_run++].count) {
      int64_t position = begin + n + j;
      runs[last_run] = {j, smaller<int64_t>(count - j, s.out_w - position % s.out_w),
                        padded_map + s.position_table[position]};
    }
    for (int t = 0; t < s.taps; t++) {
      gather_tap(runs, last_run, s.tap_table[t], gathered + t * stride);
      for (int64_t j = count; j < stride; j++) gathered[t * stride + j] = 0;
    }
    for_each_tile(s.filters, count, [&](int64_t k, int64_t q) {
      return Tile{s.taps,
                  w + k * s.taps,
                  s.taps,
                  1,
                  nullptr,
                  gathered + q,
                  stride,
                  nullptr,
                  block + k * block_stride + n + q,
                  block_stride,
                  false};
    });
  }
}

// A few windows far apart: one after the other.
void pool_apart(const Convolution& s, const float* rows, int64_t width, float* y, uint8_t* index) {
  for (int q = 0; q < s.pooled_w; q++) {
    const float* window = rows + q * s.pool_stride_w;
    float best = window[0];
    int place = 0;
    for (int i = 0; i < s.pool_h; i++)
      for (int j = 0; j < s.pool_w; j++)
        if (beats(window[i * width + j], best)) best = window[i * width + j], place = i * s.pool_w + j;
    y[q] = best;
    if (index) index[q] = static_cast<uint8_t>(place);
  }
}

// 2 x 2 windows: columns are parted once, and the two maxima of the rows need no loop.
Best best_of_four(const float* window, int64_t width) {
  Vector top = load(window), top2 = load(window + kLanes), low = load(window + width),
         low2 = load(window + width + kLanes);
  Vector a = every_second<0>(top, top2), b = every_second<1>(top, top2);
  Vector c = every_second<0>(low, low2), d = every_second<1>(low, low2);
  IntVector right = beats(b, a), right2 = beats(d, c);
  Vector first = select(right, b, a), second = select(right2, d, c);
  IntVector below = beats(second, first);
  return {select(below, second, first), below ? 2 - right2 : -right};
}

// One row of pooled outputs, kLanes windows at a time, without branches. room: outputs from y to the end of its plane.
// What a vector writes behind the row, the next row overwrites; in a plane's last rows single outputs are copied.
void pool_row(const Convolution& s, const float* rows, int64_t width, float* y, uint8_t* index, int64_t room) {
  PoolWindow w{s.pool_h, s.pool_w, s.pool_stride_w, width, s.pool_w};
  bool four = s.pool_h == 2 && s.pool_w == 2 && s.pool_stride_w == 2;
  if (s.pooled_w < kLanes && s.pool_stride_w > 4) return pool_apart(s, rows, width, y, index);
  for (int done = 0; done < s.pooled_w; done += kLanes) {
    int q = larger(smaller(done, s.pooled_w - kLanes), 0);
    const float* window = rows + q * s.pool_stride_w;
    Best best = four                   ? best_of_four(window, width)
                : s.pool_stride_w == 4 ? best_of<4>(w, window)
                                       : best_of<0>(w, window);
    if (q + kLanes <= room) {
      store(y + q, best.value);
      if (index) store_bytes(index + q, best.place);
      continue;
    }
    float values[kLanes];
    uint8_t places[kLanes];
    store(values, best.value);
    store_bytes(places, best.place);
    for (int l = 0; l < s.pooled_w; l++) y[l] = values[l];
    for (int l = 0; index && l < s.pooled_w; l++) index[l] = places[l];
  }
}

// One window that spans a whole row and more.
void pool_wide(const Convolution& s, const float* rows, int64_t width, float* y, uint8_t* index, int64_t) {
  Argmax best = best_of_all({s.pool_h, s.pool_w, 1, width, s.pool_w}, rows);
  *y = best.value;
  if (index) *index = static_cast<uint8_t>(best.place);
}

}  // namespace

void finish_rows(const Convolution& s, const float* block, int64_t block_stride, int64_t width, int first, int last,
                 const float* bias, float* y, uint8_t* index, bool accumulate) {
  int64_t plane = s.pool ? static_cast<int64_t>(s.pooled_h) * s.pooled_w : static_cast<int64_t>(s.out_h) * s.out_w;
  last = s.pool ? last : smaller(last, s.out_h);
  for (int k = 0; k < s.filters; k++) {
    const float* from = block + k * block_stride;
    float* out = y + k * plane;
    float shift = bias ? bias[k] : 0.0f;
    int64_t begin, count;
    if (s.pool) {
      int top = first / s.pool_stride_h, bottom = smaller(last / s.pool_stride_h, s.pooled_h);
      auto pool = s.pooled_w == 1 && s.pool_w >= kLanes ? pool_wide : pool_row;
      for (int p = top; p < bottom; p++)
        pool(s, from + (p * s.pool_stride_h - first) * width, width, out + p * s.pooled_w,
             index ? index + k * plane + p * s.pooled_w : nullptr, plane - static_cast<int64_t>(p) * s.pooled_w);
      begin = static_cast<int64_t>(top) * s.pooled_w, count = larger<int64_t>(bottom - top, 0) * s.pooled_w;
    } else {
      for (int p = first; p < last; p++) {
        float* to = out + static_cast<int64_t>(p) * s.out_w;
        const float* row = from + (p - first) * width;
        if (accumulate)
          each(s.out_w, to, row, to, [](Vector sum, Vector v) { return sum + v; });
        else
          __builtin_memcpy(to, row, s.out_w * sizeof(float));
      }
      begin = static_cast<int64_t>(first) * s.out_w, count = static_cast<int64_t>(last - first) * s.out_w;
    }
    if (!bias && s.activation == LAMELLA_IDENTITY) continue;
    activate_all(s.activation, s.slope, count, out + begin, 1.0f, shift, out + begin);
  }
}

namespace {

void direct_forward(const Convolution& s, const float* x, const float* w, const float* bias, float* y, uint8_t* index,
                    float* work) {
  DirectWork arrays(s, work);
  float *padded_map = arrays.padded_map, *block = arrays.block, *gathered = arrays.gathered;
  int64_t stride = arrays.stride;
  int rows = block_rows(s);
  padding(s, x, padded_map);
  int used = s.pool ? (s.pooled_h - 1) * s.pool_stride_h + s.pool_h : s.out_h;  // rows below no window reads
  for (int first = 0; first < used; first += rows) {
    int last = smaller(first + rows, used);
    if (rows_as_they_lie(s))
      convolve_rows(s, padded_map, w, first, last, block, stride);
    else
      convolve_gathered(s, padded_map, w, first, last, block, stride, gathered);
    // A stride wider than its window leaves the last window's block a few rows short: it is still whole.
    int whole = s.pool && last == used ? s.pooled_h * s.pool_stride_h : last;
    finish_rows(s, block, stride, row_floats(s), first, whole, bias, y, index, false);
  }
}

}  // namespace

void convolution_forward(const Convolution& s, int samples, const float* w, const float* packed, const float* bias,
                         const ConvolutionMaps& maps, float* work) {
  if (s.algorithm == LAMELLA_WINOGRAD) {
    WinogradOutput to{bias, maps.y, maps.y_stride, maps.index, maps.index_stride, false};
    return winograd_forward(s, samples, maps.x, maps.x_stride, packed, to, work);
  }
  for (int n = 0; n < samples; n++)
    direct_forward(s, maps.x + n * maps.x_stride, w, bias, maps.y + n * maps.y_stride,
                   maps.index ? maps.index + n * maps.index_stride : nullptr, work);
}

ConvolutionMaps maps_of(const Call& c) {
  const int64_t n = c.first;
  return {c.floats(LAMELLA_X, n),    c.floats(LAMELLA_Y, n),  reinterpret_cast<uint8_t*>(c.at(LAMELLA_INDEX, n)),
          c.floats(LAMELLA_DY, n),   c.floats(LAMELLA_DX, n), c.float_stride(LAMELLA_X),
          c.float_stride(LAMELLA_Y), c.stride[LAMELLA_INDEX], c.float_stride(LAMELLA_DY),
          c.float_stride(LAMELLA_DX)};
}

const lamella_convolution* convolution_of(const lamella_op& op) { return &op.work.convolution; }

const Operator convolution_forward_operator = {
    [](const Call& c) {
      convolution_forward(*c.convolution, static_cast<int>(c.last - c.first), c.floats(LAMELLA_WEIGHT),
                          c.floats(LAMELLA_AUXILIARY), c.floats(LAMELLA_BIAS), maps_of(c), c.work);
    },
    nullptr,
    [](const lamella_op& op, const WorkspaceScope& scope) {
      return convolution_workspace_floats(op.work.convolution, scope.group);
    },
    convolution_of};

}  // namespace lamella::LAMELLA_LEVEL
