// The table of all metrics next to both baselines.

function metrics() {
  const all = METRICS.filter(([key]) => own[key] !== undefined).map(([key, title, lower]) => ({key, title, lower, value: own[key], majority: baselineOf("majority")[key],
    linear: baselineOf("linear")[key]}));
  const better = (r, value, others) => isNumber(value) && others.every((o) => !isNumber(o) || (r.lower ? value < o : value > o));
  const against = (name) => ({name: "network − " + name, wide: true, value: (r) => r.value - r[name],
    show: (r) => (isNumber(r.value) && isNumber(r[name]) ? element("span", {}, signed(r.value - r[name], 3) + " " + interval(differencesFrom(name)[r.key], 3, signed), mark(r.key, differencesFrom(name)[r.key])) : "")});
  section("Metrics", table("↓: lower is better. Bold: best of the three. ▲ ▼: the 95 % interval of the difference excludes 0. Only the six metrics of one-line summaries have intervals.", [
    {name: "metric", value: (r) => r.title, text: true, show: (r) => r.title + (r.lower ? " ↓" : "")},
    {name: "network", value: (r) => r.value, best: (r) => better(r, r.value, [r.majority, r.linear])},
    {name: "95 % interval", value: (r) => (report.intervals.network[r.key] || {}).low, show: (r) => interval((report.intervals.network || {})[r.key], 3), wide: true},
    {name: "majority", value: (r) => r.majority, best: (r) => better(r, r.majority, [r.value, r.linear])},
    {name: "linear", value: (r) => r.linear, best: (r) => better(r, r.linear, [r.value, r.majority])}, against("majority"), against("linear")], all),
  own.labels_with_positives < own.labels && !folds ? element("p", {class: "faint"}, "Macro averages leave out " + (own.labels - own.labels_with_positives) + " of " + own.labels
    + " labels, which have no positive among these rows.") : null);
}
