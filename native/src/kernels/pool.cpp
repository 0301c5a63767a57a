// Max and average pooling of one sample: any window, stride and padding; global pooling is a window as large as the
// map. Padding is never a maximum and does not count in an average (the divisor is the number of real elements). index:
// the argmax's position in the input plane of its channel.
#include "pooling.h"

#include "activation.h"
#include "kernels.h"

namespace lamella::LAMELLA_ISA {
namespace {

struct Window {
  int top, bottom, left, right;
};

Window window_of(const lamella_pool& op, int p, int q) {
  int top = p * op.pooling.stride_h - op.pooling.pad_h, left = q * op.pooling.stride_w - op.pooling.pad_w;
  return {larger(top, 0), smaller(top + op.pooling.window_h, op.input.height), larger(left, 0),
          smaller(left + op.pooling.window_w, op.input.width)};
}

float elements(const Window& w) { return static_cast<float>((w.bottom - w.top) * (w.right - w.left)); }

// A padded copy of one channel, so that no window needs a special case. The last vectors read past its end: slack.
int64_t padded_width(const lamella_pool& op) {
  return larger((op.pooling.out_w - 1) * op.pooling.stride_w + op.pooling.window_w, op.input.width + op.pooling.pad_w);
}
int64_t padded_height(const lamella_pool& op) {
  return larger((op.pooling.out_h - 1) * op.pooling.stride_h + op.pooling.window_h, op.input.height + op.pooling.pad_h);
}
int64_t slack(const lamella_pool& op) { return round_up(larger(op.pooling.stride_w, 4) * kLanes, kLanes); }

// One window per row: vectors run along the rows of the window.
bool whole_rows(const lamella_pool& op) { return op.pooling.out_w == 1; }

void fill(float* p, int64_t n, float value) {
  for (int64_t i = 0; i < n; i += kLanes) store(p + i, splat(value));
}

void padding(const lamella_pool& op, const float* x, float* padded_map) {
  int64_t width = padded_width(op);
  for (int h = 0; h < op.input.height; h++)
    __builtin_memcpy(padded_map + (h + op.pooling.pad_h) * width + op.pooling.pad_w,
                     x + static_cast<int64_t>(h) * op.input.width, op.input.width * sizeof(float));
}

void max_rows(const lamella_pool& op, const float* padded_map, float* y, int32_t* index) {
  int64_t width = padded_width(op), corner = static_cast<int64_t>(op.pooling.pad_h) * op.input.width + op.pooling.pad_w;
  PoolWindow window{op.pooling.window_h, op.pooling.window_w, op.pooling.stride_w, width, op.input.width};
  const IntVector lane = lane_numbers() * op.pooling.stride_w;
  for (int p = 0; p < op.pooling.out_h; p++, y += op.pooling.out_w, index += index ? op.pooling.out_w : 0)
    for (int q = 0; q < op.pooling.out_w; q += kLanes) {
      const float* from = padded_map + p * op.pooling.stride_h * width + q * op.pooling.stride_w;
      int32_t first = static_cast<int32_t>(static_cast<int64_t>(p) * op.pooling.stride_h * op.input.width +
                                           q * op.pooling.stride_w - corner);
      if (whole_rows(op)) {
        Argmax best = best_of_all(window, from);
        y[0] = best.value;
        if (index) index[0] = best.place + first;
        continue;
      }
      Best best = op.pooling.stride_w == 2 ? best_of<2>(window, from) : best_of<0>(window, from);
      IntVector place = best.place + lane + splat(first);
      int n = smaller(kLanes, op.pooling.out_w - q);
      store_part(y + q, best.value, n);
      if (index) store_part(reinterpret_cast<float*>(index + q), from_bits(place), n);
    }
}

void average_rows(const lamella_pool& op, const float* padded_map, float* y) {
  int64_t width = padded_width(op);
  for (int p = 0; p < op.pooling.out_h; p++, y += op.pooling.out_w) {
    const float* rows = padded_map + p * op.pooling.stride_h * width;
    if (whole_rows(op)) {
      float total = 0;
      for (int i = 0; i < op.pooling.window_h; i++) total += sum(rows + i * width, op.pooling.window_w);
      y[0] = total / elements(window_of(op, p, 0));
      continue;
    }
    for (int q = 0; q < op.pooling.out_w; q += kLanes) {
      Vector total = {};
      for (int i = 0; i < op.pooling.window_h; i++)
        for (int j = 0; j < op.pooling.window_w; j++)
          total += strided(rows + i * width + q * op.pooling.stride_w + j, op.pooling.stride_w);
      store_part(y + q, total, smaller(kLanes, op.pooling.out_w - q));
    }
    for (int q = 0; q < op.pooling.out_w; q++) y[q] /= elements(window_of(op, p, q));
  }
}

int64_t pool_workspace_floats(const lamella_pool& op) {
  return round_up(padded_width(op) * padded_height(op), kLanes) + slack(op);
}

void pool_forward(const lamella_pool& op, const float* x, float* y, int32_t* index, float* work) {
  bool maximum = op.pooling.kind == LAMELLA_MAX_POOL;
  fill(work, pool_workspace_floats(op), maximum ? -__builtin_inff() : 0.0f);
  int64_t plane = static_cast<int64_t>(op.input.height) * op.input.width,
          out = static_cast<int64_t>(op.pooling.out_h) * op.pooling.out_w;
  for (int c = 0; c < op.input.channels; c++) {
    padding(op, x + c * plane, work);
    if (maximum)
      max_rows(op, work, y + c * out, index ? index + c * out : nullptr);
    else
      average_rows(op, work, y + c * out);
  }
}

void pool_backward(const lamella_pool& op, const float* dy, const int32_t* index, float* dx, bool accumulate) {
  int64_t plane = static_cast<int64_t>(op.input.height) * op.input.width;
  if (!accumulate) __builtin_memset(dx, 0, op.input.channels * plane * sizeof(float));
  int64_t out = 0;
  for (int c = 0; c < op.input.channels; c++, dx += plane)
    for (int p = 0; p < op.pooling.out_h; p++)
      for (int q = 0; q < op.pooling.out_w; q++, out++) {
        if (op.pooling.kind == LAMELLA_MAX_POOL) {
          dx[index[out]] += dy[out];
          continue;
        }
        Window w = window_of(op, p, q);
        float share = dy[out] / elements(w);
        for (int h = w.top; h < w.bottom; h++) {
          float* row = dx + static_cast<int64_t>(h) * op.input.width + w.left;
          each(w.right - w.left, row, row, [&](Vector v) { return v + share; });
        }
      }
}

int32_t* index_of(const Call& c, int64_t n) { return reinterpret_cast<int32_t*>(c.at(LAMELLA_INDEX, n)); }

}  // namespace

const Operator pool_operator = {
    [](const Call& c) {
      c.each_sample([&](int64_t n) {
        pool_forward(c.op->work.pool, c.floats(LAMELLA_X, n), c.floats(LAMELLA_Y, n), index_of(c, n), c.work);
      });
    },
    nullptr, [](const lamella_op& op, const WorkspaceScope&) { return pool_workspace_floats(op.work.pool); }};

const Operator pool_backward_operator = {[](const Call& c) {
  c.each_sample([&](int64_t n) {
    pool_backward(c.op->work.pool, c.floats(LAMELLA_DY, n), index_of(c, n), c.floats(LAMELLA_DX, n), c.accumulate());
  });
}};

}  // namespace lamella::LAMELLA_ISA
