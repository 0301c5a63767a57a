// Sigmoid cross-entropy in logits, its gradient, and the counts of right and wrong predictions, in one pass. For target
// t, positive weight a and logit z:
//   loss     = (1 - t) z + l softplus(-z),   l = 1 + (a - 1) t,   softplus(-z) = log(1 + exp(-|z|)) + max(-z, 0)
//   gradient = ((1 - t) - l sigmoid(-z)) * scale
// With exponents g+ and g- and a margin m it is the asymmetric loss (Ridnik et al. 2021; with g+ = g- and m = 0 the
// focal loss of Lin et al. 2017), where p = sigmoid(z), q = 1 - p, and r = max(p - m, 0):
//   positives: loss = a q^g+ softplus(-z),   gradient = -a q^g+ (q + g+ p softplus(-z)) * scale
//   negatives: loss = -r^g- log(1 - r),      gradient = p q r^g- (1 / (1 - r) - g- log(1 - r) / r) * scale
// A label whose mask is 0 adds nothing, whatever its target. A logit above 0 is a positive prediction.
// One warp per sample. Each sample has its own tally, and sum_tally() adds them in order.
#include "device.cuh"

// The loss of some samples, and how many of their predictions are right or wrong.
struct Tally {
  double loss;  // unscaled
  long long known, true_positives, false_positives, false_negatives;
  long long exact;  // samples whose known labels are all right
};
#ifdef TALLY_BYTES
static_assert(sizeof(Tally) == TALLY_BYTES, "Tally has another size in Java");
#endif

// Exponents of the focus on hard targets, and the margin; all 0 for plain cross-entropy.
struct Focus {
  float positive, negative, margin;
};
#ifdef FOCUS_BYTES
static_assert(sizeof(Focus) == FOCUS_BYTES, "Focus has another size in Java");
#endif

// Loss of one target and its derivative by the logit.
struct Term {
  float value, slope;
};

// surprise: softplus(-z).
__device__ inline Term positive_term(const Focus& focus, float z, float p, float q, float surprise) {
  const float share = expf(-focus.positive * (surprise + z));  // q^g: log q = -softplus(z)
  return {share * surprise, -share * (q + focus.positive * p * surprise)};
}

__device__ inline Term negative_term(const Focus& focus, float z, float p, float q, float surprise) {
  const float gamma = focus.negative;
  if (focus.margin == 0) {
    const float against = surprise + z, share = expf(-gamma * surprise);  // softplus(z), p^g
    return {share * against, share * (p + gamma * q * against)};
  }
  const float r = p - focus.margin, rest = q + focus.margin;  // rest = 1 - r
  if (r <= 1e-30f) return {0.0f, 0.0f};
  const float against = -logf(rest), share = expf(gamma * logf(r));
  return {share * against, p * q * share * (1.0f / rest + gamma * against / r)};
}

// x: samples x labels; positive_weights (one per label) and gradient may be null. tallies: one per sample.
LAMELLA_KERNEL void cross_entropy(int samples, int labels, const float* __restrict__ logits,
                                  const float* __restrict__ targets, const float* __restrict__ mask,
                                  const float* __restrict__ positive_weights, Focus focus,
                                  const StepState* __restrict__ now, float* __restrict__ gradient,
                                  Tally* __restrict__ tallies, Mark mark = kNoMark) {
  record(mark);
  const int lane = threadIdx.x % 32,
            n = static_cast<int>((static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x) / 32);
  if (n >= samples) return;  // a whole warp
  double total = 0;
  int known = 0, true_positives = 0, false_positives = 0, false_negatives = 0;
  const bool focused = focus.positive != 0 || focus.negative != 0 || focus.margin != 0;
  for (int i = lane; i < labels; i += 32) {
    const long long at = static_cast<long long>(n) * labels + i;
    const bool live = !now->masked || mask[at] != 0.0f;
    if (!live) {
      if (gradient) gradient[at] = 0.0f;
      continue;
    }
    const float z = logits[at], t = targets[at],
                weight = positive_weights ? 1.0f + (positive_weights[i] - 1.0f) * t : 1.0f;
    const float small = expf(-fabsf(z)), surprise = log1pf(small) + fmaxf(-z, 0.0f);
    const float against = z > 0 ? small / (1.0f + small) : 1.0f / (1.0f + small);  // sigmoid(-z)
    Term term = {(1.0f - t) * z + weight * surprise, (1.0f - t) - weight * against};
    if (focused) {
      const float p = z > 0 ? 1.0f / (1.0f + small) : small / (1.0f + small);
      term = t > 0.5f ? positive_term(focus, z, p, against, surprise) : negative_term(focus, z, p, against, surprise);
      term.value *= weight, term.slope *= weight;  // 1 for negatives
    }
    total += term.value;
    if (gradient) gradient[at] = term.slope * now->scale;
    const bool predicted = z > 0, truth = t > 0.5f;
    known++, true_positives += predicted && truth;
    false_positives += predicted && !truth, false_negatives += !predicted && truth;
  }
  total = warp_sum(total), known = warp_sum(known), true_positives = warp_sum(true_positives);
  false_positives = warp_sum(false_positives), false_negatives = warp_sum(false_negatives);
  if (lane == 0)
    tallies[n] = {total,           known,           true_positives,
                  false_positives, false_negatives, false_positives + false_negatives == 0};
}

// The tallies of all samples, in one block of whole warps.
LAMELLA_KERNEL void sum_tally(int samples, const Tally* __restrict__ tallies, Tally* __restrict__ sum,
                              Mark mark = kNoMark) {
  record(mark);
  __shared__ double losses[kMaxWarps];
  __shared__ long long counts[kMaxWarps];
  Tally own = {};
  for (int n = threadIdx.x; n < samples; n += blockDim.x) {
    own.loss += tallies[n].loss, own.known += tallies[n].known, own.true_positives += tallies[n].true_positives;
    own.false_positives += tallies[n].false_positives, own.false_negatives += tallies[n].false_negatives;
    own.exact += tallies[n].exact;
  }
  own.loss = block_sum(own.loss, losses);
  own.known = block_sum(own.known, counts), own.true_positives = block_sum(own.true_positives, counts);
  own.false_positives = block_sum(own.false_positives, counts),
  own.false_negatives = block_sum(own.false_negatives, counts);
  own.exact = block_sum(own.exact, counts);
  if (threadIdx.x == 0) *sum = own;
}

LAMELLA_KERNEL void probability(long long count, const float* __restrict__ logits, float* __restrict__ y,
                                Mark mark = kNoMark) {
  record(mark);
  const long long i = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < count) y[i] = activate(kSigmoid, 0.0f, logits[i]);
}
