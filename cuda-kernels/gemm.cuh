// Tiles of products of matrices:  c[row][column] = sum over terms of a[row][term] * b[term][column]
// A block loads slices of a few terms of both matrices into shared memory, while it multiplies the slice before. It
// computes TILE_M rows and kTileN columns, a thread kRows x 8 of them, which it keeps in registers. Every sum is in
// order of the terms, so results are bit-identical in every run and for every size of the tiles.
// A file includes it after device.cuh; no #pragma once, because tests include several files in one translation unit.
#ifndef TILE_M
#define TILE_M 64
#endif
// Blocks of a multiprocessor: a thread has up to 96 sums, all independent, instead of more warps. nvcc 13.0 spills
// registers for sm_120 where 3 must fit.
#if TILE_M > 80 || (defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 1000)
#define BLOCKS (LAMELLA_BLOCKS / 2)
#else
#define BLOCKS (LAMELLA_BLOCKS * 3 / 4)
#endif

// An address whose origin the compiler does not see: neighbours of it are read at constant distances, by one
// instruction each. Otherwise each gets 64-bit arithmetic of its own.
#ifndef LAMELLA_ADDRESS
#ifdef LAMELLA_SIMULATED
#define LAMELLA_ADDRESS(pointer)
#else
#define LAMELLA_ADDRESS(pointer) asm("" : "+l"(pointer))
#endif
#endif

// The threads of a block make a rectangle: a warp 4 x 8 of it, so that its reads of shared memory have no bank
// conflicts.
constexpr int kThreadRows = TILE_M > 32 ? 8 : 4;
constexpr int kThreadColumns = THREADS / kThreadRows;
constexpr int kRows = TILE_M / kThreadRows;
constexpr int kColumns = 8;
constexpr int kTileN = kThreadColumns * kColumns;
constexpr int kQuads = kRows / 4;  // a thread has its rows in groups of four, and two more if they are not divisible
// Floats from a term to the next in shared memory: aligned for reads of 16 bytes, and written with few bank conflicts.
constexpr int kLeftPitch = TILE_M + 4;
constexpr int kRightPitch = kTileN + 4;
static_assert(TILE_M % (4 * kThreadRows) == 0 || TILE_M % (4 * kThreadRows) == 2 * kThreadRows, "rows of a thread");

// The part of a block's tile that a thread computes.
struct Part {
  int row, column;  // of the thread in the rectangle

  __device__ inline Part() {
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    row = warp % (kThreadRows / 4) * 4 + lane / 8, column = warp / (kThreadRows / 4) * 8 + lane % 8;
  }
  // The i-th row of the thread within the tile.
  __device__ inline int row_of(int i) const {
    return i < 4 * kQuads ? i / 4 * 4 * kThreadRows + row * 4 + i % 4 : 4 * kQuads * kThreadRows + row * 2 + i % 2;
  }
  // Its j-th column; four of them are neighbours.
  __device__ inline int column_of(int j) const { return j / 4 * (kTileN / 2) + column * 4 + j % 4; }
};

// Adds the products of a slice. left: [term][kLeftPitch], right: [term][kRightPitch].
template <int Terms>
static __device__ inline void add_products(const Part& part, const float* left, const float* right,
                                           float (&sum)[kRows][kColumns]) {
  const float *quads = left + part.row * 4, *pairs = left + 4 * kQuads * kThreadRows + part.row * 2,
              *columns = right + part.column * 4;
#pragma unroll
  for (int t = 0; t < Terms; t++) {
    float a[kRows];
    Vector<4> b[2];
#pragma unroll
    for (int i = 0; i < kQuads; i++) {
      const Vector<4> four = *reinterpret_cast<const Vector<4>*>(quads + t * kLeftPitch + i * 4 * kThreadRows);
#pragma unroll
      for (int k = 0; k < 4; k++) a[4 * i + k] = four.v[k];
    }
    if (kRows % 4 > 0) {
      const Vector<2> two = *reinterpret_cast<const Vector<2>*>(pairs + t * kLeftPitch);
      a[kRows - 2] = two.v[0], a[kRows - 1] = two.v[1];
    }
#pragma unroll
    for (int j = 0; j < 2; j++)
      b[j] = *reinterpret_cast<const Vector<4>*>(columns + t * kRightPitch + j * (kTileN / 2));
#pragma unroll
    for (int i = 0; i < kRows; i++)
#pragma unroll
      for (int j = 0; j < kColumns; j++) sum[i][j] += a[i] * b[j / 4].v[j % 4];
  }
}
