// Sigmoid cross-entropy in logits, with its gradient and what the predictions are worth, one sample, one pass. For target t,
// positive weight a, z the logit:
//   loss     = (1 - t) z + l softplus(-z),   l = 1 + (a - 1) t,   softplus(-z) = log(1 + exp(-|z|)) + max(-z, 0)
//   gradient = (1 - t) - l sigmoid(-z)
// No exponential overflows for any finite z. Labels whose mask is 0 add nothing. A logit above 0 is a positive prediction.
#include "activation.h"
#include "kernels.h"

namespace lamella::LAMELLA_LEVEL {
namespace {

int64_t count(IntVector mask) {
  int64_t n = 0;
  for (int i = 0; i < kLanes; i++) n -= mask[i];
  return n;
}

}  // namespace

void loss(const lamella_op& op, const float* logits, const float* targets, const float* mask,
          const float* positive_weights, float scale, float* gradient, lamella_tally* tally) {
  const IntVector lane = lane_numbers();
  IntVector known = {}, hits = {}, alarms = {}, misses = {};
  double total = 0;
  for (int64_t i = 0; i < op.count; i += kLanes) {
    int64_t n = op.count - i;
    IntVector live = n < kLanes ? lane < splat(static_cast<int32_t>(n)) : splat(-1);
    if (mask) live &= load_part(mask + i, n) != 0.0f;  // a missing label's target may be anything, even NaN
    Vector z = load_part(logits + i, n), t = select(live, load_part(targets + i, n), Vector{});
    Vector weight = positive_weights ? 1.0f + (load_part(positive_weights + i, n) - 1.0f) * t : splat(1.0f);
    Vector softplus = log_one_plus(exponential(-magnitude(z))) + select(z < 0.0f, -z, Vector{});
    Vector value = (1.0f - t) * z + weight * softplus;
    Vector slope = (1.0f - t) - weight * logistic(-z);
    float values[kLanes];
    store(values, select(live, value, Vector{}));
    for (int j = 0; j < kLanes; j++) total += values[j];
    if (gradient) store_part(gradient + i, select(live, slope * scale, Vector{}), n);
    IntVector predicted = z > 0.0f, truth = t > 0.5f;
    known += live, hits += live & predicted & truth, alarms += live & predicted & ~truth, misses += live & ~predicted & truth;
  }
  int64_t false_positives = count(alarms), false_negatives = count(misses);
  tally->loss += total, tally->known += count(known), tally->true_positives += count(hits);
  tally->false_positives += false_positives, tally->false_negatives += false_negatives;
  tally->exact += false_positives + false_negatives == 0;
}

void probability(const lamella_op& op, const float* logits, float* y) {
  each(op.count, logits, y, [](Vector z) { return logistic(z); });
}

}  // namespace lamella::LAMELLA_LEVEL
