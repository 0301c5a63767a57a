// The table of all metrics next to the baselines.

function metrics() {
  const all = METRICS.filter(([key]) => own[key] !== undefined).map(([key, title, lower]) => ({key, title, lower, values: [own[key], ...BASELINES.map(([name]) => baselineOf(name)[key])]}));
  const best = (i) => (r) => isNumber(r.values[i]) && r.values.every((o, k) => k === i || !isNumber(o) || (r.lower ? r.values[i] < o : r.values[i] > o));
  const column = (name, i) => ({name, value: (r) => r.values[i], best: best(i)});
  const against = ([name, what], i) => ({name: "network − " + what, wide: true, value: (r) => r.values[0] - r.values[i + 1],
    show: (r) => (isNumber(r.values[0]) && isNumber(r.values[i + 1]) ? element("span", {}, signed(r.values[0] - r.values[i + 1], 3) + " " + interval(differencesFrom(name)[r.key], 3, signed), mark(r.key, name)) : "")});
  section("Metrics", table("↓: lower is better. Bold: best of all. ▲ ▼: the network is better or worse (p below 0.05, corrected for six metrics). Only the six metrics of one-line summaries have intervals.", [
    {name: "metric", value: (r) => r.title, text: true, show: (r) => r.title + (r.lower ? " ↓" : "")}, column("network", 0),
    {name: "95 % interval", value: (r) => (report.intervals.network[r.key] || {}).low, show: (r) => interval((report.intervals.network || {})[r.key], 3), wide: true},
    ...BASELINES.map(([, what], i) => column(what, i + 1)), ...BASELINES.map(against)], all),
  own.labels_with_positives < own.labels && !folds ? element("p", {class: "faint"}, "Macro averages leave out " + (own.labels - own.labels_with_positives) + " of " + own.labels
    + " labels, which have no positive among these rows.") : null);
}
