// The filters of the first convolution: logos for sequences, weights for images.

const FIRST_FILTERS = 12;
const MOST_IMAGES = 128;

function filters() {
  const f = data.filters;
  if (!f) return;
  if (f.motifs) motifs(f); else images(f);
}

function motifs(f) {
  const information = (m) => m.bits.reduce((a, b) => a + b, 0), strongest = (m) => (m.labels.length > 0 ? m.labels[0].correlation : 0);
  const order = f.motifs.map((m, i) => i).filter((i) => f.motifs[i].windows > 0)
    .sort((a, b) => strongest(f.motifs[b]) - strongest(f.motifs[a]) || information(f.motifs[b]) - information(f.motifs[a]));
  const tallest = Math.max(0, ...order.flatMap((i) => f.motifs[i].bits)), most = [0.5, 1, 2, 3, 4, 5].find((b) => b >= tallest) || 5;
  const box = element("div", {class: "filters"}), more = element("div", {class: "more"});
  const show = (count) => {
    box.replaceChildren(...order.slice(0, count).map((i) => {
      const m = f.motifs[i];
      return element("figure", {}, logo(m, f.letters, most), element("div", {}, "filter " + (i + 1) + ", " + plural(m.windows, "window")),
        m.labels.length > 0 ? element("div", {}, "speaks for ", m.labels.map((l, k) => [k > 0 ? ", " : "", element("strong", {}, shortened(l.label, 40)), " (r " + number(l.correlation, 2) + ")"])) : element("div", {class: "faint"}, "for no label in particular"));
    }));
    more.replaceChildren(...(order.length > count ? [button("Show all " + order.length, () => show(order.length))] : []));
  };
  show(FIRST_FILTERS);
  section("Filters", element("p", {class: "faint"}, "Logos of the windows for which a filter of " + f.layer + " has more than half of its largest activation. Height: information in bits, of "
    + number(Math.log2(f.letters.length), 1) + " at most, corrected for small samples. r: correlation of the filter's maximum in a sequence with the label, on training rows, where it is significant. "
    + (f.motifs.length - order.length) + " of " + plural(f.motifs.length, "filter") + " never active."), box, more);
}

function images(f) {
  section("Filters", element("p", {class: "faint"}, "Filters of " + f.layer + ": " + (f.channels > 1 ? f.channels + " channels" + (f.channels > 8 ? ", the first 8" : "") + " side by side; " : "")
    + "blue: positive weights, orange: negative weights." + (f.weights.length > MOST_IMAGES ? " The first " + MOST_IMAGES + " of " + f.weights.length + "." : "")),
  element("div", {class: "filters images"}, f.weights.slice(0, MOST_IMAGES).map((w, i) => element("figure", {}, weights(w, f), String(i + 1)))));
}

function weights(w, f) {
  const size = Math.max(2, Math.min(10, Math.floor(60 / Math.max(f.width, f.height)))), gap = 2;
  const most = Math.max(...w.map(Math.abs), 1e-9), shown = Math.min(f.channels, 8), width = shown * (f.width * size + gap);
  const svg = drawn("svg", {width, height: f.height * size, role: "img", "aria-label": "weights of a filter"});
  for (let c = 0; c < shown; c++) {
    for (let i = 0; i < f.height * f.width; i++) {
      const v = w[c * f.height * f.width + i] / most;
      svg.append(drawn("rect", {x: c * (f.width * size + gap) + i % f.width * size, y: Math.floor(i / f.width) * size, width: size, height: size,
        style: `fill: var(${v > 0 ? "--own" : "--second"}); fill-opacity: ${Math.abs(v).toFixed(3)}`}));
    }
  }
  return svg;
}
