// Shared by forward pass and data gradient as implicit GEMM (convolution_gemm.cuh): both sum the products of weights
// and of the values of a map around a position.
//   c[m][position] = sum over channels and taps of w[m, channel, tap] * map[channel][position + tap]
// A thread loads the values for its own columns and always the same term of the weights, so that no index has to be
// divided.

// The map that is read, and the weights of the block's rows.
struct Source {
  const float* map;             // the first sample
  int channels, height, width;  // of the map
  const float* weights;         // of the block's first row
  int row_step, channel_step;   // in the weights
  int rows;                     // of the block that exist
};

// Where a column's position is in the map.
struct Corner {
  unsigned sample;
  int h, v;
};

// The slices of a block. Taps: the taps that contribute to its positions, with
//   kCount, kMasked (whether one may be outside of the map), h(t) and v(t) (the distance from the position in the map),
//   weight(t) (the index of its weight in the filter)
template <typename Taps, bool Vectors>
struct Slices {
  // Enough terms between barriers.
  static constexpr int kChannels = Taps::kCount == 1 ? 8 : Taps::kCount > 5 ? 1 : 10 / Taps::kCount;
  static constexpr int kTerms = kChannels * Taps::kCount;
  static constexpr int kWeightRows = THREADS / kTerms;  // that are loaded by an instruction
  static constexpr int kWeights = (TILE_M + kWeightRows - 1) / kWeightRows;
  static constexpr int kEach = kTileN / THREADS;  // columns whose values a thread loads
  static constexpr int kFours = kTileN / 4, kFourChannels = THREADS / kFours;
  static constexpr int kValues = kTileN * kTerms / THREADS;
  static_assert(!Vectors || (Taps::kCount == 1 && !Taps::kMasked), "neighbouring positions are neighbours in the map");

  const Source& source;
  const int plane;
  const float* weights;
  int weight_channel, weight_row, weight_to;
  int weight_at[kWeights];
  const float* from[Vectors ? 1 : kEach];
  int row[Vectors ? 1 : kEach], right[Vectors ? 1 : kEach];  // of the position in the map
  float weight[kWeights], value[kValues];

  // corner(column): a column's position; columns that do not exist repeat another one.
  template <typename Columns>
  __device__ inline Slices(const Source& source, const Columns& columns)
      : source(source), plane(source.height * source.width) {
    const int term = threadIdx.x % kTerms, tap = term % Taps::kCount;
    weight_channel = term / Taps::kCount, weight_row = threadIdx.x / kTerms;
    weight_to = term * kLeftPitch + weight_row;
    weights = source.weights + weight_channel * source.channel_step + Taps::weight(tap);
#pragma unroll
    for (int i = 0; i < kWeights; i++)  // rows that do not exist repeat the last one; their sums are not stored
      weight_at[i] = min(weight_row + i * kWeightRows, source.rows - 1) * source.row_step;
#pragma unroll
    for (int e = 0; e < (Vectors ? 1 : kEach); e++) {
      const Corner at = columns.corner(Vectors ? threadIdx.x % kFours * 4 : threadIdx.x + e * THREADS);
      from[e] = source.map + static_cast<uint64>(at.sample) * source.channels * plane + at.h * source.width + at.v;
      if (Vectors) from[e] += threadIdx.x / kFours * plane;
      row[e] = at.h, right[e] = at.v;
    }
  }

  // Loads the slice from channel `first` on into registers. Channels that do not exist are zero; a slice of one
  // channel, which is not multiplied then, repeats the last one.
  __device__ inline void load(int first) {
    const int left = source.channels - first;
    const bool exists = kChannels == 1 || weight_channel < left;
#pragma unroll
    for (int i = 0; i < kWeights; i++) weight[i] = exists ? __ldg(weights + weight_at[i]) : 0.0f;
    weights += kChannels > 1 || left > 1 ? kChannels * source.channel_step : 0;
    LAMELLA_ADDRESS(weights);
    if (Vectors) {
      load_vectors(left - static_cast<int>(threadIdx.x) / kFours);
    } else {
#pragma unroll
      for (int e = 0; e < kEach; e++) load_column(left, e);
    }
  }

  __device__ inline void load_vectors(int channels) {
    constexpr int kLoads = kValues / 4;
#pragma unroll
    for (int i = 0; i < kLoads; i++) {
      const float4 zero = {0.0f, 0.0f, 0.0f, 0.0f};
      const float4 four = channels > i * kFourChannels
                              ? __ldg(reinterpret_cast<const float4*>(from[0] + i * kFourChannels * plane))
                              : zero;
      value[4 * i] = four.x, value[4 * i + 1] = four.y, value[4 * i + 2] = four.z, value[4 * i + 3] = four.w;
    }
    from[0] += kChannels * plane;
    LAMELLA_ADDRESS(from[0]);
  }

  __device__ inline void load_column(int left, int e) {
#pragma unroll
    for (int c = 0; c < kChannels; c++) {
      const bool channel = kChannels == 1 || c < left;
      const float* at = from[e] + Taps::h(0) * source.width;
#pragma unroll
      for (int t = 0; t < Taps::kCount; t++) {
        if (t > 0 && Taps::h(t) != Taps::h(t - 1)) at += (Taps::h(t) - Taps::h(t - 1)) * source.width;
        LAMELLA_ADDRESS(at);
        const bool down = !Taps::kMasked || within(row[e] + Taps::h(t), source.height),
                   across = !Taps::kMasked || within(right[e] + Taps::v(t), source.width);
        value[(e * kChannels + c) * Taps::kCount + t] = channel && down && across ? __ldg(at + Taps::v(t)) : 0.0f;
      }
      from[e] += kChannels > 1 || left > 1 ? plane : 0;
      LAMELLA_ADDRESS(from[e]);
    }
  }

  // Writes what was loaded into shared memory.
  __device__ inline void store(float* left, float* right) const {
#pragma unroll
    for (int i = 0; i < kWeights; i++)
      if ((i + 2) * kWeightRows < TILE_M || weight_row + i * kWeightRows < TILE_M)
        left[weight_to + i * kWeightRows] = weight[i];
    if (Vectors) {
      float* to = right + threadIdx.x / kFours * kRightPitch + threadIdx.x % kFours * 4;
#pragma unroll
      for (int i = 0; i < kValues / 4; i++) {
        Vector<4> four;
#pragma unroll
        for (int k = 0; k < 4; k++) four.v[k] = value[4 * i + k];
        *reinterpret_cast<Vector<4>*>(to + i * kFourChannels * kRightPitch) = four;
      }
    } else {
#pragma unroll
      for (int e = 0; e < kEach; e++)
#pragma unroll
        for (int t = 0; t < kTerms; t++) right[t * kRightPitch + e * THREADS + threadIdx.x] = value[e * kTerms + t];
    }
  }
};

// Terms of the longest slice.
constexpr int kMaxTerms = kTaps > 10 ? kTaps : 10;

// Sums the products of all channels. memory: 2 * kBuffer floats of shared memory.
constexpr int kBuffer = kMaxTerms * (kLeftPitch + kRightPitch);
template <typename Taps, bool Vectors, typename Columns>
static __device__ inline void add_channels(const Part& part, const Source& source, const Columns& columns,
                                           float* memory, float (&sum)[kRows][kColumns]) {
  using Own = Slices<Taps, Vectors>;
  constexpr int kRight = Own::kTerms * kLeftPitch;
  Own slices(source, columns);
  slices.load(0);
  slices.store(memory, memory + kRight);
  __syncthreads();
  int now = 0;
#pragma unroll 1
  for (int c = 0; c < source.channels; c += Own::kChannels, now = kBuffer - now) {
    slices.load(c + Own::kChannels);
    add_products<Own::kTerms>(part, memory + now, memory + now + kRight, sum);
    slices.store(memory + kBuffer - now, memory + kBuffer - now + kRight);
    __syncthreads();
  }
}
