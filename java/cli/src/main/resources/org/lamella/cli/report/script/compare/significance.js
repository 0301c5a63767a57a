// Paired differences from the first run, on the same rows.

const PAIRED = ["micro_f1", "macro_f1", "average_precision", "subset_accuracy", "ranking_loss", "hamming_loss"];

// 1 if the run is better, -1 if it is worse, 0 if no difference is shown.
const tested = (key, d) => ({better: 1, worse: -1}[d && d.answer] || 0);

function paired() {
  return element("div", {class: "verdicts"}, data.paired.map((p) => {
    const name = runs[p.run].name, first = runs[0].name;
    if (p.refused) {
      return element("div", {class: "verdict"}, element("strong", {}, name + " and " + first + " cannot be tested row by row"), element("p", {}, p.refused[0].toUpperCase() + p.refused.slice(1) + "."));
    }
    const sides = Object.entries(p.metrics).map(([key, d]) => tested(key, d)), better = sides.filter((s) => s > 0).length, worse = sides.filter((s) => s < 0).length;
    const outcome = p.collapsed ? "collapsed" : better > 0 ? (worse > 0 ? "mixed" : "better") : worse > 0 ? "worse" : "unclear";
    const words = {better: "▲ " + name + " is better than " + first, worse: "▼ " + name + " is worse than " + first,
      mixed: "◆ " + name + " is better than " + first + " on some metrics, worse on others", unclear: "= No difference between " + name + " and " + first + " is shown",
      collapsed: "✕ Neither " + name + " nor " + first + " is called better: one has collapsed"}[outcome];
    const list = (sign) => Object.entries(p.metrics).filter(([key, d]) => tested(key, d) === sign).map(([key]) => titleOf(key)).join(", ");
    return element("div", {class: "verdict " + outcome}, element("strong", {}, words), better > 0 && !p.collapsed ? element("p", {}, "Significantly better: " + list(1) + ".") : null,
      worse > 0 && !p.collapsed ? element("p", {}, "Significantly worse: " + list(-1) + ".") : null, element("p", {}, "Tested on the same " + plural(p.rows, "row") + "."));
  }));
}

function significance() {
  const rows = data.paired.filter((p) => !p.refused).flatMap((p) => PAIRED.filter((key) => p.metrics[key]).map((key) => ({run: runs[p.run].name, key, collapsed: p.collapsed, ...p.metrics[key]})));
  if (rows.length === 0) return;
  const pValue = (v) => (v < 0.001 ? "< 0.001" : number(v, 3));
  section("Paired differences", table("Each run minus " + runs[0].name + ", on the same rows. Intervals: 95 %, bootstrap of the rows. p: approximate randomization (Noreen 1989), two-sided; "
    + "corrected for all tests of this page by Holm's method (1979). ▲ ▼: corrected p below 0.05. ↓: lower is better.", [
    {name: "metric", value: (d) => titleOf(d.key), text: true, show: (d) => titleOf(d.key) + (lowerIsBetter(d.key) ? " ↓" : "")}, {name: "run", value: (d) => d.run, text: true},
    {name: "difference", value: (d) => d.value, show: (d) => signed(d.value)}, {name: "95 % interval", value: (d) => d.low, show: (d) => interval(d, 4, signed), wide: true},
    {name: "p", value: (d) => d.p, show: (d) => pValue(d.p)}, {name: "corrected p", value: (d) => d.adjusted, show: (d) => pValue(d.adjusted)},
    {name: "result", value: (d) => tested(d.key, d), text: false, show: (d) => {
      const s = d.collapsed ? 0 : tested(d.key, d);
      return d.collapsed ? "collapsed" : s === 0 ? "no difference shown" : element("span", {class: s > 0 ? "up" : "down"}, s > 0 ? "▲ better" : "▼ worse");
    }}], rows));
}
