// What was compared before the training, and how the networks of all folds became one model.

function comparison() {
  const views = [[data.selection.features, data.selection.selection], ...Object.entries(data.selection.others || {})];
  const trials = views.flatMap(([features, s]) => s.trials.map((t) => ({...t, features, loss: t.failure ? null : t.losses.reduce((a, b) => a + b, 0) / t.losses.length})));
  const folds = plural(data.selection.selection.folds, "fold");
  section("What was compared", table("Log loss on " + folds + " of " + plural(data.selection.rows, "row") + ", none of them a test row: each network is measured on rows from which it did not learn. ↓: lower is better.", [
    ...(views.length > 1 ? [{name: "features", value: (t) => t.features, text: true}] : []),
    {name: "network", value: (t) => t.candidate.network, text: true}, {name: "scaling", value: (t) => t.candidate.scale.toLowerCase(), text: true},
    {name: "learning rate", value: (t) => t.candidate.learning_rate, show: (t) => String(t.candidate.learning_rate)},
    {name: "weight decay", value: (t) => t.candidate.weight_decay, show: (t) => String(t.candidate.weight_decay)},
    {name: "log loss ↓", value: (t) => t.loss, show: (t) => t.failure || number(t.loss, 5), best: (t) => trials.every((o) => !isNumber(o.loss) || t.loss <= o.loss)},
    {name: "kept epochs", value: (t) => t.epochs.join(", "), text: true}, {name: "seconds", value: (t) => t.seconds, show: (t) => number(t.seconds, 1)}], trials));
}

function combined() {
  const c = data.combined, share = 1 - c.network_share;
  const how = [c.calibrated ? "The probabilities of the networks are calibrated." : "The probabilities of the networks needed no calibration that out-of-fold rows could show.",
    share > 0 ? "The logistic regressions of the folds have a share of " + percent(share) + " in the mean." : "The mean is that of the networks alone.",
    "Tables and charts of labels below are of out-of-fold rows, with the probabilities and decisions of this model."];
  const rules = c.compared.length > 1 ? table("Decision rules on out-of-fold rows, by cross-fitting. ↓: lower is better.", [
    {name: "rule", value: (r) => r.rule, text: true}, {name: "Hamming loss ↓", value: (r) => r.hamming_loss}, {name: "micro-F1", value: (r) => r.micro_f1},
    {name: "macro-F1", value: (r) => r.macro_f1}, {name: "subset accuracy", value: (r) => r.subset_accuracy}], c.compared) : null;
  section("The model of all folds", element("p", {}, how.join(" ")), c.findings.map((f) => element("p", {}, withOptions(f))), rules,
    c.sets ? element("p", {}, "Label sets for a coverage of " + percent(c.sets.asked) + ": yes or open for " + percent(c.sets.positives, 1) + " of the out-of-fold rows with a label, no or open for "
      + percent(c.sets.negatives, 1) + " of those without; " + percent(c.sets.open, 1) + " of all answers are open.") : null);
}
