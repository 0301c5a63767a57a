// Dense layers, forward and backward, and the optimizer's tails, at every ISA, against double precision.
#include <cmath>

#include "testing.h"

using namespace testing;

namespace {

void check(const lamella::KernelTable& k, int samples, int inputs, int outputs, unsigned seed) {
  lamella_dense op = {};
  op.inputs = inputs, op.outputs = outputs;
  const lamella_elements of_x = {inputs}, of_g = {outputs};
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
  auto work = poisoned(std::max(k.dense_workspace_floats(samples), k.dense_backward_workspace_floats(op, samples)));
  auto transposed = poisoned(size_t(inputs) * k.dense_padded_batch(samples));
  for (int64_t u = 0; u < k.transpose_units(of_x); u++)
    k.transpose(of_x, samples, inputs, x.data(), transposed.data(), u);
  auto ours = poisoned(y.size());
  for (int64_t u = 0; u < k.dense_units(op); u++)
    k.dense_forward(op, samples, transposed.data(), w.data(), b.data(), {ours.data(), outputs, nullptr}, u,
                    work.data());
  CHECK(relative_error(y, ours.data()) < 1e-5);
  // The same for a dense layer behind, transposed with finite padding; and for nobody else.
  int64_t wide = k.dense_padded_batch(samples);
  for (float* plain : {ours.data(), static_cast<float*>(nullptr)}) {
    ours = poisoned(y.size());
    auto across = poisoned(size_t(outputs) * wide);
    for (int64_t u = 0; u < k.dense_units(op); u++)
      k.dense_forward(op, samples, transposed.data(), w.data(), b.data(),
                      {plain ? ours.data() : nullptr, outputs, across.data()}, u, work.data());
    if (plain) CHECK(relative_error(y, ours.data()) < 1e-5);
    for (float v : across) CHECK(std::isfinite(v));
    for (int n = 0; n < samples; n++)
      for (int o = 0; o < outputs; o++) ours[n * outputs + o] = across[o * wide + n];
    CHECK(relative_error(y, ours.data()) < 1e-5);
  }
  for (int64_t slices : {1, 3, 16}) {
    op.slices = slices;
    int64_t stride = outputs * k.dense_padded_batch(samples);
    auto partials = poisoned(slices * stride);
    for (int64_t s = 0; s < slices; s++)
      k.dense_slice(op, samples, x.data(), inputs, w.data(), partials.data() + s * stride, s, work.data());
    ours = poisoned(y.size());
    for (int64_t u = 0; u < k.dense_units(op); u++)
      k.dense_join(op, samples, partials.data(), stride, b.data(), {ours.data(), outputs, nullptr}, u, work.data());
    CHECK(relative_error(y, ours.data()) < 1e-5);
  }
  auto our_dx = poisoned(dx.size()), our_dw = poisoned(dw.size()), our_db = poisoned(db.size());
  auto transposed_g = poisoned(size_t(outputs) * k.dense_padded_batch(samples));
  for (int64_t u = 0; u < k.transpose_units(of_g); u++)
    k.transpose(of_g, samples, outputs, g.data(), transposed_g.data(), u);
  lamella::DenseGradient d = {g.data(),
                              transposed_g.data(),
                              x.data(),
                              outputs,
                              inputs,
                              our_dx.data(),
                              inputs,
                              w.data(),
                              our_dw.data(),
                              our_db.data(),
                              nullptr,
                              nullptr,
                              0,
                              1,
                              1};
  for (int64_t u = 0; u < k.dense_backward_units(op, true); u++)
    k.dense_backward(op, samples, d, false, u, work.data());
  CHECK(relative_error(dx, our_dx.data()) < 1e-5);
  CHECK(relative_error(dw, our_dw.data()) < 1e-5);
  CHECK(relative_error(db, our_db.data()) < 1e-5);

  // The first layer: its input needs no gradient, and its outputs are cut.
  auto first_dw = poisoned(dw.size()), first_db = poisoned(db.size());
  lamella::DenseGradient of_first = d;
  of_first.dx = nullptr, of_first.dw = first_dw.data(), of_first.db = first_db.data();
  for (int64_t u = 0; u < k.dense_backward_units(op, false); u++)
    k.dense_backward(op, samples, of_first, false, u, work.data());
  CHECK(first_dw == our_dw);
  CHECK(first_db == our_db);

  // The same with the update in place: weights and moments as a separate update would leave them, to the bit.
  op.update.optimizer = LAMELLA_NESTEROV, op.update.momentum = 0.9f, op.update.decay = 0.01f;
  auto m = random_floats(w.size(), seed + 4), expected_w = w, expected_m = m;
  k.update(op.update, expected_w.data(), our_dw.data(), expected_m.data(), nullptr, 0.1f, 1, 1, 0, int64_t(w.size()));
  d.dw = nullptr, d.moment1 = m.data(), d.rate = 0.1f;
  our_dx = poisoned(dx.size()), d.dx = our_dx.data();
  for (int64_t u = 0; u < k.dense_backward_units(op, true); u++)
    k.dense_backward(op, samples, d, false, u, work.data());
  CHECK(w == expected_w);
  CHECK(m == expected_m);
  CHECK(relative_error(dx, our_dx.data()) < 1e-5);  // with the weights from before the update
}

}  // namespace

TEST_CASE("dense layers agree with double precision") {
  const int cases[][3] = {{1, 1, 1},     {3, 17, 34},  {100, 34, 42},  {34, 300, 25},
                          {20, 34, 100}, {17, 777, 3}, {128, 100, 100}};
  for (const lamella::KernelTable* isa : isas())
    for (const auto& c : cases) {
      CAPTURE(isa->name);
      CAPTURE(c[0]);
      check(*isa, c[0], c[1], c[2], unsigned(c[0] + c[1]));
    }
}

TEST_CASE("an update writes its slice and nothing else") {
  for (const lamella::KernelTable* isa : isas()) {
    lamella_update op = {};
    op.optimizer = LAMELLA_SGD, op.count = 37, op.momentum = 0.5f, op.decay = 0.1f;
    std::vector<float> w(40, 1.0f), g(40, 2.0f), m(40, 4.0f);
    isa->update(op, w.data(), g.data(), m.data(), nullptr, 0.1f, 1, 1, 3, 36);
    for (int i = 0; i < 40; i++) {
      bool inside = i >= 3 && i < 36;
      CHECK(m[i] == doctest::Approx(inside ? 0.5 * 4 + 2 + 0.1 : 4));
      CHECK(w[i] == doctest::Approx(inside ? 1 - 0.1 * 4.1 : 1));
    }
  }
}
