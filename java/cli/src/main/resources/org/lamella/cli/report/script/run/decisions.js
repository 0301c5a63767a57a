// Calibration, and what other thresholds would give.

function decisions() {
  const d = data.detail, unit = {min: 0, max: 1};
  const most = Math.max(1, ...d.calibration.map((b) => b.decisions));
  const cut = (name, key) => ({name, points: points(d.cuts.map((c) => c.threshold), d.cuts.map((c) => c[key]))});
  section("Probabilities", element("div", {class: "charts"},
    lineChart({title: "Calibration: predicted and observed frequency", x: {title: "mean probability of a bin", ...unit}, y: {title: "share of positives", ...unit}, lines: [
      {name: "bins; area: number of decisions", dots: true, points: points(d.calibration.map((b) => b.predicted), d.calibration.map((b) => b.positive)), radius: d.calibration.map((b) => 3 + 11 * Math.sqrt(b.decisions / most))},
      {name: "perfect", dash: "5 4", colour: "--faint", points: [[0, 0], [1, 1]]}]}),
    lineChart({title: "Metrics with one threshold for all labels", x: {title: "threshold", ...unit}, y: unit, lines: [cut("micro-F1", "f1"), cut("macro-F1", "macro_f1"),
      cut("micro-precision", "precision"), cut("micro-recall", "recall")]})));
}
