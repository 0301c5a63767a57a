// Pooling of kLanes windows at a time, shared by the fused and the plain max pool.
#pragma once

#include "transpose.h"

namespace lamella::LAMELLA_ISA {

// Stores the lowest byte of every lane.
static inline void store_bytes(uint8_t* to, IntVector lanes) {
  LaneBytes bytes = __builtin_convertvector(lanes, LaneBytes);
  __builtin_memcpy(to, &bytes, sizeof bytes);
}

// p[0], p[stride], p[2 stride], ... For strides up to 4 it reads up to 4 * kLanes floats from p, else only those.
static inline Vector strided(const float* p, int stride) {
  if (stride == 1) return load(p);
  if (stride == 2) return every_second<0>(load(p), load(p + kLanes));
  if (stride == 4)
    return every_second<0>(every_second<0>(load(p), load(p + kLanes)),
                           every_second<0>(load(p + 2 * kLanes), load(p + 3 * kLanes)));
  Vector v;
  for (int i = 0; i < kLanes; i++) v[i] = p[i * stride];
  return v;
}

struct Best {
  Vector value;
  IntVector place;
};

// A window of `height` rows, `row` floats apart. Element (i, j) has place i * place_row + j.
struct PoolWindow {
  int height, width, stride;
  int64_t row;
  int place_row;
};

// The argmax positions of kLanes windows that begin at p, p + stride, ...; the first of equal values counts. STRIDE:
// the stride as a constant, or 0.
template <int STRIDE>
static inline Best best_of(const PoolWindow& w, const float* p) {
  const int stride = STRIDE ? STRIDE : w.stride;
  Best best = {strided(p, stride), IntVector{}};
  for (int i = 0; i < w.height; i++)
    for (int j = i == 0; j < w.width; j++) {
      Vector value = strided(p + i * w.row + j, stride);
      IntVector better = beats(value, best.value);
      best.value = select(better, value, best.value);
      best.place = better ? splat(i * w.place_row + j) : best.place;
    }
  return best;
}

struct Argmax {
  float value;
  int32_t place;
};

// One window that spans whole rows: vectors along the row; the argmax positions of the lanes are compared at the end.
// Reads whole vectors.
static inline Argmax best_of_all(const PoolWindow& w, const float* p) {
  Vector best = splat(-__builtin_inff());
  const IntVector lane = lane_numbers();
  IntVector place = {};
  for (int i = 0; i < w.height; i++)
    for (int j = 0; j < w.width; j += kLanes) {
      Vector value = load(p + i * w.row + j);  // floats past the row are readable, and masked below
      if (w.width - j < kLanes) value = select(lane < splat(w.width - j), value, splat(-__builtin_inff()));
      IntVector better = beats(value, best);
      best = select(better, value, best);
      place = better ? lane + splat(i * w.place_row + j) : place;
    }
  Argmax most = {best[0], place[0]};
  for (int l = 1; l < kLanes; l++)
    if (beats(best[l], most.value) || (best[l] == most.value && place[l] < most.place)) most = {best[l], place[l]};
  return most;
}

}  // namespace lamella::LAMELLA_ISA
