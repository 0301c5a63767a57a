// The filters of a Winograd convolution, transformed: see winograd.h.
#include "transpose.h"
#include "winograd.h"

namespace lamella::LAMELLA_ISA {
namespace {

// G W G^T of kLanes filters at once. taps: [r][s], one vector each. The first n lanes are written to `to`.
template <int R, int S>
void transform_filters(const float* taps, int64_t n, float* to, int64_t point) {
  constexpr int kRows = R == 1 ? 1 : kPoints;
  Vector lines[kRows][S];
#pragma GCC unroll 5
  for (int q = 0; q < S; q++) {
    Vector column[R], out[kRows];
#pragma GCC unroll 5
    for (int r = 0; r < R; r++) column[r] = load(taps + (r * S + q) * kLanes);
    if constexpr (R == 1)
      out[0] = column[0];
    else
      filter_points<R>(column, out);
#pragma GCC unroll 6
    for (int i = 0; i < kRows; i++) lines[i][q] = out[i];
  }
  for (int i = 0; i < kRows; i++) {
    Vector out[kPoints];
    filter_points<S>(lines[i], out);
    for (int j = 0; j < kPoints; j++, to += point) {
      if (n == kLanes)
        store(to, out[j]);
      else
        for (int64_t l = 0; l < n; l++) to[l] = out[j][l];
    }
  }
}

// Filters [first, last) in their own order, vectors along the channels: U[point][filter][channel].
template <int R, int S>
void pack_channels(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last) {
  float taps[R * S * kLanes] = {};
  for (int64_t k = first; k < last; k++)
    for (int64_t c = 0; c < s.channels; c += kLanes) {
      int64_t n = smaller<int64_t>(kLanes, s.channels - c);
      transpose_block(n, R * S, w + (k * s.channels + c) * R * S, R * S, taps, kLanes);
      transform_filters<R, S>(taps, n, packed + k * s.channels + c, static_cast<int64_t>(s.filters) * s.channels);
    }
}

// Transposed and mirrored, vectors along the filters: U[point][channel][filter].
template <int R, int S>
void pack_filters_transposed(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last) {
  constexpr int64_t kTogether = 8;  // channels, so that whole squares are transposed
  float transposed[kTogether * R * S * kLanes] = {}, taps[R * S * kLanes];
  for (int64_t k = first; k < last; k += kLanes)
    for (int64_t c = 0; c < s.channels; c += kTogether) {
      int64_t n = smaller<int64_t>(kLanes, last - k), channels = smaller<int64_t>(kTogether, s.channels - c);
      transpose_block(n, channels * R * S, w + (k * s.channels + c) * R * S, s.taps, transposed, kLanes);
      for (int64_t i = 0; i < channels; i++) {
        for (int t = 0; t < R * S; t++) store(taps + t * kLanes, load(transposed + ((i + 1) * R * S - 1 - t) * kLanes));
        transform_filters<R, S>(taps, n, packed + (c + i) * s.filters + k,
                                static_cast<int64_t>(s.filters) * s.channels);
      }
    }
}

// Filters of one row, in pieces of 3 taps, the last padded with zeros: U[point][filter][piece][channel].
void pack_pieces(const Convolution& s, const float* w, float* packed, int64_t first, int64_t last) {
  int pieces = (s.kernel_w + kPieceTaps - 1) / kPieceTaps;
  int64_t row = static_cast<int64_t>(pieces) * s.channels;
  for (int64_t k = first; k < last; k++)
    for (int piece = 0; piece < pieces; piece++)
      for (int64_t c = 0; c < s.channels; c += kLanes) {
        int64_t n = smaller<int64_t>(kLanes, s.channels - c);
        float taps[kPieceTaps * kLanes] = {};
        for (int t = 0; t < smaller(kPieceTaps, s.kernel_w - piece * kPieceTaps); t++)
          for (int64_t l = 0; l < n; l++)
            taps[t * kLanes + l] = w[(k * s.channels + c + l) * s.kernel_w + piece * kPieceTaps + t];
        transform_filters<1, kPieceTaps>(taps, n, packed + k * row + piece * s.channels + c, s.filters * row);
      }
}

template <int R, int S>
void pack(const Convolution& s, bool transposed, const float* w, float* packed, int64_t first, int64_t last) {
  if (transposed)
    pack_filters_transposed<R, S>(s, w, packed, first, last);
  else
    pack_channels<R, S>(s, w, packed, first, last);
}

}  // namespace

void winograd_pack(const Convolution& s, bool transposed, const float* w, float* packed, int64_t first, int64_t last) {
  if (s.kernel_w > 5) return pack_pieces(s, w, packed, first, last);
  auto chosen =
      s.kernel_w == 3 ? (s.kernel_h == 1 ? pack<1, 3> : pack<3, 3>) : (s.kernel_h == 1 ? pack<1, 5> : pack<5, 5>);
  chosen(s, transposed, w, packed, first, last);
}

}  // namespace lamella::LAMELLA_ISA
