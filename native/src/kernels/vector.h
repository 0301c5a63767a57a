// Portable SIMD: GCC/Clang vector types, as wide as the registers of the ISA for which the file is compiled.
// Every kernel file is compiled once per ISA, each time in its own namespace. Kernels call no inline function of the
// standard library: the linker keeps one copy of each, possibly the one compiled for AVX-512.
#pragma once

#include <stdint.h>

#if !defined(LAMELLA_ISA) || !defined(LAMELLA_VECTOR_BYTES)
#error "LAMELLA_ISA and LAMELLA_VECTOR_BYTES are set by the build, once per ISA"
#endif

namespace lamella::LAMELLA_ISA {

constexpr int kLanes = LAMELLA_VECTOR_BYTES / 4;

typedef float Vector __attribute__((vector_size(LAMELLA_VECTOR_BYTES)));
typedef int32_t IntVector __attribute__((vector_size(LAMELLA_VECTOR_BYTES)));
typedef uint8_t LaneBytes __attribute__((vector_size(LAMELLA_VECTOR_BYTES / 4)));  // one byte per lane
typedef float UnalignedVector __attribute__((vector_size(LAMELLA_VECTOR_BYTES), aligned(4), may_alias));
typedef int32_t UnalignedIntVector __attribute__((vector_size(LAMELLA_VECTOR_BYTES), aligned(4), may_alias));

static inline Vector load(const float* p) { return *reinterpret_cast<const UnalignedVector*>(p); }
static inline void store(float* p, Vector v) { *reinterpret_cast<UnalignedVector*>(p) = v; }
// x - 0 is x for every x, so compilers emit a plain broadcast. 0 + x is not (it turns -0 into 0) and costs an addition.
static inline Vector splat(float x) { return x - Vector{}; }
static inline IntVector splat(int32_t x) { return x - IntVector{}; }
static inline IntVector bits(Vector v) { return (IntVector)v; }
static inline Vector from_bits(IntVector v) { return (Vector)v; }
static inline Vector select(IntVector mask, Vector yes, Vector no) { return mask ? yes : no; }
// Comparison for a maximum. NaN counts as larger than every number: max pooling must not hide weights that became NaN.
static inline IntVector beats(Vector value, Vector best) { return (value > best) | (value != value); }
static inline bool beats(float value, float best) { return value > best || value != value; }

// 0, 1, 2 ...
static inline IntVector lane_numbers() {
  IntVector lane = {};
  for (int i = 0; i < kLanes; i++) lane[i] = i;
  return lane;
}

// Returns the same pointer, hidden from the optimizer: else GCC computes the address of every load of an unrolled tile
// anew instead of using one register and constant offsets.
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

// The sum of n floats, lane by lane first: always in the same order.
static inline float sum(const float* p, int64_t n) {
  Vector lanes = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) lanes += load(p + i);
  float total = sum(lanes);
  for (; i < n; i++) total += p[i];
  return total;
}

}  // namespace lamella::LAMELLA_ISA
