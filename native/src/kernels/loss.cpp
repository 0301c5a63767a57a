// Sigmoid cross-entropy in logits, with its gradient, one sample. For target t, positive weight a, z the logit:
//   loss     = (1 - t) z + l softplus(-z),   l = 1 + (a - 1) t,   softplus(-z) = log(1 + exp(-|z|)) + max(-z, 0)
//   gradient = (1 - t) - l sigmoid(-z)
// No exponential overflows for any finite z. Labels whose mask is 0 add nothing.
#include "activation.h"
#include "kernels.h"

namespace lamella::LAMELLA_LEVEL {

void loss(const lamella_op& op, const float* logits, const float* targets, const float* mask,
          const float* positive_weights, float scale, float* gradient, double* total) {
  double sample = 0;
  for (int64_t i = 0; i < op.count; i += kLanes) {
    int64_t n = smaller<int64_t>(kLanes, op.count - i);
    float z_in[kLanes] = {}, t_in[kLanes] = {}, m_in[kLanes] = {}, a_in[kLanes] = {};
    for (int64_t j = 0; j < n; j++) {
      z_in[j] = logits[i + j], t_in[j] = targets[i + j];
      m_in[j] = mask ? mask[i + j] : 1.0f;
      a_in[j] = positive_weights ? positive_weights[i + j] : 1.0f;
    }
    Vector z = load(z_in), t = load(t_in), known = load(m_in), weight = 1.0f + (load(a_in) - 1.0f) * t;
    Vector softplus = log_one_plus(exponential(-magnitude(z))) + select(z < 0.0f, -z, Vector{});
    Vector value = (1.0f - t) * z + weight * softplus;
    Vector slope = (1.0f - t) - weight * logistic(-z);
    IntVector skip = known == 0.0f;  // a missing label's target may be anything, even NaN
    float values[kLanes], slopes[kLanes];
    store(values, select(skip, Vector{}, value));
    store(slopes, select(skip, Vector{}, slope * scale));
    for (int64_t j = 0; j < n; j++) {
      sample += values[j];
      if (gradient) gradient[i + j] = slopes[j];
    }
  }
  *total += sample;
}

void probability(const lamella_op& op, const float* logits, float* y) {
  each(op.count, logits, y, [](Vector z) { return logistic(z); });
}

}  // namespace lamella::LAMELLA_LEVEL
