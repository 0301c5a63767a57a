// The simulator itself: planted faults must be caught, and correct kernels must pass for any order of threads.
#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <vector>

#define LAMELLA_SIMULATED
#include "device.cuh"

using lamella::sim::launch;

namespace {

// Reverses 64 values through shared memory; the barrier is left out on demand.
void reverse(bool barrier, const float* x, float* y) {
  __shared__ float values[64];
  values[threadIdx.x] = x[threadIdx.x];
  if (barrier) __syncthreads();
  y[threadIdx.x] = values[63 - threadIdx.x];
}

void sum(const double* x, double* y) {
  __shared__ double sums[kMaxWarps];
  double total = block_sum(x[threadIdx.x], sums);
  if (threadIdx.x == 0) *y = total;
}

}  // namespace

TEST_CASE("a barrier orders writes and reads, and without it the result is wrong") {
  std::vector<float> x(64), y(64);
  int wrong = 0;
  for (unsigned seed = 0; seed < 8; seed++) {
    for (int i = 0; i < 64; i++) x[i] = float(i + 1000 * (2 * seed));
    CHECK(launch({1}, {64}, seed, [&] { reverse(true, x.data(), y.data()); }) == "");
    for (int i = 0; i < 64; i++) CHECK(y[i] == x[63 - i]);
    for (float& v : x) v += 1000;
    CHECK(launch({1}, {64}, seed, [&] { reverse(false, x.data(), y.data()); }) == "");
    for (int i = 0; i < 64; i++) wrong += y[i] != x[63 - i];
  }
  CHECK(wrong > 0);
}

TEST_CASE("sums over a block are exact and the same for every seed") {
  for (unsigned threads : {32u, 64u, 1024u}) {
    std::vector<double> x(threads);
    double expected = 0, y = 0;
    for (unsigned i = 0; i < threads; i++) x[i] = i + 0.5, expected += x[i];
    for (unsigned seed = 0; seed < 3; seed++) {
      CHECK(launch({2}, {threads}, seed, [&] { sum(x.data(), &y); }) == "");
      CHECK(y == expected);
    }
  }
}

TEST_CASE("every thread of every block runs once") {
  std::vector<int> seen(2 * 3 * 4 * 8 * 2 * 2);
  CHECK(launch({2, 3, 4}, {8, 2, 2}, 1, [&] {
          unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
          seen[block * 32 + (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x]++;
        }) == "");
  for (int n : seen) CHECK(n == 1);
}

TEST_CASE("a barrier that one thread never reaches is a fault") {
  std::string fault = launch({3}, {64}, 7, [] {
    if (threadIdx.x != 5) __syncthreads();
  });
  CHECK(fault.find("barrier that thread (5,0,0) never reaches") != std::string::npos);
  CHECK(fault.find("block (") != std::string::npos);
}

TEST_CASE("a shuffle that one lane never reaches is a fault") {
  std::string fault = launch({1}, {64}, 7, [] {
    if (threadIdx.x != 40) __shfl_down_sync(0xffffffffu, 1.0f, 1);
  });
  CHECK(fault.find("shuffle that not all lanes of its mask reach") != std::string::npos);
}

TEST_CASE("a shuffle among lanes that the block does not have is a fault") {
  std::string fault = launch({1}, {40}, 7, [] { __shfl_down_sync(0xffffffffu, 1.0f, 1); });
  CHECK(fault.find("shuffle that not all lanes of its mask reach") != std::string::npos);
  CHECK(launch({1}, {40}, 7, [] { __shfl_down_sync(threadIdx.x < 32 ? 0xffffffffu : 0xffu, 1.0f, 1); }) == "");
}

TEST_CASE("a launch that every device would refuse is a fault") {
  CHECK(launch({1}, {1025}, 0, [] {}) != "");
  CHECK(launch({0}, {32}, 0, [] {}) != "");
  CHECK(launch({1, 65536}, {32}, 0, [] {}) != "");
}

#ifdef __SANITIZE_ADDRESS__
TEST_CASE("an access outside of shared memory ends the program") {
  for (unsigned beyond : {0u, 1u}) {
    pid_t child = fork();
    if (child == 0) {
      if (!freopen("/dev/null", "w", stderr)) _exit(0);
      launch({1}, {64}, 0, [&] {
        __shared__ float values[64];
        volatile float* at = values + threadIdx.x + beyond;
        *at = 1.0f;
      });
      _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    CHECK((status == 0) == (beyond == 0));
  }
}
#else
TEST_CASE("unwritten shared memory is not a number") {
  float read[2] = {0, 0};
  for (int run = 0; run < 2; run++)
    CHECK(launch({1}, {1}, 0, [&] {
            __shared__ float value;
            read[run] = value;
            value = 1.0f;
          }) == "");
  CHECK(std::isnan(read[0]));
  CHECK(std::isnan(read[1]));
}
#endif
