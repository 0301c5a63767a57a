#include "argmax.h"

#include "convolution.h"
#include "transpose.h"

namespace lamella::LAMELLA_LEVEL {
namespace {

// A block of filter rows is kept in registers over all argmax positions of a filter: one register is left for the
// gradient, loads go straight into the multiply-adds.
#if defined(LAMELLA_WIDE_FILE)
constexpr int kAccumulators = 28;
#else
constexpr int kAccumulators = 15;
#endif
constexpr int kMostRows = 5;
constexpr int64_t kBlockBytes = 40 * 1024;  // of what should stay in the first-level cache

struct ArgmaxPositions {
  int64_t count;
  const int32_t* place;  // float offset of the argmax's window in an image
  const float* gradient;
};

int64_t image_row_floats(const Convolution& s) { return argmax_pixel_floats(s) * s.padded_w; }
int64_t image_floats(const Convolution& s) { return round_up(image_row_floats(s) * s.padded_h + kSlack, kLanes); }

template <int ROWS, int VECTORS>
void accumulate_filter(const ArgmaxPositions& positions, const float* image, int64_t image_row, float* sums,
                       int64_t sums_row) {
  Vector total[ROWS][VECTORS];
#pragma GCC unroll 5
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 28
    for (int v = 0; v < VECTORS; v++) total[r][v] = load(sums + r * sums_row + v * kLanes);
  // Few accumulators would wait for each other: two sets then take turns.
  constexpr int kSets = ROWS * VECTORS <= kAccumulators / 2 ? 2 : 1;
  Vector other[ROWS][VECTORS] = {};
  int64_t i = 0;
  for (; i + kSets <= positions.count; i += kSets) {
#pragma GCC unroll 2
    for (int set = 0; set < kSets; set++) {
      const Vector g = splat(positions.gradient[i + set]);
      const float* window = opaque(image + positions.place[i + set]);
#pragma GCC unroll 5
      for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 28
        for (int v = 0; v < VECTORS; v++) (set ? other : total)[r][v] += g * load(window + v * kLanes);
        window = opaque(window + image_row);
      }
    }
  }
  for (; i < positions.count; i++) {
    const Vector g = splat(positions.gradient[i]);
    const float* window = opaque(image + positions.place[i]);
#pragma GCC unroll 5
    for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 28
      for (int v = 0; v < VECTORS; v++) total[r][v] += g * load(window + v * kLanes);
      window = opaque(window + image_row);
    }
  }
#pragma GCC unroll 5
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 28
    for (int v = 0; v < VECTORS; v++)
      store(sums + r * sums_row + v * kLanes, kSets == 2 ? total[r][v] + other[r][v] : total[r][v]);
}

using Accumulate = void (*)(const ArgmaxPositions&, const float*, int64_t, float*, int64_t);

template <int ROWS, int VECTORS>
Accumulate choose(int rows, int vectors) {
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return choose<ROWS - 1, kAccumulators / (ROWS - 1)>(rows, vectors);
  }
  if constexpr (VECTORS > 1) {
    if (vectors < VECTORS) return choose<ROWS, VECTORS - 1>(rows, vectors);
  }
  return accumulate_filter<ROWS, VECTORS>;
}

// How a filter is cut: rows and vectors of a pass, as few passes as can be, all nearly equal.
struct Passes {
  int rows, vectors;
};

Passes passes_of(int kernel_rows, int all) {
  Passes best = {1, 1};
  int fewest = kernel_rows * all + 1;
  for (int rows = 1; rows <= smaller(kernel_rows, kMostRows); rows++) {
    int down = (kernel_rows + rows - 1) / rows, across = (all + kAccumulators / rows - 1) / (kAccumulators / rows);
    if (down * across >= fewest) continue;
    fewest = down * across;
    best = {(kernel_rows + down - 1) / down, (all + across - 1) / across};
  }
  return best;
}

void filter_gradient(const Convolution& s, const Passes& pass, const ArgmaxPositions& positions, const float* image,
                     float* sums) {
  int64_t image_row = image_row_floats(s), sums_row = argmax_row_floats(s);
  int all = static_cast<int>(sums_row / kLanes);
  for (int v = 0; v < all; v += pass.vectors)
    for (int r = 0; r < s.kernel_h; r += pass.rows)
      choose<kMostRows, kAccumulators / kMostRows>(smaller(pass.rows, s.kernel_h - r), smaller(pass.vectors, all - v))(
          positions, image + r * image_row + v * kLanes, image_row, sums + r * sums_row + v * kLanes, sums_row);
}

template <int VECTORS>
void scatter_rows(int rows, const ArgmaxPositions& positions, const float* filter, int64_t filter_row, float* image,
                  int64_t image_row) {
  for (int64_t i = 0; i < positions.count; i++) {
    const Vector g = splat(positions.gradient[i]);
    float* to = image + positions.place[i];
    const float* from = filter;
    for (int r = 0; r < rows; r++, to += image_row, from += filter_row) {
#pragma GCC unroll 8
      for (int v = 0; v < VECTORS; v++) store(to + v * kLanes, load(to + v * kLanes) + g * load(from + v * kLanes));
    }
  }
}

template <int VECTORS>
void scatter(int vectors, int rows, const ArgmaxPositions& positions, const float* filter, int64_t filter_row,
             float* image, int64_t image_row) {
  if constexpr (VECTORS > 0) {
    if (vectors == VECTORS)
      scatter_rows<VECTORS>(rows, positions, filter, filter_row, image, image_row);
    else
      scatter<VECTORS - 1>(vectors, rows, positions, filter, filter_row, image, image_row);
  }
}

constexpr int kScattered = 8;  // vectors of a filter row in one pass

void data_gradient(const Convolution& s, const ArgmaxPositions& positions, const float* filter, float* image) {
  int all = static_cast<int>(argmax_row_floats(s) / kLanes), passes = (all + kScattered - 1) / kScattered;
  int vectors = (all + passes - 1) / passes;
  for (int v = 0; v < all; v += vectors)
    scatter<kScattered>(smaller(vectors, all - v), s.kernel_h, positions, filter + v * kLanes, argmax_row_floats(s),
                        image + v * kLanes, image_row_floats(s));
}

// The filters that won at one place, side by side: a run of its image is loaded and stored once for all of them.
struct Place {
  int32_t at;            // float offset in the image
  int32_t first, count;  // its filters among `filters` and `gradients`
};

struct Gathered {
  int places;
  const Place* place;
  const int32_t* filters;  // float offset of a packed filter
  const float* gradients;
};

template <int VECTORS>
void gather_row(const Gathered& all, const float* packed, float* image) {
  // Few sums would wait for each other: two sets of them then take turns.
  constexpr int kSets = VECTORS <= 6 ? 2 : 1;
  for (const Place* place = all.place; place < all.place + all.places; place++) {
    float* to = image + place->at;
    Vector sums[kSets][VECTORS] = {};
    const int32_t* filter = all.filters + place->first;
    const float* gradient = all.gradients + place->first;
    int i = 0;
    for (; i + kSets <= place->count; i += kSets) {
#pragma GCC unroll 2
      for (int set = 0; set < kSets; set++) {
        const Vector g = splat(gradient[i + set]);
        const float* from = opaque(packed + filter[i + set]);
#pragma GCC unroll 28
        for (int v = 0; v < VECTORS; v++) sums[set][v] += g * load(from + v * kLanes);
      }
    }
    if (i < place->count) {
      const Vector g = splat(gradient[i]);
      const float* from = opaque(packed + filter[i]);
#pragma GCC unroll 28
      for (int v = 0; v < VECTORS; v++) sums[0][v] += g * load(from + v * kLanes);
    }
#pragma GCC unroll 28
    for (int v = 0; v < VECTORS; v++)
      store(to + v * kLanes, load(to + v * kLanes) + (kSets == 2 ? sums[0][v] + sums[kSets - 1][v] : sums[0][v]));
  }
}

template <int VECTORS>
void gather(int vectors, const Gathered& all, const float* packed, float* image) {
  if constexpr (VECTORS > 0) {
    if (vectors == VECTORS)
      gather_row<VECTORS>(all, packed, image);
    else
      gather<VECTORS - 1>(vectors, all, packed, image);
  }
}

void gather_data_gradient(const Convolution& s, const Gathered& positions, const float* packed, float* image) {
  // Of every filter a run that leaves all of them in the first-level cache.
  int fit = larger(smaller(static_cast<int>(kBlockBytes / (LAMELLA_VECTOR_BYTES * s.filters)), kAccumulators), 4);
  int all = static_cast<int>(argmax_row_floats(s) / kLanes), passes = (all + fit - 1) / fit;
  int vectors = (all + passes - 1) / passes;
  for (int r = 0; r < s.kernel_h; r++)
    for (int v = 0; v < all; v += vectors)
      gather<kAccumulators>(smaller(vectors, all - v), positions, packed + r * argmax_row_floats(s) + v * kLanes,
                            image + r * image_row_floats(s) + v * kLanes);
}

// Worth it where several filters win at each place of a window; measured with 50 filters and 2 x 2 windows (470 instead
// of 950 us) and 128 filters and 1 x 4.
bool gathers(const Convolution& s) { return s.filters >= 4 * s.pool_h * s.pool_w && s.pool_h * s.pool_w <= 16; }

// Where each argmax of a pool window stands from the window's corner.
void argmax_offsets(const Convolution& s, int32_t* offsets) {
  for (int i = 0; i < s.pool_h; i++)
    for (int j = 0; j < s.pool_w; j++)
      offsets[i * s.pool_w + j] =
          static_cast<int32_t>(i * s.stride_h * image_row_floats(s) + j * s.stride_w * argmax_pixel_floats(s));
}

// A block of pool windows whose part of an image stays in the first-level cache while every filter passes over it.
struct Block {
  int top, bottom, left, right;
};

struct Cut {
  int rows, columns;
};

Cut cut_of(const Convolution& s) {
  int64_t pixel = argmax_pixel_floats(s) * static_cast<int64_t>(sizeof(float));
  int64_t row = s.padded_w * pixel, step = s.pool_stride_h * s.stride_h,
          reach = (s.pool_h - 1) * s.stride_h + s.kernel_h;
  if (reach * row <= kBlockBytes) {
    int64_t rows = (kBlockBytes / row - reach) / step + 1;
    return {static_cast<int>(smaller<int64_t>(rows, s.pooled_h)), s.pooled_w};
  }
  int64_t column_step = s.pool_stride_w * s.stride_w, column_reach = (s.pool_w - 1) * s.stride_w + s.kernel_w;
  int64_t columns = (kBlockBytes / (reach * pixel) - column_reach) / column_step + 1;
  return {1, static_cast<int>(smaller<int64_t>(larger<int64_t>(columns, 8), s.pooled_w))};
}

// Leaves out argmax positions whose gradient is zero: ReLU stops half of them.
ArgmaxPositions without_stopped(const ArgmaxPositions& all, int32_t* place, float* gradient) {
  int64_t count = 0;
  for (int64_t i = 0; i < all.count; i++) {
    place[count] = all.place[i], gradient[count] = all.gradient[i];
    count += all.gradient[i] != 0.0f;
  }
  return {count, place, gradient};
}

// Where the corner of each window of a block stands in an image, row by row.
void list_corners(const Convolution& s, const Block& block, int32_t* corners) {
  int64_t row_step = s.pool_stride_h * s.stride_h * image_row_floats(s);
  int32_t step = static_cast<int32_t>(s.pool_stride_w * s.stride_w * argmax_pixel_floats(s));
  for (int p = block.top; p < block.bottom; p++)
    for (int q = block.left; q < block.right; q++) *corners++ = static_cast<int32_t>(p * row_step) + q * step;
}

// place = corner + offset of the argmax, for n windows; the last vector overlaps the one before it.
void add_offsets(int64_t n, const int32_t* corners, const uint8_t* index, const int32_t* offsets, int windows,
                 int32_t* place) {
  if (windows > kLanes || n < kLanes) {
    for (int64_t i = 0; i < n; i++) place[i] = corners[i] + offsets[index[i]];
    return;
  }
  IntVector table;
  for (int i = 0; i < kLanes; i++) table[i] = offsets[i];
  for (int64_t done = 0; done < n; done += kLanes) {
    int64_t i = smaller(done, n - kLanes);
    LaneBytes positions;
    __builtin_memcpy(&positions, index + i, sizeof positions);
    IntVector corner = *reinterpret_cast<const UnalignedIntVector*>(corners + i);
    *reinterpret_cast<UnalignedIntVector*>(place + i) =
        corner + __builtin_shuffle(table, __builtin_convertvector(positions, IntVector));
  }
}

// The argmax positions of one filter in a block, row by row; rows as wide as the map are one run.
ArgmaxPositions list(const Convolution& s, const Block& block, const float* y, const float* dy, const uint8_t* index,
                     const int32_t* corners, const int32_t* offsets, int32_t* place, float* gradient) {
  int64_t columns = block.right - block.left, rows = block.bottom - block.top, count = columns * rows;
  int64_t run = columns == s.pooled_w ? count : columns;
  for (int64_t done = 0, p = block.top; done < count; done += run, p++) {
    int64_t at = p * s.pooled_w + block.left;
    slope_all(s.activation, s.slope, run, y + at, dy + at, gradient + done);
    add_offsets(run, corners + done, index + at, offsets, s.pool_h * s.pool_w, place + done);
  }
  return {count, place, gradient};
}

// Sorts the argmax positions of a block, listed filter by filter ([filter][room] gradients), window by window and place
// by place. Every place of a window has room for all filters, so that one pass is enough. Some windows side by side at
// a time: their counters do not wait for each other, and what is read lies in a row.
Gathered gather_argmax(const Convolution& s, const Block& block, const uint8_t* index, const float* gradients,
                       int64_t room, const int32_t* offsets, Place* places, int32_t* filters, float* sorted) {
  constexpr int kTogether = 16, kMostPlaces = 16;
  int per_window = s.pool_h * s.pool_w, columns = block.right - block.left, count = 0;
  int64_t pooled = static_cast<int64_t>(s.pooled_h) * s.pooled_w;
  int32_t filter = static_cast<int32_t>(argmax_filter_floats(s)), first = 0;
  int64_t row_step = s.pool_stride_h * s.stride_h * image_row_floats(s);
  int64_t step = s.pool_stride_w * s.stride_w * argmax_pixel_floats(s);
  for (int p = block.top; p < block.bottom; p++)
    for (int left = block.left; left < block.right; left += kTogether) {
      int windows = smaller(kTogether, block.right - left);
      int32_t next[kTogether * kMostPlaces];
      for (int i = 0; i < windows * per_window; i++) next[i] = first + i * s.filters;
      const uint8_t* argmax = index + static_cast<int64_t>(p) * s.pooled_w + left;
      const float* gradient = gradients + static_cast<int64_t>(p - block.top) * columns + (left - block.left);
      for (int k = 0; k < s.filters; k++, argmax += pooled, gradient += room)
        for (int q = 0; q < windows; q++) {
          int32_t& to = next[q * per_window + argmax[q]];
          filters[to] = k * filter, sorted[to] = gradient[q];
          to += gradient[q] != 0.0f;  // a stopped one gives its room to the next
        }
      for (int i = 0; i < windows * per_window; i++, first += s.filters)
        if (next[i] > first)
          places[count++] = {
              static_cast<int32_t>(p * row_step + (left + i / per_window) * step) + offsets[i % per_window], first,
              next[i] - first};
    }
  return {count, places, filters, sorted};
}

void channels_last(const Convolution& s, const float* x, float* image) {
  __builtin_memset(image, 0, image_floats(s) * sizeof(float));
  int64_t pixel = argmax_pixel_floats(s), plane = static_cast<int64_t>(s.height) * s.width;
  for (int h = 0; h < s.height; h++)
    transpose_block(s.channels, s.width, x + static_cast<int64_t>(h) * s.width, plane,
                    image + ((h + s.pad_h) * static_cast<int64_t>(s.padded_w) + s.pad_w) * pixel, pixel);
}

void channels_first(const Convolution& s, const float* image, float* dx, bool accumulate, float* row) {
  int64_t pixel = argmax_pixel_floats(s), plane = static_cast<int64_t>(s.height) * s.width;
  for (int h = 0; h < s.height; h++) {
    const float* from = image + ((h + s.pad_h) * static_cast<int64_t>(s.padded_w) + s.pad_w) * pixel;
    float* to = dx + static_cast<int64_t>(h) * s.width;
    if (!accumulate) {
      transpose_block(s.width, s.channels, from, pixel, to, plane);
      continue;
    }
    transpose_block(s.width, s.channels, from, pixel, row, s.width);
    for (int c = 0; c < s.channels; c++)
      each(s.width, to + c * plane, row + static_cast<int64_t>(c) * s.width, to + c * plane,
           [](Vector a, Vector b) { return a + b; });
  }
}

}  // namespace

int64_t argmax_pixel_floats(const Convolution& s) {
  return s.channels > kLanes / 2 ? round_up(s.channels, kLanes) : s.channels;
}

int64_t argmax_row_floats(const Convolution& s) { return round_up(s.kernel_w * argmax_pixel_floats(s), kLanes); }

int64_t argmax_filter_floats(const Convolution& s) { return argmax_row_floats(s) * s.kernel_h; }

namespace {

// Room of one filter's list: one entry more than windows, since a loser is written before it is passed over.
int64_t list_floats(const Convolution& s) {
  Cut cut = cut_of(s);
  return round_up(static_cast<int64_t>(cut.rows) * cut.columns + 1, kLanes);
}

// The arrays of the pass. `sites` are places of the image where some filter wins.
struct Work {
  int64_t room;  // of one filter's list
  float* image;
  float* gradient_image;
  float* gradients;  // [filters][room]
  int32_t* places;   // likewise
  float* sorted_gradients;
  int32_t* sorted_filters;
  Place* winning;
  float* own_gradients;
  int32_t* own_places;
  int32_t* corners;
  float* row;
  int64_t floats;

  explicit Work(const Convolution& s, float* memory = nullptr) : room(list_floats(s)) {
    int64_t sites = gathers(s) ? room * s.pool_h * s.pool_w : 0;
    Carver carver(memory);
    image = carver.take(image_floats(s));
    gradient_image = carver.take(image_floats(s));
    gradients = carver.take(s.filters * room);
    places = carver.take<int32_t>(s.filters * room);
    sorted_gradients = carver.take(s.filters * (sites + 1));
    sorted_filters = carver.take<int32_t>(s.filters * (sites + 1));
    winning = carver.take<Place>(sites);
    own_gradients = carver.take(room);
    own_places = carver.take<int32_t>(room);
    corners = carver.take<int32_t>(room);
    row = carver.take(static_cast<int64_t>(s.channels) * s.width);
    floats = carver.floats();
  }
};

}  // namespace

int64_t argmax_workspace_floats(const Convolution& s) { return Work(s).floats; }

void argmax_backward(const Convolution& s, const float* x, const float* packed, const float* y, const float* dy,
                     const uint8_t* index, float* partial, float* dx, bool accumulate, float* work) {
  int64_t pooled = static_cast<int64_t>(s.pooled_h) * s.pooled_w, filter = argmax_filter_floats(s);
  Work arrays(s, work);
  const int64_t room = arrays.room;
  float *image = arrays.image, *gradient_image = arrays.gradient_image, *gradients = arrays.gradients;
  int32_t* places = arrays.places;
  int32_t offsets[256] = {};
  argmax_offsets(s, offsets);
  channels_last(s, x, image);
  if (dx) __builtin_memset(gradient_image, 0, image_floats(s) * sizeof(float));
  float* db = partial + s.filters * filter;
  // Passing over a stopped argmax takes as long as a few multiply-adds.
  bool some_stopped = s.activation == LAMELLA_RELU && filter > 4 * kLanes;
  Cut cut = cut_of(s);
  Passes passes = passes_of(s.kernel_h, static_cast<int>(argmax_row_floats(s) / kLanes));
  for (int top = 0; top < s.pooled_h; top += cut.rows)
    for (int left = 0; left < s.pooled_w; left += cut.columns) {
      Block block{top, smaller(top + cut.rows, s.pooled_h), left, smaller(left + cut.columns, s.pooled_w)};
      list_corners(s, block, arrays.corners);
      int64_t windows = static_cast<int64_t>(block.bottom - block.top) * (block.right - block.left);
      for (int k = 0; k < s.filters; k++) {
        ArgmaxPositions positions = list(s, block, y + k * pooled, dy + k * pooled, index + k * pooled, arrays.corners,
                                         offsets, places + k * room, gradients + k * room);
        if (some_stopped) positions = without_stopped(positions, arrays.own_places, arrays.own_gradients);
        filter_gradient(s, passes, positions, image, partial + k * filter);
        db[k] += sum(positions.gradient, positions.count);
      }
      if (!dx) continue;
      if (gathers(s))
        gather_data_gradient(s,
                             gather_argmax(s, block, index, gradients, room, offsets, arrays.winning,
                                           arrays.sorted_filters, arrays.sorted_gradients),
                             packed, gradient_image);
      else
        for (int k = 0; k < s.filters; k++)
          data_gradient(s, ArgmaxPositions{windows, places + k * room, gradients + k * room}, packed + k * filter,
                        gradient_image);
    }
  if (dx) channels_first(s, gradient_image, dx, accumulate, arrays.row);
}

void argmax_pack(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last) {
  int64_t pixel = argmax_pixel_floats(s), row = argmax_row_floats(s),
          plane = static_cast<int64_t>(s.kernel_h) * s.kernel_w;
  __builtin_memset(packed + first * s.kernel_h * row, 0, (last - first) * s.kernel_h * row * sizeof(float));
  for (int64_t k = first; k < last; k++)
    for (int r = 0; r < s.kernel_h; r++)
      for (int q = 0; q < s.kernel_w; q++)
        for (int c = 0; c < s.channels; c++)
          packed[(k * s.kernel_h + r) * row + q * pixel + c] = w[(k * s.channels + c) * plane + r * s.kernel_w + q];
}

}  // namespace lamella::LAMELLA_LEVEL
