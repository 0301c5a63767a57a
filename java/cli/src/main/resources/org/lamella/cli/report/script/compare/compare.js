// The page of a comparison, in the order of reading.

function curves() {
  const x = {title: "epoch", integer: true}, drawnRuns = runs.filter((r) => r.history.epoch.length > 0);
  if (drawnRuns.length === 0) return;
  const of = (values) => drawnRuns.map((r) => ({name: r.name, points: points(r.history.epoch, values(r.history)), colour: runLook(r)[0], dash: runLook(r)[1], marked: true}));
  const titles = [...new Set(drawnRuns.map((r) => lossTitle(r.settings)))], title = titles.length === 1 ? titles[0] : "mean loss";
  section("Training", titles.length === 1 ? null : element("p", {class: "faint"}, "The runs have different losses: their values cannot be compared."), element("div", {class: "charts"},
    lineChart({title: "Training loss", x, y: {title}, lines: of((h) => h.loss)}),
    lineChart({title: "Validation loss", x, y: {title}, lines: of((h) => h.validation_loss)}),
    lineChart({title: "Validation micro-F1", x, y: {min: 0, max: 1}, lines: of((h) => h.validation.micro_f1)}),
    lineChart({title: "Validation macro-F1", x, y: {min: 0, max: 1}, lines: of((h) => h.validation.macro_f1)})),
  drawnRuns.length < runs.length ? element("p", {class: "faint"}, "Cross-validations have a curve per fold, on the pages of their own.") : null);
}

overview();
runTable();
if (measured.length > 0) {
  significance();
  results();
  labelTable();
}
curves();
section("How they were made", runs.map((r) => [element("h3", {}, r.name), r.report.findings.map((f) => element("div", {class: "finding"}, withOptions(f))), command(r.command)]));
followReading();
