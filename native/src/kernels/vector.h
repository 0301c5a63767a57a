// Portable SIMD: GCC/Clang vector types whose width follows from the level that this file is compiled for.
// Every kernel file is compiled once a level, each time in its own namespace. Kernels call no inline function of the
// standard library: the linker keeps one copy of those, and it could be the AVX-512 one.
#pragma once

#include <stdint.h>

#if !defined(LAMELLA_LEVEL) || !defined(LAMELLA_VECTOR_BYTES)
#error "LAMELLA_LEVEL and LAMELLA_VECTOR_BYTES are set by the build, once a level"
#endif

namespace lamella::LAMELLA_LEVEL {

constexpr int kLanes = LAMELLA_VECTOR_BYTES / 4;

typedef float Vector __attribute__((vector_size(LAMELLA_VECTOR_BYTES)));
typedef int32_t IntVector __attribute__((vector_size(LAMELLA_VECTOR_BYTES)));
typedef uint8_t LaneBytes __attribute__((vector_size(LAMELLA_VECTOR_BYTES / 4)));  // a byte a lane
typedef float UnalignedVector __attribute__((vector_size(LAMELLA_VECTOR_BYTES), aligned(4), may_alias));
typedef int32_t UnalignedIntVector __attribute__((vector_size(LAMELLA_VECTOR_BYTES), aligned(4), may_alias));

static inline Vector load(const float* p) { return *reinterpret_cast<const UnalignedVector*>(p); }
static inline void store(float* p, Vector v) { *reinterpret_cast<UnalignedVector*>(p) = v; }
// x - 0 is x for every x, so compilers leave a plain broadcast; 0 + x is not (it turns -0 into 0) and costs an
// addition.
static inline Vector splat(float x) { return x - Vector{}; }
static inline IntVector splat(int32_t x) { return x - IntVector{}; }
static inline IntVector bits(Vector v) { return (IntVector)v; }
static inline Vector from_bits(IntVector v) { return (Vector)v; }
static inline Vector select(IntVector mask, Vector yes, Vector no) { return mask ? yes : no; }
// Of a maximum: NaN wins and stays, or a pool behind weights that are no longer numbers would hide it.
static inline IntVector beats(Vector value, Vector best) { return (value > best) | (value != value); }
static inline bool beats(float value, float best) { return value > best || value != value; }

// 0, 1, 2 ...
static inline IntVector lane_numbers() {
  IntVector lane = {};
  for (int i = 0; i < kLanes; i++) lane[i] = i;
  return lane;
}

// The same pointer, but the compiler takes it as it is: left alone, GCC computes the address of every load of an
// unrolled tile anew instead of using one register and constant distances.
static inline const float* opaque(const float* p) {
  asm("" : "+r"(p));
  return p;
}

template <typename T>
static inline T smaller(T a, T b) {
  return b < a ? b : a;
}
template <typename T>
static inline T larger(T a, T b) {
  return a < b ? b : a;
}
static inline int64_t round_up(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

static inline float sum(Vector v) {
  float total = 0;
  for (int i = 0; i < kLanes; i++) total += v[i];
  return total;
}

// The sum of n floats: lane by lane first, the same order every time.
static inline float sum(const float* p, int64_t n) {
  Vector lanes = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) lanes += load(p + i);
  float total = sum(lanes);
  for (; i < n; i++) total += p[i];
  return total;
}

}  // namespace lamella::LAMELLA_LEVEL
