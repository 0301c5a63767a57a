// Line charts: axes, lines, a legend that hides lines, and a reading of all values at a place, by mouse, touch or keys.

const LOOKS = [["--own", ""], ["--second", "7 4"], ["--third", "2 3"], ["--fourth", "9 3 2 3"], ["--fifth", "4 2"], ["--sixth", "12 4"]];
const MOST_DOTS = 40;

const points = (xs, ys) => xs.map((x, i) => [x, ys[i]]).filter(([x, y]) => isNumber(x) && isNumber(y));

// More points than pixels: of each column of pixels the first, the lowest, the highest and the last one are drawn.
function visible(list, place, width) {
  if (list.length < 4 * width) return list;
  const kept = [];
  for (let from = 0, to; from < list.length; from = to) {
    const column = Math.round(place(list[from][0]));
    let low = from, high = from;
    for (to = from; to < list.length && Math.round(place(list[to][0])) === column; to++) {
      if (list[to][1] < list[low][1]) low = to;
      if (list[to][1] > list[high][1]) high = to;
    }
    for (const i of [...new Set([from, low, high, to - 1])].sort((a, b) => a - b)) kept.push(list[i]);
  }
  return kept;
}

const look = (line, i) => ({colour: line.colour || LOOKS[i % LOOKS.length][0], dash: line.dash !== undefined ? line.dash : LOOKS[i % LOOKS.length][1]});

function sample(line, i) {
  const {colour, dash} = look(line, i);
  return drawn("svg", {viewBox: "0 0 26 10", "aria-hidden": "true"}, line.dots
    ? drawn("circle", {cx: 13, cy: 5, r: 4, style: `fill: var(${colour})`})
    : drawn("path", {d: "M 0 5 H 26", class: "line", style: `stroke: var(${colour})`, "stroke-dasharray": dash}));
}

// chart: {title, note, x: {title, min, max, integer}, y: {title, min, max}, lines: [{name, points, dots, dash, colour, radius}],
// marks: [{x, text}], height, quiet}
function lineChart(chart) {
  const lines = chart.lines.map((l, i) => ({...l, ...look(l, i), shown: true})).filter((l) => l.points.length > 0);
  const readout = element("div", {class: "readout", "aria-live": "polite"});
  const box = element("div");
  const caption = element("figcaption", {}, chart.title, chart.note ? element("span", {class: "faint"}, " " + chart.note) : null);
  if (lines.length === 0) return element("figure", {}, caption, element("p", {class: "faint"}, "No values."));
  const redraw = () => box.clientWidth > 0 && box.replaceChildren(chartPicture(chart, lines.filter((l) => l.shown), box.clientWidth, readout));
  const legend = lines.length < 2 ? null : element("div", {class: "legend"}, lines.map((l, i) => {
    const b = element("button", {type: "button", "aria-pressed": "true"}, sample(l, chart.lines.findIndex((c) => c.name === l.name)), shortened(l.name, 60));
    b.addEventListener("click", () => {
      l.shown = !l.shown;
      b.setAttribute("aria-pressed", String(l.shown));
      redraw();
    });
    return b;
  }));
  drawnAtWidth(box, (width) => chartPicture(chart, lines.filter((l) => l.shown), width, readout));
  return element("figure", {}, caption, legend, box, chart.quiet ? null : readout);
}

function chartPicture(chart, lines, width, readout) {
  const height = chart.height || 240, all = lines.flatMap((l) => l.points);
  const x = rangeOf(all.map((p) => p[0]), chart.x), y = rangeOf(all.map((p) => p[1]), chart.y);
  const yTicks = ticks(y[0], y[1], 5), yTexts = yTicks.map((t) => tickText(t, yTicks));
  const left = (chart.y.title ? 18 : 0) + 10 + Math.max(...yTexts.map((t) => textWidth(t, 11))), right = width - 10, top = chart.marks && chart.marks.length > 0 ? 20 : 8, bottom = height - 38;
  const xTicks = ticks(x[0], x[1], Math.max(2, Math.min(10, (right - left) / 55)), chart.x.integer), placeX = linear(x[0], x[1], left, right), placeY = linear(y[0], y[1], bottom, top);
  const svg = drawn("svg", {viewBox: `0 0 ${width} ${height}`, tabindex: chart.quiet ? null : 0, role: "img",
    "aria-label": chart.title + ". " + lines.map((l) => l.name).join(", ") + (chart.quiet ? "" : ". Arrow keys read the values.")});
  yTicks.forEach((t, i) => svg.append(drawn("line", {class: "grid", x1: left, x2: right, y1: placeY(t), y2: placeY(t)}),
    drawn("text", {class: "small", x: left - 6, y: placeY(t) + 4, "text-anchor": "end"}, yTexts[i])));
  xTicks.forEach((t) => svg.append(drawn("line", {class: "axis", x1: placeX(t), x2: placeX(t), y1: bottom, y2: bottom + 4}),
    drawn("text", {class: "small", x: placeX(t), y: bottom + 17, "text-anchor": "middle"}, tickText(t, xTicks))));
  svg.append(drawn("line", {class: "axis", x1: left, x2: right, y1: bottom, y2: bottom}),
    drawn("text", {class: "small", x: (left + right) / 2, y: height - 4, "text-anchor": "middle"}, chart.x.title || ""));
  if (chart.y.title) svg.append(drawn("text", {class: "small", transform: `translate(11, ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle"}, chart.y.title));
  for (const m of chart.marks || []) {
    const at = placeX(m.x), anchor = at > (left + right) / 2 ? "end" : "start";
    svg.append(drawn("line", {class: "mark", x1: at, x2: at, y1: top - 4, y2: bottom}),
      drawn("text", {class: "small", x: at + (anchor === "end" ? -5 : 5), y: top - 7, "text-anchor": anchor}, m.text));
  }
  lines.forEach((l) => svg.append(lineShape(l, placeX, placeY, right - left)));
  if (!chart.quiet) read(svg, chart, lines, {placeX, placeY, top, bottom, width}, readout);
  return svg;
}

function lineShape(line, placeX, placeY, width) {
  const group = drawn("g", {style: `stroke: var(${line.colour}); fill: var(${line.colour})`});
  const place = (p) => placeX(p[0]).toFixed(1) + " " + placeY(p[1]).toFixed(1);
  if (!line.dots) {
    group.append(drawn("path", {class: "line", "stroke-dasharray": line.dash, d: "M " + visible(line.points, placeX, width).map(place).join(" L ")}));
  }
  if (line.dots || line.points.length === 1 || (line.points.length <= MOST_DOTS && line.marked)) {
    line.points.forEach((p, i) => group.append(drawn("circle", {cx: placeX(p[0]), cy: placeY(p[1]), r: line.radius ? line.radius[i] : 2.5,
      style: line.radius ? "fill-opacity: .55" : "stroke: none"})));
  }
  return group;
}

// A line at the nearest x of any line, and all values there in words.
function read(svg, chart, lines, frame, readout) {
  const xs = [...new Set(lines.flatMap((l) => l.points.map((p) => p[0])))].sort((a, b) => a - b);
  const values = lines.map((l) => new Map(l.points.map((p) => [p[0], p[1]])));
  const hair = drawn("line", {class: "hair", y1: frame.top, y2: frame.bottom, visibility: "hidden"});
  svg.append(hair);
  let at = -1;
  const show = (i) => {
    at = Math.max(0, Math.min(xs.length - 1, i));
    const x = xs[at];
    hair.setAttribute("x1", frame.placeX(x));
    hair.setAttribute("x2", frame.placeX(x));
    hair.setAttribute("visibility", "visible");
    readout.textContent = (chart.x.title || "x") + " " + (chart.x.integer ? whole(x) : number(x, 3)) + ": "
      + lines.map((l, k) => [l.name, values[k].get(x)]).filter(([, v]) => v !== undefined).map(([n, v]) => n + " " + number(v, 4)).join(", ");
  };
  const hide = () => {
    at = -1;
    hair.setAttribute("visibility", "hidden");
    readout.textContent = "";
  };
  const nearest = (event) => {
    const bounds = svg.getBoundingClientRect(), place = (event.clientX - bounds.left) / bounds.width * frame.width;
    let low = 0, high = xs.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (frame.placeX(xs[middle]) < place) low = middle; else high = middle;
    }
    show(Math.abs(frame.placeX(xs[low]) - place) < Math.abs(frame.placeX(xs[high]) - place) ? low : high);
  };
  svg.addEventListener("pointermove", nearest);
  svg.addEventListener("pointerdown", nearest);
  svg.addEventListener("pointerleave", hide);
  svg.addEventListener("blur", hide);
  svg.addEventListener("keydown", (event) => {
    const step = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: xs.length - 1}[event.key];
    if (event.key === "Escape") hide();
    if (step === undefined) return;
    event.preventDefault();
    show(step);
  });
}
