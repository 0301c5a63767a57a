#include "winners.h"

#include "convolution.h"

namespace lamella::LAMELLA_LEVEL {
namespace {

// A block of filter rows is kept in registers over all winners of a filter: at most this many accumulators, and one
// register each for the gradient and the load.
#if defined(LAMELLA_WIDE_FILE)
constexpr int kAccumulators = 24, kWidest = 8;
#else
constexpr int kAccumulators = 12, kWidest = 6;
#endif
constexpr int kMostRows = 5;

struct Winners {
  int64_t count;
  const int32_t* place;   // float offset of the winner's window in the channels-last image
  const int32_t* target;  // the same in the gradient's image
  const float* gradient;
};

template <int ROWS, int VECTORS>
void accumulate_filter(const Winners& winners, const float* image, int64_t image_row, float* sums, int64_t sums_row) {
  Vector total[ROWS][VECTORS];
#pragma GCC unroll 5
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 8
    for (int v = 0; v < VECTORS; v++) total[r][v] = load(sums + r * sums_row + v * kLanes);
  for (int64_t i = 0; i < winners.count; i++) {
    const Vector g = splat(winners.gradient[i]);
    const float* window = image + winners.place[i];
#pragma GCC unroll 5
    for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 8
      for (int v = 0; v < VECTORS; v++) total[r][v] += g * load(window + r * image_row + v * kLanes);
  }
#pragma GCC unroll 5
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 8
    for (int v = 0; v < VECTORS; v++) store(sums + r * sums_row + v * kLanes, total[r][v]);
}

template <int ROWS, int VECTORS>
void choose(int rows, int vectors, const Winners& winners, const float* image, int64_t image_row, float* sums,
            int64_t sums_row) {
  if constexpr (ROWS > 1) {
    if (rows < ROWS) return choose<ROWS - 1, VECTORS>(rows, vectors, winners, image, image_row, sums, sums_row);
  }
  if constexpr (VECTORS > 1) {
    if (vectors < VECTORS) return choose<ROWS, VECTORS - 1>(rows, vectors, winners, image, image_row, sums, sums_row);
  }
  if constexpr (ROWS * VECTORS <= kAccumulators)
    accumulate_filter<ROWS, VECTORS>(winners, image, image_row, sums, sums_row);
}

// Filter rows are cut into runs of nearly equal width that fit the registers.
void filter_gradient(const Convolution& s, const Winners& winners, const float* image, float* sums) {
  int64_t image_row = static_cast<int64_t>(s.padded_w) * s.channels, sums_row = winner_row_floats(s);
  int all = static_cast<int>(sums_row / kLanes), runs = (all + kWidest - 1) / kWidest;
  int vectors = (all + runs - 1) / runs, most = smaller(smaller(kAccumulators / vectors, kMostRows), s.kernel_h);
  for (int v = 0; v < all; v += vectors)
    for (int r = 0; r < s.kernel_h; r += most)
      choose<kMostRows, kWidest>(smaller(most, s.kernel_h - r), smaller(vectors, all - v), winners,
                                 image + r * image_row + v * kLanes, image_row, sums + r * sums_row + v * kLanes,
                                 sums_row);
}

// The gradient's image gives every pixel its channels in whole vectors: all stores are aligned, and a winner that loads
// what its neighbour has just stored gets it straight from the store buffer.
int64_t pixel_floats(const Convolution& s) { return round_up(s.channels, kLanes); }
int64_t gradient_row_floats(const Convolution& s) { return pixel_floats(s) * s.padded_w; }
int64_t gradient_image_floats(const Convolution& s) { return gradient_row_floats(s) * s.padded_h; }

void data_gradient(const Convolution& s, const Winners& winners, const float* filter, float* image) {
  int64_t image_row = gradient_row_floats(s), run = pixel_floats(s) * s.kernel_w;
  for (int64_t i = 0; i < winners.count; i++) {
    const Vector g = splat(winners.gradient[i]);
    float* window = image + winners.target[i];
    for (int r = 0; r < s.kernel_h; r++)
      for (int64_t v = 0; v < run; v += kLanes) {
        float* to = window + r * image_row + v;
        store(to, load(to) + g * load(filter + r * run + v));
      }
  }
}

// Where each winner of a window stands from the window's corner, in both images.
struct Offsets { int32_t place[256], target[256]; };

void winner_offsets(const Convolution& s, Offsets& offsets) {
  for (int i = 0; i < s.pool_h; i++)
    for (int j = 0; j < s.pool_w; j++) {
      int row = i * s.stride_h, column = j * s.stride_w, at = i * s.pool_w + j;
      offsets.place[at] = (row * s.padded_w + column) * s.channels;
      offsets.target[at] = static_cast<int32_t>(row * gradient_row_floats(s) + column * pixel_floats(s));
    }
}

// The winners of one filter whose gradient is not zero (ReLU stops half of them), row by row: neighbours share cache
// lines.
Winners list(const Convolution& s, const float* y, const float* dy, const uint8_t* index, const Offsets& offsets,
             float* slopes, int32_t* place, int32_t* target, float* gradient) {
  each(static_cast<int64_t>(s.pooled_h) * s.pooled_w, y, dy, slopes,
       [&](Vector v, Vector g) { return g * derivative(s.activation, s.slope, v); });
  int64_t count = 0;
  int row_step = s.pool_stride_h * s.stride_h, step = s.pool_stride_w * s.stride_w;
  int64_t at = 0;
  for (int p = 0; p < s.pooled_h; p++) {
    int64_t place_row = static_cast<int64_t>(p) * row_step * s.padded_w * s.channels;
    int64_t target_row = p * row_step * gradient_row_floats(s);
    for (int q = 0; q < s.pooled_w; q++, at++) {
      place[count] = static_cast<int32_t>(place_row + q * step * s.channels) + offsets.place[index[at]];
      target[count] = static_cast<int32_t>(target_row + q * step * pixel_floats(s)) + offsets.target[index[at]];
      gradient[count] = slopes[at];
      count += slopes[at] != 0.0f;
    }
  }
  return {count, place, target, gradient};
}

void channels_last(const Convolution& s, const float* x, float* image) {
  __builtin_memset(image, 0, bordered_floats(s) * sizeof(float));
  int64_t plane = static_cast<int64_t>(s.height) * s.width;
  for (int h = 0; h < s.height; h++) {
    float* to = image + (static_cast<int64_t>(h + s.pad_h) * s.padded_w + s.pad_w) * s.channels;
    for (int w = 0; w < s.width; w++)
      for (int c = 0; c < s.channels; c++) *to++ = x[c * plane + static_cast<int64_t>(h) * s.width + w];
  }
}

void channels_first(const Convolution& s, const float* image, float* dx, bool accumulate) {
  int64_t pixel = pixel_floats(s);
  for (int c = 0; c < s.channels; c++)
    for (int h = 0; h < s.height; h++) {
      const float* from = image + (h + s.pad_h) * gradient_row_floats(s) + s.pad_w * pixel + c;
      float* to = dx + (static_cast<int64_t>(c) * s.height + h) * s.width;
      for (int w = 0; w < s.width; w++) to[w] = from[w * pixel] + (accumulate ? to[w] : 0.0f);
    }
}

}  // namespace

bool over_winners(const Convolution& s) { return s.pool == LAMELLA_MAX_POOL; }

int64_t winner_row_floats(const Convolution& s) {
  return round_up(static_cast<int64_t>(s.kernel_w) * s.channels, kLanes);
}

int64_t winner_filter_floats(const Convolution& s) { return winner_row_floats(s) * s.kernel_h; }

int64_t winners_workspace_floats(const Convolution& s) {
  return bordered_floats(s) + gradient_image_floats(s) + 4 * round_up(static_cast<int64_t>(s.pooled_h) * s.pooled_w + 1, kLanes);
}

void winners_backward(const Convolution& s, const float* x, const float* packed, const float* y, const float* dy,
                      const uint8_t* index, float* partial, float* dx, bool accumulate, float* work) {
  int64_t pooled = static_cast<int64_t>(s.pooled_h) * s.pooled_w, filter = winner_filter_floats(s);
  float* image = work;
  float* gradient_image = image + bordered_floats(s);
  float* gradients = gradient_image + gradient_image_floats(s);
  float* slopes = gradients + round_up(pooled + 1, kLanes);
  int32_t* places = reinterpret_cast<int32_t*>(slopes + round_up(pooled + 1, kLanes));
  int32_t* targets = places + round_up(pooled + 1, kLanes);
  Offsets offsets;
  winner_offsets(s, offsets);
  channels_last(s, x, image);
  if (dx) __builtin_memset(gradient_image, 0, gradient_image_floats(s) * sizeof(float));
  float* db = partial + s.filters * filter;
  for (int k = 0; k < s.filters; k++) {
    Winners winners = list(s, y + k * pooled, dy + k * pooled, index + k * pooled, offsets, slopes, places,
                           targets, gradients);
    filter_gradient(s, winners, image, partial + k * filter);
    if (dx) data_gradient(s, winners, packed + k * s.kernel_h * s.kernel_w * pixel_floats(s), gradient_image);
    float total = 0;
    for (int64_t i = 0; i < winners.count; i++) total += gradients[i];
    db[k] += total;
  }
  if (dx) channels_first(s, gradient_image, dx, accumulate);
}

void pack_filters(const lamella_op& op, const float* w, float* packed, int64_t first, int64_t last) {
  int64_t pixel = round_up(op.channels, kLanes), plane = static_cast<int64_t>(op.kernel_h) * op.kernel_w;
  for (int64_t k = first; k < last; k++)
    for (int64_t t = 0; t < plane; t++)
      for (int64_t c = 0; c < pixel; c++)
        packed[(k * plane + t) * pixel + c] = c < op.channels ? w[(k * op.channels + c) * plane + t] : 0.0f;
}

}  // namespace lamella::LAMELLA_LEVEL
