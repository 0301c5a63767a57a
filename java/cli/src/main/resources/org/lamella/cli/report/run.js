// The page of one run.
"use strict";

const MOST_LABELS = 60;
const report = data.report;
const own = report.test || report.validation;
const part = report.test ? "test" : "validation";

page.append(element("h1", {}, data.title), element("p", {class: "faint"}, data.what));

if (report.findings.length > 0) {
  section("Diagnosis", ...report.findings.map((f) => element("div", {class: "finding"}, f)));
}
if (own) {
  headline();
}
curves();
if (own) {
  labels();
  decisions();
}
network();
filters();
section("How it was made", element("pre", {}, data.command), element("p", {class: "faint"}, data.made));
drawAll();

function headline() {
  const majority = report.baseline.majority[part], linear = report.baseline.linear[part];
  const rows = METRICS.filter(([name]) => own[name] !== undefined);
  const interval = (name) => {
    const i = report.intervals.network[name];
    return i && i.low !== null ? number(i.low) + " – " + number(i.high) : "";
  };
  const better = (r, a, others) => others.every((b) => a !== null && (b === null || b === undefined || (r[2] ? a < b : a > b)));
  const s = section("Result on " + whole(own.samples) + " " + part + " rows", ...data.verdicts.map((v) => element("div", {class: "verdict"}, v)),
    table("Bold: best of the three. Intervals: 95 %, by bootstrap.", [
      {name: "metric", value: (r) => r[1] + (r[2] ? " (lower is better)" : ""), text: true},
      {name: "network", value: (r) => own[r[0]], best: (r) => better(r, own[r[0]], [majority[r[0]], linear[r[0]]])},
      {name: "95 % interval", value: (r) => interval(r[0]), text: true},
      {name: "majority", value: (r) => majority[r[0]], best: (r) => better(r, majority[r[0]], [own[r[0]], linear[r[0]]])},
      {name: "linear", value: (r) => linear[r[0]], best: (r) => better(r, linear[r[0]], [own[r[0]], majority[r[0]]])}], rows));
  if (own.labels_with_positives < own.labels) {
    s.append(element("p", {class: "faint"}, "Macro averages leave out " + (own.labels - own.labels_with_positives) + " of " + own.labels
      + " labels, which have no positive among these rows."));
  }
}

function curves() {
  const epochs = data.history.map((e) => e.epoch);
  const validation = (name) => points(epochs, data.history.map((e) => (e.validation ? e.validation[name] : null)));
  section("Training", element("div", {class: "charts"},
    chart("Loss", "epoch", "mean cross-entropy", [{name: "training", points: points(epochs, data.history.map((e) => e.loss))},
      {name: "validation", points: points(epochs, data.history.map((e) => e.validation_loss))}]),
    chart("Validation metrics", "epoch", "", [{name: "micro-F1", points: validation("micro_f1")}, {name: "macro-F1", points: validation("macro_f1")},
      {name: "subset accuracy", points: validation("subset_accuracy")}, {name: "average precision", points: validation("average_precision")}],
    {y: {min: 0, max: 1}}),
    chart("Hamming loss", "epoch", "", [{name: "training (with dropout)", points: points(epochs, data.history.map((e) => e.hamming_loss))},
      {name: "validation", points: validation("hamming_loss")}], {y: {min: 0}})),
  element("p", {class: "faint"}, "The weights of epoch " + data.best_epoch + " were kept" + (report.validation ? ", which had the lowest validation loss." : ".")));
}

function labels() {
  section("Labels", table("Click a column header to sort.", [
    {name: "label", value: (l) => l.label, text: true}, {name: "positives", value: (l) => l.positives, show: (l) => whole(l.positives)},
    {name: "predicted", value: (l) => l.predicted, show: (l) => whole(l.predicted)}, {name: "precision", value: (l) => l.precision, show: (l) => number(l.precision, 3)},
    {name: "recall", value: (l) => l.recall, show: (l) => number(l.recall, 3)}, {name: "F1", value: (l) => l.f1, show: (l) => number(l.f1, 3)},
    {name: "ROC-AUC", value: (l) => l.roc_auc, show: (l) => number(l.roc_auc, 3)}, {name: "PR-AUC", value: (l) => l.pr_auc, show: (l) => number(l.pr_auc, 3)},
    {name: "threshold", value: (l) => l.threshold, show: (l) => number(l.threshold, 3)}], report.labels));
  const shown = report.labels.map((l, i) => [l, i]).filter(([l]) => l.positives > 0).sort((a, b) => b[0].positives - a[0].positives).slice(0, 12);
  const grid = element("div", {class: "charts"});
  for (let i = 0; i < shown.length; i += 4) {
    grid.append(chart("Precision and recall: " + shown.slice(i, i + 4).map(([l]) => l.label).join(", "), "recall", "precision",
      shown.slice(i, i + 4).map(([l, at]) => ({name: l.label, points: points(data.detail.curves[at].recall, data.detail.curves[at].precision)})),
      {x: {min: 0, max: 1}, y: {min: 0, max: 1}}));
  }
  page.lastChild.append(element("h3", {}, "Precision-recall curves" + (shown.length < report.labels.length
    ? " of the " + shown.length + " most frequent labels with positives" : "")), grid);
}

function decisions() {
  const d = data.detail;
  const order = report.labels.map((l, i) => i).sort((a, b) => report.labels[b].positives - report.labels[a].positives).slice(0, MOST_LABELS).sort((a, b) => a - b);
  const names = order.map((i) => report.labels[i].label);
  const pick = (matrix) => order.map((a) => order.map((b) => matrix[a][b]));
  const together = pick(d.together), mistaken = pick(d.mistaken);
  const share = together.map((row, a) => row.map((v, b) => (together[a][a] === 0 ? null : v / together[a][a])));
  const most = Math.max(1, ...d.calibration.map((b) => b.decisions));
  const cut = (name) => points(d.cuts.map((c) => c.threshold), d.cuts.map((c) => c[name]));
  section("Decisions and probabilities", element("div", {class: "charts"},
    chart("Calibration: predicted and observed frequency", "mean probability of a bin", "share of positives",
      [{name: "bins (size: number of decisions)", dots: true, points: d.calibration.map((b) => ({x: b.predicted, y: b.positive,
        r: 3 + 9 * Math.sqrt(b.decisions / most)}))}, {name: "perfect", dashed: true, colour: "--faint", points: [{x: 0, y: 0}, {x: 1, y: 1}]}],
      {x: {min: 0, max: 1}, y: {min: 0, max: 1}}),
    chart("Metrics with one threshold for all labels", "threshold", "", [{name: "micro-F1", points: cut("f1")}, {name: "macro-F1",
      points: cut("macro_f1")}, {name: "micro-precision", points: cut("precision")}, {name: "micro-recall", points: cut("recall")}],
    {x: {min: 0, max: 1}, y: {min: 0, max: 1}})),
  element("h3", {}, "Pairs of labels" + (names.length < report.labels.length ? ", the " + names.length + " most frequent" : "")),
  element("div", {class: "charts"},
    heat("Co-occurrence: share of the rows with the label on the left that also have the label at the top", names, share,
      (a, b) => names[a] + " and " + names[b] + ": " + together[a][b] + " rows"),
    heat("Confusion: share of the rows with the label on the left, without the label at the top, for which the latter is predicted", names, mistaken,
      (a, b) => names[b] + " predicted for " + names[a] + ": " + (mistaken[a][b] === null ? "no such rows" : number(mistaken[a][b], 3)))));
}

function network() {
  const costs = data.costs;
  const most = Math.max(...costs.operators.map((o) => o.forward_us + o.backward_us), 1e-9);
  const bar = (o) => element("span", {title: number(o.forward_us, 2) + " forward, " + number(o.backward_us, 2) + " backward"},
    element("span", {class: "bar", style: "width: " + (140 * o.forward_us / most).toFixed(1) + "px"}),
    element("span", {class: "bar back", style: "width: " + (140 * o.backward_us / most).toFixed(1) + "px"}));
  const health = new Map(report.layers.map((l) => [l.layer, l]));
  const state = (l) => {
    const h = health.get(l.name);
    if (!h) return "";
    if (h.saturated !== null) return (100 * h.saturated).toFixed(0) + " % saturated";
    if (h.dead !== null) return (100 * h.dead).toFixed(0) + " % dead";
    return h.weight_gradient === null ? "" : "gradient " + h.weight_gradient.toExponential(1);
  };
  section("Network", picture(costs.layers), table("Layers; sizes are per sample.", [
    {name: "layer", value: (l) => l.name, text: true}, {name: "type", value: (l) => l.layer, text: true}, {name: "output", value: (l) => l.output, text: true},
    {name: "KiB", value: (l) => l.values * 4 / 1024, show: (l) => number(l.values * 4 / 1024, 1)},
    {name: "parameters", value: (l) => l.parameters, show: (l) => whole(l.parameters)}, {name: "state", value: state, text: true}], costs.layers),
  table("Time of a training step of " + costs.batch + " samples, microseconds of device time per sample; fused layers are one line.", [
    {name: "layers", value: (o) => o.layers, text: true}, {name: "forward", value: (o) => o.forward_us, show: (o) => number(o.forward_us, 2)},
    {name: "backward and update", value: (o) => o.backward_us, show: (o) => number(o.backward_us, 2)},
    {name: "total", value: (o) => o.forward_us + o.backward_us, show: bar, left: true}], costs.operators),
  ...(report.kernels ? [table("Kernels of the passes of convolutions; microseconds per batch, measured inside a CUDA graph.", [
    {name: "GPU", value: (k) => k.device, text: true}, {name: "convolution", value: (k) => k.layer, text: true},
    {name: "pass", value: (k) => k.pass, text: true}, {name: "kernel", value: (k) => k.kernels + (k.algorithm ? " " + k.algorithm : ""), text: true},
    {name: "own", value: (k) => k.own_us, show: (k) => number(k.own_us, 1)}, {name: "cuDNN", value: (k) => k.cudnn_us, show: (k) => number(k.cudnn_us, 1)},
    {name: "why", value: (k) => k.reason, text: true}], report.kernels)] : []),
  element("p", {class: "faint"}, "Memory of a step: " + number(costs.arena_bytes / 1048576, 1) + " MiB planned, instead of "
    + number(costs.naive_bytes / 1048576, 1) + " MiB without memory reuse."));
}

// Layers in rows by their distance from the input.
function picture(layers) {
  const depth = new Map([["input", 0]]);
  for (const l of layers) depth.set(l.name, 1 + Math.max(...l.inputs.map((i) => depth.get(i))));
  const rows = [];
  for (const l of [{name: "input", layer: "", inputs: [], output: data.input}, ...layers]) (rows[depth.get(l.name)] ||= []).push(l);
  const wide = 250, high = 34, step = 52, across = Math.max(...rows.map((r) => r.length));
  const place = new Map();
  rows.forEach((row, y) => row.forEach((l, x) => place.set(l.name, {x: (across - row.length) * (wide + 20) / 2 + x * (wide + 20), y: y * step})));
  const svg = drawn("svg", {width: across * (wide + 20), height: rows.length * step, role: "img", "aria-label": "the network, layer by layer"});
  for (const l of layers) {
    const to = place.get(l.name);
    for (const i of l.inputs) {
      const from = place.get(i), middle = (from.y + high + to.y) / 2;
      svg.append(drawn("path", {class: "edge", d: `M ${from.x + wide / 2} ${from.y + high} C ${from.x + wide / 2} ${middle}, ${to.x + wide / 2} ${middle}, ${to.x + wide / 2} ${to.y}`}));
    }
  }
  for (const row of rows) {
    for (const l of row) {
      const at = place.get(l.name);
      svg.append(drawn("rect", {class: "box", x: at.x, y: at.y, width: wide, height: high, rx: 4}),
        drawn("text", {x: at.x + 8, y: at.y + 14}, l.name), drawn("text", {x: at.x + wide - 8, y: at.y + 14, "text-anchor": "end"}, l.output),
        drawn("text", {class: "small", x: at.x + 8, y: at.y + 28}, l.layer));
    }
  }
  const box = element("div", {class: "wide"}, svg);
  return rows.length > 20 ? element("details", {}, element("summary", {}, "Picture of " + layers.length + " layers"), box) : box;
}

function filters() {
  const f = data.filters;
  if (!f) return;
  const box = element("div", {class: "filters"});
  const s = section("Filters of the first layer", box);
  if (f.motifs) {
    const order = f.motifs.map((m, i) => i).filter((i) => f.motifs[i].windows > 0).sort((a, b) => information(f.motifs[b]) - information(f.motifs[a]));
    const tallest = Math.max(...order.flatMap((i) => f.motifs[i].share.map((p) => bits(p, p.length))), 1e-9);
    order.slice(0, 64).forEach((i) => box.append(element("div", {}, logo(f.motifs[i], f.letters, tallest), element("br"),
      "filter " + (i + 1) + ", " + whole(f.motifs[i].windows) + " windows")));
    s.append(element("p", {class: "faint"}, "Sequence logos of the windows for which a filter of " + f.layer + " has more than half of its largest activation, "
      + "sorted by information content; the tallest column has " + number(tallest, 2) + " of " + number(Math.log2(f.letters.length), 2) + " bits. " + (f.motifs.length - order.length) + " filters are never active."));
  } else {
    f.weights.slice(0, 128).forEach((w, i) => box.append(element("div", {}, kernel(w, f), element("br"), String(i + 1))));
    s.append(element("p", {class: "faint"}, "Filters of " + f.layer + ": " + (f.channels > 1 ? f.channels + " channels side by side; " : "")
      + "blue: positive weights, orange: negative weights."));
  }
}

function bits(place, letters) {
  const sum = place.reduce((a, b) => a + b, 0);
  return sum <= 0 ? 0 : Math.log2(letters) + place.reduce((a, p) => a + (p > 0 ? p / sum * Math.log2(p / sum) : 0), 0);
}

function information(motif) {
  return motif.share.reduce((a, p) => a + bits(p, p.length), 0);
}

// Columns are as high as their information, `tallest` bits fill the height.
function logo(motif, letters, tallest) {
  const wide = 14, high = 60, scale = high / tallest;
  const colours = {A: "--third", C: "--own", G: "--second", T: "--bad"};
  const svg = drawn("svg", {width: wide * motif.share.length, height: high, role: "img", "aria-label": "sequence logo"});
  motif.share.forEach((place, k) => {
    const sum = place.reduce((a, b) => a + b, 0), height = bits(place, letters.length) * scale;
    let y = high;
    place.map((p, l) => [p / Math.max(sum, 1e-9) * height, letters[l]]).filter(([h]) => h > 0.7).sort((a, b) => a[0] - b[0]).forEach(([h, letter]) => {
      // A capital letter is about 0.72 of its font's size high, and 0.7 wide.
      svg.append(drawn("text", {transform: `translate(${k * wide}, ${y}) scale(${wide / 14}, ${h / 14.4})`, style: `font: bold 20px monospace; fill: var(${
        letters.length === 4 ? colours[letter] : ["--own", "--second", "--third", "--fourth", "--bad"][letters.indexOf(letter) % 5]})`,
      textLength: 14, lengthAdjust: "spacingAndGlyphs"}, letter));
      y -= h;
    });
  });
  return svg;
}

function kernel(w, f) {
  const size = Math.max(2, Math.min(10, Math.floor(60 / Math.max(f.width, f.height)))), gap = 2;
  const most = Math.max(...w.map(Math.abs), 1e-9), shown = Math.min(f.channels, 8);
  const svg = drawn("svg", {width: shown * (f.width * size + gap), height: f.height * size, role: "img", "aria-label": "filter"});
  for (let c = 0; c < shown; c++) {
    for (let i = 0; i < f.height * f.width; i++) {
      const v = w[c * f.height * f.width + i] / most;
      svg.append(drawn("rect", {x: c * (f.width * size + gap) + i % f.width * size, y: Math.floor(i / f.width) * size, width: size, height: size,
        style: `fill: rgba(var(${v > 0 ? "--heat" : "--minus"}), ${Math.abs(v).toFixed(3)})`}));
    }
  }
  return svg;
}
