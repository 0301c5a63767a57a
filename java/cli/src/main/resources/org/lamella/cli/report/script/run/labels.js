// Every label: its metrics, and its precision-recall curve.

const FIRST_CURVES = 12;

function labels() {
  const curves = new Map(report.labels.map((l, i) => [l, data.detail && data.detail.curves[i]]));
  const grid = element("div", {class: "small-multiples"}), more = element("div", {class: "more"});
  const title = element("h3", {});
  const meter = (v) => (isNumber(v) ? element("span", {class: "meter", "aria-hidden": "true"}, element("span", {style: `width: ${(100 * v).toFixed(0)}%`})) : null);
  const score = (name, key) => ({name, value: (l) => l[key], show: (l) => number(l[key], 3)});
  const list = table(folds ? "Test rows of all folds together." : "", [
    {name: "label", value: (l) => l.label, text: true}, {name: "positives", value: (l) => l.positives, show: (l) => whole(l.positives)},
    {name: "predicted", value: (l) => l.predicted, show: (l) => whole(l.predicted)}, score("precision", "precision"), score("recall", "recall"),
    {name: "F1", value: (l) => l.f1, show: (l) => element("span", {}, meter(l.f1), number(l.f1, 3))}, score("ROC-AUC", "roc_auc"), score("PR-AUC", "pr_auc"),
    ...(folds ? [] : [score("threshold", "threshold")])], report.labels, {clipped: true, hint: "Click a column header to sort.", search: (l) => l.label, changed: (shown) => multiples(shown, FIRST_CURVES),
    filters: [["all labels", () => true], ["F1 below 0.5", (l) => !(l.f1 >= 0.5)], ["F1 of 0.5 and above", (l) => l.f1 >= 0.5], ["never predicted", (l) => l.predicted === 0],
      ["no positive among these rows", (l) => l.positives === 0]]});

  function multiples(shown, most) {
    const known = shown.filter((l) => curves.get(l) && curves.get(l).recall.length > 0);
    title.textContent = "Precision-recall curves" + (known.length > most ? ": " + most + " of " + known.length + " labels, in the order of the table" : "");
    grid.replaceChildren(...known.slice(0, most).map((l) => curve(l, curves.get(l))));
    more.replaceChildren(...(known.length > most ? [button("Show all " + known.length, () => multiples(shown, known.length))] : []));
  }

  section("Labels", list, data.detail ? [title, element("p", {class: "faint"}, "Across: recall. Up: precision. Both from 0 to 1; dotted: the share of positives, which is the precision of a guess."), grid, more] : null);
}

// Drawn for a square of 150 pixels and scaled: 160 of these must be quick.
function curve(l, c) {
  const x = linear(0, 1, 26, 144), y = linear(0, 1, 126, 6), share = l.positives / own.samples;
  const place = (p) => x(p[0]).toFixed(1) + " " + y(p[1]).toFixed(1);
  const svg = drawn("svg", {viewBox: "0 0 150 146", role: "img", "aria-label": l.label + ": precision-recall curve, area " + number(l.pr_auc, 3)});
  [0, 0.5, 1].forEach((t) => svg.append(drawn("line", {class: "grid", x1: 26, x2: 144, y1: y(t), y2: y(t)}), drawn("text", {class: "small", x: 22, y: y(t) + 4, "text-anchor": "end"}, t),
    drawn("text", {class: "small", x: x(t), y: 141, "text-anchor": "middle"}, t)));
  svg.append(drawn("line", {class: "mark", x1: 26, x2: 144, y1: y(share), y2: y(share)}),
    drawn("path", {class: "line", style: "stroke: var(--own)", d: "M " + visible(points(c.recall, c.precision), x, 118).map(place).join(" L ")}));
  if (c.recall.length === 1) svg.append(drawn("circle", {cx: x(c.recall[0]), cy: y(c.precision[0]), r: 3, style: "fill: var(--own)"}));
  return element("figure", {}, element("figcaption", {title: l.label}, shortened(l.label, 60)), svg, element("div", {class: "faint area"}, "area " + number(l.pr_auc, 3) + ", " + plural(l.positives, "positive")));
}
