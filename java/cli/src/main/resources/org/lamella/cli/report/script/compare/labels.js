// All metrics and all labels of the runs, side by side.

function results() {
  const best = (key) => measured.map((r) => shownOf(r)[key]).filter(isNumber).reduce((a, b) => (lowerIsBetter(key) ? Math.min(a, b) : Math.max(a, b)), lowerIsBetter(key) ? Infinity : -Infinity);
  const all = METRICS.filter(([key]) => measured.some((r) => isNumber(shownOf(r)[key])));
  section("Metrics", table(measured.length > 1 ? "↓: lower is better. Bold: best, which may be by chance." : "↓: lower is better.", [
    {name: "metric", value: (m) => m[1], text: true, show: (m) => m[1] + (m[2] ? " ↓" : "")},
    ...measured.map((r) => ({name: r.name, value: (m) => shownOf(r)[m[0]], best: (m) => measured.length > 1 && shownOf(r)[m[0]] === best(m[0]),
      show: (m) => number(shownOf(r)[m[0]]), wide: true}))], all));
}

function labelTable() {
  const names = [...new Set(measured.flatMap((r) => r.report.labels.map((l) => l.label)))];
  const of = new Map(measured.map((r) => [r, new Map(r.report.labels.map((l) => [l.label, l]))]));
  const get = (r, n) => of.get(r).get(n) || {};
  const positives = (n) => Math.max(...measured.map((r) => get(r, n).positives || 0));
  const spread = (n) => {
    const all = measured.map((r) => get(r, n).f1).filter(isNumber);
    return all.length < 2 ? null : Math.max(...all) - Math.min(...all);
  };
  section("F1 of each label", table("", [
    {name: "label", value: (n) => n, text: true}, {name: "positives", value: positives, show: (n) => whole(positives(n))},
    ...measured.map((r) => ({name: r.name, value: (n) => get(r, n).f1, show: (n) => number(get(r, n).f1, 3)})),
    ...(measured.length > 1 ? [{name: "largest difference", value: spread, show: (n) => number(spread(n), 3)}] : [])], names, {search: (n) => n, clipped: true, hint: "Click a column header to sort."}));
}
