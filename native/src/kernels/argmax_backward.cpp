#include "argmax.h"
#include "argmax_gradients.h"

namespace lamella::LAMELLA_ISA {
namespace {

// Entries of one filter's list: one more than the windows of a block, see without_zeros().
int64_t list_capacity(const Convolution& s) {
  BlockSize size = block_size(s);
  return round_up(static_cast<int64_t>(size.rows) * size.columns + 1, kLanes);
}

// The arrays of the pass.
struct Work {
  int64_t capacity;  // of one filter's list
  float* image;
  float* gradient_image;
  float* gradients;  // [filters][capacity]
  int32_t* places;   // [filters][capacity]
  float* sorted_gradients;
  int32_t* sorted_filters;
  Place* sorted_places;
  float* nonzero_gradients;
  int32_t* nonzero_places;
  int32_t* corners;
  float* row;
  int64_t floats;

  explicit Work(const Convolution& s, float* memory = nullptr) : capacity(list_capacity(s)) {
    int64_t entries = gathers(s) ? capacity * s.pool_h * s.pool_w : 0;
    Carver carver(memory);
    image = carver.take(image_floats(s));
    gradient_image = carver.take(image_floats(s));
    gradients = carver.take(s.filters * capacity);
    places = carver.take<int32_t>(s.filters * capacity);
    sorted_gradients = carver.take(s.filters * (entries + 1));
    sorted_filters = carver.take<int32_t>(s.filters * (entries + 1));
    sorted_places = carver.take<Place>(entries);
    nonzero_gradients = carver.take(capacity);
    nonzero_places = carver.take<int32_t>(capacity);
    corners = carver.take<int32_t>(capacity);
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
  const int64_t capacity = arrays.capacity;
  float *image = arrays.image, *gradient_image = arrays.gradient_image, *gradients = arrays.gradients;
  int32_t* places = arrays.places;
  int32_t offsets[256] = {};
  argmax_offsets(s, offsets);
  channels_last(s, x, image);
  if (dx) __builtin_memset(gradient_image, 0, image_floats(s) * sizeof(float));
  float* db = partial + s.filters * filter;
  // To leave out a position takes as long as a few multiply-adds.
  bool leaves_out_zeros = s.activation == LAMELLA_RELU && filter > 4 * kLanes;
  BlockSize size = block_size(s);
  FilterPass pass = filter_pass(s);
  for (int top = 0; top < s.pooled_h; top += size.rows)
    for (int left = 0; left < s.pooled_w; left += size.columns) {
      Block block{top, smaller(top + size.rows, s.pooled_h), left, smaller(left + size.columns, s.pooled_w)};
      list_corners(s, block, arrays.corners);
      int64_t windows = static_cast<int64_t>(block.bottom - block.top) * (block.right - block.left);
      for (int k = 0; k < s.filters; k++) {
        ArgmaxPositions positions =
            list_positions(s, block, y + k * pooled, dy + k * pooled, index + k * pooled, arrays.corners, offsets,
                           places + k * capacity, gradients + k * capacity);
        if (leaves_out_zeros) positions = without_zeros(positions, arrays.nonzero_places, arrays.nonzero_gradients);
        filter_gradient(s, pass, positions, image, partial + k * filter);
        db[k] += sum(positions.gradient, positions.count);
      }
      if (!dx) continue;
      if (gathers(s))
        gather_data_gradient(s,
                             sort_positions(s, block, index, gradients, capacity, offsets, arrays.sorted_places,
                                            arrays.sorted_filters, arrays.sorted_gradients),
                             packed, gradient_image);
      else
        for (int k = 0; k < s.filters; k++)
          scatter_data_gradient(s, ArgmaxPositions{windows, places + k * capacity, gradients + k * capacity},
                                packed + k * filter, gradient_image);
    }
  if (dx) channels_first(s, gradient_image, dx, accumulate, arrays.row);
}

}  // namespace lamella::LAMELLA_ISA
