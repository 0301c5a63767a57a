// Convolution + bias [+ max pool] + activation of one sample.
//   y[k][p][q] = act(b[k] + max over the pool window of sum over c,r,s of x[c][y+r][x+s] * w[k][c][r][s])
// Activations are monotonic, so the maximum is taken first: a quarter of the activations for 2 x 2 windows, and the
// un-pooled map exists only as a block in the cache. index: the argmax's position in its window, row by row.
#include "convolution.h"
#include "winograd.h"

namespace lamella::LAMELLA_ISA {

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

// Contiguous positions of one output row.
struct Run {
  int64_t column, count;
  const float* source;
};

// Copies one tap of every position, run by run, in whole vectors. What a run writes past its end is overwritten by the
// next run or the next tap; the workspace has slack after the last.
void gather_tap(const Run* runs, int count, int32_t tap, float* to) {
  for (const Run* run = runs; run < runs + count; run++) {
    const float* from = run->source + tap;
    for (int64_t i = 0; i < run->count; i += kLanes) store(to + run->column + i, load(from + i));
  }
}

// The same for positions of several rows: windows are first gathered into [taps][columns].
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
    if (rows_in_place(s))
      convolve_rows(s, padded_map, w, first, last, block, stride);
    else
      convolve_gathered(s, padded_map, w, first, last, block, stride, gathered);
    // With a stride larger than the window the last block has fewer rows than whole strides, but its window is
    // complete.
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

}  // namespace lamella::LAMELLA_ISA
