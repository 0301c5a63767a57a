// The curves of the training.

function training() {
  const h = data.history, x = {title: "epoch", integer: true};
  if (folds) {
    const of = (values) => folds.map((f, i) => ({name: f.name, points: points(f.history.epoch, values(f.history)), colour: LOOKS[i % LOOKS.length][0], dash: LOOKS[Math.floor(i / LOOKS.length) % LOOKS.length][1], marked: true}));
    section("Training", element("div", {class: "charts"},
      lineChart({title: "Training loss of each fold", x, y: {title: lossTitle(data.settings)}, lines: of((e) => e.loss)}),
      lineChart({title: "Validation loss of each fold", x, y: {title: lossTitle(data.settings)}, lines: of((e) => e.validation_loss)}),
      lineChart({title: "Validation micro-F1 of each fold", x, y: {min: 0, max: 1}, lines: of((e) => e.validation.micro_f1)})));
    return;
  }
  const line = (name, values, more) => ({name, points: points(h.epoch, values), marked: true, ...more});
  const best = data.running ? lowest(h) : data.best_epoch;
  const marks = best ? [{x: best, text: data.running ? "lowest so far: " + best : "kept: epoch " + best}] : [];
  const dropout = data.costs && data.costs.layers.some((l) => l.layer.startsWith("dropout"));
  const v = h.validation;
  section("Training", element("div", {class: "charts"},
    lineChart({title: "Loss", x, y: {title: lossTitle(data.settings)}, marks, lines: [line("training", h.loss), line("validation", h.validation_loss)]}),
    lineChart({title: "Validation metrics", x, y: {min: 0, max: 1}, marks, lines: [line("micro-F1", v.micro_f1), line("macro-F1", v.macro_f1),
      line("subset accuracy", v.subset_accuracy), line("average precision", v.average_precision)]}),
    lineChart({title: "Hamming loss", x, y: {min: 0}, marks, lines: [line(dropout ? "training (with dropout)" : "training", h.hamming_loss), line("validation", v.hamming_loss)]}),
    lineChart({title: "Learning rate", x, y: {min: 0}, marks, lines: [line("learning rate", h.learning_rate)]})),
  data.running ? null : element("p", {class: "faint"}, "The weights of epoch " + data.best_epoch + " were kept" + (report.validation ? ", which had the " + bestBy(data.settings) + "." : ".")),
  h.every > 1 ? element("p", {class: "faint"}, "One epoch of " + h.every + " is drawn; history.csv has all " + whole(h.epochs) + ".") : null);
}

function bestBy(settings) {
  return settings && settings.best_by ? "best validation " + settings.best_by.replace(/_/g, " ") : "lowest validation loss";
}

function lowest(h) {
  let best = 0;
  h.epoch.forEach((e, i) => {
    if (isNumber(h.validation_loss[i]) && (best === 0 || h.validation_loss[i] < h.validation_loss[best - 1])) best = i + 1;
  });
  return best === 0 ? null : h.epoch[best - 1];
}
