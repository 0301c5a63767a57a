// The folds of a cross-validation, each with a page of its own; and the rows that no fold has seen.

function foldTable() {
  const score = (key) => ({name: titleOf(key), value: (f) => (f.test || {})[key], show: (f) => number((f.test || {})[key], 3)});
  section("Folds", table("Test rows of each fold. Every fold has a model and a page of its own.", [
    {name: "fold", value: (f) => f.name, text: true, show: (f) => element("a", {href: f.name + "/report.html"}, f.name)},
    {name: "test rows", value: (f) => f.test.samples, show: (f) => whole(f.test.samples)}, {name: "kept epoch", value: (f) => f.best_epoch, show: (f) => whole(f.best_epoch)},
    {name: "findings", value: (f) => f.findings, show: (f) => whole(f.findings)}, ...["micro_f1", "macro_f1", "average_precision", "subset_accuracy", "hamming_loss"].map(score),
    {name: "logistic regression micro-F1", value: (f) => (f.linear || {}).micro_f1, show: (f) => number((f.linear || {}).micro_f1, 3)}], folds));
}

function heldOut() {
  const h = data.held_out, all = METRICS.filter(([key]) => h.network[key] !== undefined);
  section("Held-out rows", table("The mean of the networks of all folds on " + plural(h.network.samples, "row") + " that no fold has seen. ↓: lower is better. Intervals: bootstrap of the rows.", [
    {name: "metric", value: (m) => m[1], text: true, show: (m) => m[1] + (m[2] ? " ↓" : "")}, {name: "networks", value: (m) => h.network[m[0]]},
    {name: "95 % interval", value: (m) => (h.intervals[m[0]] || {}).low, show: (m) => interval(h.intervals[m[0]], 3), wide: true},
    {name: "majority", value: (m) => h.majority[m[0]]}, {name: "logistic regression", value: (m) => h.linear[m[0]]},
    ...(h.ml_knn ? [{name: "ML-kNN", value: (m) => h.ml_knn[m[0]]}] : [])], all));
}
