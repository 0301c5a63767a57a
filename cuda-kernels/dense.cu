// A product of matrices, for dense layers without cuBLAS:  c = a b  (accumulate: c += a b).
//   a: m x k    b: k x n    c: m x n; each with strides, so that a transpose is the same matrix with its strides
//   exchanged.
// A block computes a tile of TILE x TILE elements of c (grid x: along n, grid y: along m), a thread 4 x 4 of them, 16
// apart, so that a warp reads neighbours of b and one element of a, and writes neighbours. Slices of TILE_K terms are
// loaded into shared memory. Every sum is in order of k: results are bit-identical in every run.
#include "device.cuh"

#ifndef TILE
#define TILE 64
#endif
#ifndef TILE_K
#define TILE_K 16
#endif
#ifndef THREADS
#define THREADS 256
#endif
#define SIDE 16             // of the square that a block's threads make
#define EACH (TILE / SIDE)  // elements of a thread, along each side
#define ROW (TILE + 1)      // of shared memory; one more, so that columns lie in different banks
static_assert(THREADS == SIDE * SIDE, "the threads of a block make a square");

struct Matrix {
  const float* at;
  long long row, column;  // floats from one to the next
  int rows, columns;
};

// Copies a slice into shared memory as [term][index]. terms_first: the rows of the matrix are terms, else its columns.
// Neighbouring threads read along the dimension that is contiguous.
static __device__ inline void load_slice(const Matrix& x, bool terms_first, int first, int term, float* slice) {
  const long long by_index = terms_first ? x.column : x.row, by_term = terms_first ? x.row : x.column;
  const int indices = terms_first ? x.columns : x.rows, terms = terms_first ? x.rows : x.columns;
  for (int i = threadIdx.x; i < TILE * TILE_K; i += THREADS) {
    const int index = by_term == 1 ? i / TILE_K : i % TILE, t = by_term == 1 ? i % TILE_K : i / TILE;
    const bool inside = first + index < indices && term + t < terms;
    slice[t * ROW + index] = inside ? x.at[(first + index) * by_index + (term + t) * by_term] : 0.0f;
  }
}

LAMELLA_KERNEL void __launch_bounds__(THREADS)
    matrix_product(int m, int n, int k, int accumulate, const float* __restrict__ a, long long a_row,
                   long long a_column, const float* __restrict__ b, long long b_row, long long b_column,
                   float* __restrict__ c, long long c_row, Mark mark = kNoMark) {
  record(mark);
  __shared__ float left[TILE_K * ROW];
  __shared__ float right[TILE_K * ROW];
  const Matrix x = {a, a_row, a_column, m, k}, y = {b, b_row, b_column, k, n};
  const int across = threadIdx.x % SIDE, down = threadIdx.x / SIDE, top = blockIdx.y * TILE, start = blockIdx.x * TILE;
  float sum[EACH][EACH] = {};
  for (int term = 0; term < k; term += TILE_K) {
    load_slice(x, false, top, term, left);
    load_slice(y, true, start, term, right);
    __syncthreads();
#pragma unroll
    for (int t = 0; t < TILE_K; t++) {
      float from_left[EACH], from_right[EACH];
#pragma unroll
      for (int i = 0; i < EACH; i++) {
        from_left[i] = left[t * ROW + down + i * SIDE];
        from_right[i] = right[t * ROW + across + i * SIDE];
      }
#pragma unroll
      for (int i = 0; i < EACH; i++)
#pragma unroll
        for (int j = 0; j < EACH; j++) sum[i][j] += from_left[i] * from_right[j];
    }
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < EACH; i++)
#pragma unroll
    for (int j = 0; j < EACH; j++) {
      const int row = top + down + i * SIDE, column = start + across + j * SIDE;
      if (row >= m || column >= n) continue;
      float* to = c + row * c_row + column;
      *to = sum[i][j] + (accumulate ? *to : 0.0f);
    }
}
