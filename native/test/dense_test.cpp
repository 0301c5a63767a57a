// Dense layers, forward and backward, and the optimizer's tails, at every level, against double precision.
#include "testing.h"

using namespace testing;

namespace {

void check(const lamella::KernelTable& k, int samples, int inputs, int outputs, unsigned seed) {
  lamella_op op = {};
  op.channels = inputs, op.filters = outputs, op.count = inputs;
  auto x = random_floats(size_t(samples) * inputs, seed), w = random_floats(size_t(outputs) * inputs, seed + 1);
  auto b = random_floats(outputs, seed + 2), g = random_floats(size_t(samples) * outputs, seed + 3);
  std::vector<double> y(g.size()), dx(x.size()), dw(w.size()), db(b.size());
  for (int n = 0; n < samples; n++)
    for (int o = 0; o < outputs; o++) {
      double sum = b[o], slope = g[n * outputs + o];
      db[o] += slope;
      for (int i = 0; i < inputs; i++) {
        sum += double(x[n * inputs + i]) * w[o * inputs + i];
        dx[n * inputs + i] += slope * w[o * inputs + i];
        dw[o * inputs + i] += slope * x[n * inputs + i];
      }
      y[n * outputs + o] = sum;
    }
  auto work = poisoned(k.dense_workspace_floats(op, samples));
  auto turned = poisoned(size_t(inputs) * k.dense_padded_batch(samples));
  for (int64_t u = 0; u < k.transpose_units(op); u++) k.transpose(op, samples, inputs, x.data(), turned.data(), u);
  auto ours = poisoned(y.size());
  for (int64_t u = 0; u < k.dense_units(op); u++)
    k.dense_forward(op, samples, turned.data(), w.data(), b.data(), ours.data(), outputs, u, work.data());
  CHECK(relative_error(y, ours.data()) < 1e-5);
  auto our_dx = poisoned(dx.size()), our_dw = poisoned(dw.size()), our_db = poisoned(db.size());
  for (int64_t u = 0; u < k.dense_backward_units(op); u++) {
    k.dense_backward_data(op, samples, g.data(), outputs, w.data(), our_dx.data(), inputs, u, work.data());
    k.dense_backward_weight(op, samples, g.data(), outputs, x.data(), inputs, our_dw.data(), our_db.data(), u,
                            work.data());
  }
  CHECK(relative_error(dx, our_dx.data()) < 1e-5);
  CHECK(relative_error(dw, our_dw.data()) < 1e-5);
  CHECK(relative_error(db, our_db.data()) < 1e-5);
}

}  // namespace

TEST_CASE("dense layers agree with double precision") {
  const int cases[][3] = {{1, 1, 1}, {3, 17, 34}, {100, 34, 42}, {34, 300, 25}, {17, 777, 3}, {128, 100, 100}};
  for (const lamella::KernelTable* level : levels())
    for (const auto& c : cases) {
      CAPTURE(level->name);
      CAPTURE(c[0]);
      check(*level, c[0], c[1], c[2], unsigned(c[0] + c[1]));
    }
}

TEST_CASE("an update writes its slice and nothing else") {
  for (const lamella::KernelTable* level : levels()) {
    lamella_op op = {};
    op.optimizer = LAMELLA_SGD, op.count = 37, op.momentum = 0.5f, op.decay = 0.1f;
    std::vector<float> w(40, 1.0f), g(40, 2.0f), m(40, 4.0f);
    level->update(op, w.data(), g.data(), m.data(), nullptr, 0.1f, 1, 1, 3, 36);
    for (int i = 0; i < 40; i++) {
      bool inside = i >= 3 && i < 36;
      CHECK(m[i] == doctest::Approx(inside ? 0.5 * 4 + 2 + 0.1 : 4));
      CHECK(w[i] == doctest::Approx(inside ? 1 - 0.1 * 4.1 : 1));
    }
  }
}
