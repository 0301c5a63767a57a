// The CUDA kernel for dense layers, on simulated blocks, against double precision: all transposes, odd sizes, gaps
// between rows.
#include <array>

#include "testing.h"

#define LAMELLA_SIMULATED
#include "device.cuh"

#include "dense.cu"

using namespace testing;
using lamella::sim::launch;

namespace {

// A matrix of rows x columns with gaps between its rows, or between its columns if it is transposed.
struct Operand {
  int rows, columns;
  bool transposed;
  long long lead;
  std::vector<float> values;

  Operand(int rows, int columns, bool transposed, unsigned seed)
      : rows(rows),
        columns(columns),
        transposed(transposed),
        lead((transposed ? rows : columns) + 3),
        values(random_floats((transposed ? columns : rows) * lead, seed)) {}
  long long row() const { return transposed ? 1 : lead; }
  long long column() const { return transposed ? lead : 1; }
  double at(int i, int j) const { return values[size_t(i * row() + j * column())]; }
};

}  // namespace

TEST_CASE("products of matrices, transposed and not, new and added up") {
  for (auto [m, n, k] : {std::array{1, 1, 1}, {17, 3, 34}, {64, 64, 16}, {65, 130, 33}, {3, 100, 100}})
    for (int turns = 0; turns < 4; turns++)
      for (int accumulate : {0, 1}) {
        Operand a(m, k, turns & 1, unsigned(m + n)), b(k, n, turns & 2, unsigned(k + 7));
        long long lead = n + 5;
        auto c = accumulate ? random_floats(m * lead, 9) : poisoned(m * lead);
        auto before = c;
        CHECK(launch({unsigned((n + TILE - 1) / TILE), unsigned((m + TILE - 1) / TILE)}, {SIDE * SIDE}, 1, [&] {
                matrix_product(m, n, k, accumulate, a.values.data(), a.row(), a.column(), b.values.data(), b.row(),
                               b.column(), c.data(), lead);
              }) == "");
        std::vector<double> expected;
        std::vector<float> made;
        for (int i = 0; i < m; i++)
          for (int j = 0; j < lead; j++) {
            float value = c[size_t(i * lead + j)], old = before[size_t(i * lead + j)];
            if (j >= n) {
              CHECK((std::isnan(value) ? std::isnan(old) : value == old));  // what lies between the rows is not touched
              continue;
            }
            double sum = accumulate ? double(old) : 0;
            for (int t = 0; t < k; t++) sum += a.at(i, t) * b.at(t, j);
            expected.push_back(sum), made.push_back(value);
          }
        CHECK(relative_error(expected, made.data()) < 1e-6);
      }
}
