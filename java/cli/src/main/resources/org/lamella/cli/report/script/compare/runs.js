// The runs of a comparison: what they are, and in which settings they differ.

const runs = data.runs;
const shownOf = (r) => r.report.test || r.report.validation;
const partOf = (r) => (r.report.test ? "test" : "validation");
const measured = runs.filter(shownOf);
const titleOf = (key) => METRICS.find((m) => m[0] === key)[1];
const lowerIsBetter = (key) => METRICS.find((m) => m[0] === key)[2];
const runLook = (r) => LOOKS[runs.indexOf(r) % LOOKS.length];
const SHAPE_NAMES = Object.keys(SHAPES);

function overview() {
  navigate("Overview", "overview");
  const series = measured.map((r) => ({name: r.name, shape: SHAPE_NAMES[runs.indexOf(r) % SHAPE_NAMES.length], colour: runLook(r)[0], filled: runs.indexOf(r) < SHAPE_NAMES.length}));
  const row = (key) => ({name: titleOf(key), values: measured.map((r) => ({value: shownOf(r)[key], ...((r.report.intervals || {}).network || {})[key]}))});
  const loss = row("hamming_loss");
  page.append(element("header", {id: "overview"}, element("h1", {}, data.title), data.notes.map((n) => element("div", {class: "finding"}, withOptions(n))), paired(),
    measured.length === 0 ? element("p", {}, "No run was measured on validation or test rows.") : intervalChart("Results, with 95 % intervals", series, [
      {min: 0, max: 1, note: "higher is better", rows: ["micro_f1", "macro_f1", "average_precision", "subset_accuracy"].map(row)},
      {min: 0, max: upTo(loss.values.flatMap((v) => [v.value, v.high])), note: "lower is better", rows: [loss]}],
    "Intervals of two runs that overlap do not say that the runs are equally good: the paired differences do.")));
  drawWaiting();
}

function runTable() {
  section("Runs", table("", [
    {name: "run", value: (r) => r.name, text: true}, {name: "data", value: (r) => r.what, text: true, wide: true},
    {name: "measured on", value: (r) => (shownOf(r) ? plural(shownOf(r).samples, partOf(r) + " row") : "nothing"), text: true},
    {name: "epoch kept", value: (r) => r.best_epoch, show: (r) => (r.folds ? r.folds.length + " folds" : whole(r.best_epoch))},
    {name: "took", value: (r) => (r.facts || {}).seconds, show: (r) => duration((r.facts || {}).seconds)},
    {name: "findings", value: (r) => r.report.findings.length, show: (r) => whole(r.report.findings.length)}], runs));
  if (runs.length > 1) {
    section("Settings that differ", data.settings.length === 0 ? element("p", {}, "None: the runs have the same settings.") : table("", [
      {name: "setting", value: (s) => s.setting, text: true}, ...runs.map((r, i) => ({name: r.name, value: (s) => s.values[i], text: true, wide: true}))], data.settings));
  }
}
