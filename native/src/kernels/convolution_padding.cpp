// The zero-padded copy of a sample: see convolution.h.
#include "convolution.h"
#include "transpose.h"

namespace lamella::LAMELLA_ISA {
namespace {

// Whole vectors: up to one more than n floats.
void clear(float* to, int64_t n) {
  for (int64_t i = 0; i < n; i += kLanes) store(to + i, Vector{});
}

// from[0], from[step], ...: whole vectors while they stay before end.
void copy_every(const float* from, int step, int64_t n, const float* end, float* to) {
  int64_t i = 0;
  for (; step == 2 && i < n && from + 2 * (i + kLanes) <= end; i += kLanes)
    store(to + i, every_second<0>(load(from + 2 * i), load(from + 2 * i + kLanes)));
  for (; i < n; i++) to[i] = from[i * step];
}

// In address order: the next run overwrites what a vector wrote past the end of the run before.
void pad_phases(const Convolution& s, const float* x, float* padded_map) {
  constexpr int kTabled = 8;  // one division per row would cost as much as the row
  Phase table[kTabled];
  for (int phase = 0; phase < smaller(s.stride_w, kTabled); phase++) table[phase] = phase_of(s, phase);
  const float* end = x + static_cast<int64_t>(s.channels) * s.height * s.width;
  for (int c = 0; c < s.channels; c++)
    for (int row = 0; row < s.padded_h; row++) {
      int h = row - s.pad_h;
      if (h < 0 || h >= s.height) {
        clear(padded_map, s.padded_w);
        padded_map += s.padded_w;
        continue;
      }
      const float* from = x + (static_cast<int64_t>(c) * s.height + h) * s.width;
      for (int phase = 0; phase < s.stride_w; phase++, padded_map += s.phase_w) {
        Phase p = phase < kTabled ? table[phase] : phase_of(s, phase);
        clear(padded_map, p.before);
        copy_every(from + p.first, s.stride_w, p.count, end, padded_map + p.before);
        clear(padded_map + p.before + p.count, s.phase_w - p.before - p.count);
      }
    }
  clear(padded_map, kSlack);
}

}  // namespace

void padding(const Convolution& s, const float* x, float* padded_map) {
  if (s.stride_w > 1) return pad_phases(s, x, padded_map);
  if (s.pad_h == 0 && s.pad_w == 0) {
    int64_t n = static_cast<int64_t>(s.channels) * s.height * s.width;
    __builtin_memcpy(padded_map, x, n * sizeof(float));
    __builtin_memset(padded_map + n, 0, (padded_floats(s) - n) * sizeof(float));
    return;
  }
  __builtin_memset(padded_map, 0, padded_floats(s) * sizeof(float));
  for (int c = 0; c < s.channels; c++)
    for (int h = 0; h < s.height; h++)
      __builtin_memcpy(padded_map + (static_cast<int64_t>(c) * s.padded_h + h + s.pad_h) * s.padded_w + s.pad_w,
                       x + (static_cast<int64_t>(c) * s.height + h) * s.width, s.width * sizeof(float));
}

}  // namespace lamella::LAMELLA_ISA
