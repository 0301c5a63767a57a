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
  const float* gradient;
};

template <int ROWS, int VECTORS>
void accumulate_filter(const Winners& winners, const float* image, int64_t image_row, float* sums, int64_t sums_row) {
  Vector total[ROWS][VECTORS];
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < VECTORS; v++) total[r][v] = load(sums + r * sums_row + v * kLanes);
  for (int64_t i = 0; i < winners.count; i++) {
    const Vector g = splat(winners.gradient[i]);
    const float* window = image + winners.place[i];
    for (int r = 0; r < ROWS; r++)
      for (int v = 0; v < VECTORS; v++) total[r][v] += g * load(window + r * image_row + v * kLanes);
  }
  for (int r = 0; r < ROWS; r++)
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

// Packed rows end in zeros, so whole vectors may be added: what lies beyond a row gains nothing.
void data_gradient(const Convolution& s, const Winners& winners, const float* filter, float* image) {
  int64_t image_row = static_cast<int64_t>(s.padded_w) * s.channels, filter_row = winner_row_floats(s);
  for (int64_t i = 0; i < winners.count; i++) {
    const Vector g = splat(winners.gradient[i]);
    float* window = image + winners.place[i];
    for (int r = 0; r < s.kernel_h; r++)
      for (int64_t v = 0; v < filter_row; v += kLanes) {
        float* to = window + r * image_row + v;
        store(to, load(to) + g * load(filter + r * filter_row + v));
      }
  }
}

// The winners of one filter whose gradient is not zero (ReLU stops half of them).
Winners list(const Convolution& s, const float* y, const float* dy, const uint8_t* index, int32_t* place,
             float* gradient) {
  int64_t count = 0;
  for (int p = 0; p < s.pooled_h; p++)
    for (int begin = 0; begin < s.pooled_w; begin += kLanes) {
      int n = smaller(kLanes, s.pooled_w - begin);
      int64_t at = static_cast<int64_t>(p) * s.pooled_w + begin;
      float value[kLanes];
      each(n, y + at, dy + at, value, [&](Vector v, Vector g) { return g * derivative(s.activation, s.slope, v); });
      for (int i = 0; i < n; i++) {
        int winner = index[at + i];
        int row = p * s.pool_stride_h + winner / s.pool_w, column = (begin + i) * s.pool_stride_w + winner % s.pool_w;
        place[count] = (row * s.stride_h * s.padded_w + column * s.stride_w) * s.channels;
        gradient[count] = value[i];
        count += value[i] != 0.0f;
      }
    }
  return {count, place, gradient};
}

int64_t image_floats(const Convolution& s) { return bordered_floats(s); }

void channels_last(const Convolution& s, const float* x, float* image) {
  __builtin_memset(image, 0, image_floats(s) * sizeof(float));
  int64_t plane = static_cast<int64_t>(s.height) * s.width;
  for (int h = 0; h < s.height; h++) {
    float* to = image + (static_cast<int64_t>(h + s.pad_h) * s.padded_w + s.pad_w) * s.channels;
    for (int w = 0; w < s.width; w++)
      for (int c = 0; c < s.channels; c++) *to++ = x[c * plane + static_cast<int64_t>(h) * s.width + w];
  }
}

void channels_first(const Convolution& s, const float* image, float* dx, bool accumulate) {
  for (int c = 0; c < s.channels; c++)
    for (int h = 0; h < s.height; h++) {
      const float* from = image + (static_cast<int64_t>(h + s.pad_h) * s.padded_w + s.pad_w) * s.channels + c;
      float* to = dx + (static_cast<int64_t>(c) * s.height + h) * s.width;
      for (int w = 0; w < s.width; w++) to[w] = from[static_cast<int64_t>(w) * s.channels] + (accumulate ? to[w] : 0.0f);
    }
}

}  // namespace

bool over_winners(const Convolution& s) { return s.pool == LAMELLA_MAX_POOL; }

int64_t winner_row_floats(const Convolution& s) {
  return round_up(static_cast<int64_t>(s.kernel_w) * s.channels, kLanes);
}

int64_t winner_filter_floats(const Convolution& s) { return winner_row_floats(s) * s.kernel_h; }

int64_t winners_workspace_floats(const Convolution& s) {
  return 2 * image_floats(s) + 2 * round_up(static_cast<int64_t>(s.pooled_h) * s.pooled_w + 1, kLanes);
}

void winners_backward(const Convolution& s, const float* x, const float* packed, const float* y, const float* dy,
                      const uint8_t* index, float* partial, float* dx, bool accumulate, float* work) {
  int64_t pooled = static_cast<int64_t>(s.pooled_h) * s.pooled_w, filter = winner_filter_floats(s);
  float* image = work;
  float* gradient_image = image + image_floats(s);
  float* gradients = gradient_image + image_floats(s);
  int32_t* places = reinterpret_cast<int32_t*>(gradients + round_up(pooled + 1, kLanes));
  channels_last(s, x, image);
  if (dx) __builtin_memset(gradient_image, 0, image_floats(s) * sizeof(float));
  float* db = partial + s.filters * filter;
  for (int k = 0; k < s.filters; k++) {
    Winners winners = list(s, y + k * pooled, dy + k * pooled, index + k * pooled, places, gradients);
    filter_gradient(s, winners, image, partial + k * filter);
    if (dx) data_gradient(s, winners, packed + k * filter, gradient_image);
    float total = 0;
    for (int64_t i = 0; i < winners.count; i++) total += gradients[i];
    db[k] += total;
  }
  if (dx) channels_first(s, gradient_image, dx, accumulate);
}

void pack_filters(const lamella_op& op, const float* w, float* packed, int64_t first, int64_t last) {
  int64_t run = static_cast<int64_t>(op.kernel_w) * op.channels, row = round_up(run, kLanes);
  int64_t taps = static_cast<int64_t>(op.channels) * op.kernel_h * op.kernel_w;
  for (int64_t k = first; k < last; k++)
    for (int r = 0; r < op.kernel_h; r++) {
      float* to = packed + (k * op.kernel_h + r) * row;
      for (int q = 0; q < op.kernel_w; q++)
        for (int c = 0; c < op.channels; c++)
          *to++ = w[k * taps + (static_cast<int64_t>(c) * op.kernel_h + r) * op.kernel_w + q];
      for (int64_t i = run; i < row; i++) *to++ = 0;
    }
}

}  // namespace lamella::LAMELLA_LEVEL
