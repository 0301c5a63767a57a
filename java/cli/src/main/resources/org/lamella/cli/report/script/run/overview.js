// The first screen: verdicts, five metrics next to the baselines, data, network, what to do next.

const report = data.report;
const own = report.test || report.validation;
const part = report.test ? "test" : "validation";
const folds = data.folds;
const BASELINES = [["majority", "the majority", "square", "--faint"], ["linear", "logistic regression", "diamond", "--second"], ["ml_knn", "ML-kNN", "triangle", "--third"]]
  .filter(([name]) => report.baseline && report.baseline[name]);
const VERDICTS = {better: "▲ Better than", worse: "▼ Worse than", mixed: "◆ Better on some metrics, worse on others, than",
  unclear: "= No difference shown from", collapsed: "✕ Collapsed: not called better than"};
const HEADLINE = ["micro_f1", "macro_f1", "subset_accuracy", "average_precision", "ranking_loss", "hamming_loss"];
const FIRST_METRICS = ["micro_f1", "macro_f1", "average_precision", "subset_accuracy"];
const FIRST_FINDINGS = 5;
const titleOf = (key) => METRICS.find((m) => m[0] === key)[1];
const lowerIsBetter = (key) => METRICS.find((m) => m[0] === key)[2];
const baselineOf = (name) => (report.baseline && report.baseline[name] && report.baseline[name][part]) || {};
const differencesFrom = (name) => (report.intervals && report.intervals["network_less_" + name]) || {};

// 1 if the network is better than this baseline on this metric, -1 if it is worse, 0 if no difference is shown.
function side(key, name) {
  const verdict = (report.verdicts || {})[name];
  return !verdict || verdict.outcome === "collapsed" ? 0 : {better: 1, worse: -1}[(verdict.metrics[key] || {}).answer] || 0;
}

function mark(key, name) {
  const s = side(key, name);
  return s === 0 ? null : element("span", {class: s > 0 ? "up" : "down"}, s > 0 ? " ▲" : " ▼", element("span", {class: "hidden"}, s > 0 ? " better" : " worse"));
}

function header() {
  navigate("Overview", "overview");
  page.append(element("header", {id: "overview"}, element("h1", {}, data.title), data.what ? element("p", {class: "faint"}, data.what) : null,
    running(), verdicts(), own ? firstScreen() : element("div", {class: "first"}, element("div", {class: "column"}, cards()), nextSteps())));
  drawWaiting();
}

function running() {
  if (!data.running) return null;
  let again = true;
  setInterval(() => again && !document.hidden && location.reload(), 10000);
  const pause = button("Stop reloading", () => {
    again = !again;
    pause.textContent = again ? "Stop reloading" : "Reload every 10 seconds";
  });
  const done = data.history.epochs;
  return element("div", {class: "running"}, element("strong", {}, data.running), element("progress", {max: data.epochs, value: done, "aria-label": "epochs"}),
    element("span", {class: "faint"}, "The page reloads every 10 seconds. Results come with the end of the training."), pause);
}

function verdicts() {
  if (!own || !data.verdicts || data.verdicts.length === 0) return null;
  return element("div", {class: "verdicts"}, BASELINES.map(([name, what], i) => {
    const outcome = (data.outcomes || [])[i];
    if (!outcome) return element("div", {class: "verdict"}, element("p", {}, data.verdicts[i]));
    const differences = differencesFrom(name), other = baselineOf(name);
    const line = (key) => [titleOf(key) + " " + signed((own[key] || 0) - (other[key] || 0), 3) + " " + interval(differences[key], 3, signed), mark(key, name)];
    return element("div", {class: "verdict " + outcome}, element("strong", {}, VERDICTS[outcome] + " " + what), HEADLINE.map((key) => element("p", {class: "difference"}, line(key))));
  }));
}

function firstScreen() {
  const series = [{name: "network, with its 95 % interval", shape: "circle", colour: "--own", filled: true, lane: -6, told: true}, ...BASELINES.map(([, what, shape, colour]) => ({name: what, shape, colour, lane: 8}))];
  const row = (key) => ({name: titleOf(key), values: [{value: own[key], ...((report.intervals || {}).network || {})[key], dots: folds ? folds.map((f) => (f.test || {})[key]) : []},
    ...BASELINES.map(([name]) => ({value: baselineOf(name)[key]}))]});
  const shown = FIRST_METRICS.filter((key) => own[key] !== undefined).map(row), loss = row("hamming_loss");
  const chart = intervalChart("Result on " + plural(own.samples, part + " row") + (folds ? " of " + folds.length + " folds" : ""), series,
    [{min: 0, max: 1, note: "higher is better", rows: shown}, {min: 0, max: upTo(loss.values.flatMap((v) => [v.value, v.high])), note: "lower is better", rows: [loss]}],
    folds ? "Large marks: mean over the folds. Small dots: folds. Intervals, ▲ and ▼: corrected resampled t-test (Nadeau and Bengio 2003), ▲ ▼ corrected for six metrics (Holm 1979)." : "Intervals: bootstrap of the rows. ▲ ▼: paired bootstrap, p below 0.05, corrected for six metrics (Holm 1979).");
  return element("div", {class: "first"}, element("div", {class: "column"}, chart, cards()), nextSteps());
}

function facts(pairs) {
  return element("dl", {}, pairs.filter(([, value]) => value !== null).map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

function cards() {
  const f = data.facts;
  if (!f) return null;
  return element("div", {class: "cards"},
    element("div", {class: "card"}, element("h3", {}, "Data"), facts([["file" + ((f.more_files || []).length > 0 ? "s" : ""), [f.data, ...(f.more_files || [])].map((n) => n.split("/").pop()).join(", ")], ["rows", whole(f.rows)], ["features", whole(f.features)],
      ["labels", whole(f.labels) + ", " + number(f.cardinality, 2) + " per row"],
      ["split", folds ? folds.length + " folds" : whole(f.training) + " training, " + whole(f.validation) + " validation, " + whole(f.test) + " test"]])),
    element("div", {class: "card"}, element("h3", {}, "Network"), facts([["name", f.network.split("/").pop()], ["size", plural(f.layers, "layer") + ", " + plural(f.parameters, "parameter")],
      ["epochs", folds ? "kept: " + folds.map((r) => r.best_epoch).join(", ") : whole(data.history.epochs) + ", the weights of epoch " + data.best_epoch + " are kept"],
      ["took", duration(f.seconds) + " on " + f.device]])));
}

function nextSteps() {
  const next = data.next || [];
  return next.length > 0 ? element("div", {class: "card"}, element("h3", {}, "What to do next"),
    element("ol", {}, next.map((s) => element("li", {}, withOptions(s.text), s.command ? command(s.command) : null)))) : null;
}

function findings() {
  const note = (i) => Boolean(data.problems && !data.problems[i]);
  const order = report.findings.map((f, i) => i).sort((a, b) => note(a) - note(b) || a - b);
  const boxes = order.map((i) => element("div", {class: note(i) ? "finding note" : "finding"}, withOptions(report.findings[i])));
  if (boxes.length === 0) return;
  const more = boxes.length > FIRST_FINDINGS + 1 ? element("details", {}, element("summary", {}, plural(boxes.length - FIRST_FINDINGS, "more finding")), boxes.slice(FIRST_FINDINGS)) : boxes.slice(FIRST_FINDINGS);
  section("Findings", boxes.slice(0, FIRST_FINDINGS), more);
}
