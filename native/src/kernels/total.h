// Sums of floats in double.
#pragma once

#include "vector.h"

namespace lamella::LAMELLA_ISA {

typedef double DoubleVector __attribute__((vector_size(LAMELLA_VECTOR_BYTES)));
typedef float HalfVector __attribute__((vector_size(LAMELLA_VECTOR_BYTES / 2)));

// A sum of vectors of floats, in double.
struct Total {
  DoubleVector low = {}, high = {};

  static DoubleVector half(Vector v, int which) {
    HalfVector halves[2];
    __builtin_memcpy(halves, &v, sizeof v);
    return __builtin_convertvector(halves[which], DoubleVector);
  }
  void add(Vector v) { low += half(v, 0), high += half(v, 1); }
  void add_product(Vector a, Vector b) { low += half(a, 0) * half(b, 0), high += half(a, 1) * half(b, 1); }
  double sum() const {
    double total = 0;
    for (int i = 0; i < kLanes / 2; i++) total += low[i] + high[i];
    return total;
  }
};

}  // namespace lamella::LAMELLA_ISA
