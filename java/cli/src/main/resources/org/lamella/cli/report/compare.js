// The comparison of several runs.
"use strict";

const runs = data.runs;
const shownOf = (r) => r.report.test || r.report.validation;
const partOf = (r) => (r.report.test ? "test" : "validation");

page.append(element("h1", {}, data.title));
section("Runs", table("", [
  {name: "run", value: (r) => r.name, text: true}, {name: "data", value: (r) => r.what, text: true},
  {name: "measured on", value: (r) => (shownOf(r) ? whole(shownOf(r).samples) + " " + partOf(r) + " rows" : "nothing"), text: true},
  {name: "epoch kept", value: (r) => r.best_epoch, show: (r) => String(r.best_epoch)},
  {name: "findings", value: (r) => r.report.findings.length, show: (r) => String(r.report.findings.length)}], runs),
...data.notes.map((n) => element("div", {class: "finding"}, n)));

const measured = runs.filter(shownOf);
if (measured.length > 0) {
  const best = (m) => {
    const values = measured.map((r) => shownOf(r)[m[0]]).filter((v) => v !== null && v !== undefined);
    return m[2] ? Math.min(...values) : Math.max(...values);
  };
  const value = (r, m) => shownOf(r)[m[0]];
  section("Results", table("Bold: best. In brackets: 95 % interval, by bootstrap.", [
    {name: "metric", value: (m) => m[1] + (m[2] ? " (lower is better)" : ""), text: true},
    ...measured.map((r) => ({name: r.name, value: (m) => value(r, m), best: (m) => value(r, m) === best(m), show: (m) => {
      const i = r.report.intervals.network[m[0]];
      return number(value(r, m)) + (i && i.low !== null ? " [" + number(i.low, 3) + ", " + number(i.high, 3) + "]" : "");
    }}))], METRICS));
  const names = [...new Set(measured.flatMap((r) => r.report.labels.map((l) => l.label)))];
  const f1 = new Map(measured.map((r) => [r, new Map(r.report.labels.map((l) => [l.label, l]))]));
  section("F1 of each label", table("Click a column header to sort.", [
    {name: "label", value: (n) => n, text: true},
    {name: "positives", value: (n) => Math.max(...measured.map((r) => (f1.get(r).get(n) || {positives: 0}).positives)), show: (n) => whole(Math.max(
      ...measured.map((r) => (f1.get(r).get(n) || {positives: 0}).positives)))},
    ...measured.map((r) => ({name: r.name, value: (n) => (f1.get(r).get(n) || {f1: null}).f1, show: (n) => number((f1.get(r).get(n) || {f1: null}).f1, 3)}))],
  names));
}
const validation = (r, name) => points(r.history.map((e) => e.epoch), r.history.map((e) => (e.validation ? e.validation[name] : null)));
section("Training", element("div", {class: "charts"},
  chart("Training loss", "epoch", "mean cross-entropy", runs.map((r) => ({name: r.name, points: points(r.history.map((e) => e.epoch), r.history.map((e) => e.loss))}))),
  chart("Validation loss", "epoch", "mean cross-entropy", runs.map((r) => ({name: r.name, points: points(r.history.map((e) => e.epoch),
    r.history.map((e) => e.validation_loss))}))),
  chart("Validation micro-F1", "epoch", "", runs.map((r) => ({name: r.name, points: validation(r, "micro_f1")})), {y: {min: 0, max: 1}}),
  chart("Validation macro-F1", "epoch", "", runs.map((r) => ({name: r.name, points: validation(r, "macro_f1")})), {y: {min: 0, max: 1}})));
runs.forEach((r) => section(r.name, ...r.report.findings.map((f) => element("div", {class: "finding"}, f)), element("pre", {}, r.command)));
drawAll();
