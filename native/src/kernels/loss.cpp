// Sigmoid cross-entropy in logits, its gradient, and the counts of right and wrong predictions, in one pass per sample.
// For target t, positive weight a and logit z:
//   loss     = (1 - t) z + l softplus(-z),   l = 1 + (a - 1) t,   softplus(-z) = log(1 + exp(-|z|)) + max(-z, 0)
//   gradient = (1 - t) - l sigmoid(-z)
// With exponents g+ and g- and a margin m it is the asymmetric loss (Ridnik et al. 2021; with g+ = g- and m = 0 the
// focal loss of Lin et al. 2017), where p = sigmoid(z), q = 1 - p, and r = max(p - m, 0):
//   positives: loss = a q^g+ softplus(-z),   gradient = -a q^g+ (q + g+ p softplus(-z))
//   negatives: loss = -r^g- log(1 - r),      gradient = p q r^g- (1 / (1 - r) - g- log(1 - r) / r)
// No exponential overflows for any finite z. Labels whose mask is 0 add nothing. A logit above 0 is a positive
// prediction.
#include "activation.h"
#include "kernels.h"

namespace lamella::LAMELLA_ISA {
namespace {

int64_t count(IntVector mask) {
  int64_t n = 0;
  for (int i = 0; i < kLanes; i++) n -= mask[i];
  return n;
}

// Loss of one target and its derivative by the logit.
struct Term {
  Vector value, slope;
};

Vector softplus(Vector z) { return log_one_plus(exponential(-magnitude(z))) + select(z > 0.0f, z, Vector{}); }

Term plain(Vector z, Vector t, Vector weight) {
  return {(1.0f - t) * z + weight * softplus(-z), (1.0f - t) - weight * logistic(-z)};
}

Term focused_positive(const lamella_loss& op, Vector z) {
  Vector surprise = softplus(-z), focus = exponential(-op.gamma_positive * softplus(z));  // q^g: log q = -softplus(z)
  return {focus * surprise, -focus * (logistic(-z) + op.gamma_positive * logistic(z) * surprise)};
}

Term focused_negative(const lamella_loss& op, Vector z) {
  const float gamma = op.gamma_negative;
  Vector p = logistic(z), q = logistic(-z);
  if (op.margin == 0) {
    Vector surprise = softplus(z), focus = exponential(-gamma * softplus(-z));
    return {focus * surprise, focus * (p + gamma * q * surprise)};
  }
  Vector r = p - op.margin, rest = q + op.margin;  // rest = 1 - r
  IntVector above = r > 1e-30f;                    // below, the loss is flat
  Vector inside = select(above, r, splat(1.0f));
  Vector surprise = -logarithm(rest), focus = exponential(gamma * logarithm(inside));
  return {select(above, focus * surprise, Vector{}),
          select(above, p * q * focus * (1.0f / rest + gamma * surprise / inside), Vector{})};
}

Term focused(const lamella_loss& op, Vector z, Vector t, Vector weight) {
  IntVector positive = t > 0.5f;
  Term yes = focused_positive(op, z), no = focused_negative(op, z);
  return {select(positive, weight * yes.value, no.value), select(positive, weight * yes.slope, no.slope)};
}

}  // namespace

void loss(const lamella_loss& op, const float* logits, const float* targets, const float* mask,
          const float* positive_weights, float scale, float* gradient, lamella_tally* tally) {
  const IntVector lane = lane_numbers();
  IntVector known = {}, true_positives = {}, false_positives = {}, false_negatives = {};
  double total = 0;
  const bool cross_entropy = op.gamma_positive == 0 && op.gamma_negative == 0 && op.margin == 0;
  for (int64_t i = 0; i < op.labels; i += kLanes) {
    int64_t n = op.labels - i;
    IntVector live = n < kLanes ? lane < splat(static_cast<int32_t>(n)) : splat(-1);
    if (mask) live &= load_part(mask + i, n) != 0.0f;  // a missing label's target may be anything, even NaN
    Vector z = load_part(logits + i, n), t = select(live, load_part(targets + i, n), Vector{});
    Vector weight = positive_weights ? 1.0f + (load_part(positive_weights + i, n) - 1.0f) * t : splat(1.0f);
    Term term = cross_entropy ? plain(z, t, weight) : focused(op, z, t, weight);
    float values[kLanes];
    store(values, select(live, term.value, Vector{}));
    for (int j = 0; j < kLanes; j++) total += values[j];
    if (gradient) store_part(gradient + i, select(live, term.slope * scale, Vector{}), n);
    IntVector predicted = z > 0.0f, truth = t > 0.5f;
    known += live, true_positives += live & predicted & truth;
    false_positives += live & predicted & ~truth, false_negatives += live & ~predicted & truth;
  }
  const int64_t wrong_positives = count(false_positives), wrong_negatives = count(false_negatives);
  tally->loss += total, tally->known += count(known), tally->true_positives += count(true_positives);
  tally->false_positives += wrong_positives, tally->false_negatives += wrong_negatives;
  tally->exact += wrong_positives + wrong_negatives == 0;
}

const Operator loss_operator = {[](const Call& c) {
  const lamella_loss& op = c.op->work.loss;
  auto* tally = reinterpret_cast<lamella_tally*>(c.at(LAMELLA_PARTIAL, c.chunk));
  c.each_sample([&](int64_t n) {
    const float* mask = c.step->mask ? c.step->mask + n * op.labels : nullptr;
    loss(op, c.floats(LAMELLA_X, n), c.step->targets + n * op.labels, mask, c.positive_weights, c.step->gradient_scale,
         c.floats(LAMELLA_DX, n), tally);
  });
}};

const Operator join_loss_operator = {[](const Call& c) {
  *c.tally = {};
  for (int i = 0; i < c.chunks; i++) {
    const lamella_tally& part = *reinterpret_cast<const lamella_tally*>(c.at(LAMELLA_PARTIAL, i));
    c.tally->loss += part.loss, c.tally->known += part.known, c.tally->exact += part.exact;
    c.tally->true_positives += part.true_positives, c.tally->false_positives += part.false_positives;
    c.tally->false_negatives += part.false_negatives;
  }
}};

const Operator probability_operator = {[](const Call& c) {
  c.each_sample([&](int64_t n) {
    each(c.op->work.elements.count, c.floats(LAMELLA_X, n), c.floats(LAMELLA_Y, n),
         [](Vector z) { return logistic(z); });
  });
}};

}  // namespace lamella::LAMELLA_ISA
